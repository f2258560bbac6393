"""What the code no longer knows after an upgrade is told at every start, and refuses nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deployments.cli.welcome import findings
from models import clock
from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.cycles import begin
from models.duties.policy_review import POLICY_REVIEW
from models.store import transaction
from models.tables import Cycle, Request

pytestmark = pytest.mark.usefixtures("store")
CLINIC, DAY = "elm-street", date(2026, 1, 15)
QUESTION = {"verb": "review", "sentence": "Well?", "why": "Because.", "asked_by": "Ana Ruiz", "choices": []}


@pytest.fixture(autouse=True)
def key(store: str, tmp_path: Path) -> str:
    """Return an open cycle of a duty the code has."""
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(tmp_path)), "test")
    with transaction() as tx:
        return begin(tx, POLICY_REVIEW, CLINIC, "2026", DAY, "test").key


def ask(key: str, step: str, question: dict[str, Any]) -> None:
    about = {"id": step, "cycle_key": key, "key": step, "clinic": CLINIC, "title": "review", "question": question}
    who = {"asked_id": f"{CLINIC}/ana-ruiz", "holder_id": f"{CLINIC}/ana-ruiz"}
    with transaction() as tx:
        tx.session.add(Request(asked_at=clock.now(), asked_on=DAY, due_on=DAY, ladder="L-CAL", **about, **who))


def test_there_is_nothing_to_tell_of_what_is_known(key: str) -> None:
    ask(key, "review:telehealth:0", QUESTION)
    assert list(findings()) == []


def test_a_cycle_of_no_duty_is_found() -> None:
    with transaction() as tx:
        about = {"key": f"{CLINIC}/old-duty/2025", "clinic": CLINIC, "duty": "old-duty", "period": "2025"}
        tx.session.add(Cycle(due_on=DAY, code_version="0", began_at=clock.now(), **about))
    (found,) = findings()
    assert found.startswith(
        "Found: elm-street/old-duty/2025: this code has no such duty. Run the version that knows it"
    )


@pytest.mark.parametrize(
    ("step", "question", "words"),
    [
        ("bless:telehealth:0", QUESTION, "this code has no step for “bless:telehealth:0”"),
        ("review:telehealth:0", {"verb": "what only the store may hold"}, "this code cannot read “review:telehealth:0”"),
    ],
)  # fmt: skip
def test_a_request_the_code_does_not_know_is_found(key: str, step: str, question: dict[str, Any], words: str) -> None:
    ask(key, step, question)
    (found,) = findings()
    assert found.startswith(f"Found: {key}: {words}. Run the version that knows it")
    assert "only the store" not in found
