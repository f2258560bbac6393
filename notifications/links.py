"""Links: the tokens that letters carry. A link says where to answer; it is no proof of who answers (SECURITY.md)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from sqlmodel import Session, select

from models.secret_file import load_secrets
from models.settings import Settings, load_settings
from models.store import Transaction
from models.tables import Letter, Link, Request

_PURPOSE = b"wellkept link 1\x00"
_LONGEST = 100
"""Characters. A token has 43; nobody gets more than this hashed."""
_NO_NONCE = bytes(32)


def make_link(
    tx: Transaction, letter: Letter, request: Request | None, person_id: str, now: datetime, days: int
) -> Link:
    """Write a link of one person to one request, or with None to the list of a letter's requests.

    It is good for `days` calendar days from `now`. The letter must have been flushed. Links of earlier letters stay
    good until they expire.
    """
    nonce = secrets.token_bytes(32)
    link = Link(
        id=uuid4().hex,
        letter_id=letter.id,
        person_id=person_id,
        request_id=request.id if request else None,
        nonce=nonce,
        token_sha256=_digest(_token(nonce)),
        document_sha256=request.document_sha256 if request else None,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    tx.session.add(link)
    return link


def token_of(link: Link) -> str:
    """Return the token of a link: 43 characters of base64url, the same each time."""
    return _token(link.nonce)


def find_link(session: Session, token: str) -> Link | None:
    """Return the link with this token, also an expired or used one; None for an unknown, garbled or cut one.

    The work is the same either way: one hash, one look-up, one HMAC. A row that somebody planted in the database for a
    token of their own does not open.
    """
    given = token[:_LONGEST]
    link = session.exec(select(Link).where(Link.token_sha256 == _digest(given))).first()
    right = _token(link.nonce if link else _NO_NONCE)
    return link if hmac.compare_digest(_bytes(right), _bytes(given)) else None


def url_of(link: Link, settings: Settings) -> str:
    """Return the address a link stands for in a letter."""
    return f"{settings.portal_base_url}/l/{token_of(link)}"


def _token(nonce: bytes) -> str:
    key = link_key(load_settings().data_dir)
    return urlsafe_b64encode(hmac.digest(key, _PURPOSE + nonce, "sha256")).rstrip(b"=").decode()


def _digest(token: str) -> bytes:
    return hashlib.sha256(_bytes(token)).digest()


def _bytes(token: str) -> bytes:
    return token.encode(errors="replace")


@lru_cache(maxsize=4)
def link_key(data_dir: Path) -> bytes:
    """Return the key that links and sign-ins are made with; it lies outside the database and its backups."""
    return load_secrets(data_dir).link_pepper.get_secret_value().encode()
