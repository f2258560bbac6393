"""What the cycle of a restriction asks."""

from models.duties.case_questions import about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

WHY = "45 CFR 164.522: what was paid in full must be kept from the insurer; reasonable ways of reaching must be met."
AGREE = Choice(
    value="agree",
    label="Agree",
    meaning="It is set where things are sent, and the person gets a letter.",
    past="Agreed",
    reason=Needs.OPTIONAL,
    sheet="Agreed",
)
DECLINE = Choice(
    value="decline",
    label="Decline",
    meaning="The person gets a letter that says why.",
    past="Declined",
    reason=Needs.OPTIONAL,
    sheet="Declined",
)
DONE = Choice(
    value="done",
    label="It is in force",
    meaning="From now on nothing of it goes out by itself.",
    past="In force",
    reason=Needs.NOTHING,
    sheet="InForce",
)


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official whether the practice agrees."""
    return about(
        case,
        verb="decide on {number}",
        sentence="Does the practice agree to it?",
        why=WHY,
        asked_by=asked_by,
        choices=(AGREE, DECLINE),
        tier=Tier.ATTEST,
    )


def force(case: str, asked_by: str) -> Question:
    """Ask billing to put it in force."""
    return about(
        case,
        verb="put {number} in force",
        sentence="Is it set wherever something would go out by itself?",
        why=WHY,
        asked_by=asked_by,
        choices=(DONE,),
    )
