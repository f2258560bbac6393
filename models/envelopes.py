"""Envelopes: AES-256-GCM, bound to the place where they lie, so that none can be moved to another."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class BrokenEnvelopeError(ValueError):
    """It was changed, lies elsewhere than it was put, or the key is another."""


def seal_up(key: bytes, content: bytes, *place: str) -> bytes:
    """Encrypt a content for a place, such as table, row and column."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, _bound_to(place))


def open_up(key: bytes, envelope: bytes, *place: str) -> bytes:
    """Decrypt what was encrypted for a place. Raises BrokenEnvelopeError."""
    try:
        return AESGCM(key).decrypt(envelope[:_NONCE_BYTES], envelope[_NONCE_BYTES:], _bound_to(place))
    except (InvalidTag, ValueError) as error:
        raise BrokenEnvelopeError from error


def _bound_to(place: tuple[str, ...]) -> bytes:
    return "\0".join(place).encode()
