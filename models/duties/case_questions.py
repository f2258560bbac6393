"""Questions about cases: named by their number alone, since what a question says goes into mails and into Prefect."""

from models.questions import Choice, Needs, Question
from models.sheets.refusal import NO_RIGHT as NO_RIGHT_FOUND
from models.tables.request import Tier

SENT = Choice(
    value="sent",
    label="It went out",
    meaning="The letter is kept with the case as you leave it here, with the day and the way it went.",
    past="Sent",
    reason=Needs.NOTHING,
    text=Needs.REQUIRED,
    sheet="Sent",
)
EXTEND = Choice(
    value="extend",
    label="Take the one extension",
    meaning="The office sends the letter, which must go out on or before the due date.",
    past="Extension decided",
    reason=Needs.NOTHING,
    sheet="Extending",
)
IN_TIME = Choice(
    value="in_time",
    label="No extension: it will be answered in time",
    meaning="The due date stays. You are not asked again.",
    past="No extension",
    reason=Needs.OPTIONAL,
)
EXTENSION_SENT = SENT.model_copy(update={"sheet": "ExtensionSent", "past": "Extension sent"})
CURED = Choice(
    value="cured",
    label="It is put right",
    meaning="The incident is closed with what you write.",
    past="Put right",
    reason=Needs.REQUIRED,
    reason_label="What happened, what was done about it, and what keeps it from happening again?",
)
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
    meaning="It goes on from here.",
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
    value=NO_RIGHT_FOUND,
    label="Whoever asks has no right to it",
    meaning="The privacy official decides on that.",
    past="No right was found",
    reason=Needs.REQUIRED,
    reason_label="What did they show, and why is it not enough?",
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


def about(
    case: str,
    *,
    verb: str,
    sentence: str,
    why: str,
    asked_by: str,
    choices: tuple[Choice, ...],
    tier: Tier = Tier.ACKNOWLEDGE,
    context: str | None = None,
    letter: str | None = None,
) -> Question:
    """Return a question about a case (`clinic/ACC-0012`); `{number}` in the verb becomes its number."""
    return Question(
        verb=verb.format(number=case.rpartition("/")[2]),
        sentence=sentence,
        why=why,
        asked_by=asked_by,
        choices=choices,
        tier=tier,
        context=context,
        case_id=case,
        letter=letter,
    )


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


def identity(case: str, asked_by: str, context: str | None, sheet: str, picked: str | None = None) -> Question:
    """Ask the office to establish who asks and by what right, on a sheet; `picked` says whom it is to pick besides."""
    person = Needs.REQUIRED if picked else Needs.NOTHING
    meaning = f"{picked} is asked next." if picked else ESTABLISHED.meaning
    return about(
        case,
        verb="establish who asks in {number}, and for what",
        sentence="Who asks, by what right, and for what exactly?",
        why="45 CFR 164.514(h): verify identity and authority. It stops no clock.",
        asked_by=asked_by,
        choices=(ESTABLISHED.model_copy(update={"sheet": sheet, "person": person, "meaning": meaning}), MORE, NO_RIGHT),
        context=context,
    )


def answer(case: str, asked_by: str, why: str, letter: str, choice: Choice = SENT) -> Question:
    """Ask the office to send the answer, and whatever is given with it."""
    return about(
        case,
        verb="send the answer of {number}",
        sentence="Did it go out?",
        why=why,
        asked_by=asked_by,
        choices=(choice,),
        letter=letter,
    )


def extend(case: str, asked_by: str, cite: str) -> Question:
    """Ask the privacy official whether the one extension is taken."""
    return about(
        case,
        verb="decide on an extension of {number}",
        sentence="Will it be answered in time, or do you take the one extension?",
        why=f"{cite}: once, at most 30 days, in writing with the reason and the date, sent on or before the due date.",
        asked_by=asked_by,
        choices=(IN_TIME, EXTEND),
        tier=Tier.ATTEST,
    )


def extension(case: str, asked_by: str, cite: str) -> Question:
    """Ask the office to send the letter of the extension."""
    return about(
        case,
        verb="send the extension of {number}",
        sentence="Did the letter go out?",
        why=f"{cite}: after the due date it is no extension any more.",
        asked_by=asked_by,
        choices=(EXTENSION_SENT,),
        letter="extension",
    )


def cure(case: str, asked_by: str, incident: str) -> Question:
    """Ask how a missed deadline is put right, within the 30 days of the cure clock."""
    return about(
        case,
        verb=f"put right that {{number}} was late ({incident})",
        sentence="How is it put right?",
        why="45 CFR 160.410(c): what is corrected within 30 days of being known, and was not wilful neglect, bars a "
        "penalty.",
        asked_by=asked_by,
        choices=(CURED,),
        tier=Tier.ATTEST,
    )
