"""Lists: what one letter asks of its person, and where each thing stands."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from models import clock
from models.questions import Question
from models.store import reading
from models.tables import Answer, Cycle, Link, Person, Request, RequestState
from portal.pages import page
from portal.throttle import by_address
from portal.visits import letter_clinic, link_in_cookie, links_of_letter

router = APIRouter(dependencies=[Depends(by_address)])


@dataclass(frozen=True)
class Thing:
    """One request on a list."""

    path: str
    title: str
    due_on: date
    open: bool
    standing: str
    """What became of it; empty while it is open."""


@router.api_route("/a/{letter_id}", methods=["GET", "HEAD"])
def show_list(web: WebRequest, letter_id: str) -> Response:
    """List the requests of a letter with where each stands."""
    with reading() as session:
        link = link_in_cookie(session, web, letter_id)
        clinic, person = letter_clinic(session, link), session.get_one(Person, link.person_id)
        things, today = things_of(session, link), clock.today(clinic.time_zone)
    return page(web, "list", things=things, clinic=clinic, person=person, today=today)


def things_of(session: Session, link: Link) -> list[Thing]:
    """Return what a letter asks of the link's person: open things by due date, then the others."""
    things = [_thing(session, each) for each in links_of_letter(session, link)]
    return sorted(things, key=lambda thing: (not thing.open, thing.due_on, thing.title))


def _thing(session: Session, link: Link) -> Thing:
    request = session.get_one(Request, link.request_id)
    cycle_open = session.get_one(Cycle, request.cycle_key).closed_at is None
    standing = _standing(session, request, cycle_open=cycle_open)
    return Thing(f"/a/{link.letter_id}/{request.id}", request.title, request.due_on, not standing, standing)


def _standing(session: Session, request: Request, *, cycle_open: bool) -> str:
    """Return what became of a request, in words; empty while it is open."""
    if answer := session.get(Answer, request.id):
        choice = Question.model_validate(request.question).choice(answer.choice)
        return choice.past if choice else "Answered"
    return "" if request.state == RequestState.OPEN and cycle_open else "Closed without an answer"
