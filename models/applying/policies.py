"""Policies of a folder: a higher version comes into force, a lower one is left to the review that overtook it."""

from typing import Any

from sqlmodel import Session

from models.applying.changes import Changes, bring_up_to_date, in_words
from models.applying.last_time import facts_of_last_time
from models.applying.people import person_id
from models.clinic_folder import ClinicFolder, PolicyFile
from models.documents import keep
from models.errors import WellkeptError
from models.policies import locked_policy, policies_of, version_in_force
from models.tables import Person, Policy, PolicyVersion


class SameVersionError(WellkeptError):
    """A policy's text differs from the version in force, and its number does not."""

    remedy = "Raise `version` in the file, or let the policy review publish the change."


class OwnerLeftError(WellkeptError):
    """Somebody who is gone from the folder still owns a policy that is not in it."""

    remedy = "Put the policy's file back with another owner, and apply again."


def apply_policies(session: Session, folder: ClinicFolder, changes: Changes) -> None:
    """Write a clinic's policies and versions.

    Raises SameVersionError naming every file whose text changed under the number in force, OwnerLeftError.
    """
    refused = [name for policy in folder.policies if (name := _apply_policy(session, folder, policy, changes))]
    if refused:
        raise SameVersionError(f"{', '.join(refused)}: the text is not that of the version in force.")
    session.flush()
    _look_at_the_rest(session, folder, changes)


def _apply_policy(session: Session, folder: ClinicFolder, file: PolicyFile, changes: Changes) -> str | None:
    """Write one policy; return its file's name when its text changed under the number in force."""
    id_ = f"{folder.clinic.slug}/{file.slug}"
    row = locked_policy(session, id_)
    owner = _owner(session, folder.clinic.slug, file, row, changes)
    wanted: dict[str, Any] = {"title": file.title, "owner_id": owner, "citations": list(file.citations)}
    if row is None:
        session.add(Policy(id=id_, clinic=folder.clinic.slug, slug=file.slug, **wanted))
        session.flush()
    elif differing := bring_up_to_date(row, wanted):
        changes.change(f"{file.title}: {in_words(differing)}", policy=id_, fields=list(differing), **differing)
    before = version_in_force(session, id_)
    if before is None or file.version > before.number:
        _put_in_force(session, id_, file, before, changes)
        return None
    return _compare(file, before, changes)


def _owner(session: Session, clinic: str, file: PolicyFile, row: Policy | None, changes: Changes) -> str:
    """Return whose a policy is: whom the file names, unless that is old news and a review has given it away since."""
    named = person_id(clinic, file.owner)
    if row is None or row.owner_id == named:
        return named
    owner, before = session.get_one(Person, row.owner_id), facts_of_last_time(session, clinic).get("owners", {})
    if not owner.active or before.get(file.slug) != named:
        return named
    changes.remarks.append(
        f"policies/{file.slug}.md names {session.get_one(Person, named).name} as the owner; a review gave "
        f"“{file.title}” to {owner.name}, and that stays. Write `owner: {owner.slug}` there; whom the file names "
        "afterwards is the owner again."
    )
    return owner.id


def _put_in_force(
    session: Session, policy_id: str, file: PolicyFile, before: PolicyVersion | None, changes: Changes
) -> None:
    if before is not None:
        before.replaced_on = file.effective_on
    version = PolicyVersion(
        policy_id=policy_id, number=file.version, sha256=keep(session, file.text), effective_on=file.effective_on
    )
    session.add(version)
    line = f"{file.title}, version {file.version}, in force from {file.effective_on}"
    changes.add(line, policy=policy_id, version=file.version, effective_on=str(file.effective_on))


def _compare(file: PolicyFile, before: PolicyVersion, changes: Changes) -> str | None:
    name = f"policies/{file.slug}.md"
    if file.version < before.number:
        changes.remarks.append(
            f"{name} holds version {file.version}; version {before.number} is in force since a review published it, "
            "and stays."
        )
        return None
    if file.sha256 != before.sha256:
        return name
    if before.effective_on != file.effective_on:
        before.effective_on = file.effective_on
        line = f"{file.title}, version {file.version}: effective on {file.effective_on}"
        changes.change(line, policy=before.policy_id, version=file.version, effective_on=str(file.effective_on))
    return None


def _look_at_the_rest(session: Session, folder: ClinicFolder, changes: Changes) -> None:
    """Say which policies are in force without a file; one whose owner is gone could not be reviewed by anybody."""
    files = {policy.slug for policy in folder.policies}
    for policy in policies_of(session, folder.clinic.slug):
        if policy.slug in files:
            continue
        owner = session.get_one(Person, policy.owner_id)
        if not owner.active:
            raise OwnerLeftError(f"{owner.name} is gone from clinic.yaml and still owns “{policy.title}”.")
        changes.remarks.append(f"“{policy.title}” has no file in the folder; it stays in force and is reviewed.")
