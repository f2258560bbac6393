"""The sheets of a restriction and of confidential communication, 45 CFR 164.522."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.requests import Extension
from models.clocks.rule import OWN, Clock, ClockRule, Unit
from models.sheets.intake import PatientsIntake
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class Wish(StrEnum):
    """What the patient wants kept."""

    SELF_PAY = "the insurer is not told of something that was paid in full"
    OTHER = "something is not used or told otherwise"
    CHANNEL = "the practice reaches them another way or at another place"


CITES = {Wish.SELF_PAY: "(a)(1)(vi)", Wish.OTHER: "(a)(1)(i)", Wish.CHANNEL: "(b)(1)(i)"}
_DAYS = {Wish.SELF_PAY: 5, Wish.OTHER: 5, Wish.CHANNEL: 2}


class RestrictionIntake(PatientsIntake):
    """Something is to be kept from somebody, or sent another way, 45 CFR 164.522."""

    TITLE: ClassVar[str] = "Somebody wants something kept from others, or to be reached another way"
    TELLS = ("received_on", "wish", "next_claim_on")

    wish: Wish = Field(title="What do they want?")
    paid_on: date | None = Field(default=None, title="When was it paid in full?", description="Only for the insurer.")
    next_claim_on: date | None = Field(
        default=None,
        title="When do claims go out next?",
        description="Only for the insurer: it has to be held back before that.",
    )

    @classmethod
    def clocks(
        cls,
        told: Mapping[str, Any],
        states: Collection[str],  # noqa: ARG003 - no state has a clock for it
        extensions: Collection[Extension] = (),  # noqa: ARG003 - nor is there an extension
    ) -> list[Clock]:
        """Return the practice's own clock, and the day before the next claims go out. The law counts no days."""
        wish, received_on = Wish(told["wish"]), date.fromisoformat(told["received_on"])
        rule = ClockRule(
            clock="restriction",
            cite=f"45 CFR 164.522{CITES[wish]}",
            days=_DAYS[wish],
            unit=Unit.BUSINESS_DAYS,
            counts_from="receipt",
            verified=OWN,
        )
        clocks = [rule.running(received_on)]
        if wish is Wish.SELF_PAY and told.get("next_claim_on"):
            claims = date.fromisoformat(told["next_claim_on"])
            basis = f"the day before claims go out on {day_in_words(claims)}"
            clocks.append(Clock.of(rule.model_copy(update={"clock": "next claims"}), claims - timedelta(days=1), basis))
        return clocks

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides what is missing where the insurer is not to be told."""
        yield from super().refusals(occasion)
        if self.wish is Wish.SELF_PAY and self.paid_on is None:
            yield Refusal("paid_on", "Write when it was paid in full: only then nobody may refuse it.")
        if self.paid_on and self.paid_on > occasion.today:
            yield Refusal("paid_on", f"It cannot have been paid on {day_in_words(self.paid_on)}: that is after today.")


class Agreed(Sheet):
    """That the practice keeps it so."""

    TITLE: ClassVar[str] = "Agreed"

    what: Text = Field(title="What is kept from whom, or sent where?", min_length=1)


class Declined(Sheet):
    """That the practice does not."""

    TITLE: ClassVar[str] = "Declined"

    basis: Text = Field(title="Why, in plain words?", min_length=1, description="It goes into the letter.")
    unreasonable: bool = Field(
        default=False,
        title="What they ask cannot reasonably be done",
        description="The only reason to decline another way of reaching them; you may not ask why they want it.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield what nobody may decline."""
        wish = occasion.case_told.get("wish")
        if wish == Wish.SELF_PAY:
            words = "It was paid in full: nobody may refuse it, 45 CFR 164.522(a)(1)(vi). Agree."
            yield Refusal("basis", words)
        if wish == Wish.CHANNEL and not self.unreasonable:
            words = "Every reasonable wish of this kind must be met, 45 CFR 164.522(b)(1)(i). Agree, or tick this."
            yield Refusal("unreasonable", words)


class InForce(Sheet):
    """That it is in force, and where."""

    TITLE: ClassVar[str] = "In force"

    done_on: date = Field(title="Since what day?")
    where: Text = Field(
        title="Where was it set?",
        min_length=1,
        description="Billing, reminders, portal, whatever sends by itself; and what was removed from where.",
    )
    proof: Line = Field(title="How did you check that it holds?", min_length=1)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day that has not come."""
        if self.done_on > occasion.today:
            yield Refusal("done_on", f"{day_in_words(self.done_on)} is after today.")
