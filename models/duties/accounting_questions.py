"""What the cycle of an accounting of disclosures asks."""

from models.duties.case_questions import BACK, REFUSE, about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

CLOCK = "45 CFR 164.528(c)(1): 60 days from receipt."
READY = Choice(
    value="ready",
    label="It may go out",
    meaning="The office sends it: the list is drawn from the disclosure log of the last six years.",
    past="Released to go out",
    reason=Needs.OPTIONAL,
    sheet="AccountingChecked",
)


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official whether anything is in the way of the accounting."""
    return about(
        case,
        verb="check the accounting of {number}",
        sentence="Is anything in the way of it?",
        why=f"45 CFR 164.528(a)(2): an agency may have a disclosure left out for a time. {CLOCK}",
        asked_by=asked_by,
        choices=(READY, REFUSE, BACK),
        tier=Tier.ATTEST,
    )
