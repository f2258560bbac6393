"""The sheets of a request by somebody else: what paper it rests on, what is released, what went out."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.clocks.requests import Extension
from models.clocks.rule import OWN, Clock, ClockRule
from models.gates import authorization, consent, disclosure_notice, subpoena
from models.gates.defect import Defect
from models.sheets.intake import RecordIntake
from models.sheets.sending import Released
from models.sheets.sheet import DEFECTS, Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words

REVOKED = "revoked_at"
"""What the case tells of a paper that was taken back: the moment, with its distance from UTC."""


class Requester(StrEnum):
    """Who asks, in everyday words."""

    ATTORNEY = "an attorney, with the patient's authorization"
    SUBPOENA = "a subpoena, a court or an agency"
    INSURER = "an insurer or health plan, to pay"
    PROVIDER = "another provider, to treat"
    OTHER = "somebody else, such as an employer or a school"
    OFFICIAL = "police, an oversight agency, or somebody the law has us tell"


class ThirdPartyIntake(RecordIntake):
    """Somebody else asks for a patient's record."""

    TITLE: ClassVar[str] = "An attorney, insurer, provider or court asks for a record"
    FIRST: ClassVar[tuple[str, ...]] = ("requester", "requester_name", *RecordIntake.FIRST)
    TELLS = ("received_on", "requester", "answer_by")

    requester: Requester = Field(title="Who is asking?")
    requester_name: Line = Field(title="Their name", min_length=1, description="Of the person and the firm or agency.")
    answer_by: date | None = Field(
        default=None,
        title="By when do they want it?",
        description="The return date of a subpoena has to be here. Leave it empty if they name no day.",
    )

    def person(self) -> str:
        """Return the name of whoever asks."""
        return self.requester_name

    @classmethod
    def clocks(
        cls,
        told: Mapping[str, Any],
        states: Collection[str],  # noqa: ARG003 - no state's clock is known
        extensions: Collection[Extension] = (),  # noqa: ARG003 - nor an extension
    ) -> list[Clock]:
        """Return the practice's own fifteen days, and the day they name. HIPAA permits, and sets no deadline."""
        rule = ClockRule(clock="answer", cite="45 CFR 164.508, 164.512", days=15, counts_from="receipt", verified=OWN)
        clocks = [rule.running(date.fromisoformat(told["received_on"]))]
        if told.get("answer_by"):
            named = date.fromisoformat(told["answer_by"])
            basis = f"the day they name, {day_in_words(named)}"
            clocks.append(Clock.of(rule.model_copy(update={"clock": "their day"}), named, basis))
        return clocks

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides a subpoena without its return date, or one before it came."""
        yield from super().refusals(occasion)
        if self.requester is Requester.SUBPOENA and self.answer_by is None:
            yield Refusal("answer_by", "Write the return date that stands in the subpoena: it drives everything.")
        if self.answer_by and self.answer_by < self.received_on:
            yield Refusal("answer_by", f"They cannot want it by {day_in_words(self.answer_by)}, before they asked.")


class WhatItTouches(Sheet):
    """What in the record the law treats in its own way."""

    part_2: bool = Field(
        default=False,
        title="Some of it comes from a substance use program (42 CFR Part 2)",
        description="One that holds itself out as treating substance use and is federally assisted: 2.11, 2.12(b).",
    )
    notes_too: bool = Field(default=False, title="Psychotherapy notes kept apart are asked for too")


class AuthorizationRead(authorization.Authorization, WhatItTouches):
    """An authorization, read element by element, 45 CFR 164.508(c)."""

    TITLE: ClassVar[str] = "The authorization"
    TELLS = ("part_2", "notes_too", "expires_on")

    def defects(self, occasion: Occasion) -> Iterator[Defect]:
        """Yield what keeps it from being valid."""
        yield from authorization.defects(self, occasion.now, occasion.today)
        if self.notes_too and not self.psychotherapy_notes:
            words = "Psychotherapy notes want an authorization of their own."
            yield Defect("45 CFR 164.508(a)(2)", words)


class DemandRead(subpoena.Demand, WhatItTouches):
    """A subpoena, discovery request or order, 45 CFR 164.512(e) and 42 CFR 2.61."""

    TITLE: ClassVar[str] = "The demand"
    TELLS = ("part_2", "notes_too", "issuer", "part_2_consent")

    def defects(self, occasion: Occasion) -> Iterator[Defect]:  # noqa: ARG002 - the same for every sheet
        """Yield what stands in the way of releasing on it."""
        yield from subpoena.defects(self, part_2=self.part_2, psychotherapy_notes=self.notes_too)


class DirectPurpose(StrEnum):
    """What needs no authorization between those who treat and pay, 45 CFR 164.506(c)."""

    TREATMENT = "to treat the patient"
    PAYMENT = "to pay for care"


class DirectRead(WhatItTouches):
    """That it is for treatment or payment."""

    TITLE: ClassVar[str] = "For treatment or payment"
    TELLS = ("part_2", "notes_too", "purpose")

    purpose: DirectPurpose = Field(title="What is it for?")
    known: Line = Field(title="How do we know that it is really them?", min_length=1)

    def defects(self, occasion: Occasion) -> Iterator[Defect]:  # noqa: ARG002 - the same for every sheet
        """Yield that psychotherapy notes never go this way."""
        if self.notes_too:
            yield Defect("45 CFR 164.508(a)(2)", "Psychotherapy notes want an authorization of their own.")


class LawRead(WhatItTouches):
    """That the law has us tell, or lets us."""

    TITLE: ClassVar[str] = "The law has us tell, or lets us"
    TELLS = ("part_2", "notes_too")

    cite: Line = Field(title="Which paragraph?", min_length=1, description="Such as 45 CFR 164.512(d).")
    official: Line = Field(title="Who, and how do we know their office?", min_length=1)
    part_2_paragraph: Line = Field(
        default="",
        title="Which paragraph of 42 CFR Part 2 allows it?",
        description="Only if some of it comes from a substance use program: 2.12(c), 2.51, 2.53, 2.66.",
    )

    def defects(self, occasion: Occasion) -> Iterator[Defect]:  # noqa: ARG002 - the same for every sheet
        """Yield that Part 2 has its own list."""
        if self.part_2 and not self.part_2_paragraph:
            yield Defect("42 CFR 2.12(c)", "What HIPAA lets go, Part 2 keeps, but for what its own paragraphs name.")


class ConsentRead(consent.Consent, Sheet):
    """A consent under 42 CFR 2.31, read element by element."""

    TITLE: ClassVar[str] = "The consent under Part 2"
    TELLS = ("expires_on",)

    def defects(self, occasion: Occasion) -> Iterator[Defect]:
        """Yield what keeps it from being valid."""
        yield from consent.defects(self, occasion.now, occasion.today)


class Release(Sheet):
    """That it is released, and how much of it."""

    TITLE: ClassVar[str] = "To be released"

    minimum: Text = Field(
        title="What goes out?",
        min_length=1,
        description="No more than the purpose needs, 45 CFR 164.502(b); what an authorization names, or another "
        "provider needs to treat, may go whole.",
    )
    nothing_restricted: bool = Field(
        default=False,
        title="Nothing of it was paid in full and is to be kept from the insurer",
        description="Look whenever an insurer asks: 45 CFR 164.522(a)(1)(vi).",
    )
    short_notice: bool = Field(
        default=False,
        title="The short statement of Part 2 is enough",
        description="42 CFR 2.32(a) has a long and a short one; the long one explains what the recipient may do.",
    )
    consent_attached: bool = Field(default=False, title="A copy of the Part 2 consent goes along")
    scope_explained: bool = Field(default=False, title="Or a clear explanation of what it covers")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield every gate that is shut."""
        yield from shut(occasion, "minimum")
        insurer = occasion.case_told.get("requester") == Requester.INSURER
        if insurer and not self.nothing_restricted:
            held = f" Look at {', '.join(occasion.self_paid)}." if occasion.self_paid else ""
            yield Refusal("nothing_restricted", f"Say that nothing of it is to be kept from the insurer.{held}")
        if rests_on_consent(occasion) and not (self.consent_attached or self.scope_explained):
            words = "A copy of the consent or a clear explanation of its scope goes along, 42 CFR 2.32(b)."
            yield Refusal("consent_attached", words)


