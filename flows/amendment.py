"""The amendment: 60 days from receipt to a correction that is linked and told, or a denial that may be answered."""

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, beside, cycle, who
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import WORK, acknowledged, answer_sent, decided, on_the_day, who_asks
from models.duties import amendment_questions as questions
from models.duties.amendment import AMENDMENT
from models.duties.case_questions import NO_RIGHT
from models.roles import Role

ACCEPT, DENY = questions.ACCEPT.value, questions.DENY.value
LETTERS = {ACCEPT: "amendment_accepted", DENY: "amendment_denied", NO_RIGHT.value: "cannot_give"}
RESULTS = {ACCEPT: "Accepted", DENY: "Denied", NO_RIGHT.value: "Answered: not theirs to ask for"}


@cycle(AMENDMENT)
async def amendment(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Establish who asks, have the clinician judge and somebody else confirm, answer, and tell who needs to know."""
    return await by_its_clock(beside(_answered(), acknowledged()))


async def _answered() -> Outcome:
    judged, _ = await decided(_judged, questions.decision)
    choice = str(judged.choice)
    sent = await answer_sent(questions.CLOCK, LETTERS[choice])
    if choice == ACCEPT:
        question = questions.others(current_case(), asked_by())
        await answer_to(await ask("others", who(Role.OFFICE_MANAGER), question, WORK))
    return on_the_day(RESULTS[choice], sent)


async def _judged(context: str | None, turn: str) -> Reply:
    """Establish who asks, and have whoever knows the entry judge it."""
    identity = await who_asks(context, turn, picked="Whoever knows the entry, whom you pick,")
    if identity.choice == NO_RIGHT.value or identity.picked_id is None:
        return identity
    question = questions.judge(current_case(), asked_by(), context)
    return await answer_to(await ask(f"judge:{turn}", identity.picked_id, question, WORK))
