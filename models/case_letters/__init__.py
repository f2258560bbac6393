"""Letters to people outside: drafted from a case's facts by wording that a clinic may make its own."""

from models.case_letters.drafting import (
    BrokenWordingError,
    Sender,
    UnknownLetterError,
    draft,
    letter_names,
    shared_parts,
    try_out,
    wording_of,
)

__all__ = [
    "BrokenWordingError",
    "Sender",
    "UnknownLetterError",
    "draft",
    "letter_names",
    "shared_parts",
    "try_out",
    "wording_of",
]