class ThirdPartyReleased(Released):
    """What went out to somebody else. The gates are tried once more at the moment it goes."""

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield besides what has shut since the decision, and a letter without the statement of Part 2."""
        yield from super().refusals(occasion)
        yield from shut(occasion, "sent_on")
        if not self.purpose:
            yield Refusal("purpose", "Write for what purpose: the disclosure log has to say it.")
        if rests_on_consent(occasion):
            for defect in disclosure_notice.defects(occasion.text, consent_attached=True, scope_explained=True):
                yield Refusal("what", f"The letter lacks it: {defect.words} ({defect.cite})")


class Revocation(Sheet):
    """That the patient took an authorization or a consent back."""

    TITLE: ClassVar[str] = "It was taken back"

    revoked_at: datetime = Field(
        title="When did it reach the practice that it was taken back?",
        description="Day and time at the clinic. What went out before stands; from then on nothing goes out on it.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a moment that has not come."""
        if self.revoked_at > occasion.now:
            yield Refusal("revoked_at", "That moment has not come. Write when it reached the practice.")


def rests_on_consent(occasion: Occasion) -> bool:
    """Tell whether something from a Part 2 program goes out on the patient's consent."""
    read = occasion.told.get("read", {})
    return bool(read.get("part_2")) and ("consent" in occasion.told or bool(read.get("part_2_consent")))


def shut(occasion: Occasion, field: str) -> Iterator[Refusal]:
    """Yield what keeps a record from going to somebody else now: nobody can walk around it."""
    read, second = occasion.told.get("read", {}), occasion.told.get("consent", {})
    if occasion.chosen.get("read") == "nothing":
        yield Refusal(field, "Nothing was found that allows it. Refuse it, or send it back.")
    for cite in read.get(DEFECTS, ()):
        yield Refusal(field, f"What it rests on falls short of {cite}. Refuse it, or send it back.")
    if read.get("part_2") and occasion.chosen.get("consent") == "none":
        yield Refusal(field, "Without a consent under 42 CFR 2.31 nothing of a substance use program goes out.")
    papers = (read, second) if read.get("part_2") else (read,)
    for cite in second.get(DEFECTS, ()) if read.get("part_2") else ():
        yield Refusal(field, f"The consent falls short of {cite}. Refuse it, or send it back.")
    for paper in papers:
        expires_on = paper.get("expires_on")
        if expires_on and date.fromisoformat(expires_on) < occasion.today:
            yield Refusal(field, f"What it rests on expired on {day_in_words(date.fromisoformat(expires_on))}.")
    revoked_at = occasion.case_told.get(REVOKED)
    if revoked_at and datetime.fromisoformat(revoked_at) <= occasion.now:
        yield Refusal(field, "It was taken back since. Nothing may go out; stop it, and send it back.")
