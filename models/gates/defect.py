"""What stands in the way of a release."""

from typing import NamedTuple


class Defect(NamedTuple):
    """One thing that is missing or wrong, and the paragraph that wants it otherwise."""

    cite: str
    words: str
    """A sentence for whoever has to ask for it anew."""
