"""That there is nothing to give: not held here, or not theirs to ask for."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text

NO_RIGHT = "no_right"
"""The answer that whoever asks has no right to it."""


class CannotGive(Sheet):
    """Why it cannot be given."""

    TITLE: ClassVar[str] = "Why it cannot be given"

    basis: Text = Field(title="Why, in plain words?", min_length=1, description="It goes into the letter.")
    holder: Line = Field(
        default="", title="Who holds it, if you know?", description="45 CFR 164.524(d)(3): then the letter says so."
    )


def without_right(occasion: Occasion, field: str) -> Iterator[Refusal]:
    """Yield that nothing goes to somebody of whom it was found that they have no right to it."""
    if occasion.chosen.get("identity") == NO_RIGHT:
        yield Refusal(field, "Whoever asks was found to have no right to it. Refuse it, or send it back.")
