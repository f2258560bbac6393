"""What the cycle of an amendment asks."""

from models.duties.case_questions import BACK, about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

CLOCK = "45 CFR 164.526(b)(2): 60 days from receipt."
ACCEPT = Choice(
    value="accept",
    label="Accept it",
    meaning="It is linked to the entries it concerns, and those who need it are told.",
    past="To be accepted",
    reason=Needs.OPTIONAL,
    sheet="Linked",
)
DENY = Choice(
    value="deny",
    label="Deny it",
    meaning="The letter says why, and that the person may add a statement of disagreement.",
    past="To be denied",
    reason=Needs.OPTIONAL,
    sheet="AmendmentDenied",
)
CONFIRM = Choice(
    value="confirm",
    label="So be it",
    meaning="The office sends the letter.",
    past="Confirmed",
    reason=Needs.OPTIONAL,
)
TOLD = Choice(
    value="told",
    label="They were told",
    meaning="The case closes.",
    past="Others told",
    reason=Needs.NOTHING,
    sheet="OthersTold",
)
NOBODY = Choice(
    value="nobody",
    label="There is nobody to tell",
    meaning="The case closes.",
    past="Nobody to tell",
    reason=Needs.REQUIRED,
    reason_label="How do you know: did the person name nobody, and does nobody rely on it?",
)


def judge(case: str, asked_by: str, context: str | None) -> Question:
    """Ask whoever knows the entry whether it is to be amended."""
    return about(
        case,
        verb="judge what {number} wants changed",
        sentence="Is it to be amended?",
        why=f"45 CFR 164.526(a)(2): it may be denied on four grounds alone. {CLOCK}",
        asked_by=asked_by,
        choices=(ACCEPT, DENY),
        tier=Tier.ATTEST,
        context=context,
    )


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official to confirm what was judged."""
    return about(
        case,
        verb="confirm the answer to {number}",
        sentence="Is that the practice's answer?",
        why=f"A second pair of eyes before it goes out. {CLOCK}",
        asked_by=asked_by,
        choices=(CONFIRM, BACK),
        tier=Tier.ATTEST,
    )


def others(case: str, asked_by: str) -> Question:
    """Ask the office to tell those who need the amendment."""
    return about(
        case,
        verb="tell others of {number}",
        sentence="Were those told who need it?",
        why="45 CFR 164.526(c)(3): within a reasonable time, those whom the person names, and those who may rely on "
        "the old entry to the person's detriment.",
        asked_by=asked_by,
        choices=(TOLD, NOBODY),
    )
