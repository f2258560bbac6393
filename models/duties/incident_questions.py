"""What the cycle of an incident asks up to the notices; what follows is in models/duties/incident_aftermath.py."""

from models.clocks.rule import Clock
from models.duties.case_questions import BACK, about
from models.incident_kinds import Act
from models.questions import Choice, Needs, Question
from models.tables.request import Tier

PRESUMED = "45 CFR 164.402(2): what is not permitted is presumed a breach, unless a low probability is demonstrated."
CONTAINED = Choice(
    value="contained",
    label="This is what we did",
    meaning="It stands in the case with the moment you hand it in.",
    past="Contained",
    reason=Needs.NOTHING,
    sheet="Contained",
)


def _path(value: str, label: str, meaning: str, past: str, sheet: str) -> Choice:
    return Choice(value=value, label=label, meaning=meaning, past=past, reason=Needs.NOTHING, sheet=sheet)


_NO_BREACH = "Somebody else decides, and a third confirms. If they agree it is closed as no breach, documented."
PERMITTED = _path("permitted", "It was permitted, or incidental", _NO_BREACH, "Found permitted", "Permitted")
EXCEPTED = _path("excepted", "One of the three exceptions applies", _NO_BREACH, "Found excepted", "ExceptionFound")
SECURED = _path("secured", "It was encrypted or destroyed", _NO_BREACH, "Found secured", "Secured")
ASSESSED = _path(
    "assessed",
    "Here are the four factors",
    "What they show together decides whether it is a breach.",
    "Four factors assessed",
    "FourFactors",
)
UNFOUNDED = _path(
    "unfounded",
    "The complaint is unfounded",
    "Somebody else decides, and a third confirms. It is kept with how it ended.",
    "Found unfounded",
    "Unfounded",
)
FOUNDED = _path(
    "founded",
    "The complaint is founded, and no data went astray",
    "Somebody else decides, and a third confirms. What puts it right is set as a corrective action.",
    "Found founded",
    "Founded",
)
NOTIFY = _path(
    "notify",
    "Notify without an assessment",
    "That is always open. It is treated as a breach.",
    "To be notified",
    "NotifyAnyway",
)
AGREE = Choice(
    value="agree",
    label="I decide so",
    meaning="Somebody else confirms it.",
    past="Decided so",
    reason=Needs.REQUIRED,
    reason_label="Why?",
)
CONFIRM = Choice(
    value="confirm",
    label="I confirm it",
    meaning="It goes on from here.",
    past="Confirmed",
    reason=Needs.OPTIONAL,
)
COUNTED = _path("counted", "These are the counts and days", "The clocks run by them.", "Counted", "BreachCounts")
SENT = Choice(
    value="sent",
    label="It went out",
    meaning="It is kept with the case as you leave it here.",
    past="Sent",
    reason=Needs.NOTHING,
    text=Needs.REQUIRED,
)
FILED = Choice(
    value="filed",
    label="It is filed",
    meaning="The number stands in the case.",
    past="Filed",
    reason=Needs.NOTHING,
    sheet="Filed",
)


def contain(case: str, asked_by: str, act: Act) -> Question:
    """Ask somebody to do at once what the kind of incident wants."""
    return about(
        case,
        verb=act.verb,
        sentence="What did you do, and what came of it?",
        why=f"Within the hour. {act.how} 45 CFR 164.530(f): mitigate what is known.",
        asked_by=asked_by,
        choices=(CONTAINED.model_copy(update={"sheet": act.sheet}),),
    )


def assess(case: str, asked_by: str, context: str | None, *, complaint: bool) -> Question:
    """Ask for a draft of what it was; a complaint may be unfounded."""
    return about(
        case,
        verb="find out what {number} was",
        sentence="What was it?",
        why=PRESUMED,
        asked_by=asked_by,
        choices=(*((UNFOUNDED, FOUNDED) if complaint else ()), PERMITTED, EXCEPTED, SECURED, ASSESSED, NOTIFY),
        context=context,
    )


def decision(case: str, asked_by: str) -> Question:
    """Ask the privacy official to decide on the draft."""
    return about(
        case,
        verb="decide on {number}",
        sentence="Do you decide as drafted?",
        why=PRESUMED,
        asked_by=asked_by,
        choices=(AGREE, BACK),
        tier=Tier.ATTEST,
    )


def second(case: str, asked_by: str) -> Question:
    """Ask somebody else to confirm the decision."""
    return about(
        case,
        verb="confirm the decision on {number}",
        sentence="Do you confirm it?",
        why="45 CFR 164.414(b): the practice bears the burden of proof. Two people stand for it.",
        asked_by=asked_by,
        choices=(CONFIRM, BACK),
        tier=Tier.ATTEST,
    )


def count(case: str, asked_by: str) -> Question:
    """Ask how many it concerns, where they live, and on what day it was determined."""
    return about(
        case,
        verb="count {number}",
        sentence="How many people does it concern, and where do they live?",
        why="The clocks hang on it: 500 people for HHS, more than 500 of one state for the media, each state for "
        "its own.",
        asked_by=asked_by,
        choices=(COUNTED,),
        tier=Tier.ATTEST,
    )


def notice(case: str, asked_by: str, clock: Clock, sheet: str, letter: str) -> Question:
    """Ask the office for a notice that a clock wants."""
    return about(
        case,
        verb=f"tell {clock.clock} of {{number}}",
        sentence="Did it go out?",
        why=f"{clock.cite}: {clock.basis}.",
        asked_by=asked_by,
        choices=(SENT.model_copy(update={"sheet": sheet}),),
        letter=letter,
    )
