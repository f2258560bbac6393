"""Verdicts: what a mail server's words, or its silence, mean for a letter."""

from dataclasses import dataclass
from enum import StrEnum

from aiosmtplib import errors

_WANTS_LOGIN = frozenset({530, 534, 535, 538})
"""Reply codes that speak of our login whatever they answer (RFC 4954)."""
_PERMANENT = 500
_LONGEST = 300
"""Characters of a stranger's words that are kept."""


class Fate(StrEnum):
    """What became of one try."""

    ACCEPTED = "accepted"
    LATER = "later"
    """The server takes nothing for this person just now."""
    AWAY = "away"
    """The server cannot be reached, or broke off."""
    MISCONFIGURED = "misconfigured"
    """The server refuses us, not the person."""
    REFUSED = "refused"
    """The server will never take it for this person."""


@dataclass(frozen=True)
class Verdict:
    """What became of one try, and what the server said."""

    fate: Fate
    said: str

    def __post_init__(self) -> None:
        """Make the server's words such that the store and the ledger can hold them."""
        object.__setattr__(self, "said", in_plain(self.said))

    @property
    def about_the_server(self) -> bool:
        """Tell whether trying other letters now would only meet the same."""
        return self.fate in {Fate.AWAY, Fate.MISCONFIGURED}


def in_plain(said: str) -> str:
    """Return a stranger's words as the record can hold them: UTF-8 without NUL, a question mark for what is no text."""
    return said.encode("utf-8", "replace").decode().replace("\0", "")[:_LONGEST]


def judge(error: Exception) -> Verdict:
    """Return what an error of a try means: a reply speaks for itself, a broken line means that the server is away.

    What is left are servers that lack what our settings insist on, such as STARTTLS.
    """
    if isinstance(error, errors.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, errors.SMTPResponseException):
        return Verdict(_fate_of(error), f"{error.code} {error.message}")
    fate = Fate.AWAY if isinstance(error, OSError) else Fate.MISCONFIGURED
    return Verdict(fate, str(error) or type(error).__name__)


def _fate_of(error: errors.SMTPResponseException) -> Fate:
    of_this_letter = isinstance(error, errors.SMTPRecipientRefused | errors.SMTPDataError)
    if error.code in _WANTS_LOGIN:
        return Fate.MISCONFIGURED
    if error.code < _PERMANENT:
        return Fate.LATER if of_this_letter else Fate.AWAY
    return Fate.REFUSED if of_this_letter else Fate.MISCONFIGURED
