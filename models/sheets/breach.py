"""The sheets of a breach's clocks: counts and days, the police's hold, the vendor through which it happened."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from models.breach_told import ResidentsError, day_of, residents_of
from models.clocks.breach import LARGE, NOTICE_DAYS, ORAL_HOLD_DAYS, hold_of_statement
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text, plain
from models.words import day_in_words

Residents = Annotated[str, Field(max_length=1000), AfterValidator(plain)]
"""Counts of residents of all states there are."""


class ClockSheet(Sheet):
    """Counts or days that the clocks of a breach look at. They may change, and the clocks with them."""

    WHEN: ClassVar[str] = ""
    """On what occasion somebody fills it in, as the breach board says it."""


class BreachCounts(ClockSheet):
    """How many people a breach concerns, where they live, and when it was determined."""

    TITLE: ClassVar[str] = "Counts and days of the breach"
    WHEN: ClassVar[str] = "A count or a day changed"
    TELLS = ("affected", "residents", "determined_on")

    affected: int = Field(title="How many people does it concern?", ge=1)
    residents: Residents = Field(
        title="How many live in which state?", min_length=1, description="As NY=300, NJ=201, with two capital letters."
    )
    determined_on: date = Field(title="On what day was it determined to be a breach?")

    @property
    def large(self) -> bool:
        """Tell whether HHS is told with the individuals."""
        return self.affected >= LARGE

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield counts and days that cannot be."""
        try:
            residents_of(self.residents, self.affected)
        except ResidentsError as error:
            yield Refusal("residents", str(error))
        if self.determined_on > occasion.today:
            yield Refusal("determined_on", f"{day_in_words(self.determined_on)} is after today.")
        if occasion.received_on and self.determined_on < occasion.received_on:
            yield Refusal("determined_on", "It cannot have been determined before anybody knew of it.")


class KnownEarlier(ClockSheet):
    """That somebody here knew of it before the day on the card: it was discovered then, 45 CFR 164.404(a)(2)."""

    TITLE: ClassVar[str] = "Known earlier"
    WHEN: ClassVar[str] = "Somebody here knew of it earlier"

    known_on: date = Field(title="On what day did anybody here first know of it?")
    who: Text = Field(title="Who knew, and how do you know that?", min_length=1)

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day that is not earlier, or before it happened."""
        if occasion.received_on and self.known_on >= occasion.received_on:
            words = f"The clocks run from {day_in_words(occasion.received_on)} already, and move to no later day."
            yield Refusal("known_on", words)
        happened_on = day_of(occasion.case_told, "happened_on")
        if happened_on and self.known_on < happened_on:
            yield Refusal("known_on", f"It happened on {day_in_words(happened_on)}: nobody can have known before that.")


class Hold(ClockSheet):
    """That the police ask not to tell yet, 45 CFR 164.412. Who asked stays in the case."""

    TITLE: ClassVar[str] = "The police ask to wait"
    WHEN: ClassVar[str] = "The police ask to wait"
    TELLS = ("stated_on", "until")

    official: Line = Field(
        title="Who asked?", min_length=1, description="Name, office, telephone, and how you know it is them."
    )
    stated_on: date = Field(title="On what day?")
    said: Text = Field(
        title="What did they say?", min_length=1, description="That a notice would impede an investigation, or harm."
    )
    until: date | None = Field(
        default=None,
        title="Until what day, if they say so in writing?",
        description=f"Leave it empty for what was asked by word of mouth: that holds for {ORAL_HOLD_DAYS} days.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be."""
        if self.stated_on > occasion.today:
            yield Refusal("stated_on", f"{day_in_words(self.stated_on)} is after today.")
        if self.until and self.until <= self.stated_on:
            yield Refusal("until", "It ends before it begins. Check both days.")

    def tell(self, occasion: Occasion) -> dict[str, Any]:  # noqa: ARG002 - the same on every occasion
        """Return the first and the last day of the hold."""
        last = hold_of_statement(self.stated_on, until=self.until)
        return {"hold_from": str(self.stated_on), "hold_until": str(last), "hold_oral": self.until is None}


class VendorTold(ClockSheet):
    """What a vendor told of a breach it discovered, 45 CFR 164.410."""

    TITLE: ClassVar[str] = "What the vendor told us"
    WHEN: ClassVar[str] = "It happened at a vendor"

    vendor: Line = Field(title="Which vendor?", min_length=1)
    discovered_on: date = Field(title="On what day did they discover it?")
    told_on: date = Field(title="On what day did they tell us?")
    contract_days: int | None = Field(
        default=None,
        title="Within how many days does the contract want us told?",
        description=f"The law wants it within {NOTICE_DAYS} days; the business associate agreement may want it sooner.",
        ge=0,
        le=NOTICE_DAYS,
    )
    is_agent: bool = Field(
        default=False,
        title="We direct how that vendor works",
        description="Then what the vendor knew, we knew, and our clocks run from the vendor's discovery.",
    )
    what: Text = Field(
        title="What did they tell?", min_length=1, description="Whose data, what happened, what they did."
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield days that cannot be."""
        if self.told_on > occasion.today:
            yield Refusal("told_on", f"{day_in_words(self.told_on)} is after today.")
        if self.told_on < self.discovered_on:
            yield Refusal("told_on", "They cannot have told it before they discovered it. Check both days.")

    def tell(self, occasion: Occasion) -> dict[str, Any]:  # noqa: ARG002 - the same on every occasion
        """Return the vendor's days, and whether our clocks run from them."""
        days = {"vendor_discovered_on": str(self.discovered_on), "vendor_told_on": str(self.told_on)}
        return {**days, "vendor_is_agent": self.is_agent, "vendor_days": self.contract_days}
