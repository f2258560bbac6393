"""Visits: who came through which link to which request, with everything its page shows."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select
from starlette.requests import Request as WebRequest

from models import clock
from models.documents import text_of
from models.occasions import occasion_of
from models.people import clinic_named, people_of
from models.questions import Question
from models.sheets import Occasion
from models.tables import Answer, Clinic, Cycle, Letter, Link, Person, Request
from notifications.links import find_link
from portal.cookies import token_in
from portal.desk.guest import guest_of
from portal.honest_pages import HonestPageError, gone


@dataclass(frozen=True)
class Visit:
    """One person at one request of one letter. Rows are detached: to read from, not to change."""

    token: str
    link: Link
    """This person's link to this request in this letter; the cookie may hold another of the same letter."""
    request: Request
    question: Question
    person: Person
    asked: Person
    asked_away_until: date | None
    """Last day of the leave of whom it was asked, when somebody else is here for them."""
    clinic: Clinic
    cycle: Cycle
    answer: Answer | None
    today: date
    """The civil date in the clinic's time zone."""
    document: str
    compare: str
    colleagues: dict[str, str]
    """Names of the clinic's active people by id."""
    occasion: Occasion
    sees_facts: bool
    """The person has lately shown their PIN in this browser: facts of cases may be shown."""

    @property
    def path(self) -> str:
        """Return the path of the request's page, without the portal's prefix."""
        return f"/a/{self.link.letter_id}/{self.request.id}"

    @property
    def days_late(self) -> int:
        """Return the calendar days since the due date; 0 before."""
        return max(0, (self.today - self.request.due_on).days)

    @property
    def covers(self) -> bool:
        """Tell whether the person answers for somebody else."""
        return self.asked.id != self.person.id


def live_link(session: Session, token: str) -> Link:
    """Return the link of a token that opens something. Raises HonestPageError for any other, always the same."""
    link = find_link(session, token)
    if link is None or link.expires_at <= clock.now() or not session.get_one(Person, link.person_id).active:
        raise gone(token)
    return link


def link_in_cookie(session: Session, web: WebRequest, letter_id: str) -> Link:
    """Return the link a browser holds for a letter. Raises HonestPageError where it holds none."""
    token = token_in(web)
    if not token:
        raise HonestPageError("no_cookie", 403)
    link = live_link(session, token)
    if link.letter_id != letter_id:
        raise gone(token)
    return link


def links_of_letter(session: Session, link: Link) -> list[Link]:
    """Return the links to requests that a person has from the same letter."""
    same = (Link.letter_id == link.letter_id, Link.person_id == link.person_id)
    return [each for each in session.exec(select(Link).where(*same)) if each.request_id]


def letter_clinic(session: Session, link: Link) -> Clinic:
    """Return the clinic that a link's letter came from."""
    return clinic_named(session, session.get_one(Letter, link.letter_id).clinic)


def visit_of(session: Session, web: WebRequest, letter_id: str, request_id: str) -> Visit:
    """Return the visit to a request's page. Raises HonestPageError where this browser has no business."""
    held = link_in_cookie(session, web, letter_id)
    link = next((each for each in links_of_letter(session, held) if each.request_id == request_id), None)
    if link is None:
        raise gone(token_in(web))
    guest = guest_of(session, web)
    proved = guest is not None and guest.person.id == link.person_id and guest.sees_facts
    return _visit(session, token_in(web), link, session.get_one(Request, request_id), sees_facts=proved)


def _visit(session: Session, token: str, link: Link, request: Request, *, sees_facts: bool) -> Visit:
    cycle = session.get_one(Cycle, request.cycle_key)
    clinic, staff = clinic_named(session, request.clinic), people_of(session, request.clinic)
    question, today = Question.model_validate(request.question), clock.today(clinic.time_zone)
    return Visit(
        token=token,
        link=link,
        request=request,
        question=question,
        person=session.get_one(Person, link.person_id),
        asked=session.get_one(Person, request.asked_id),
        asked_away_until=staff[request.asked_id].back_after(today) if request.asked_id in staff else None,
        clinic=clinic,
        cycle=cycle,
        answer=session.get(Answer, request.id),
        today=today,
        document=text_of(session, request.document_sha256),
        compare=text_of(session, question.compare_sha256),
        colleagues={person.id: person.name for person in staff.values()},
        occasion=occasion_of(session, cycle, link.person_id),
        sees_facts=sees_facts,
    )
