"""The addresses of an installation, as people open them."""

from models.settings import Settings


def addresses(settings: Settings) -> dict[str, str]:
    """Return where the parts of a running installation are found, by what they are called."""
    found = {"portal": settings.portal_base_url}
    if settings.demo:
        found["mailbox"] = f"http://127.0.0.1:{settings.mailbox_page_port}/"
    return {**found, "prefect": settings.prefect_url, "board": f"{settings.prefect_url}/v2/artifacts"}
