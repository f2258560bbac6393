"""Which documents a clinic keeps, for what, and until when: worked out anew each time from what refers to them.

Nothing is stored that could go stale: a policy that is replaced, or a cycle that closes, moves the day by itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.clocks.retention import Kept, Kind, RetentionRule, retain_until
from models.people import clinic_named
from models.tables import Answer, Clinic, Cycle, Policy, PolicyVersion, Request, Tombstone
from models.words import list_in_words


@dataclass(frozen=True)
class Reference:
    """Something that a document is evidence of."""

    sha256: str
    what: str
    kind: Kind
    policy_id: str | None
    created: date
    """Civil dates of the clinic."""
    last_in_effect: date | None
    """The last day; none while it is in effect, or its cycle is open."""

    @property
    def latest(self) -> date:
        """Return the day its time is counted from; the last there is while it is in effect."""
        return date.max if self.last_in_effect is None else max(self.created, self.last_in_effect)


@dataclass(frozen=True)
class KeptDocument:
    """A document of a clinic, and until when it is kept."""

    sha256: str
    what: str
    since: date
    until: date | None
    """The last civil day it must be there; none while something it is needed for is in effect."""
    rule: RetentionRule | None
    policies: frozenset[str]

    def is_over(self, today: date) -> bool:
        """Tell whether the law has let go of it by a civil day."""
        return self.until is not None and self.until < today


def documents_kept(session: Session, clinic_slug: str) -> list[KeptDocument]:
    """Return every document a clinic keeps, what is let go of first first; those it had purged are not among them."""
    clinic = clinic_named(session, clinic_slug)
    purged = _purged_on(session, clinic)
    found: dict[str, list[Reference]] = defaultdict(list)
    for reference in references(session, clinic):
        if reference.latest >= purged.get(reference.sha256, date.min):
            found[reference.sha256].append(reference)
    return sorted((_kept(each, clinic.states) for each in found.values()), key=_soonest)


def references(session: Session, clinic: Clinic) -> Iterator[Reference]:
    """Yield what the documents of a clinic are evidence of."""
    yield from _versions(session, clinic)
    yield from _requests(session, clinic)


def _versions(session: Session, clinic: Clinic) -> Iterator[Reference]:
    statement = select(Policy, PolicyVersion).join(PolicyVersion, col(PolicyVersion.policy_id) == Policy.id)
    for policy, version in session.exec(statement.where(Policy.clinic == clinic.slug)):
        what = f"{policy.title}, version {version.number}"
        last = version.replaced_on - timedelta(days=1) if version.replaced_on else None
        yield Reference(version.sha256, what, Kind.POLICY, policy.id, version.effective_on, last)


def _requests(session: Session, clinic: Clinic) -> Iterator[Reference]:
    """Yield what was shown and handed in; the evidence is complete, and its time begins, when the cycle has closed."""
    asked = select(Request, Cycle.closed_at, Answer)
    asked = asked.join(Cycle, col(Cycle.key) == Request.cycle_key)
    statement = asked.outerjoin(Answer, col(Answer.request_id) == Request.id).where(Request.clinic == clinic.slug)
    zone = ZoneInfo(clinic.time_zone)
    for request, closed_at, answer in session.exec(statement):
        kind = Kind.TRAINING if request.question.get("personal") else Kind.DECISION
        last = closed_at.astimezone(zone).date() if closed_at else None
        subject = request.question.get("subject_id")
        texts = {"shown": request.document_sha256, "compared with": request.question.get("compare_sha256")}
        if answer:
            texts |= {"handed in": answer.handed_in_sha256}
            texts |= {"shown when answered": answer.shown_sha256} if answer.shown_sha256 != texts["shown"] else {}
        for how, sha256 in texts.items():
            if sha256:
                what = f"{request.title} ({how}, {request.asked_on.year})"
                yield Reference(sha256, what, kind, subject, request.asked_on, last)


def _purged_on(session: Session, clinic: Clinic) -> dict[str, date]:
    """Return the civil day on which each document was purged last."""
    found: dict[str, date] = {}
    rows = session.exec(select(Tombstone.sha256, Tombstone.purged_at).where(Tombstone.clinic == clinic.slug))
    for sha256, at in rows:
        found[sha256] = max(found.get(sha256, date.min), _day(at, clinic))
    return found


def _day(moment: datetime, clinic: Clinic) -> date:
    return moment.astimezone(ZoneInfo(clinic.time_zone)).date()


def _kept(references_: list[Reference], states: list[str]) -> KeptDocument:
    """Return until when a document is kept: as long as anything that refers to it needs it."""
    last: Kept | None = None
    in_effect = any(each.latest == date.max for each in references_)
    if not in_effect:
        kept = [retain_until(each.created, each.last_in_effect, each.kind, states) for each in references_]
        last = max(kept, key=lambda each: each.until)
    first = sorted(references_, key=lambda each: (each.kind != Kind.POLICY, each.created, each.what))
    return KeptDocument(
        sha256=first[0].sha256,
        what=list_in_words(list(dict.fromkeys(each.what for each in first)), 1),
        since=min(each.created for each in references_),
        until=last.until if last else None,
        rule=last.rule if last else None,
        policies=frozenset(each.policy_id for each in references_ if each.policy_id),
    )


def _soonest(kept: KeptDocument) -> tuple[date, str]:
    return (kept.until or date.max, kept.what)
