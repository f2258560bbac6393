"""The sheets of a complaint, 45 CFR 164.530(d): unfounded, what came of it, and nobody treated worse for it."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from pydantic import Field

from models.sheets.sheet import SHORTEST_FACT, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class Heard(Sheet):
    """That a complaint was taken up."""

    TITLE: ClassVar[str] = "A complaint, taken up"

    wants: Text = Field(title="What do they want to be looked into?", min_length=1)
    said: Text = Field(
        title="What did you say, when, and to whom?",
        min_length=1,
        description="If nobody knows who complains, write so. Nobody is asked to take a complaint back.",
    )


class Unfounded(Sheet):
    """That a complaint was looked into, and nothing happened that is not permitted."""

    TITLE: ClassVar[str] = "Looked into, and unfounded"

    looked: Text = Field(
        title="What was looked into, and whom did you ask?",
        min_length=SHORTEST_FACT,
        description="Documents, logs, people, with days. 45 CFR 164.530(d)(2): it is documented with how it ended.",
    )


class Founded(Sheet):
    """That a complaint is right, about something by which no data went astray: such as a right that was not granted."""

    TITLE: ClassVar[str] = "Looked into, and founded"

    wrong: Text = Field(title="What went wrong, by which rule?", min_length=SHORTEST_FACT)
    right: Text = Field(title="What puts it right for whoever complained?", min_length=1)


class Disposition(Sheet):
    """What came of a complaint, 45 CFR 164.530(d)(2)."""

    TITLE: ClassVar[str] = "What came of the complaint"

    came_of_it: Text = Field(title="What came of it?", min_length=1)
    answered_on: date | None = Field(
        default=None,
        title="On what day were they answered?",
        description="Leave it empty if nobody knows who they are.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day to come."""
        if self.answered_on and self.answered_on > occasion.today:
            yield Refusal("answered_on", f"{day_in_words(self.answered_on)} is after today.")


class TreatedWorse(Sheet):
    """That somebody was treated worse after a complaint, and what is done about it."""

    TITLE: ClassVar[str] = "Treated worse after a complaint"

    what: Text = Field(title="What happened, and to whom?", min_length=1)
    undone: Text = Field(title="How was it undone?", min_length=1)
