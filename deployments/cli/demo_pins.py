"""The PINs of a demo: made up once, kept in the data folder, so that whoever tries it can answer for anybody."""

import json
import os
import secrets
from pathlib import Path

from sqlmodel import col, select

from models.pins import check, enrol_pin, weakness_of
from models.store import transaction
from models.tables import Person

FILE_NAME = "demo-pins.json"
DIGITS = 6


def random_pin() -> str:
    """Return six random digits that are not easy to guess."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        if weakness_of(pin) is None:
            return pin


def enrol_demo_pins(data_dir: Path, clinic: str) -> dict[str, str]:
    """Give everybody of a demo clinic who has none a PIN, and return all by person id; the same at every start."""
    pins = _read(data_dir)
    with transaction() as tx:
        people = tx.session.exec(select(Person).where(Person.clinic == clinic, col(Person.active))).all()
        for person in people:
            if person.pin_hash is None:
                pins.setdefault(person.id, random_pin())
                enrol_pin(tx, person, pins[person.id], "demo")
        _write(data_dir, pins)
    return {person.id: pins[person.id] for person in people if person.id in pins and check(person, pins[person.id])}


def _read(data_dir: Path) -> dict[str, str]:
    path = data_dir / FILE_NAME
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write(data_dir: Path, pins: dict[str, str]) -> None:
    """Write the file before the hashes are committed: a PIN that is enrolled must be known."""
    draft = data_dir / f"{FILE_NAME}.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(pins, file, indent=1)
    draft.replace(data_dir / FILE_NAME)
