"""Requests by somebody else: what they rest on is read point by point; nothing goes out past a gate that is shut."""

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, cycle, who
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import WORK, answer_sent, decided, disclosed, on_the_day
from models.duties import third_party_questions as questions
from models.duties.case_questions import REFUSE
from models.duties.third_party import THIRD_PARTY
from models.roles import Role

DEMAND, LAW = questions.DEMAND.value, questions.LAW.value
BASES = {
    questions.AUTHORIZATION.value: "45 CFR 164.508",
    DEMAND: "45 CFR 164.512(e)",
    questions.DIRECT.value: "45 CFR 164.506(c)",
    LAW: "45 CFR 164.512",
}
CONSENTED = (questions.AUTHORIZATION.value, questions.DIRECT.value)
"""What records of a substance use program want a consent for besides."""
LETTERS = {questions.AUTHORIZATION.value: "authorization_defective", DEMAND: "subpoena_response"}
"""What a refusal says, by what the request rests on; the others get the plain one."""


@cycle(THIRD_PARTY)
async def third_party(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Read what it rests on, decide with a second pair of eyes, send or refuse, and write the disclosure log."""
    return await by_its_clock(_answered())


async def _answered() -> Outcome:
    context, again = None, ""
    while True:
        read, decision = await decided(_read, questions.decision, context, again)
        path = str(read.choice)
        if decision.choice == REFUSE.value:
            return on_the_day("Refused", await answer_sent(questions.WHY, LETTERS.get(path, "cannot_give")))
        question = questions.release(current_case(), asked_by())
        sent = await answer_to(await ask(f"send:{again}", who(Role.OFFICE_MANAGER), question, WORK))
        if sent.choice != questions.STOP.value:
            by_consent = bool(read.told.get("part_2")) and (path in CONSENTED or bool(read.told.get("part_2_consent")))
            await disclosed(sent, BASES[path], accountable=path in (DEMAND, LAW), part_2=by_consent)
            return on_the_day("Released", sent)
        context, again = f"{sent.by_name} stopped it. Why stands in the case.", f"{again}again:"


async def _read(context: str | None, turn: str) -> Reply:
    """Read the paper, and the second one that some records want."""
    question = questions.read(current_case(), asked_by(), context)
    read = await answer_to(await ask(f"read:{turn}", who(Role.OFFICE_MANAGER), question, WORK))
    if read.told.get("part_2") and read.choice in CONSENTED:
        question = questions.consent(current_case(), asked_by())
        await answer_to(await ask(f"consent:{turn}", who(Role.OFFICE_MANAGER), question, WORK))
    return read
