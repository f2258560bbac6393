"""Sheets: the tables of a binder, the same on paper, as CSV and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One table."""

    tab: str
    """The number of its tab."""
    name: str
    """The name of its files."""
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]] = ()
    note: str = ""
    """A sentence under the title."""


@dataclass(frozen=True)
class Gap:
    """Something that an investigator will ask for and that is not here, or not as it should be."""

    tab: str
    what: str
