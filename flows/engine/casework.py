"""Casework: the steps that cases share, from the acknowledgment to the answer and the line of the disclosure log."""

from collections.abc import Awaitable, Callable
from datetime import date

from flows.engine.asking import ask
from flows.engine.by_clock import current_case
from flows.engine.current import current
from flows.engine.once import do
from flows.engine.others import ask_somebody_else, asked_by, who
from flows.engine.replies import Reply
from flows.engine.waiting import answer_to
from models.duties import case_questions as questions
from models.questions import Choice, Question
from models.roles import Role
from tasks.cases import log_disclosure

Prepare = Callable[[str | None, int], Awaitable[str]]
"""Prepares a decision, knowing why it came back and how often; returns the id of whose work it is."""
WORK = "work"
"""The phase of a duty that is due with the cycle."""


async def acknowledged() -> Reply:
    """Tell whoever asked that it came."""
    question = questions.acknowledge(current_case(), asked_by())
    return await answer_to(await ask("acknowledge", who(Role.OFFICE_MANAGER), question, "acknowledgment"))


async def who_asks(context: str | None, turn: int, sheet: str = "WhoAsks", picked: str | None = None) -> Reply:
    """Ask who it is until that is known, or known to be nobody who may ask."""
    tries = 0
    while True:
        question = questions.identity(current_case(), asked_by(), context, sheet, picked)
        reply = await answer_to(await ask(f"identity:{turn}:{tries}", who(Role.OFFICE_MANAGER), question, WORK))
        if reply.choice != questions.MORE.value:
            return reply
        context, tries = f"{reply.by_name} found something missing. What it is stands in the case.", tries + 1


async def decided(prepare: Prepare, question: Callable[[str, str], Question]) -> Reply:
    """Prepare and have somebody else decide, again if it is sent back. The clock counts on through all of it."""
    context, turn = None, 0
    while True:
        preparer = await prepare(context, turn)
        asked = question(current_case(), asked_by(Role.OFFICE_MANAGER))
        decision = await answer_to(
            await ask_somebody_else(f"decision:{turn}", Role.PRIVACY_OFFICIAL, preparer, asked, WORK)
        )
        if decision.choice != questions.BACK.value:
            return decision
        context, turn = f"{decision.by_name} sends it back. What is missing stands in the case.", turn + 1


async def answer_sent(why: str, letter: str, choice: Choice = questions.SENT) -> date:
    """Have the office send the answer; return the civil day on which it went out."""
    question = questions.answer(current_case(), asked_by(), why, letter, choice)
    reply = await answer_to(await ask("answer", who(Role.OFFICE_MANAGER), question, WORK))
    return date.fromisoformat(reply.told["sent_on"])


async def disclosed(basis: str, *, accountable: bool, part_2: bool = False) -> None:
    """Write the line of the disclosure log that the answer of the case is."""
    request = current().seen.requests["answer"]
    what = {"request_id": request.id, "basis": basis, "accountable": accountable, "part_2": part_2}
    await do("disclosed", log_disclosure, number=current().period, **what)
