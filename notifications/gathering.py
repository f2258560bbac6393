"""Gathering: what the store says of a person's notices, as the items of a letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import clock
from models.cover import People, holders_of
from models.people import clinic_named, name_of, people_of
from models.roles import Role
from models.tables import Clinic, Notice, NoticeKind, Request
from notifications.item import Item

_WEAK = frozenset({NoticeKind.REMIND, NoticeKind.FRESH_LINK, NoticeKind.CHANGED})
"""Kinds that say less than any other notice of the same request."""


@dataclass(frozen=True)
class Desk:
    """What is looked up once for a letter."""

    session: Session
    clinic: Clinic
    people: People
    today: date
    """The civil date of the clinic."""

    @classmethod
    def of(cls, session: Session, clinic: str) -> "Desk":
        """Read a clinic and its people. Raises UnknownClinicError."""
        row = clinic_named(session, clinic)
        return cls(session, row, people_of(session, clinic), clock.today(row.time_zone))

    @property
    def privacy_official(self) -> str:
        """Return the name of the privacy official, or nothing where nobody is."""
        holders = holders_of(self.people, Role.PRIVACY_OFFICIAL)
        return self.people[holders[0]].name if holders else ""

    def item(self, request: Request, kind: NoticeKind, person_id: str, link_id: str | None) -> Item:
        """Return a request as a person is told of it."""
        question, asked = request.question, self.people.get(request.asked_id)
        return Item(
            request_id=request.id,
            kind=kind,
            verb=question.get("verb") or request.title,
            why=question.get("why", ""),
            asked_by=question.get("asked_by", ""),
            due_on=request.due_on,
            today=self.today,
            asked_name=name_of(self.session, request.asked_id),
            holder_name=name_of(self.session, request.holder_id),
            held_by_you=request.holder_id == person_id,
            cover_until=asked.back_after(self.today) if asked else None,
            own_work=question.get("author_id") == request.asked_id,
            link_id=link_id,
        )


def telling_kinds(notices: Iterable[Notice]) -> dict[str, NoticeKind]:
    """Return, by request, the kind that says most: the latest, but the weak ones give way to all else."""
    kinds: dict[str, NoticeKind] = {}
    for notice in notices:
        kind, known = NoticeKind(notice.kind), kinds.get(notice.request_id)
        if known is None or known in _WEAK or kind not in _WEAK:
            kinds[notice.request_id] = kind
    return kinds
