"""Tab 16: how people were asked, and by which seals the record is bound."""

from collections.abc import Iterator
from datetime import UTC

from sqlmodel import Session, col, select

from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.checkpoints import Checkpoint
from models.sealing import seals
from models.tables import Answer, HistoryCopy, Letter, LetterState, Link, Person, Request


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheets of the tab."""
    columns = ("what", "asked of", "letter queued", "accepted by the mail server", "link opened", "answered")
    note = "A mail server's yes is not proof of reading; who opens a link is not confirmed until the answer."
    yield Sheet("16", "proof-of-asking", "Proof of asking", columns, _asking(session, scope), note)
    rows = [
        (f"{seal.sealed_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", str(seal.size), Checkpoint.of(seal.note).root.hex())
        for seal in seals(session, scope.clinic)
        if scope.covers(seal.sealed_at)
    ]
    note = "One with every answer, at the end of every cycle, and every day."
    yield Sheet("16", "seals", "Seals in the period", ("sealed at (UTC)", "entries", "root"), rows, note)


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield cycles of which there is no copy of Prefect's history, and letters that were not delivered."""
    for cycle in cycles_of(session, scope):
        if session.exec(select(HistoryCopy.number).where(HistoryCopy.cycle_key == cycle.key).limit(1)).first() is None:
            yield Gap("16", f"There is no copy of Prefect's history of {cycle.key}.")
    for letter, person in _letters(session, scope):
        if letter.state == LetterState.NOT_DELIVERED:
            yield Gap("16", f"A letter to {person.name} of {scope.local(letter.written_at)} was not delivered.")


def _letters(session: Session, scope: Scope) -> list[tuple[Letter, Person]]:
    statement = select(Letter, Person).join(Person, col(Person.id) == Letter.person_id)
    found = session.exec(statement.where(Letter.clinic == scope.clinic).order_by(col(Letter.written_at)))
    return [(letter, person) for letter, person in found if scope.covers(letter.written_at)]


def _asking(session: Session, scope: Scope) -> list[tuple[str, ...]]:
    keys = [cycle.key for cycle in cycles_of(session, scope)]
    answered = set(session.exec(select(Answer.request_id).join(Request).where(col(Request.cycle_key).in_(keys))))
    statement = (
        select(Request, Link, Letter, Person)
        .join(Link, col(Link.request_id) == Request.id)
        .join(Letter, col(Letter.id) == Link.letter_id)
        .join(Person, col(Person.id) == Link.person_id)
        .where(col(Request.cycle_key).in_(keys))
        .order_by(col(Letter.written_at), col(Request.title))
    )
    return [
        (
            request.title,
            person.name,
            scope.local(letter.written_at),
            scope.local(letter.accepted_at) or letter.state,
            scope.local(link.first_viewed_at) or "no",
            "by this link" if link.used_at else ("otherwise" if request.id in answered else "no"),
        )
        for request, link, letter, person in session.exec(statement)
        if scope.covers(letter.written_at)
    ]
