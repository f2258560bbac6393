"""The review of a denial of access, 45 CFR 164.524(a)(4) and (d)(4), and what it asks."""

from models.clocks.requests import CURE_DAYS
from models.duties.case_questions import about
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_SHORT
from models.questions import Choice, Needs, Question
from models.roles import Role
from models.tables.request import Tier

WHY = "45 CFR 164.524(d)(4): refer promptly, decide within a reasonable period, and do as the reviewer says."
DENIAL_REVIEW = Duty(
    name="denial-review",
    title="Review of a denial",
    summary="Somebody to whom access was denied for reasons of safety wants another professional to look at that.",
    citations=(
        Citation(
            cite="45 CFR 164.524(a)(4)",
            says="A licensed professional whom the practice designates, and who took no part in the denial.",
            verified="R",
        ),
        Citation(
            cite="45 CFR 164.524(d)(4)",
            says="Refer promptly, decide within a reasonable period, tell the person promptly. No days are counted.",
            verified="R",
        ),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    case="REV",
    intake="DenialReviewIntake",
    due_days=15,
    phases={
        "referral": Phase(days=2, ladder=L_SHORT, on_the_way=False),
        "work": Phase(days=None, ladder=L_SHORT),
        "cure": Phase(days=CURE_DAYS, ladder=L_SHORT, on_the_way=False),
    },
    asks=frozenset({"refer", "review", "answer", "cure"}),
    evidence="Who asked and when; whom it was referred to; the reviewer's licence, independence, reasons; the letter.",
)
REFER = Choice(
    value="refer",
    label="Refer it",
    meaning="The person you pick is asked to review it.",
    past="Referred",
    reason=Needs.NOTHING,
    person=Needs.REQUIRED,
    sheet="Referral",
)
DECIDED = Choice(
    value="decided",
    label="This is my decision",
    meaning="The practice does as you say.",
    past="Reviewed",
    reason=Needs.NOTHING,
    sheet="Reviewed",
)


def refer(case: str, asked_by: str, context: str | None) -> Question:
    """Ask the privacy official to refer it to somebody licensed who took no part."""
    return about(
        case,
        verb="refer {number} to a reviewer",
        sentence="Who reviews it?",
        why=WHY,
        asked_by=asked_by,
        choices=(REFER,),
        context=context,
    )


def review(case: str, asked_by: str) -> Question:
    """Ask the reviewer to decide."""
    return about(
        case,
        verb="review the denial in {number}",
        sentence="Does the denial stand?",
        why=WHY,
        asked_by=asked_by,
        choices=(DECIDED,),
        tier=Tier.ATTEST,
    )
