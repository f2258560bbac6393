"""The demo's mailbox: `python -m notifications.mailbox` takes every letter over SMTP and shows it on a page."""

import uvicorn

from models.settings import load_settings
from notifications.mailbox_pages import mailbox_app
from notifications.testing import Mailbox

FOLDER = "mailbox"
"""Folder of the mails, inside the data folder."""


def main() -> None:
    """Run both on 127.0.0.1 until the process is told to stop. Raises OSError when a port is taken."""
    settings = load_settings()
    with Mailbox(settings.data_dir / FOLDER, settings.mailbox_smtp_port) as mailbox:
        app = mailbox_app(mailbox.folder)
        uvicorn.run(app, host="127.0.0.1", port=settings.mailbox_page_port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
