"""Filing a small breach with HHS, and telling the attorneys general who want to know what HHS knows."""

from dataclasses import replace
from datetime import date

from flows.engine import answer_to, ask, asked_by, current, together, who
from models.breach_told import breach_of
from models.clocks.breach import hhs_told
from models.clocks.rule import Clock
from models.duties import breach_list as questions
from models.people import clinic_named
from models.roles import Role
from models.store import reading
from models.tables import Case


async def filed_with_hhs(case: str, year: int, phase: str) -> date:
    """Have a breach that was discovered in a year filed, and return the day; in the list of its year or by itself."""
    question, official = questions.file(case, asked_by(), year), who(Role.PRIVACY_OFFICIAL)
    number = case.rpartition("/")[2]
    key = f"{questions.FILE}:{number}"
    reply = await answer_to(await ask(key, official, question, phase, due_on=questions.due_on(year)))
    if not reply.told:
        return current().today()
    filed_on = date.fromisoformat(reply.told["sent_on"])
    await together(_attorney_told(case, number, each, phase) for each in _attorneys(case, filed_on))
    return filed_on


async def _attorney_told(case: str, number: str, clock: Clock, phase: str) -> None:
    """Tell the attorney general of a state that wants to know of what HHS knows."""
    question, official = questions.attorney(case, asked_by(), clock), who(Role.PRIVACY_OFFICIAL)
    key = f"{questions.ATTORNEY}:{number}:{clock.clock}"
    await answer_to(await ask(key, official, question, phase, due_on=clock.due_on))


def _attorneys(case: str, filed_on: date) -> list[Clock]:
    """Return the clocks that begin when HHS is told of a case."""
    with reading() as session:
        breach = breach_of(session.get_one(Case, case).told)
        states = clinic_named(session, current().clinic).states
    return hhs_told(replace(breach, hhs_told_on=filed_on), states)
