"""Guests: who is signed in at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from models import clock
from models.people import clinic_named
from models.store import reading
from models.tables import Clinic, Person, SignIn
from notifications.sign_ins import find_sign_in, may_see_facts
from portal.cookies import sign_in_token
from portal.honest_pages import HonestPageError
from portal.place import place_of


@dataclass(frozen=True)
class Guest:
    """Who is signed in. Rows are detached: to read from, not to change."""

    sign_in: SignIn
    person: Person
    clinic: Clinic
    today: date
    """The civil date in the clinic's time zone."""

    @property
    def sees_facts(self) -> bool:
        """Tell whether facts of cases may be shown."""
        return may_see_facts(self.sign_in)


def guest_of(session: Session, web: Request) -> Guest | None:
    """Return who is signed in in a browser, if anybody is."""
    token = sign_in_token(web)
    row = find_sign_in(session, token) if token else None
    if row is None:
        return None
    clinic = clinic_named(session, row.clinic)
    return Guest(row, session.get_one(Person, row.person_id), clinic, clock.today(clinic.time_zone))


def need_guest(web: Request) -> Guest:
    """Return who is signed in. Raises HonestPageError where nobody is; what was typed is kept on its page."""
    with reading() as session:
        guest = guest_of(session, web)
    if guest is None:
        action = f"{place_of(web).prefix}{web.url.path}"
        raise HonestPageError("signed_out", 403, typed=getattr(web.state, "typed", None), action=action)
    return guest


SignedIn = Annotated[Guest, Depends(need_guest)]
