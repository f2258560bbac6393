"""PINs: enrolled in person, kept as Argon2 hashes, asked for where an answer attests."""

import re
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import clock
from models.errors import WellkeptError
from models.events import Event
from models.people import clinic_named
from models.store import Transaction
from models.tables import Person

SHORTEST = 6
LONGEST = 64
TRIES = 5
"""Wrong PINs after which a link is locked (SECURITY.md, links and pages)."""

_hasher = PasswordHasher()

_MONTH, _DAY, _YEAR = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])", "((19|20)[0-9]{2}|[0-9]{2})"
_DATES = (_MONTH + _DAY + _YEAR, _DAY + _MONTH + _YEAR, _YEAR + _MONTH + _DAY)


class WeakPinError(WellkeptError):
    """That PIN is too easy to guess."""

    remedy = "Choose six digits or more that are no date, no run of digits and no repetition."


def enrol_pin(tx: Transaction, person: Person, pin: str, by: str) -> None:
    """Give a person a PIN in place of any before; `by` is the id of whoever saw them in person.

    Raises WeakPinError.
    """
    if weakness := weakness_of(pin):
        raise WeakPinError(weakness)
    person.pin_hash = _hasher.hash(pin)
    person.pin_enrolled_on = clock.today(clinic_named(tx.session, person.clinic).time_zone)
    tx.session.add(person)
    tx.record(person.clinic, Event.PIN_ENROLLED, actor=by, person=person.id)


def weakness_of(pin: str) -> str | None:
    """Return what makes a PIN easy to guess, or None."""
    if not (pin.isascii() and pin.isdigit()):
        return "A PIN is made of digits."
    if not SHORTEST <= len(pin) <= LONGEST:
        return f"A PIN has {SHORTEST} digits or more, and at most {LONGEST}."
    if _repeats(pin) or _runs(pin):
        return "That PIN repeats or counts; it would be among the first anybody tries."
    return "That PIN reads like a date." if _reads_like_a_date(pin) else None


def check(person: Person, pin: str) -> bool:
    """Tell whether this is the person's PIN; False where none was enrolled. Takes tens of milliseconds on purpose."""
    if person.pin_hash is None:
        return False
    try:
        return _hasher.verify(person.pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def _repeats(pin: str) -> bool:
    """Tell whether a PIN is one short piece over and over: 111111, 121212, 123123; or has but two digits."""
    pieces = (pin[:size] * len(pin) for size in range(1, len(pin) // 2 + 1))
    return len(set(pin)) <= 2 or any(piece.startswith(pin) for piece in pieces)  # noqa: PLR2004 - two digits


def _runs(pin: str) -> bool:
    """Tell whether a PIN counts up or down, also across 9 to 0."""
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(pin)}
    return steps in ({1}, {9})


def _reads_like_a_date(pin: str) -> bool:
    """Tell whether a PIN reads like a day, written in any of the usual orders."""
    return any(re.fullmatch(order, pin) for order in _DATES)
