"""What stands in the way of a release."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

Element = tuple[str, str, str]
"""A field of a document, the paragraph that wants it, and what to say where it is empty."""


class Defect(NamedTuple):
    """One thing that is missing or wrong, and the paragraph that wants it otherwise."""

    cite: str
    words: str
    """A sentence for whoever has to ask for it anew."""


def missing(document: object, elements: Iterable[Element]) -> Iterator[Defect]:
    """Yield the elements that a document does not hold."""
    return (Defect(cite, words) for name, cite, words in elements if not getattr(document, name))
