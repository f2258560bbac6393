"""That something went out: a letter, an extension, the record itself."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class SentBy(StrEnum):
    """How something went out."""

    HANDED = "handed over"
    MAIL = "by letter"
    CERTIFIED = "by certified mail"
    FAX = "by fax"
    EMAIL = "by encrypted e-mail"
    PORTAL = "through the patient portal"


class Sent(Sheet):
    """That a letter went out."""

    TITLE: ClassVar[str] = "Sent"
    TELLS = ("sent_on",)

    sent_on: date = Field(title="On what day did it go out?")
    sent_by: SentBy = Field(title="How?")
    sent_to: Line = Field(title="To whom, and where?", min_length=1)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be."""
        if self.sent_on > occasion.today:
            yield Refusal("sent_on", f"It cannot have gone out on {day_in_words(self.sent_on)}: that is after today.")
        if occasion.received_on and self.sent_on < occasion.received_on:
            words = f"It cannot have gone out on {day_in_words(self.sent_on)}, before the request was received."
            yield Refusal("sent_on", words)


class ExtensionSent(Sent):
    """That the letter of an extension went out: on or before the due date, or it is none."""

    TITLE: ClassVar[str] = "The extension was sent"

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day after the due date besides."""
        yield from super().refusals(occasion)
        if occasion.law_due_on and self.sent_on > occasion.law_due_on:
            words = (
                f"It went out after the due date, {day_in_words(occasion.law_due_on)}: that is no extension any more."
            )
            yield Refusal("sent_on", f"{words} Answer the request; the record says it is late.")


class Released(Sent):
    """What was released, to whom and how: the line of the disclosure log that this release writes."""

    TITLE: ClassVar[str] = "What was given"

    what: Text = Field(title="What was given?", min_length=1)
    purpose: Line = Field(default="", title="For what purpose?", description="If it went to anybody but the person.")
