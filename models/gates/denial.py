"""Denying access: the closed list of grounds of 45 CFR 164.524(a), who must decide, and who may review."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from models.gates.defect import Defect


class Ground(StrEnum):
    """Why access may be denied. Harm to the patient's mind or feelings is none."""

    PSYCHOTHERAPY_NOTES = "psychotherapy notes"
    PROCEEDINGS = "compiled for legal proceedings"
    INMATE = "inmate"
    RESEARCH = "research in progress"
    PRIVACY_ACT = "Privacy Act"
    CONFIDENTIAL_SOURCE = "obtained in confidence"
    ENDANGERS_LIFE = "endangers life or physical safety"
    HARMS_SOMEBODY_NAMED = "substantial harm to somebody named in it"
    HARM_BY_REPRESENTATIVE = "substantial harm by giving it to the representative"


class Rule(NamedTuple):
    """What the law says of a ground."""

    cite: str
    reviewable: bool
    """A licensed health care professional decides, and another reviews if the person asks for that."""


RULES = {
    Ground.PSYCHOTHERAPY_NOTES: Rule("45 CFR 164.524(a)(1)(i)", reviewable=False),
    Ground.PROCEEDINGS: Rule("45 CFR 164.524(a)(1)(ii)", reviewable=False),
    Ground.INMATE: Rule("45 CFR 164.524(a)(2)(ii)", reviewable=False),
    Ground.RESEARCH: Rule("45 CFR 164.524(a)(2)(iii)", reviewable=False),
    Ground.PRIVACY_ACT: Rule("45 CFR 164.524(a)(2)(iv)", reviewable=False),
    Ground.CONFIDENTIAL_SOURCE: Rule("45 CFR 164.524(a)(2)(v)", reviewable=False),
    Ground.ENDANGERS_LIFE: Rule("45 CFR 164.524(a)(3)(i)", reviewable=True),
    Ground.HARMS_SOMEBODY_NAMED: Rule("45 CFR 164.524(a)(3)(ii)", reviewable=True),
    Ground.HARM_BY_REPRESENTATIVE: Rule("45 CFR 164.524(a)(3)(iii)", reviewable=True),
}


class Denial(BaseModel):
    """A denial of access, whole or in part, as somebody drafted it. Persons are ids."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    grounds: frozenset[Ground]
    notes_kept_separate: bool = False
    """Whether psychotherapy notes lie apart from the rest of the record; mixed in they are ordinary record."""
    rest_given: bool = False
    """Everything to which no ground applies is given."""
    decided_by: str = ""
    decider_is_licensed: bool = False
    took_part: frozenset[str] = frozenset()
    """Who else took part in deciding."""
    reviewer: str = ""
    """Whom the practice has designated for the case that a review is asked for."""
    reviewer_is_licensed: bool = False


def defects(given: Denial) -> Iterator[Defect]:
    """Yield everything that keeps a denial from going out."""
    if not given.grounds:
        yield Defect("45 CFR 164.524(d)(2)(i)", "It names no ground.")
    if Ground.PSYCHOTHERAPY_NOTES in given.grounds and not given.notes_kept_separate:
        yield Defect("45 CFR 164.501", "Notes that are not kept apart are ordinary record, open to the person.")
    if not given.rest_given:
        yield Defect("45 CFR 164.524(d)(1)", "What no ground applies to must be given.")
    if any(RULES[ground].reviewable for ground in given.grounds):
        yield from _review(given)


def _review(given: Denial) -> Iterator[Defect]:
    if not given.decider_is_licensed:
        yield Defect("45 CFR 164.524(a)(3)", "Only a licensed health care professional may decide on that ground.")
    if not given.reviewer:
        yield Defect("45 CFR 164.524(a)(4)", "Nobody is designated to review it.")
    elif not given.reviewer_is_licensed:
        yield Defect("45 CFR 164.524(a)(4)", "The reviewer must be a licensed health care professional.")
    if given.reviewer and given.reviewer in {given.decided_by, *given.took_part}:
        yield Defect("45 CFR 164.524(a)(4)", "The reviewer took part in the denial.")
