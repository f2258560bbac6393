"""Vendors of a folder: replaced as a whole when anything about them differs."""

from datetime import date
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
    for name, facts in after.items():
        if name not in before:
            changes.add(f"Vendor {name}", vendor=name, **_as_json(facts))
        elif news := {key: value for key, value in facts.items() if before[name][key] != value}:
            changes.change(f"Vendor {name}", vendor=name, fields=list(news), **_as_json(news))
    for name in before.keys() - after.keys():
        changes.remove(f"Vendor {name}", vendor=name)


def _as_json(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}


def _facts(entry: VendorEntry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "handles_phi": entry.handles_phi.value,
        "baa_signed_on": entry.baa.signed_on if entry.baa else None,
        "baa_expires_on": entry.baa.expires_on if entry.baa else None,
    }


def _facts_of(row: Vendor) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("service", "handles_phi", "baa_signed_on", "baa_expires_on")}
