"""SMTP: handing one letter to the mail server."""

import asyncio
from contextlib import suppress

from aiosmtplib import SMTP, SMTPException

from models.settings import Settings
from notifications.message import Parcel
from notifications.verdict import Fate, Verdict, judge

STEP_SECONDS = 20
"""How long the server may take for one step."""
WHOLE_SECONDS = 60
"""How long it may take for a letter."""
IMPLICIT_TLS = 465
"""The port on which encryption begins before anything is said."""


async def hand_over(parcel: Parcel, settings: Settings) -> Verdict:
    """Hand a letter to the mail server and return what became of it. Never raises for what a server can do."""
    client = _client(settings)
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            await client.connect()
            _, said = await client.sendmail(parcel.sender, parcel.recipient, parcel.content)
    except (SMTPException, OSError) as error:
        return judge(error)
    else:
        # The letter is theirs now: a server that fails at goodbye has still said yes.
        with suppress(SMTPException, OSError):
            await client.quit()
        return Verdict(Fate.ACCEPTED, said)
    finally:
        client.close()


def _client(settings: Settings) -> SMTP:
    implicit = settings.smtp_port == IMPLICIT_TLS
    password = settings.smtp_password
    return SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        timeout=STEP_SECONDS,
        use_tls=implicit,
        start_tls=settings.smtp_starttls and not implicit,
    )
