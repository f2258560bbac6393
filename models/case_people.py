"""The people of a case: who took it in, who was asked about it, who has something of it now, and who answered."""

from sqlmodel import Session, or_, select

from models.tables import Answer, CaseFact, Cycle, Request


def works_on(session: Session, cycle: Cycle, person_id: str) -> bool:
    """Tell whether a person works, or has worked, on a cycle's case."""
    theirs = or_(Request.asked_id == person_id, Request.holder_id == person_id, Answer.by_id == person_id)
    asked = select(Request.id).outerjoin(Answer).where(Request.cycle_key == cycle.key, theirs)
    wrote = select(CaseFact.name).where(CaseFact.case_id == cycle.case_id, CaseFact.written_by == person_id)
    return any(session.exec(each.limit(1)).first() is not None for each in (asked, wrote))
