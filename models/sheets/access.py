"""The sheets of an access request, 45 CFR 164.524: who asks, what is gathered, safety, the decision, the extension."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.gates.denial import RULES, Denial, Ground
from models.gates.denial import defects as defects_of_denial
from models.sheets.refusal import without_right
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text


class Notes(StrEnum):
    """Whether there are psychotherapy notes, and where they lie."""

    NONE = "there are none"
    SEPARATE = "kept apart from the rest of the record"
    MIXED = "mixed into the record"


class Gathered(Sheet):
    """What was gathered, and what in it the law treats in its own way."""

    TITLE: ClassVar[str] = "The records, and what in them is special"
    TELLS = ("notes", "part_2", "proceedings")

    where: Text = Field(
        title="What did you gather, and from where?",
        min_length=1,
        description="Chart, billing, records of other providers that you hold, whatever vendors hold for you.",
    )
    notes: Notes = Field(
        title="Psychotherapy notes?",
        description="Kept apart, they are outside of access and want an authorization of their own. Mixed in, they are "
        "ordinary record and go with it.",
    )
    part_2: bool = Field(
        default=False,
        title="Some of it comes from a substance use program (42 CFR Part 2)",
        description="A program that holds itself out as treating substance use and is federally assisted, 42 CFR 2.11 "
        "and 2.12(b). The patient may have it without a consent; anybody else may not.",
    )
    proceedings: bool = Field(
        default=False,
        title="Some of it was written for a lawsuit or a hearing",
        description="Only what was compiled for that, 45 CFR 164.524(a)(1)(ii). The ordinary record stays open.",
    )
    copying: Decimal = Field(default=Decimal(0), ge=0, le=10_000, title="Fee for copying, in dollars")
    supplies: Decimal = Field(default=Decimal(0), ge=0, le=10_000, title="Fee for supplies, in dollars")
    postage: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=10_000,
        title="Postage, in dollars",
        description="Nothing for searching or fetching. An unpaid bill holds nothing back.",
    )

    def fee(self) -> Decimal:
        """Return what it costs, in dollars."""
        return self.copying + self.supplies + self.postage

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides whether there is a fee, and not how much."""
        return {**super().tell(occasion), "fee": self.fee() > 0}


class Safety(Sheet):
    """What a licensed professional found, 45 CFR 164.524(a)(3)."""

    TITLE: ClassVar[str] = "Safety review"
    TELLS = ("grounds",)

    licence: Line = Field(title="Your licence", min_length=1, description="Kind and number.")
    grounds: frozenset[Ground] = Field(
        default=frozenset(),
        title="What do you find?",
        description="Tick nothing if nothing applies. That it may upset the patient is no ground.",
        json_schema_extra={"only": [ground for ground in Ground if RULES[ground].reviewable]},
    )
    reasoning: Text = Field(default="", title="Why?", description="Only if you ticked something.")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:  # noqa: ARG002 - the same for every sheet
        """Yield what is missing: a ground without a reason; a ground that is none of the clinician's."""
        if self.grounds and not self.reasoning:
            yield Refusal("reasoning", "Write why: what you ticked takes something from the patient.")
        if any(not RULES[ground].reviewable for ground in self.grounds):
            yield Refusal("grounds", "Only the three grounds of 45 CFR 164.524(a)(3) are for you to judge.")


class Withheld(Sheet):
    """What is withheld, and on what ground: the closed list of 45 CFR 164.524(a)."""

    TITLE: ClassVar[str] = "What is withheld, and why"
    TELLS = ("grounds",)

    grounds: frozenset[Ground] = Field(
        title="On what ground?", min_length=1, description="There are no others. Harm to feelings is none."
    )
    what: Text = Field(title="What is withheld?", min_length=1)
    basis: Text = Field(
        title="Why, in plain words for the person?", min_length=1, description="It goes into the letter."
    )
    rest_given: bool = Field(default=False, title="Everything else is given")
    reviewer: Line = Field(
        default="",
        title="Who reviews it if they ask?",
        description="For a ground of safety: a licensed professional who took no part, such as your outside reviewer.",
    )
    reviewer_is_licensed: bool = Field(default=False, title="The reviewer is a licensed health care professional")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield what keeps the denial from going out, by the gate of 45 CFR 164.524(a) and (d)."""
        for defect in defects_of_denial(self._denial(occasion)):
            yield Refusal(_FIELD_OF.get(defect.cite, "grounds"), f"{defect.words} ({defect.cite})")
        judged = set(occasion.told.get("safety", {}).get("grounds", ()))
        for ground in sorted(self.grounds):
            if RULES[ground].reviewable and ground not in judged:
                yield Refusal("grounds", f"The clinician did not find “{ground}”: only a licensed professional may.")

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return the grounds, and whether the person may ask for a review."""
        return {**super().tell(occasion), "reviewable": any(RULES[ground].reviewable for ground in self.grounds)}

    def _denial(self, occasion: Occasion) -> Denial:
        judge = occasion.by_whom.get("safety", "")
        return Denial(
            grounds=self.grounds,
            notes_kept_separate=occasion.told.get("gather", {}).get("notes") == Notes.SEPARATE,
            rest_given=self.rest_given,
            decided_by=occasion.by,
            decider_is_licensed=bool(judge),
            took_part=frozenset({judge}),
            reviewer=occasion.id_of(self.reviewer),
            reviewer_is_licensed=self.reviewer_is_licensed,
        )


class WithheldPart(Withheld):
    """What is withheld of what is given otherwise."""

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides that nothing is given to somebody without a right to it."""
        yield from without_right(occasion, "grounds")
        yield from super().refusals(occasion)


class Giving(Sheet):
    """That all of it is given, knowing what is special in it."""

    TITLE: ClassVar[str] = "All of it is given"

    notes_not_asked: bool = Field(
        default=False,
        title="Psychotherapy notes kept apart were not asked for",
        description="If there are any and they were asked for, give the rest and withhold them.",
    )
    despite: Text = Field(
        default="",
        title="Why in spite of the clinician's finding?",
        description="Only if the clinician found a ground. The law allows a denial then, and does not demand it.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield what keeps all of it from being given."""
        yield from without_right(occasion, "notes_not_asked")
        gathered, safety = occasion.told.get("gather", {}), occasion.told.get("safety", {})
        if gathered.get("notes") == Notes.SEPARATE and not self.notes_not_asked:
            words = "Psychotherapy notes are kept apart: they are outside of access. Withhold them, or tick this."
            yield Refusal("notes_not_asked", words)
        if gathered.get("proceedings"):
            words = "Some of it was compiled for proceedings: give it but for that part, 45 CFR 164.524(a)(1)(ii)."
            yield Refusal("notes_not_asked", words)
        if safety.get("grounds") and not self.despite:
            yield Refusal("despite", "The clinician found a ground of safety. Write why it is given all the same.")


_FIELD_OF = {"45 CFR 164.524(d)(1)": "rest_given", "45 CFR 164.524(a)(4)": "reviewer"}
