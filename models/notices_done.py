"""Notices that were done: on what day, with what number, by the name of the clock that wanted them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.breach_told import breach_of
from models.clocks.breach import HHS_LIST, LARGE
from models.duties.breach_list import ATTORNEY, BREACH_LIST, FILE
from models.tables import Answer, Case, Cycle, Request

NOTIFY = "notify"
"""First word of the keys of the requests that a clock asks for; the clock's name follows."""
SUBSTITUTE = "substitute notice"


@dataclass(frozen=True)
class Done:
    """When a notice went out, its submission number, and in what way."""

    on: date
    number: str = ""
    how: str = ""


def clock_wanting(request_key: str) -> str | None:
    """Return the name of the clock that wants what is asked under a key, if one does."""
    first, _, rest = request_key.partition(":")
    return rest.partition(":")[0] if first == NOTIFY else None


def done_of(session: Session, cycle: Cycle) -> dict[str, Done]:
    """Return what was done by the name of its clock, in the incident's own cycle and in those of the year's lists."""
    asked = select(Request.key, Answer.told).join(Answer).join(Cycle, col(Cycle.key) == Request.cycle_key)
    own = session.exec(asked.where(Request.cycle_key == cycle.key)).all()
    lists = asked.where(Cycle.clinic == cycle.clinic, Cycle.duty == BREACH_LIST.name)
    listed = session.exec(lists.where(col(Request.key).contains(f":{cycle.period}"))).all()
    found: dict[str, Done] = {}
    for key, told in [*own, *listed]:
        name = _clock_done_by(key)
        if name and told and told.get("sent_on"):
            found[name] = Done(date.fromisoformat(told["sent_on"]), told.get("number", ""), told.get("how", ""))
    return found


def _clock_done_by(key: str) -> str | None:
    """Return which clock the answer to what is asked under a key meets."""
    first, _, rest = key.partition(":")
    by_its_first_word = {"substitute": SUBSTITUTE, FILE: HHS_LIST.clock, ATTORNEY: rest.partition(":")[2]}
    return clock_wanting(key) or by_its_first_word.get(first)


def open_lists(session: Session, clinic: str) -> list[Cycle]:
    """Return a clinic's yearly lists for HHS that are open."""
    lists = select(Cycle).where(Cycle.clinic == clinic, Cycle.duty == BREACH_LIST.name)
    return list(session.exec(lists.where(col(Cycle.closed_at).is_(None))))


def is_left_out(session: Session, cycle: Cycle, today: date) -> bool:
    """Tell whether an incident is a small breach that no list for HHS has any more: it was found out about too late."""
    breach = breach_of(session.get_one(Case, cycle.case_id).told)
    over = HHS_LIST.due_on(date(breach.discovered_on.year, 12, 31)) < today
    if breach.affected >= LARGE or not over or HHS_LIST.clock in done_of(session, cycle):
        return False
    asked = select(Request.id).join(Cycle, col(Cycle.key) == Request.cycle_key).where(Cycle.duty == BREACH_LIST.name)
    listed = session.exec(asked.where(Cycle.clinic == cycle.clinic, Request.key == f"{FILE}:{cycle.period}")).first()
    year = str(breach.discovered_on.year + 1)
    return listed is None and all(each.period != year for each in open_lists(session, cycle.clinic))
