"""What the cycle of an access request asks. No question names a patient: the page shows the case to who may see it."""

from models.duties.case_questions import SENT, about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

TOLD_ALREADY = Choice(
    value="told",
    label="No letter: they know",
    meaning="The law wants no acknowledgment. Say how they know.",
    past="No letter was needed",
    reason=Needs.REQUIRED,
    reason_label="How do they know, and by when they will hear?",
)
ESTABLISHED = Choice(
    value="established",
    label="We know who it is and what is wanted",
    meaning="The records are gathered next.",
    past="Established",
    reason=Needs.NOTHING,
    sheet="Identity",
)
MORE = Choice(
    value="more",
    label="Not yet: something is missing",
    meaning="You are asked again. The clock does not stop for it.",
    past="Something was missing",
    reason=Needs.REQUIRED,
    reason_label="What is missing, and what did you do to get it?",
)
NO_RIGHT = Choice(
    value="no_right",
    label="Whoever asks has no right to it",
    meaning="The privacy official decides on that.",
    past="No right was found",
    reason=Needs.REQUIRED,
    reason_label="What did they show, and why is it not enough?",
)
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
REFUSE = Choice(
    value="refuse",
    label="Answer that it cannot be given: not held, or not theirs to ask for",
    meaning="The office sends a letter that says so.",
    past="To be answered: cannot be given",
    reason=Needs.REQUIRED,
    reason_label="Why?",
    sheet="CannotGive",
)
BACK = Choice(
    value="back",
    label="Send it back: something is missing",
    meaning="The office is asked again and sees what you write. The clock does not stop for it.",
    past="Sent back",
    reason=Needs.REQUIRED,
    reason_label="What is missing?",
)
GIVEN = SENT.model_copy(
    update={"value": "given", "label": "It was given, with this letter", "past": "Given", "sheet": "Released"}
)
_CLOCK = "45 CFR 164.524(b)(2): 30 days from receipt."


def acknowledge(case: str, asked_by: str) -> Question:
    """Ask the office to tell whoever asked that it came, and by when they hear."""
    return about(
        case,
        verb="acknowledge {number}",
        sentence="Have you told them that it came, and by when they will hear?",
        why="Nobody complains to the government who knows where things stand. The law wants no acknowledgment.",
        asked_by=asked_by,
        choices=(SENT, TOLD_ALREADY),
        letter="acknowledgment",
    )


def identity(case: str, asked_by: str, context: str | None) -> Question:
    """Ask the office to establish who asks, by what right, and for what."""
    return about(
        case,
        verb="establish who asks in {number}, and for what",
        sentence="Who asks, by what right, and for what exactly?",
        why=f"45 CFR 164.514(h): verify identity and authority. It stops no clock. {_CLOCK}",
        asked_by=asked_by,
        choices=(ESTABLISHED, MORE, NO_RIGHT),
        context=context,
    )


def gather(case: str, asked_by: str, context: str | None) -> Question:
    """Ask the office to gather the records and to say what in them the law treats in its own way."""
    return about(
        case,
        verb="gather the records of {number}",
        sentence="Is everything gathered, and what in it is special?",
        why="45 CFR 164.524(a)(1): all of the designated record set, billing and vendors' copies included, but for "
        f"psychotherapy notes kept apart and what was compiled for proceedings. {_CLOCK}",
        asked_by=asked_by,
        choices=(GATHERED, NOT_HELD),
        context=context,
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
        why=f"45 CFR 164.524(a): a closed list of grounds. What no ground applies to is given. {_CLOCK}",
        asked_by=asked_by,
        choices=(GIVE, PART, DENY, REFUSE, BACK),
        tier=Tier.ATTEST,
    )


def answer(case: str, asked_by: str, letter: str, *, gives: bool) -> Question:
    """Ask the office to send the answer, and whatever is given with it."""
    return about(
        case,
        verb="send the answer of {number}",
        sentence="Did it go out?",
        why=f"{_CLOCK} Granting means giving: the record itself has to be with them by then.",
        asked_by=asked_by,
        choices=(GIVEN,) if gives else (SENT,),
        letter=letter,
    )
