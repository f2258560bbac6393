"""Restrictions and confidential communication: set before the next claim goes out, agreed or declined in writing."""

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, both, cycle, who
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import WORK, answer_sent, case_told, on_the_day
from models.duties import restriction_questions as questions
from models.duties.restriction import RESTRICTION
from models.roles import Role
from models.sheets.restriction import Wish


@cycle(RESTRICTION)
async def restriction(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Decide, put it in force, and tell the person; what nobody may refuse is put in force while it is decided on."""
    return await by_its_clock(_answered())


async def _answered() -> Outcome:
    if case_told().get("wish") == Wish.SELF_PAY:
        await both(_decided(), _in_force())
        return on_the_day("Agreed and in force", await answer_sent(questions.WHY, "restriction_agreed"))
    decision = await _decided()
    if decision.choice == questions.DECLINE.value:
        return on_the_day("Declined", await answer_sent(questions.WHY, "restriction_declined"))
    await _in_force()
    return on_the_day("Agreed and in force", await answer_sent(questions.WHY, "restriction_agreed"))


async def _decided() -> Reply:
    question = questions.decision(current_case(), asked_by())
    return await answer_to(await ask("decision", who(Role.PRIVACY_OFFICIAL), question, WORK))


async def _in_force() -> Reply:
    question = questions.force(current_case(), asked_by())
    return await answer_to(await ask("force", who(Role.BILLING_COORDINATOR), question, WORK))
