"""The year's list of small breaches for HHS, 45 CFR 164.408(c), and what it asks."""

from datetime import date

from models.clocks.breach import HHS_LIST
from models.clocks.rule import Clock
from models.duties.case_questions import about
from models.duties.duty import Citation, Duty, Phase
from models.duties.incident_questions import FILED
from models.ladders import L_HHS
from models.questions import Question
from models.roles import Role
from models.tables.request import Tier

FILE = "file"
ATTORNEY = "attorney"
"""First words of the keys of its requests; the case's number follows, and of the second the clock's name."""
BREACH_LIST = Duty(
    name="breach-list",
    title="Yearly list of small breaches for HHS",
    summary="Every breach of fewer than 500 people that was discovered last year is filed with HHS, one by one.",
    citations=(
        Citation(
            cite="45 CFR 164.408(c)",
            says="Within 60 days of the end of the calendar year of discovery: 1 March, or 29 February in a leap year.",
            verified="R",
        ),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    starts_on="01-05",
    phases={"filing": Phase(days=55, ladder=L_HHS)},
    asks=frozenset({FILE, ATTORNEY}),
    evidence="For each small breach of the year its submission number, when it was filed and by whom.",
)


def due_on(year: int) -> date:
    """Return the last day to file what was discovered in a year."""
    return HHS_LIST.due_on(date(year, 12, 31))


def file(case: str, asked_by: str, year: int) -> Question:
    """Ask the privacy official to file one breach with HHS."""
    return about(
        case,
        verb="file {number} with HHS",
        sentence="Is it filed?",
        why=f"45 CFR 164.408(c): it was discovered in {year}, and fewer than 500 people are affected. Each breach is "
        "filed on its own.",
        asked_by=asked_by,
        choices=(FILED,),
        tier=Tier.ATTEST,
        letter="breach_worksheet",
    )


def attorney(case: str, asked_by: str, clock: Clock) -> Question:
    """Ask the privacy official to tell a state's attorney general, as HHS was told."""
    return about(
        case,
        verb=f"tell {clock.clock} of {{number}}",
        sentence="Is it filed?",
        why=f"{clock.cite}: {clock.basis}.",
        asked_by=asked_by,
        choices=(FILED,),
        tier=Tier.ATTEST,
        letter="breach_attorney_general",
    )
