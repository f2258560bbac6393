"""The recipe "add a cycle" in CONTRIBUTING.md, followed to the letter: the newcomer waits, is answered, and ends."""

import re
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from prefect import get_client
from sqlmodel import select

import flows
from deployments.testing.clinic import PIN, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import state_at_rest
from models import clock, cycles, duties
from models.answering import Recorded, record_answer
from models.duties import duty_named
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Link, Person, Request

RECIPES = Path(__file__).parents[3] / "CONTRIBUTING.md"


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Put the recipe's two files where the packages `flows` and `models.duties` find them, and return the duty."""
    for package, name in ((duties, "models/duties"), (flows, "flows")):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "restore_drill.py").write_text(recipe(f"{name}/restore_drill.py"))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    duties.catalogue.cache_clear()
    yield "restore-drill"
    duties.catalogue.cache_clear()


def recipe(path: str) -> str:
    """Return the code block that CONTRIBUTING.md shows under a path."""
    found = re.search(rf"`{re.escape(path)}`:\n\n```python\n(.*?)```", RECIPES.read_text(), re.DOTALL)
    assert found is not None, f"CONTRIBUTING.md shows no {path}"
    return found.group(1)


def answer(key: str, choice: str) -> None:
    """Answer the one request of a cycle as whoever has it."""
    with reading() as session:
        request = session.exec(select(Request).where(Request.cycle_key == key)).one()
        link = session.exec(select(Link).where(Link.request_id == request.id)).one()
        name = session.get_one(Person, request.holder_id).name
    given = Submission(choice, name, "All of March, in an hour.", "", None, PIN, request.document_sha256)
    assert isinstance(record_answer(link.id, given), Recorded)


@pytest.mark.parametrize(
    ("choice", "ends_as", "message"),
    [
        ("worked", "Done", "The backup of 2026 was restored."),
        ("failed", "DoneWithExceptions", "The backup of 2026 was not restored. 1 exception."),
    ],
)
def test_the_recipe_for_a_cycle_makes_one_that_waits_and_ends(
    stack: Stack, newcomer: str, tmp_path: Path, choice: str, ends_as: str, message: str
):
    async def live() -> None:
        clinic = await small_clinic(f"newcomer-{choice}", tmp_path / "clinic")
        with transaction() as tx:
            today = clock.today("America/New_York")
            key = cycles.begin(tx, duty_named(newcomer), clinic.slug, "2026", today, "test").key
        async with get_client() as client:
            waiting = await state_at_rest(client, key)
            assert waiting.name == "AwaitingApproval"
            assert "Waits for Ana Ruiz: restore one backup" in (waiting.message or "")
            answer(key, choice)
            ended = await state_at_rest(client, key)
        said, _, by = (ended.message or "").partition(" Last answered: ")
        assert (ended.name, said) == (ends_as, message)
        assert by.startswith("Ana Ruiz (entry ")

    anyio.run(live)
