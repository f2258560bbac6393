"""`python -m portal`: the portal as one process."""

import uvicorn

from models.settings import load_settings
from portal.app import create_app


def main() -> None:
    """Serve the portal until the process is told to end."""
    settings = load_settings()
    uvicorn.run(
        create_app(settings.portal_base_url),
        host=settings.portal_host,
        port=settings.portal_port,
        access_log=False,  # an address may hold a token
        proxy_headers=bool(settings.trusted_proxies),  # anybody can send them
        forwarded_allow_ips=settings.trusted_proxies or None,
        server_header=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
