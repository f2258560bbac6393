"""Policies in force and their versions."""

from datetime import date

from sqlmodel import Session, col, select

from models.tables import Policy, PolicyVersion


def policies_of(session: Session, clinic: str) -> list[Policy]:
    """Return a clinic's policies by title."""
    return list(session.exec(select(Policy).where(Policy.clinic == clinic).order_by(Policy.title)))


def version_in_force(session: Session, policy_id: str) -> PolicyVersion | None:
    """Return the version of a policy that is in force: the newest one that was not replaced."""
    statement = select(PolicyVersion).where(
        PolicyVersion.policy_id == policy_id, col(PolicyVersion.replaced_on).is_(None)
    )
    return session.exec(statement.order_by(col(PolicyVersion.number).desc())).first()


def publish_version(
    session: Session, policy_id: str, sha256: str, *, author_id: str, approved_by_id: str, effective_on: date
) -> PolicyVersion:
    """Put a new version in force from a civil date on and end the one before (45 CFR 164.530(i)(2))."""
    before = version_in_force(session, policy_id)
    if before is not None:
        before.replaced_on = effective_on
    version = PolicyVersion(
        policy_id=policy_id,
        number=before.number + 1 if before else 1,
        sha256=sha256,
        effective_on=effective_on,
        author_id=author_id,
        approved_by_id=approved_by_id,
    )
    session.add(version)
    session.flush()
    return version
