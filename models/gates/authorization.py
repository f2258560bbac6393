"""The validator of a HIPAA authorization, 45 CFR 164.508(b)(2) and (3), (c): rejected if any element is missing."""

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from models.gates.defect import Defect, missing


class Authorization(BaseModel):
    """An authorization as somebody read it; what it does not hold is empty. Dates are civil dates of the clinic."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    description: str = Field(default="", title="What exactly may be disclosed?")
    discloser: str = Field(default="", title="Who may disclose it?")
    recipient: str = Field(default="", title="Who may receive it?")
    purpose: str = Field(
        default="", title="For what purpose?", description="“At the request of the individual” will do."
    )
    expires_on: date | None = Field(default=None, title="Until what day is it good?")
    expiry_event: str = Field(
        default="", title="Or until what event?", description="Such as “end of the treatment”. You say if it happened."
    )
    event_has_happened: bool = Field(default=False, title="That event has happened")
    signed_by: str = Field(default="", title="Who signed it?")
    signed_on: date | None = Field(default=None, title="What day stands at the signature?")
    by_representative: bool = Field(default=False, title="Somebody signed for the patient")
    representatives_authority: str = Field(default="", title="By what authority?", description="As it says itself.")
    right_to_revoke: bool = Field(default=False, title="It says that and how it can be revoked, or names the notice")
    conditioning: bool = Field(default=False, title="It says whether treatment or payment hangs on it")
    redisclosure: bool = Field(default=False, title="It says that the recipient might disclose further")
    plain_language: bool = Field(default=True, title="It is in plain language")
    known_false: bool = Field(default=False, title="Something in it is known to be false")
    revoked_at: datetime | None = Field(
        default=None, title="When was it revoked?", description="Only if it was. With its time zone."
    )
    psychotherapy_notes: bool = Field(default=False, title="It is about psychotherapy notes")
    anything_else: bool = Field(default=True, title="It is about something else (too)")


_ELEMENTS = (
    ("description", "45 CFR 164.508(c)(1)(i)", "It does not say specifically what is to be disclosed."),
    ("discloser", "45 CFR 164.508(c)(1)(ii)", "It does not say who may disclose."),
    ("recipient", "45 CFR 164.508(c)(1)(iii)", "It does not say who may receive it."),
    ("purpose", "45 CFR 164.508(c)(1)(iv)", "It does not say for what purpose."),
    ("signed_by", "45 CFR 164.508(c)(1)(vi)", "It is not signed."),
    ("signed_on", "45 CFR 164.508(c)(1)(vi)", "Its signature has no date."),
    ("right_to_revoke", "45 CFR 164.508(c)(2)(i)", "It does not say that and how it can be revoked."),
    ("conditioning", "45 CFR 164.508(c)(2)(ii)", "It does not say whether anything is conditioned on it."),
    ("redisclosure", "45 CFR 164.508(c)(2)(iii)", "It does not say that the recipient might disclose further."),
    ("plain_language", "45 CFR 164.508(c)(3)", "It is not in plain language."),
)


def defects(given: Authorization, now: datetime, today: date) -> Iterator[Defect]:
    """Yield everything that keeps an authorization from being valid at a moment, which is a civil day of the clinic."""
    yield from missing(given, _ELEMENTS)
    if given.by_representative and not given.representatives_authority:
        yield Defect("45 CFR 164.508(c)(1)(vi)", "It does not say by what authority the representative signs.")
    if given.expires_on is None and not given.expiry_event:
        yield Defect("45 CFR 164.508(c)(1)(v)", "It has no expiry date or event.")
    if (given.expires_on and given.expires_on < today) or given.event_has_happened:
        yield Defect("45 CFR 164.508(b)(2)(i)", "It has expired.")
    if given.signed_on and given.signed_on > today:
        yield Defect("45 CFR 164.508(b)(2)(ii)", "It is signed on a day that has not come.")
    if given.revoked_at and given.revoked_at <= now:
        yield Defect("45 CFR 164.508(b)(2)(iii)", "It was revoked.")
    if given.known_false:
        yield Defect("45 CFR 164.508(b)(2)(v)", "Something in it is known to be false.")
    if given.psychotherapy_notes and given.anything_else:
        words = "An authorization for psychotherapy notes may only be combined with another such one."
        yield Defect("45 CFR 164.508(b)(3)(ii)", words)
