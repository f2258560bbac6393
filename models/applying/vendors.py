"""Vendors of a folder: replaced as a whole when anything about them differs."""

from typing import Any

from sqlmodel import Session, select

from models.applying.changes import Changes
from models.clinic_folder import ClinicFile, VendorEntry
from models.tables import Vendor


def apply_vendors(session: Session, clinic: ClinicFile, changes: Changes) -> None:
    """Write a clinic's vendors in place of those there are."""
    rows = session.exec(select(Vendor).where(Vendor.clinic == clinic.slug)).all()
    before = {row.name: _facts_of(row) for row in rows}
    after = {entry.name: _facts(entry) for entry in clinic.vendors}
    if before == after:
        return
    for row in rows:
        session.delete(row)
    for entry in clinic.vendors:
        session.add(Vendor(clinic=clinic.slug, name=entry.name, **_facts(entry)))
    _tell(before, after, changes)


def _tell(before: dict[str, Any], after: dict[str, Any], changes: Changes) -> None:
    changes.added += [f"Vendor {name}" for name in after if name not in before]
    changes.changed += [f"Vendor {name}" for name in after if name in before and before[name] != after[name]]
    changes.removed += [f"Vendor {name}" for name in before if name not in after]


def _facts(entry: VendorEntry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "handles_phi": entry.handles_phi.value,
        "baa_signed_on": entry.baa.signed_on if entry.baa else None,
        "baa_expires_on": entry.baa.expires_on if entry.baa else None,
    }


def _facts_of(row: Vendor) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("service", "handles_phi", "baa_signed_on", "baa_expires_on")}
