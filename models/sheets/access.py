"""The sheets of an access request, 45 CFR 164.524: who asks, what is gathered, safety, the decision, the extension."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.requests import Extension, ExtensionError, Right, clocks_of, longest_due_on
from models.gates.denial import RULES, Denial, Ground
from models.gates.denial import defects as defects_of_denial
from models.sheets.sheet import Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class Proof(StrEnum):
    """How somebody showed who they are, 45 CFR 164.514(h)."""

    KNOWN = "known to us in person"
    PHOTO_ID = "photo ID"
    SIGNATURE = "signature compared with the chart"
    CALL_BACK = "called back at the number in the chart"
    LOGIN = "came through the patient portal's own login"


class Identity(Sheet):
    """Who asks and by what right."""

    TITLE: ClassVar[str] = "Who asks, and by what right"

    proof: Proof = Field(title="How do we know who it is?")
    authority: Line = Field(
        default="",
        title="By what right do they act for the patient?",
        description="Only if it is not the patient: the document, such as a guardianship order.",
    )
    minor_consented_alone: bool = Field(
        default=False,
        title="The patient is a minor who consented to this care alone",
        description="Then the parent may have no right to this part: 45 CFR 164.502(g)(3). Ask the privacy official.",
    )
    scope: Text = Field(title="What exactly do they want?", min_length=1, description="Which part, from when to when.")
    form: Line = Field(
        title="In what form?", min_length=1, description="Such as paper, PDF by the portal, on a USB stick."
    )


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
        description="The patient may have it without a consent; anybody else may not.",
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

    TITLE: ClassVar[str] = "What is withheld, and why"


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
        gathered, safety = occasion.told.get("gather", {}), occasion.told.get("safety", {})
        if gathered.get("notes") == Notes.SEPARATE and not self.notes_not_asked:
            words = "Psychotherapy notes are kept apart: they are outside of access. Withhold them, or tick this."
            yield Refusal("notes_not_asked", words)
        if gathered.get("proceedings"):
            words = "Some of it was compiled for proceedings: give it but for that part, 45 CFR 164.524(a)(1)(ii)."
            yield Refusal("notes_not_asked", words)
        if safety.get("grounds") and not self.despite:
            yield Refusal("despite", "The clinician found a ground of safety. Write why it is given all the same.")


class CannotGive(Sheet):
    """That there is nothing to give: not held here, or not theirs to ask for."""

    TITLE: ClassVar[str] = "Why it cannot be given"

    basis: Text = Field(
        title="Why, in plain words for the person?", min_length=1, description="It goes into the letter."
    )
    holder: Line = Field(
        default="", title="Who holds it, if you know?", description="45 CFR 164.524(d)(3): then the letter says so."
    )


_FIELD_OF = {"45 CFR 164.524(d)(1)": "rest_given", "45 CFR 164.524(a)(4)": "reviewer"}


class Extending(Sheet):
    """The one extension, 45 CFR 164.524(b)(2)(ii), .526(b)(2)(ii), .528(c)(1)(ii): in writing, before the due date."""

    TITLE: ClassVar[str] = "The extension"
    TELLS = ("promised_on",)

    because: Text = Field(title="Why does it take longer?", min_length=1, description="It goes into the letter.")
    promised_on: date = Field(title="By when will it be done?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield why the law knows no such extension."""
        right = Right(occasion.right)
        assert occasion.received_on is not None  # noqa: S101 - every case of a right has a day of receipt
        try:
            extension = Extension(occasion.today, self.promised_on, self.because)
            clocks_of(right, occasion.received_on, extensions=[extension])
        except ExtensionError as error:
            latest = day_in_words(longest_due_on(right, occasion.received_on))
            yield Refusal("promised_on", f"{error.args[0]} The last day that may be promised is {latest}.")


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
