"""What a subpoena or an order opens: 45 CFR 164.512(a) and (e), and for substance use records 42 CFR 2.61 to 2.66."""

from collections.abc import Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.gates.defect import Defect


class Issuer(StrEnum):
    """Who signed it."""

    COURT = "court or tribunal"
    AGENCY = "agency or grand jury"
    ATTORNEY = "attorney or party"


class Demand(BaseModel):
    """A subpoena, discovery request or order, as somebody read it."""

    model_config = ConfigDict(frozen=True)

    issuer: Issuer = Field(title="Who issued it?")
    is_order: bool = Field(default=False, title="It is an order of a court or tribunal")
    within_order: bool = Field(default=False, title="Everything to be released is expressly named in the order")
    notice_given: bool = Field(
        default=False,
        title="Written assurance came that the patient was told and could object",
        description="45 CFR 164.512(e)(1)(iii).",
    )
    objections_over: bool = Field(default=False, title="The time to object has passed and no objection is open")
    protective_order: bool = Field(
        default=False,
        title="A qualified protective order is in place or was asked for",
        description="45 CFR 164.512(e)(1)(iv).",
    )
    part_2_order: bool = Field(
        default=False,
        title="A court order under 42 CFR 2.64, 2.65 or 2.66 came with it",
        description="It authorizes and does not compel.",
    )
    part_2_consent: bool = Field(
        default=False, title="The patient's valid consent for legal proceedings, and nothing else, is at hand"
    )


def defects(demand: Demand, *, part_2: bool, psychotherapy_notes: bool) -> Iterator[Defect]:
    """Yield what stands in the way of releasing records on a demand; which records, the two flags say."""
    if demand.is_order:
        if not demand.within_order:
            yield Defect("45 CFR 164.512(e)(1)(i)", "Only what the order expressly names may be released.")
    elif demand.issuer is Issuer.ATTORNEY and not _assured(demand):
        words = "Without an order it wants satisfactory assurance: notice to the patient, or a protective order."
        yield Defect("45 CFR 164.512(e)(1)(ii)", words)
    if psychotherapy_notes and demand.issuer is Issuer.ATTORNEY and not demand.is_order:
        words = "Psychotherapy notes want an authorization of their own, or a demand that the law requires to be met."
        yield Defect("45 CFR 164.508(a)(2)", words)
    if part_2 and not _part_2_opens(demand):
        words = "A subpoena alone never opens records of substance use disorder: it wants an order of subpart E too, "
        yield Defect("42 CFR 2.61", words + "or the patient's consent for proceedings alone.")


def _assured(demand: Demand) -> bool:
    return demand.protective_order or (demand.notice_given and demand.objections_over)


def _part_2_opens(demand: Demand) -> bool:
    return demand.part_2_consent or demand.part_2_order
