"""Keeping documents: each text once, under the hash of its bytes."""

import secrets
from hashlib import sha256

from sqlmodel import Session

from models import clock
from models.tables import Document


def hash_of(text: str) -> str:
    """Return the SHA-256 (hex) of a text's UTF-8 bytes."""
    return sha256(text.encode()).hexdigest()


def commitment(salt: bytes, text: str) -> str:
    """Return SHA-256(salt || text) in hex: proves a text to whoever is shown the salt, and tells nobody else."""
    return sha256(salt + text.encode()).hexdigest()


def keep_salted(session: Session, text: str) -> str:
    """Store a text behind 256 random bits and return the hash of both: a commitment which only the store can open."""
    salt = secrets.token_hex(32)
    keep(session, salt + text)
    return commitment(salt.encode(), text)


def keep(session: Session, text: str) -> str:
    """Store a text unless it is there, and return its hash; one that was purged comes back."""
    digest = hash_of(text)
    document = session.get(Document, digest)
    if document is None:
        session.add(Document(sha256=digest, text=text, stored_at=clock.now()))
        session.flush()
    elif document.text != text:
        document.text = text
        session.flush()
    return digest


def text_of(session: Session, digest: str | None) -> str:
    """Return the text with a hash; empty for none."""
    document = session.get(Document, digest) if digest else None
    return document.text if document else ""
