"""A mistake in a clinic folder: where it is, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

from models.errors import WellkeptError


class BrokenFolderError(WellkeptError):
    """The clinic folder has mistakes."""

    remedy: ClassVar[str] = "Run `wellkept clinics check` on it, mend what it lists, and try again."


@dataclass(frozen=True)
class Mistake:
    """One thing a person must put right in a clinic folder."""

    file: str
    """Path within the folder, e.g. `policies/access.md`."""
    line: int | None
    """Counted from 1; none when the mistake is the whole file's."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return the mistake as one line, the way compilers write them."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.problem} {self.remedy}"


def in_reading_order(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return mistakes by file and line, the whole file's first, each once."""
    return sorted(set(mistakes), key=lambda mistake: (mistake.file, mistake.line or 0, mistake.problem))


def close_to(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three known words that somebody who wrote `word` may have meant."""
    by_folded = {name.casefold(): name for name in known}
    folded = word.strip().casefold().replace(" ", "_")
    return [by_folded[match] for match in get_close_matches(folded, by_folded, n=3, cutoff=0.6)]


def one_of(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names what was likely meant, or else everything that can be meant."""
    names = list(known)
    likely = close_to(word, names)
    if likely:
        return f"Did you mean {' or '.join(f'`{name}`' for name in likely)}?"
    return f"Known here: {', '.join(f'`{name}`' for name in names)}."
