"""Addresses: the identities of letters and the return path, made from settings and ids alone."""

import re
from email.utils import parseaddr

from models.settings import Settings

_RETURN_PATH = re.compile(r"bounces\+([0-9a-f]{32})@", re.IGNORECASE)


def mail_domain(settings: Settings) -> str:
    """Return the domain letters are sent from."""
    return parseaddr(settings.mail_from)[1].rpartition("@")[2] or settings.bounce_domain


def message_id(letter_id: str, settings: Settings) -> str:
    """Return the one Message-ID of a letter."""
    return f"<{letter_id}@{mail_domain(settings)}>"


def thread_id(cycle_key: str, person_slug: str, settings: Settings) -> str:
    """Return the root of the thread of a person and a cycle. No letter bears it; mail programs gather under it."""
    return f"<{cycle_key.replace('/', '.')}.{person_slug}@{mail_domain(settings)}>"


def return_path(letter_id: str, settings: Settings) -> str:
    """Return the envelope sender of a letter, a different one each, so that a bounce tells which (VERP)."""
    return f"bounces+{letter_id}@{settings.bounce_domain}"


def letter_in(address: str) -> str | None:
    """Return the id of the letter that a return path belongs to."""
    found = _RETURN_PATH.search(address)
    return found.group(1).lower() if found else None
