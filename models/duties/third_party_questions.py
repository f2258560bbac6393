"""What the cycle of a request by somebody else asks."""

from models.duties.case_questions import BACK, REFUSE, SENT, about
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

WHY = "HIPAA permits such a release and does not demand it, but for what the law or a court does."


def _paper(value: str, label: str, past: str, sheet: str) -> Choice:
    return Choice(
        value=value,
        label=label,
        meaning="It is checked point by point. What it lacks is told to whoever decides.",
        past=past,
        reason=Needs.NOTHING,
        sheet=sheet,
    )


AUTHORIZATION = _paper(
    "authorization", "An authorization of the patient's", "Rests on an authorization", "AuthorizationRead"
)
DEMAND = _paper("demand", "A subpoena, discovery request or order", "Rests on a demand", "DemandRead")
DIRECT = _paper("direct", "It is for treatment or payment", "For treatment or payment", "DirectRead")
LAW = _paper("law", "The law has us tell, or lets us", "Rests on a law", "LawRead")
NOTHING = Choice(
    value="nothing",
    label="Nothing: there is no paper that allows it",
    meaning="The privacy official decides on the answer.",
    past="Rests on nothing",
    reason=Needs.REQUIRED,
    reason_label="What did they send, and what did you ask for?",
)
CONSENT = _paper("consent", "There is one", "Read", "ConsentRead")
NO_CONSENT = Choice(
    value="none",
    label="There is none",
    meaning="Nothing of it goes out without one.",
    past="None at hand",
    reason=Needs.REQUIRED,
    reason_label="What did you ask for?",
)
RELEASE = Choice(
    value="release",
    label="Release it",
    meaning="The office sends it, and the disclosure log gets its line by itself.",
    past="To be released",
    reason=Needs.OPTIONAL,
    sheet="Release",
)
RELEASED = SENT.model_copy(
    update={
        "value": "released",
        "label": "It went out, with this letter",
        "past": "Released",
        "sheet": "ThirdPartyReleased",
    }
)
STOP = Choice(
    value="stop",
    label="Stop: it was taken back, or something else is in the way",
    meaning="Nothing goes out. The privacy official decides again.",
    past="Stopped",
    reason=Needs.REQUIRED,
    reason_label="What is in the way?",
)


def read(case: str, asked_by: str, context: str | None) -> Question:
    """Ask the office on what paper it rests, and to read that point by point."""
    return about(
        case,
        verb="read what {number} rests on",
        sentence="What allows it?",
        why="45 CFR 164.508(b)(2): an authorization that lacks an element is none. 45 CFR 164.512(e): a subpoena wants "
        "assurance. 45 CFR 164.514(h): verify who asks.",
        asked_by=asked_by,
        choices=(AUTHORIZATION, DEMAND, DIRECT, LAW, NOTHING),
        context=context,
    )


def consent(case: str, asked_by: str) -> Question:
    """Ask the office for the second paper that some records want."""
    return about(
        case,
        verb="read the second paper of {number}",
        sentence="Is there a consent under 42 CFR 2.31?",
        why="42 CFR 2.31: what comes from a substance use program goes out on a consent of its own kind.",
        asked_by=asked_by,
        choices=(CONSENT, NO_CONSENT),
    )


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official whether it is released."""
    return about(
        case,
        verb="decide on {number}",
        sentence="Is it released?",
        why=WHY,
        asked_by=asked_by,
        choices=(RELEASE, REFUSE, BACK),
        tier=Tier.ATTEST,
    )


def release(case: str, asked_by: str) -> Question:
    """Ask the office to send it, or to stop it."""
    return about(
        case,
        verb="send {number}",
        sentence="Did it go out?",
        why="What was decided may have been taken back since: look once more before it goes.",
        asked_by=asked_by,
        choices=(RELEASED, STOP),
        letter="third_party_release",
    )
