"""What the cycle of an access request asks. No question names a patient: the page shows the case to who may see it."""

from models.duties.case_questions import BACK, REFUSE, SENT, TOLD_ALREADY, about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

GATHERED = Choice(
    value="gathered",
    label="Everything is gathered",
    meaning="The clinician you pick looks at it for safety next.",
    past="Gathered",
    reason=Needs.NOTHING,
    person=Needs.REQUIRED,
    sheet="Gathered",
)
NOT_HELD = Choice(
    value="not_held",
    label="We do not hold it",
    meaning="The privacy official decides on the answer. If we know who holds it, we say so: 45 CFR 164.524(d)(3).",
    past="Not held",
    reason=Needs.REQUIRED,
    reason_label="Where did you look, and who holds it, if you know?",
)
JUDGED = Choice(
    value="judged",
    label="This is my finding",
    meaning="The privacy official decides, knowing it.",
    past="Safety reviewed",
    reason=Needs.NOTHING,
    sheet="Safety",
)
GIVE = Choice(
    value="give",
    label="Give all of it",
    meaning="The office sends it with a letter.",
    past="To be given",
    reason=Needs.OPTIONAL,
    sheet="Giving",
)
PART = Choice(
    value="part",
    label="Give it but for a part",
    meaning="The office sends the rest, with a letter that says what is withheld and why.",
    past="To be given in part",
    reason=Needs.OPTIONAL,
    sheet="WithheldPart",
)
DENY = Choice(
    value="deny",
    label="Deny it",
    meaning="The office sends a letter that says why, and how to have it reviewed or to complain.",
    past="To be denied",
    reason=Needs.OPTIONAL,
    sheet="Withheld",
)
GIVEN = SENT.model_copy(
    update={"value": "given", "label": "It was given, with this letter", "past": "Given", "sheet": "Released"}
)
CLOCK = "45 CFR 164.524(b)(2): 30 days from receipt."
GRANTING = f"{CLOCK} Granting means giving: the record itself has to be with them by then."


def gather(case: str, asked_by: str, context: str | None) -> Question:
    """Ask the office to gather the records and to say what in them the law treats in its own way."""
    return about(
        case,
        verb="gather the records of {number}",
        sentence="Is everything gathered, and what in it is special?",
        why="45 CFR 164.524(a)(1): all of the designated record set, billing and vendors' copies included, but for "
        f"psychotherapy notes kept apart and what was compiled for proceedings. {CLOCK}",
        asked_by=asked_by,
        choices=(GATHERED, NOT_HELD),
        context=context,
    )


def fee(case: str, asked_by: str) -> Question:
    """Ask the office to tell the fee before the record goes out; nothing waits for the money."""
    return about(
        case,
        verb="tell the fee of {number}",
        sentence="Do they know what it costs?",
        why="45 CFR 164.524(c)(4): copying, supplies and postage, and nothing for searching. An unpaid bill holds "
        "nothing back, and stops no clock.",
        asked_by=asked_by,
        choices=(SENT, TOLD_ALREADY),
        letter="fee_estimate",
    )


def safety(case: str, asked_by: str) -> Question:
    """Ask a clinician whether one of the three grounds of safety applies."""
    return about(
        case,
        verb="review {number} for safety",
        sentence="Does one of the three grounds of safety apply?",
        why="45 CFR 164.524(a)(3): danger to somebody's life or physical safety, or substantial harm to somebody else. "
        "Distress is no ground.",
        asked_by=asked_by,
        choices=(JUDGED,),
        tier=Tier.ATTEST,
    )


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official to decide what is given."""
    return about(
        case,
        verb="decide on {number}",
        sentence="What is given?",
        why=f"45 CFR 164.524(a): a closed list of grounds. What no ground applies to is given. {CLOCK}",
        asked_by=asked_by,
        choices=(GIVE, PART, DENY, REFUSE, BACK),
        tier=Tier.ATTEST,
    )
