"""The review of a denial: referred to somebody licensed who took no part, decided, and done as the reviewer says."""

from sqlmodel import Session, select

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, current, cycle, once, who
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import WORK, answer_sent, case_told, disclosed, on_the_day
from models.cycles import cycle_key
from models.duties import denial_review as questions
from models.duties.access import ACCESS
from models.duties.access_questions import GIVEN
from models.duties.denial_review import DENIAL_REVIEW
from models.roles import Role
from models.sheets.denial_review import Finding
from models.tables import Answer, Request

LICENSED = frozenset({Role.CLINICIAN, Role.OUTSIDE_REVIEWER})
TAKE_PART = ("safety", "decision")
"""First words of the keys under which people take part in a denial."""


@cycle(DENIAL_REVIEW)
async def denial_review(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Refer it, have it reviewed by somebody licensed who took no part, and do as the reviewer says."""
    return await by_its_clock(_answered())


async def _answered() -> Outcome:
    reviewed = await _reviewed()
    if reviewed.told["finding"] == Finding.UPHELD:
        return on_the_day("The denial stands", await answer_sent(questions.WHY, "review_upheld"))
    sent = await answer_sent(questions.WHY, "review_overturned", GIVEN)
    await disclosed(sent, "45 CFR 164.524", accountable=False)
    return on_the_day("Overturned, and given", sent)


async def _reviewed() -> Reply:
    """Refer it until somebody is picked who may review, and have it decided."""
    took_part = await once("took part", _took_part)
    context, turn = None, 0
    while True:
        question = questions.refer(current_case(), asked_by(), context)
        referred = await answer_to(await ask(f"refer:{turn}", who(Role.PRIVACY_OFFICIAL), question, "referral"))
        reviewer = current().people().get(referred.picked_id or "")
        if reviewer and reviewer.roles & LICENSED and reviewer.id not in took_part:
            question = questions.review(current_case(), asked_by())
            return await answer_to(await ask(f"review:{turn}", reviewer.id, question, WORK))
        name = reviewer.name if reviewer else "The person you picked"
        why = "took part in the denial" if reviewer and reviewer.id in took_part else "is not licensed"
        context, turn = f"{name} {why}. Pick somebody licensed who took no part; clinic.yaml names who may.", turn + 1


def _took_part(session: Session) -> list[str]:
    """Return the ids of those who took part in the denial."""
    denied = cycle_key(current().clinic, ACCESS.name, str(case_told().get("denied_case")))
    rows = session.exec(select(Request.key, Answer.by_id).join(Answer).where(Request.cycle_key == denied)).all()
    return sorted({by_id for key, by_id in rows if key.partition(":")[0] in TAKE_PART})
