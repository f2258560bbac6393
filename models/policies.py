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


def version_with(session: Session, policy_id: str, sha256: str | None) -> PolicyVersion | None:
    """Return the newest version of a policy that has a text, or None when no version has it, such as a draft."""
    statement = select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.sha256 == sha256)
    return session.exec(statement.order_by(col(PolicyVersion.number).desc())).first()


def locked_policy(session: Session, policy_id: str) -> Policy | None:
    """Return a policy with its row locked: whoever puts a version in force holds it, one after the other."""
    return session.get(Policy, policy_id, with_for_update={"key_share": True})


def publish_version(
    session: Session, policy_id: str, sha256: str, base: int, *, author_id: str, approved_by_id: str, effective_on: date
) -> PolicyVersion | None:
    """Put a new version in force from a civil date on and end the one before (45 CFR 164.530(i)(2)).

    `base` is the number of the version it was made from. None, and nothing done, when another is in force by now.
    """
    locked_policy(session, policy_id)
    before = version_in_force(session, policy_id)
    if before is None or before.number != base:
        return None
    before.replaced_on = effective_on
    version = PolicyVersion(
        policy_id=policy_id,
        number=base + 1,
        sha256=sha256,
        effective_on=effective_on,
        author_id=author_id,
        approved_by_id=approved_by_id,
    )
    session.add(version)
    session.flush()
    return version
