"""The accounting of disclosures: 60 days from receipt to a list that the disclosure log writes by itself."""

from flows.engine import Outcome, beside, cycle
from flows.engine.by_clock import by_its_clock
from flows.engine.casework import acknowledged, answer_sent, decided, on_the_day, who_asks
from models.duties import accounting_questions as questions
from models.duties.accounting import ACCOUNTING
from models.duties.case_questions import REFUSE


@cycle(ACCOUNTING)
async def accounting(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Establish who asks, check what is in the way, and send the list."""
    return await by_its_clock(beside(_answered(), acknowledged()))


async def _answered() -> Outcome:
    _, decision = await decided(who_asks, questions.decision)
    if decision.choice == REFUSE.value:
        return on_the_day("Refused", await answer_sent(questions.CLOCK, "cannot_give"))
    return on_the_day("Accounting sent", await answer_sent(questions.CLOCK, "accounting"))
