"""What holds every test to "no change without a ledger entry" finds a path that leaves none."""

from pathlib import Path
from typing import Any

import pytest

from models import store as models_store
from models.events import Event
from models.store import transaction
from models.tables import Clinic

pytestmark = pytest.mark.usefixtures("store")
FORGETFUL = Path(models_store.__file__).with_name("forgetful.py")
SOURCE = """
def changes(name, **recorded):
    with transaction() as tx:
        clinic = tx.session.get(Clinic, "elm-street") or Clinic(slug="elm-street", name="", time_zone="UTC")
        clinic.name = name
        tx.session.add(clinic)
        if recorded:
            tx.record("elm-street", Event.CLINIC_APPLIED, actor="test", **recorded)

def changes_by_a_statement(name):
    with transaction() as tx:
        tx.session.execute(update(Clinic).values(name=name))
"""


def ours() -> dict[str, Any]:
    """Return functions that look like the store's own code."""
    from sqlalchemy import update  # noqa: PLC0415 - for the source above

    made: dict[str, Any] = {"transaction": transaction, "Clinic": Clinic, "Event": Event, "update": update}
    exec(compile(SOURCE, str(FORGETFUL), "exec"), made)  # noqa: S102 - our own words
    return made


def test_a_change_without_an_entry_is_found(unrecorded: list[str]):
    functions = ours()
    functions["changes"]("Elm Street", why="a test")
    assert unrecorded == []
    functions["changes"]("Oak Street")
    functions["changes_by_a_statement"]("Ash Street")
    assert unrecorded == [
        "models/forgetful.py:changes changes clinic.name and records nothing",
        "models/forgetful.py:changes_by_a_statement changes clinic.name and records nothing",
    ]
    unrecorded.clear()
