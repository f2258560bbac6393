"""The access request: 30 days from receipt to the record in the person's hands, or a denial in writing."""

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, beside, both, cycle, who
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import WORK, acknowledged, answer_sent, decided, disclosed, on_the_day, who_asks
from models.duties import access_questions as questions
from models.duties.access import ACCESS
from models.duties.case_questions import NO_RIGHT, SENT
from models.duties.case_questions import REFUSE as REFUSED
from models.roles import Role

GIVE, PART, DENY, REFUSE = (each.value for each in (questions.GIVE, questions.PART, questions.DENY, REFUSED))
LETTERS = {GIVE: "release", PART: "denial", DENY: "denial", REFUSE: "cannot_give"}
RESULTS = {GIVE: "Given", PART: "Given in part", DENY: "Denied", REFUSE: "Answered: could not be given"}


@cycle(ACCESS)
async def access(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Establish who asks, gather, review for safety, decide with a second pair of eyes, send, and write it down."""
    return await by_its_clock(beside(_answered(), acknowledged()))


async def _answered() -> Outcome:
    _, decision = await decided(_prepared, questions.decision)
    choice = str(decision.choice)
    gives = choice in (GIVE, PART)
    sent = await answer_sent(questions.GRANTING, LETTERS[choice], questions.GIVEN if gives else SENT)
    if gives:
        await disclosed(sent, "45 CFR 164.524", accountable=False)
    return on_the_day(RESULTS[choice], sent)


async def _prepared(context: str | None, turn: str) -> Reply:
    """Establish who asks, gather, tell the fee, review for safety."""
    identity = await who_asks(context, turn, "Identity")
    if identity.choice == NO_RIGHT.value:
        return identity
    question = questions.gather(current_case(), asked_by(), context)
    gathered = await answer_to(await ask(f"gather:{turn}", who(Role.OFFICE_MANAGER), question, WORK))
    if gathered.choice == questions.NOT_HELD.value or gathered.picked_id is None:
        return gathered
    _, reviewed = await both(_fee_told(gathered, turn), _safety(gathered.picked_id, turn))
    return reviewed


async def _fee_told(gathered: Reply, turn: str) -> None:
    """Have the fee told in advance, where there is one."""
    if gathered.told.get("fee"):
        question = questions.fee(current_case(), asked_by())
        await answer_to(await ask(f"fee:{turn}", who(Role.OFFICE_MANAGER), question, WORK))


async def _safety(clinician: str, turn: str) -> Reply:
    question = questions.safety(current_case(), asked_by())
    return await answer_to(await ask(f"safety:{turn}", clinician, question, WORK))
