"""The access request: 30 days from receipt to the record in the person's hands, or a denial in writing."""

from datetime import date

from flows.engine import Outcome, Reply, answer_to, ask, ask_somebody_else, asked_by, cycle, together, who
from flows.engine.by_clock import by_its_clock, current_case, disclosed
from models.duties import access_questions as questions
from models.duties.access import ACCESS
from models.roles import Role

GIVE, PART, DENY, REFUSE = (each.value for each in (questions.GIVE, questions.PART, questions.DENY, questions.REFUSE))
LETTERS = {GIVE: "release", PART: "denial", DENY: "denial", REFUSE: "cannot_give"}
RESULTS = {GIVE: "Given", PART: "Given in part", DENY: "Denied", REFUSE: "Answered: could not be given"}


@cycle(ACCESS)
async def access(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Establish who asks, gather, review for safety, decide with a second pair of eyes, send, and write it down."""
    return await by_its_clock(_answered())


async def _answered() -> Outcome:
    _, decision = await together([_acknowledged(), _decided()])
    choice = str(decision.choice)
    gives = choice in (GIVE, PART)
    question = questions.answer(current_case(), asked_by(), LETTERS[choice], gives=gives)
    sent = await answer_to(await ask("answer", who(Role.OFFICE_MANAGER), question, "work"))
    if gives:
        await disclosed("answer", "45 CFR 164.524", accountable=False)
    return Outcome(RESULTS[choice], done_on=date.fromisoformat(sent.told["sent_on"]))


async def _acknowledged() -> Reply:
    question = questions.acknowledge(current_case(), asked_by())
    return await answer_to(await ask("acknowledge", who(Role.OFFICE_MANAGER), question, "acknowledgment"))


async def _decided() -> Reply:
    """Prepare and decide, again if the privacy official sends it back. The clock counts on through all of it."""
    context, turn = None, 0
    while True:
        preparer = await _prepared(context, turn)
        question = questions.decision(current_case(), asked_by(Role.OFFICE_MANAGER))
        key = f"decision:{turn}"
        decision = await answer_to(await ask_somebody_else(key, Role.PRIVACY_OFFICIAL, preparer, question, "work"))
        if decision.choice != questions.BACK.value:
            return decision
        context, turn = f"{decision.by_name} sends it back. What is missing stands in the case.", turn + 1


async def _prepared(context: str | None, turn: int) -> str:
    """Establish, gather and review; return the id of whose work the decision is about."""
    identity = await _identity(context, turn)
    if identity.choice == questions.NO_RIGHT.value:
        return identity.by_id
    question = questions.gather(current_case(), asked_by(), context)
    gathered = await answer_to(await ask(f"gather:{turn}", who(Role.OFFICE_MANAGER), question, "work"))
    if gathered.choice == questions.NOT_HELD.value or gathered.picked_id is None:
        return gathered.by_id
    question = questions.safety(current_case(), asked_by())
    return (await answer_to(await ask(f"safety:{turn}", gathered.picked_id, question, "work"))).by_id


async def _identity(context: str | None, turn: int) -> Reply:
    """Ask who it is until that is known, or known to be nobody who may ask."""
    tries = 0
    while True:
        question = questions.identity(current_case(), asked_by(), context)
        reply = await answer_to(await ask(f"identity:{turn}:{tries}", who(Role.OFFICE_MANAGER), question, "work"))
        if reply.choice != questions.MORE.value:
            return reply
        context, tries = f"{reply.by_name} found something missing. What it is stands in the case.", tries + 1
