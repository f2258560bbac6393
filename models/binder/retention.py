"""Tab 16: what was deleted once the law let go of it, who decided that, and what a hold keeps."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.binder.answers import asked_rows
from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.documents_kept import references
from models.people import clinic_named
from models.tables import Answer, Hold, Person, Tombstone


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheets; none where nothing was ever decided on or held."""
    keys = [cycle.key for cycle in cycles_of(session, scope) if cycle.duty == "retention-review"]
    headings, asked = asked_rows(session, scope, keys, personal=False)
    if asked:
        note = "What is past its retention is put to somebody as a list; nothing is deleted without that."
        yield Sheet("16", "retention-reviews", "Decisions on deletion", headings, asked, note)
    if purged := _purged(session, scope):
        columns = ("document", "kept until", "deleted", "approved by", "SHA-256 of the text", "SHA-256 of the list")
        note = "The texts are gone. Their hashes, and the lists that were approved, are in the record."
        yield Sheet("16", "deleted-documents", "Deleted after their retention", columns, purged, note)
    if held := _held(session, scope):
        yield Sheet("16", "holds", "Legal holds", ("hold", "on", "from", "until"), held, "What is held is not deleted.")


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield policies of the period whose text is not here because it was deleted since."""
    buried = set(session.exec(select(Tombstone.sha256).where(Tombstone.clinic == scope.clinic)))
    for each in references(session, clinic_named(session, scope.clinic)) if buried else ():
        in_period = each.last_in_effect is not None and scope.overlaps(each.created, each.last_in_effect)
        if each.sha256 in buried and each.policy_id and each.kind == "policy" and in_period:
            yield Gap("01", f"{each.what}: its text was deleted after its retention; tab 16 says when and by whom.")


def _purged(session: Session, scope: Scope) -> list[tuple[str, ...]]:
    what = {each.sha256: each.what for each in references(session, clinic_named(session, scope.clinic))}
    statement = (
        select(Tombstone, Person.name)
        .join(Answer, col(Answer.request_id) == Tombstone.request_id)
        .join(Person, col(Person.id) == Answer.by_id)
        .where(Tombstone.clinic == scope.clinic)
        .order_by(col(Tombstone.purged_at), col(Tombstone.sha256))
    )
    return [
        (
            what.get(stone.sha256, ""),
            str(stone.retain_until),
            scope.local(stone.purged_at),
            name,
            stone.sha256,
            stone.list_sha256,
        )
        for stone, name in session.exec(statement)
    ]


def _held(session: Session, scope: Scope) -> list[tuple[str, ...]]:
    rows = session.exec(select(Hold).where(Hold.clinic == scope.clinic).order_by(col(Hold.placed_at)))
    return [
        (
            row.id,
            row.policy_id or "everything",
            scope.local(row.placed_at),
            scope.local(row.lifted_at) or "in place",
        )
        for row in rows
    ]
