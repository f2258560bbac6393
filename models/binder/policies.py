"""Tab 01: the policies in force and before, and how each was reviewed, approved and published."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.binder.answers import asked_rows
from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.tables import Person, Policy, PolicyVersion


def versions(session: Session, scope: Scope) -> list[tuple[Policy, PolicyVersion]]:
    """Return the versions that were in force in the period, by policy."""
    statement = select(Policy, PolicyVersion).join(PolicyVersion, col(PolicyVersion.policy_id) == Policy.id)
    found = session.exec(
        statement.where(Policy.clinic == scope.clinic).order_by(col(Policy.title), col(PolicyVersion.number))
    )
    return [(policy, version) for policy, version in found if scope.overlaps(version.effective_on, _last_day(version))]


def _last_day(version: PolicyVersion) -> date | None:
    """Return the last day a version was in force; None while it is."""
    return version.replaced_on - timedelta(days=1) if version.replaced_on else None


def sheets(session: Session, scope: Scope) -> Iterator[Sheet]:
    """Yield the sheets of the tab."""
    names = dict(session.exec(select(Person.id, Person.name).where(Person.clinic == scope.clinic)).all())
    rows = [
        (
            policy.title,
            str(version.number),
            str(version.effective_on),
            str(version.replaced_on or "in force"),
            names.get(policy.owner_id, policy.owner_id),
            names.get(version.approved_by_id or "", ""),
            ", ".join(policy.citations),
            version.sha256,
        )
        for policy, version in versions(session, scope)
    ]
    columns = ("policy", "version", "in force from", "until", "owner", "approved by", "cites", "SHA-256 of the text")
    yield Sheet(
        "01", "policies", "Policies in force in the period", columns, rows, "The texts are in the folder “documents”."
    )
    keys = [cycle.key for cycle in cycles_of(session, scope) if cycle.duty == "policy-review"]
    headings, asked = asked_rows(session, scope, keys, personal=False)
    note = "“No change needed” is a decision too, and is kept as one."
    yield Sheet("01", "policy-reviews", "Reviews, approvals and exceptions", headings, asked, note)


def gaps(session: Session, scope: Scope) -> Iterator[Gap]:
    """Yield policies whose version says neither who wrote nor who approved it."""
    for policy, version in versions(session, scope):
        if version.approved_by_id is None:
            words = "was taken over as it was; who approved it is not recorded"
            yield Gap("01", f"{policy.title}, version {version.number}, {words}.")
