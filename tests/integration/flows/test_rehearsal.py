"""The dress rehearsal: it leaves nothing behind, and a look after it needs hardly any SQL made for it."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from deployments.testing.practice import Colleague, Practice
from flows.engine import Reply, answer_to, ask, rehearsal
from models.questions import Choice, Question
from models.store import engine, engine_for, reading
from models.tables import Clinic

ANA = Colleague("ana-ruiz", "privacy_official, practice_owner")
DONE = Choice(value="done", label="Done", meaning="It is done.", past="Done")
QUESTION = Question(verb="review Telehealth", sentence="?", why="", asked_by="", choices=(DONE,))
pytestmark = pytest.mark.usefixtures("offline")
A_FEW = 3


async def path() -> Reply:
    return await answer_to(await ask("review:telehealth:0", "oak-lane/ana-ruiz", QUESTION, "review"))


def everything() -> dict[str, str]:
    """Return what the store's tables hold."""
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    with engine().connect() as connection:
        names = list(connection.execute(tables).scalars())
        return {name: str(connection.execute(text(f'TABLE "{name}"')).all()) for name in names}


def made_for_a_look(practice: Practice, caplog: pytest.LogCaptureFixture) -> int:
    """Let the cycle ask, and return for how many statements SQL had to be made."""
    caplog.clear()
    with caplog.at_level(logging.INFO, "sqlalchemy.engine.Engine"):
        assert practice.look(path) is None
    return sum("[generated in" in record.getMessage() for record in caplog.records)


def test_a_rehearsal_leaves_nothing_behind(tmp_path: Path):
    Practice.of(tmp_path, ANA)
    before = everything()
    rehearsal.rehearse()
    rehearsal.rehearse()
    assert everything() == before


def test_what_was_rehearsed_is_not_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    practice = Practice.of(tmp_path, ANA)
    engine().dispose()
    engine_for.cache_clear()
    rehearsal.rehearse()
    assert made_for_a_look(practice, caplog) <= A_FEW
    engine().dispose()
    engine_for.cache_clear()
    assert made_for_a_look(Practice("oak-lane", practice.folder), caplog) > A_FEW


def test_a_rehearsal_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Practice.of(tmp_path, ANA)
    before = everything()
    monkeypatch.setattr(rehearsal, "CLINIC", "oak-lane")  # the slug is taken
    with pytest.raises(Exception, match="duplicate key"):
        rehearsal.rehearse()
    assert everything() == before
    with reading() as session:
        assert session.get(Clinic, "oak-lane") is not None
