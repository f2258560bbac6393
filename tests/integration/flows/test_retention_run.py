"""The retention review on a real Prefect: how it waits, how it ends, and that its history holds."""

from pathlib import Path

import anyio
from prefect import get_client
from sqlmodel import select

from deployments.testing.clinic import PIN, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import state_at_rest
from models import clock, cycles
from models.answering import Recorded, record_answer
from models.applying import apply_clinic
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, write_folder
from models.documents import hash_of
from models.duties.retention_review import DELETE, RETENTION_REVIEW
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Document, Link, Request

SLUG = "archive"


def replace_policy(folder: Path) -> None:
    """Put the policy's text of eight years ago out of force seven years ago."""
    yaml = CLINIC.replace("elm-street", SLUG)
    for version, day, text in ((2, "2017-01-01", "Old."), (3, "2019-01-01", "New.")):
        policy = POLICY.replace("version: 2", f"version: {version}").replace("2026-01-05", day)
        with transaction() as tx:
            apply_clinic(tx, folder_of(write_folder(folder, yaml, policy.replace("Close the door.", text))), "test")


def test_it_waits_for_the_privacy_official_and_tells_what_was_deleted(stack: Stack, tmp_path: Path):
    async def live() -> None:
        replace_policy(tmp_path)
        await small_clinic(SLUG, tmp_path / "clinic")
        with transaction() as tx:
            today = clock.today("America/New_York")
            key = cycles.begin(tx, RETENTION_REVIEW, SLUG, "2026", today, "test").key
        async with get_client() as client:
            waiting = await state_at_rest(client, key)
            assert waiting.name == "AwaitingApproval"
            assert "Waits for Ana Ruiz: decide on the deletion of 1 document" in (waiting.message or "")
            with reading() as session:
                request = session.exec(select(Request).where(Request.cycle_key == key)).one()
                link = session.exec(select(Link).where(Link.request_id == request.id)).one()
            given = Submission(DELETE.value, "Ana Ruiz", "No dispute needs it.", "", None, PIN, request.document_sha256)
            assert isinstance(record_answer(link.id, given), Recorded)
            ended = await state_at_rest(client, key)
        assert ended.name == "Done"
        assert (ended.message or "").startswith("1 document deleted. Last answered: Ana Ruiz (entry ")
        with reading() as session:
            assert session.get_one(Document, hash_of("# Telehealth\n\nOld.\n")).text == ""

    anyio.run(live)
