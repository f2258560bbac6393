"""The one way from a clinic folder into the store."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from models.applying.changes import Changes, bring_up_to_date, in_words
from models.applying.last_time import facts_of_last_time
from models.applying.people import apply_people, person_id
from models.applying.policies import apply_policies
from models.applying.vendors import apply_vendors
from models.clinic_folder import ClinicFolder
from models.events import Event
from models.ledger import canonical
from models.store import Transaction
from models.superseding import supersede_outdated
from models.tables import Clinic


@dataclass(frozen=True)
class Applied:
    """What applying a folder did, in words: one line for each thing added, changed or removed, and remarks."""

    clinic: str
    sha256: str
    """Of the canonical JSON of everything the folder says, in hex."""
    added: list[str]
    changed: list[str]
    removed: list[str]
    remarks: list[str]

    @property
    def any(self) -> bool:
        """True when the store is not as it was."""
        return bool(self.added or self.changed or self.removed)


def apply_clinic(tx: Transaction, folder: ClinicFolder, actor: str) -> Applied:
    """Make the store say what a folder says, with one ledger entry; a second time changes nothing and writes none.

    An owner whom a review chose stays until the file has caught up with that.

    `actor` is a person's id or the part of the system that acts. Raises SameVersionError, OwnerLeftError.
    """
    changes = Changes()
    _apply_clinic_row(tx, folder, changes)
    apply_people(tx.session, folder.clinic, changes)
    apply_vendors(tx.session, folder.clinic, changes)
    apply_policies(tx.session, folder, changes)
    titles = supersede_outdated(tx, folder.clinic.slug, actor)
    changes.remarks += [f"“{title}” is asked about the new version; the old link decides nothing" for title in titles]
    digest = folder_hash(folder)
    if changes.any or facts_of_last_time(tx.session, folder.clinic.slug).get("sha256") != digest:
        tx.record(folder.clinic.slug, Event.CLINIC_APPLIED, actor=actor, **_facts(folder, digest, changes))
    return Applied(folder.clinic.slug, digest, changes.added, changes.changed, changes.removed, changes.remarks)


def _facts(folder: ClinicFolder, digest: str, changes: Changes) -> dict[str, Any]:
    """Return what the ledger says of it: what the files name, and what that changed."""
    return {
        "sha256": digest,
        "people": len(folder.clinic.people),
        "policies": {policy.slug: [policy.version, policy.sha256] for policy in folder.policies},
        "owners": {policy.slug: person_id(folder.clinic.slug, policy.owner) for policy in folder.policies},
        "changes": changes.facts,
        **changes.counts(),
    }


def folder_hash(folder: ClinicFolder) -> str:
    """Return the SHA-256 (hex) of everything a folder says; comments and order of keys do not count."""
    policies = [policy.model_dump(mode="json") for policy in folder.policies]
    said = {"clinic": folder.clinic.model_dump(mode="json"), "policies": policies, "letters": folder.letters}
    return sha256(canonical(said)).hexdigest()


def _apply_clinic_row(tx: Transaction, folder: ClinicFolder, changes: Changes) -> None:
    clinic = folder.clinic
    said = clinic.model_dump(mode="json", exclude_none=True)
    wanted = {name: said[name] for name in ("name", "time_zone", "rounds_at", "states", "sites", "duties")}
    wanted |= {"witness": said.get("witness"), "phone": said.get("phone"), "letters": folder.letters}
    row = tx.session.get(Clinic, clinic.slug, with_for_update={"key_share": True})
    if row is None:
        tx.session.add(Clinic(slug=clinic.slug, **wanted))
        tx.session.flush()
        changes.add(f"The clinic {clinic.name} ({clinic.slug})", clinic=clinic.slug, **wanted)
    elif differing := bring_up_to_date(row, wanted):
        line = f"{clinic.name}: {in_words(differing)}"
        changes.change(line, clinic=clinic.slug, fields=list(differing), **differing)
