"""The year's list of small breaches: each that was discovered last year is filed with HHS by the end of February."""

from sqlmodel import col, select

from flows.engine import Outcome, both, current, cycle, together, until
from flows.filing import filed_with_hhs
from models.breach_told import breach_of, is_counted
from models.clocks.breach import LARGE
from models.duties import breach_list as questions
from models.duties.breach_list import BREACH_LIST
from models.duties.incident import INCIDENT
from models.store import reading
from models.tables import Case
from models.words import count_in_words


@cycle(BREACH_LIST)
async def breach_list(clinic: str, period: str) -> Outcome:
    """File every small breach of the year before with HHS, also one that is found out about until the last day."""
    year = (int(period) if period.isdecimal() else current().today().year) - 1
    filing = together(filed_with_hhs(case, year, "filing") for case in _small(clinic, year))
    filed, _ = await both(filing, until(questions.due_on(year)))
    if not filed:
        return Outcome(f"No small breach in {year}")
    breaches = count_in_words(len(filed), "small breach", "small breaches")
    return Outcome(f"{breaches} of {year} filed", done_on=max(filed))


def _small(clinic: str, year: int) -> list[str]:
    """Return the ids of the breaches of fewer than 500 people that were discovered in a year, as far as is known."""
    incidents = select(Case).where(Case.clinic == clinic, Case.prefix == INCIDENT.case)
    with reading() as session:
        cases = session.exec(incidents.order_by(col(Case.number)))
        breaches = [(case.id, breach_of(case.told)) for case in cases if is_counted(case.told)]
    return [id_ for id_, breach in breaches if breach.affected < LARGE and breach.discovered_on.year == year]
