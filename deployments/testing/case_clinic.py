"""A practice with cases in a running stack: somebody at the desk, a privacy official, a clinician, and billing."""

from pathlib import Path

from sqlmodel import select

from deployments.deploying import deploy_clinic
from deployments.testing.clinic import PIN
from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.pins import enrol_pin
from models.store import reading, transaction
from models.tables import Person

SLUG = "birch-hill"
NAMES = {"dana": "Dana Kim", "priya": "Priya Raman", "theo": "Theo Park", "mara": "Mara Lind"}
_ROLES = {
    "dana": "office_manager, front_desk",
    "priya": "privacy_official, practice_owner",
    "theo": "clinician",
    "mara": "billing_coordinator",
}


async def case_clinic(folder: Path) -> dict[str, str]:
    """Apply and deploy the practice, give everybody the PIN of all tests; return their addresses."""
    head = f"slug: {SLUG}\nname: Birch Hill\ntime_zone: America/New_York\nstates: [NY]\nphone: (518) 555-0199\n"
    head += "sites:\n  - name: Office\n    address: 5 Birch Hill, Troy, NY 12180\npeople:\n"
    people = "".join(_entry(slug) for slug in NAMES)
    written = write_folder(folder, head + people, f"---\ntitle: Doors\nowner: dana\nversion: 1\n{_REST}")
    with transaction() as tx:
        apply_clinic(tx, folder_of(written), "test")
    with transaction() as tx:
        for person in tx.session.exec(select(Person).where(Person.clinic == SLUG)):
            enrol_pin(tx, person, PIN, "test")
    await deploy_clinic(SLUG)
    with reading() as session:
        return {person.slug: person.email for person in session.exec(select(Person).where(Person.clinic == SLUG))}


_REST = "effective_on: 2026-01-05\ncitations: [45 CFR 164.530(c)]\n---\n# Doors\n"


def _entry(slug: str) -> str:
    deputy = "priya" if slug != "priya" else "dana"
    lines = [f"  - id: {slug}", f"    name: {NAMES[slug]}", f"    email: {slug}@{SLUG}.example"]
    return "\n".join([*lines, f"    roles: [{_ROLES[slug]}]", f"    deputy: {deputy}"]) + "\n"
