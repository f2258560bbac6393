"""Casework: the steps that cases share, from the acknowledgment to the answer and the line of the disclosure log."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from flows.engine.asking import ask
from flows.engine.by_clock import current_case
from flows.engine.closing import Outcome
from flows.engine.current import current
from flows.engine.once import do
from flows.engine.others import ask_somebody_else, asked_by, who
from flows.engine.replies import Reply
from flows.engine.waiting import answer_to
from models.duties import case_questions as questions
from models.questions import Choice, Question
from models.roles import Role
from models.store import reading
from models.tables import Case
from tasks.cases import log_disclosure

Prepare = Callable[[str | None, str], Awaitable[Reply]]
"""Prepares a decision, knowing why it came back, for the turn its keys end in; returns whose work it is."""
WORK = "work"
"""The phase of a duty that is due with the cycle."""


def case_told() -> Mapping[str, Any]:
    """Return the codes and days that the case's intake told, as they are now."""
    with reading() as session:
        return session.get_one(Case, current_case()).told


async def acknowledged() -> Reply:
    """Tell whoever asked that it came."""
    question = questions.acknowledge(current_case(), asked_by())
    return await answer_to(await ask("acknowledge", who(Role.OFFICE_MANAGER), question, "acknowledgment"))


async def who_asks(context: str | None, turn: str, sheet: str = "WhoAsks", picked: str | None = None) -> Reply:
    """Ask who it is until that is known, or known to be nobody who may ask."""
    tries = 0
    while True:
        question = questions.identity(current_case(), asked_by(), context, sheet, picked)
        reply = await answer_to(await ask(f"identity:{turn}:{tries}", who(Role.OFFICE_MANAGER), question, WORK))
        if reply.choice != questions.MORE.value:
            return reply
        context, tries = f"{reply.by_name} found something missing. What it is stands in the case.", tries + 1


async def decided(
    prepare: Prepare, question: Callable[[str, str], Question], context: str | None = None, again: str = ""
) -> tuple[Reply, Reply]:
    """Prepare and have somebody else decide, again if it is sent back; return what was prepared, and the decision.

    The clock counts on through all of it. `again` tells the keys of a whole new try from those of the one before.
    """
    number = 0
    while True:
        turn = f"{again}{number}"
        prepared = await prepare(context, turn)
        asked = question(current_case(), asked_by(Role.OFFICE_MANAGER))
        decision = await answer_to(
            await ask_somebody_else(f"decision:{turn}", Role.PRIVACY_OFFICIAL, prepared.by_id, asked, WORK)
        )
        if decision.choice != questions.BACK.value:
            return prepared, decision
        context, number = f"{decision.by_name} sends it back. What is missing stands in the case.", number + 1


async def answer_sent(why: str, letter: str, choice: Choice = questions.SENT) -> Reply:
    """Have the office send the answer."""
    question = questions.answer(current_case(), asked_by(), why, letter, choice)
    return await answer_to(await ask("answer", who(Role.OFFICE_MANAGER), question, WORK))


def on_the_day(summary: str, sent: Reply) -> Outcome:
    """Return the outcome of a case that was done on the civil day its answer went out."""
    return Outcome(summary, done_on=date.fromisoformat(sent.told["sent_on"]))


async def disclosed(sent: Reply, basis: str, *, accountable: bool, part_2: bool = False) -> None:
    """Write the line of the disclosure log that something sent is."""
    what = {"request_id": sent.asked.request_id, "basis": basis, "accountable": accountable, "part_2": part_2}
    await do("disclosed", log_disclosure, number=current().period, **what)
