"""Identifiers: what in a free text looks as if it names a patient. It warns; it proves nothing.

No pattern repeats something without a bound and then wants more, so a text twice as long takes twice as long.
"""

import re
from collections.abc import Iterable

PATTERNS = {
    "a social security number": r"\b(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}\b",
    "a date of birth": r"(?i)\b(?:dob\b|d\.o\.b\.|born\b|birth ?date\b|date of birth\b)[^\n\d]{0,15}\d",
    "a record number": r"(?i)\b(?:mrn|medical record(?: number| no\.?)?|chart (?:number|no\.?))\W{0,3}[A-Z]{0,3}\d{3,}",
    "a phone number": r"(?<![\w-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}\b",
    "an e-mail address": r"[\w.+-]@[\w-]{1,63}\.\w",
}
OF_A_PATIENT = ("a social security number", "a date of birth", "a record number")
"""The kinds that have no place in a policy's text either, where the practice's own phone and e-mail may stand."""

_COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}


def looks_like_identifier(text: str, kinds: Iterable[str] = tuple(PATTERNS)) -> list[str]:
    """Return which kinds of identifier a text seems to hold, in words, e.g. "a phone number"."""
    return [kind for kind in kinds if _COMPILED[kind].search(text)]


def in_document(text: str) -> list[str]:
    """Return the kinds a whole document seems to hold that only a patient has."""
    return looks_like_identifier(text, OF_A_PATIENT)
