"""Superseding: when a document changes while somebody is asked about it, open links to the old one stop deciding."""

from sqlalchemy import update
from sqlmodel import col, select

from models import clock
from models.events import Event
from models.policies import version_in_force
from models.requests import locked, notify, open_requests_of
from models.store import Transaction
from models.tables import Link, NoticeKind, PolicyVersion, Request, RequestState


def supersede_outdated(tx: Transaction, clinic: str, actor: str) -> list[str]:
    """Point open requests at the version in force where theirs was replaced; return their titles.

    Their links say that the document changed, and whoever has the request is told, with a link to the new one. `actor`
    is who replaced it: a person's id or the part of the system that acted.
    """
    outdated = [(request, now) for request in open_requests_of(tx.session, clinic) if (now := _newer(tx, request))]
    for request, sha256 in sorted(outdated, key=lambda each: each[0].id):
        _point_at(tx, locked(tx, request.id), sha256, actor)
    return [request.title for request, _sha256 in outdated]


def _newer(tx: Transaction, request: Request) -> str | None:
    """Return the hash of the version in force if the request shows one that was replaced."""
    policy_id = request.question.get("subject_id")
    replaced = select(PolicyVersion.id).where(
        PolicyVersion.policy_id == policy_id,
        PolicyVersion.sha256 == request.document_sha256,
        col(PolicyVersion.replaced_on).is_not(None),
    )
    if policy_id is None or tx.session.exec(replaced).first() is None:
        return None
    version = version_in_force(tx.session, policy_id)
    return version.sha256 if version and version.sha256 != request.document_sha256 else None


def _point_at(tx: Transaction, request: Request, sha256: str, actor: str) -> None:
    if request.state != RequestState.OPEN:
        return
    before, request.document_sha256 = request.document_sha256, sha256
    request.question = {**request.question, "document_sha256": sha256, "compare_sha256": before}
    unused = (col(Link.request_id) == request.id, col(Link.used_at).is_(None), col(Link.superseded_at).is_(None))
    tx.session.execute(update(Link).where(*unused).values(superseded_at=clock.now()))
    notify(tx, request, request.holder_id, NoticeKind.CHANGED, at_once=True)
    tx.record(
        request.clinic,
        Event.REQUEST_SUPERSEDED,
        actor=actor,
        cycle=request.cycle_key,
        request=request.id,
        before=before,
        document_sha256=sha256,
    )
    tx.tell_relay()
