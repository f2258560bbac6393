"""Where a cycle stands: its requests as people read them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.questions import Question
from models.tables import Answer, Cycle, Delivery, Person, Request, RequestState

_MAIL = {
    Delivery.UNDERWAY: "on its way",
    Delivery.ACCEPTED: "accepted by the mail server",
    Delivery.NOT_DELIVERED: "not delivered",
    Delivery.NOT_DELIVERED_TOLD: "not delivered; somebody else was told",
    Delivery.NOT_DELIVERED_ALONE: "not delivered; there is nobody else to tell",
}


@dataclass(frozen=True)
class Standing:
    """One request: what, whose, until when, and what came of it."""

    request_id: str
    key: str
    title: str
    asked: str
    holder: str
    due_on: date
    open: bool
    mail: str
    answered_by: str = ""
    said: str = ""
    reason: str = ""
    at: datetime | None = None
    days_late: int = 0
    tier: str = ""

    def closed_after(self, day: date, zone: str) -> bool:
        """Tell whether it was still open at the end of a civil day in an IANA time zone."""
        return self.at is not None and self.at.astimezone(ZoneInfo(zone)).date() > day

    def as_told(self) -> dict[str, str]:
        """Return the row of a table that tells who did what when; free text stays in the store, out of Prefect."""
        return {
            "what": self.title,
            "said": self.said,
            "by": self.answered_by or "nobody",
            "when (UTC)": f"{self.at:%Y-%m-%d %H:%M}" if self.at else "",
            "late": f"{self.days_late} days" if self.days_late else "",
            "asked": self.asked,
            "due": str(self.due_on),
            "proof": self.tier,
            "reason": "in the record" if self.reason else "",
        }


def standing_of(session: Session, cycle_key: str) -> list[Standing]:
    """Return a cycle's requests, open ones by due date first, then the others in order of their answers."""
    statement = select(Request, Answer).outerjoin(Answer, col(Answer.request_id) == Request.id)
    rows = session.exec(
        statement.where(Request.cycle_key == cycle_key).order_by(col(Request.due_on), col(Request.title))
    ).all()
    clinic = select(Cycle.clinic).where(Cycle.key == cycle_key).scalar_subquery()
    names = dict(session.exec(select(Person.id, Person.name).where(Person.clinic == clinic)).all())
    standings = [_standing(request, answer, names) for request, answer in rows]
    return sorted(standings, key=lambda row: (not row.open, row.at.timestamp() if row.at else 0))


def waited_for(session: Session, clinic: str | None = None) -> dict[str, list[tuple[str, str]]]:
    """Return who is waited for and for what, by cycle: names and titles of its open requests, by due date."""
    statement = select(Request.cycle_key, Person.name, Request.title).where(Request.state == RequestState.OPEN)
    statement = statement.join(Person, col(Person.id) == Request.holder_id)
    if clinic:
        statement = statement.where(Person.clinic == clinic)
    found: dict[str, list[tuple[str, str]]] = {}
    for cycle, name, title in session.exec(statement.order_by(col(Request.due_on), col(Request.title))):
        found.setdefault(cycle, []).append((name, title))
    return found


def _standing(request: Request, answer: Answer | None, names: dict[str, str]) -> Standing:
    who, said, reason, at = "", "", "", request.closed_at
    if answer is not None:
        choice = Question.model_validate(request.question).choice(answer.choice)
        who = names[answer.by_id] + (f" for {names[answer.for_id]}" if answer.by_id != answer.for_id else "")
        said, reason, at = choice.past if choice else answer.choice, answer.reason, answer.answered_at
    elif request.state == RequestState.EXCEPTED:
        said, reason = "Exception", request.closed_because or ""
    elif request.state == RequestState.DROPPED:
        said = f"No longer needed: {request.closed_because}"
    return Standing(
        request_id=request.id,
        key=request.key,
        title=request.title,
        asked=names[request.asked_id],
        holder=names[request.holder_id],
        due_on=request.due_on,
        open=request.state == RequestState.OPEN,
        mail=_MAIL[Delivery(request.delivery)],
        answered_by=who,
        said=said,
        reason=reason,
        at=at,
        days_late=answer.days_late if answer else 0,
        tier=answer.tier if answer else "",
    )
