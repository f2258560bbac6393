"""The year's list of small breaches: each that was discovered last year is filed with HHS by the end of February."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from flows.engine import Outcome, answer_to, ask, asked_by, current, cycle, once, together, who
from models.breach_told import breach_of, is_counted
from models.clocks.breach import LARGE, hhs_told
from models.clocks.rule import Clock
from models.duties import breach_list as questions
from models.duties.breach_list import BREACH_LIST
from models.duties.incident import INCIDENT
from models.people import clinic_named
from models.roles import Role
from models.store import reading
from models.tables import Case
from models.words import count_in_words


@cycle(BREACH_LIST)
async def breach_list(clinic: str, period: str) -> Outcome:
    """File every small breach of the year before with HHS."""
    year = (int(period) if period.isdecimal() else current().today().year) - 1
    cases = await once("small breaches", lambda session: _small(session, clinic, year))
    filed = await together(_filed(case, year) for case in cases)
    if not filed:
        return Outcome(f"No small breach in {year}")
    return Outcome(
        f"{count_in_words(len(filed), 'small breach', 'small breaches')} of {year} filed", done_on=max(filed)
    )


async def _filed(case: str, year: int) -> date:
    question, official = questions.file(case, asked_by(), year), who(Role.PRIVACY_OFFICIAL)
    number = case.rpartition("/")[2]
    key = f"{questions.FILE}:{number}"
    reply = await answer_to(await ask(key, official, question, "filing", due_on=questions.due_on(year)))
    if not reply.told:
        return current().today()
    filed_on = date.fromisoformat(reply.told["sent_on"])
    await together(_attorney_told(case, f"{questions.ATTORNEY}:{number}", each) for each in _attorneys(case, filed_on))
    return filed_on


async def _attorney_told(case: str, key: str, clock: Clock) -> None:
    """Tell the attorney general of a state that wants to know of what HHS knows."""
    question, official = questions.attorney(case, asked_by(), clock), who(Role.PRIVACY_OFFICIAL)
    await answer_to(await ask(f"{key}:{clock.clock}", official, question, "filing", due_on=clock.due_on))


def _attorneys(case: str, filed_on: date) -> list[Clock]:
    """Return the clocks that begin when HHS is told of a case."""
    with reading() as session:
        breach = breach_of(session.get_one(Case, case).told)
        states = clinic_named(session, current().clinic).states
    return hhs_told(replace(breach, hhs_told_on=filed_on), states)


def _small(session: Session, clinic: str, year: int) -> list[str]:
    """Return the ids of the breaches of fewer than 500 people that were discovered in a year."""
    incidents = select(Case).where(Case.clinic == clinic, Case.prefix == INCIDENT.case)
    cases = session.exec(incidents.order_by(col(Case.number)))
    breaches = [(case.id, breach_of(case.told)) for case in cases if is_counted(case.told)]
    return [id_ for id_, breach in breaches if breach.affected < LARGE and breach.discovered_on.year == year]
