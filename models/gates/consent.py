"""The validator of a consent for records of substance use disorder, 42 CFR 2.31 as amended in 2024."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.gates.defect import Defect, missing

ALWAYS = "none"
"""How some consents write that they never expire; only a consent for treatment, payment and operations may."""


class Purpose(StrEnum):
    """What a consent is for, as far as the rule tells purposes apart."""

    TPO = "treatment, payment and operations"
    RESEARCH = "research"
    PROCEEDINGS = "legal proceedings"
    OTHER = "other"


class Consent(BaseModel):
    """A consent as somebody read it; what it does not hold is empty. Dates are civil dates of the clinic."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    patient: str = Field(default="", title="Which patient does it name?")
    discloser: str = Field(default="", title="Who may disclose?")
    description: str = Field(default="", title="What exactly may be disclosed?")
    recipient: str = Field(default="", title="Who may receive it?")
    purposes: frozenset[Purpose] = Field(default=frozenset(), title="For what purposes?")
    recipient_under_hipaa: bool = Field(
        default=False, title="The recipient is under HIPAA and gets it for treatment, payment or operations"
    )
    says_may_be_redisclosed: bool = Field(
        default=False,
        title="It says that such a recipient may redisclose as HIPAA permits, but for proceedings against the patient",
    )
    right_to_revoke: bool = Field(default=False, title="It says that and how it can be revoked in writing")
    expires_on: date | None = Field(default=None, title="Until what day is it good?")
    expiry_event: str = Field(
        default="",
        title="Or until what event?",
        description="“None” will do for treatment, payment and operations only.",
    )
    event_has_happened: bool = Field(default=False, title="That event has happened")
    signed_by: str = Field(default="", title="Who signed it?")
    signed_on: date | None = Field(default=None, title="What day stands on it?")
    says_consequences: bool = Field(
        default=False,
        title="It says what redisclosure and refusing to sign lead to",
        description="Only for treatment, payment and operations.",
    )
    counseling_notes: bool = Field(default=False, title="It is about SUD counseling notes")
    anything_else: bool = Field(default=True, title="It is about something else (too)")
    known_false: bool = Field(default=False, title="Something in it is known to be false")
    revoked_at: datetime | None = Field(default=None, title="When was it revoked?", description="Only if it was.")


_ELEMENTS = (
    ("patient", "42 CFR 2.31(a)(1)", "It does not name the patient."),
    ("discloser", "42 CFR 2.31(a)(2)", "It does not say who may disclose."),
    ("description", "42 CFR 2.31(a)(3)", "It does not say specifically what is to be disclosed."),
    ("recipient", "42 CFR 2.31(a)(4)", "It does not say who may receive it."),
    ("purposes", "42 CFR 2.31(a)(5)", "It does not say for what purpose."),
    ("right_to_revoke", "42 CFR 2.31(a)(6)", "It does not say that and how it can be revoked."),
    ("signed_by", "42 CFR 2.31(a)(8)", "It is not signed."),
    ("signed_on", "42 CFR 2.31(a)(9)", "It has no date."),
)


def defects(given: Consent, now: datetime, today: date) -> Iterator[Defect]:
    """Yield everything that keeps a consent from being valid at a moment, which is a civil day of the clinic."""
    yield from missing(given, _ELEMENTS)
    yield from _expiry(given, today)
    if given.recipient_under_hipaa and not given.says_may_be_redisclosed:
        yield Defect("42 CFR 2.31(a)(4)(iii)", "It does not say that the recipient may redisclose as HIPAA permits.")
    if Purpose.TPO in given.purposes and not given.says_consequences:
        yield Defect("42 CFR 2.31(a)(10)", "It does not say what redisclosure and refusing to sign lead to.")
    if given.counseling_notes and given.anything_else:
        yield Defect("42 CFR 2.31(b)", "A consent for counseling notes may only be combined with another such one.")
    if given.revoked_at and given.revoked_at <= now:
        yield Defect("42 CFR 2.31(c)", "It was revoked.")
    if given.known_false:
        yield Defect("42 CFR 2.31(c)", "Something in it is known to be false.")
    if Purpose.PROCEEDINGS in given.purposes and len(given.purposes) > 1:
        yield Defect("42 CFR 2.31(d)", "A consent for legal proceedings cannot be combined with any other.")


def _expiry(given: Consent, today: date) -> Iterator[Defect]:
    if given.expires_on is None and not given.expiry_event:
        yield Defect("42 CFR 2.31(a)(7)", "It has no expiry date or event.")
    never = given.expires_on is None and given.expiry_event.strip().casefold() == ALWAYS
    if never and not given.purposes <= {Purpose.TPO, Purpose.RESEARCH}:
        words = "“None” is no expiry, but for treatment, payment and operations, and for research."
        yield Defect("42 CFR 2.31(a)(7)", words)
    if (given.expires_on and given.expires_on < today) or given.event_has_happened:
        yield Defect("42 CFR 2.31(c)", "It has expired.")
