"""By its clock: what every case of a right with a clock shares. The one extension, and a deadline that was missed."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from flows.engine.asking import ask
from flows.engine.closing import Outcome
from flows.engine.current import current
from flows.engine.once import do
from flows.engine.others import asked_by, who
from flows.engine.waiting import answer_to, beside, together, until
from models.clocks.requests import FEDERAL
from models.duties import case_questions as questions
from models.intakes import EXTENDED
from models.roles import Role
from models.store import reading
from models.tables import Case
from tasks.cases import extend_case, open_incident

OPENS = timedelta(days=7)
"""Before the due date: when the extension is asked about."""
MISSED = "missed"


def current_case() -> str:
    """Return the id of the case that the cycle is about: `clinic/ACC-0012`."""
    return f"{current().clinic}/{current().period}"


async def by_its_clock(path: Awaitable[Outcome], then: Callable[[], Awaitable[None]] | None = None) -> Outcome:
    """Go a path and watch its clock beside it: ask about the extension in time, and deal with a day that was missed.

    What comes `then` has days of its own, and is nothing that the clock waits for.
    """
    outcome = await beside(path, _extension(), _missed())
    late = MISSED in current().seen.steps or outcome.late_by(current().due_on, current().today()) > 0
    await together([*([_put_right()] if late else []), *([then()] if then else [])])
    return outcome


async def _extension() -> None:
    """Ask about the one extension while there is time for it, and take it once its letter went out."""
    right, case = current().duty.right, current_case()
    if right is None or EXTENDED in current().seen.steps:
        return
    await until(FEDERAL[right].due_on(_received_on(case)) - OPENS)
    cite = FEDERAL[right].cite
    question = questions.extend(case, asked_by(), cite)
    decision = await answer_to(await ask("extend", who(Role.PRIVACY_OFFICIAL), question, "extension"))
    if decision.choice != questions.EXTEND.value:
        return
    question = questions.extension(case, asked_by(), cite)
    sent = await answer_to(await ask("extension", who(Role.OFFICE_MANAGER), question, "extension"))
    days = {"promised_on": decision.told["promised_on"], "sent_on": sent.told["sent_on"]}
    due_on = await do(EXTENDED, extend_case, number=current().period, **days)
    current().due_on = date.fromisoformat(due_on["due_on"])
    for key in current().seen.requests:
        current().seen.read_again(key)


async def _missed() -> None:
    """On the day after the due date open an incident, and have it put right within the cure clock."""
    await until(current().due_on + timedelta(days=1))
    await _put_right()


async def _put_right() -> None:
    number = current().period
    incident = await do(MISSED, open_incident, number=number, due_on=current().due_on)
    question = questions.cure(current_case(), asked_by(), incident["incident"])
    await answer_to(await ask("cure", who(Role.PRIVACY_OFFICIAL), question, "cure"))


def _received_on(case_id: str) -> date:
    with reading() as session:
        case = session.get_one(Case, case_id)
    if case.received_on is None:
        raise TypeError(case_id)
    return case.received_on
