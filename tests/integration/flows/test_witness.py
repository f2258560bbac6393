"""The witness: a seal a day goes out by mail and as a file, and holds what the record was."""

from email.message import EmailMessage
from pathlib import Path

import anyio
import pytest
from prefect import get_client
from sqlmodel import select

from deployments.testing.clinic import SmallClinic, carry, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import work_once
from flows.rounds import Made, make_rounds
from models import clock
from models.audit_record import check_record
from models.checkpoints import Checkpoint, note_in, read_note
from models.clinic_folder.testing import CLINIC
from models.seal_key import known_keys
from models.sealing import root_at
from models.settings import load_settings
from models.store import reading, snapshot, transaction
from models.tables import DemoClock, Letter
from notifications.outbox import deliver_due
from notifications.undelivered import mark_not_delivered
from notifications.witness import newest_letter

pytestmark = pytest.mark.stack
KEEPER = "keeper@outside.example"


async def begun(slug: str, folder: Path, witness: str = f"witness: {KEEPER}\n") -> SmallClinic:
    """Begin a small clinic's cycle and let it go to sleep: rounds waits for cycles that it wakes."""
    clinic = await small_clinic(slug, folder, witness + CLINIC)
    async with get_client() as client:
        await carry()
        while await work_once(client):
            await carry()
    return clinic


async def made(clinic: SmallClinic) -> Made:
    """Make rounds and let the letters go out."""
    found = await make_rounds(clinic.slug)
    await deliver_due()
    return found


def a_day_later() -> None:
    with transaction() as tx:
        standing = tx.session.get(DemoClock, 1)
        offset = standing.offset_seconds if standing else 0
        tx.session.merge(DemoClock(id=1, offset_seconds=offset + 24 * 3600))


def mails_to_the_keeper(stack: Stack, clinic: SmallClinic) -> list[EmailMessage]:
    found = [mail.message for mail in stack.mails.mails() if KEEPER in mail.message["To"]]
    return [each for each in found if clinic.slug in str(each.get_body())]


def test_rounds_sends_the_witness_a_seal_a_day_that_tells_a_rewriting(stack: Stack, tmp_path: Path):
    async def live() -> None:
        clinic = await begun("witnessed", tmp_path)
        found = await made(clinic)
        assert found.troubles == []
        await made(clinic)
        (mail,) = mails_to_the_keeper(stack, clinic)
        (attached,) = mail.iter_attachments()
        assert attached.get_filename() == f"witnessed-{clock.now():%Y-%m-%d}.seal"
        note = attached.get_content()
        checkpoint = read_note(note, known_keys(load_settings().data_dir))
        assert checkpoint == Checkpoint.of(found.seal.note if found.seal else "")
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert note_in(plain.get_content()) == note.replace("\r\n", "\n")
        assert "text/html" not in [part.get_content_type() for part in mail.walk()]
        with snapshot() as session:
            assert root_at(session, clinic.slug, checkpoint.size) == checkpoint.root
            assert check_record(session, clinic.slug, known_keys(load_settings().data_dir)).findings == []
        a_day_later()
        await made(clinic)
        assert len(mails_to_the_keeper(stack, clinic)) == 2

    anyio.run(live)


def test_a_clinic_without_a_witness_writes_to_nobody(stack: Stack, tmp_path: Path):
    async def live() -> None:
        clinic = await begun("alone", tmp_path, "")
        assert (await made(clinic)).troubles == []
        with reading() as session:
            assert newest_letter(session, clinic.slug) is None

    anyio.run(live)


def test_rounds_tells_when_a_seal_did_not_reach_the_witness(stack: Stack, tmp_path: Path):
    async def live() -> None:
        clinic = await begun("unreached", tmp_path)
        await made(clinic)
        with reading() as session:
            letter = newest_letter(session, clinic.slug)
        assert letter is not None
        assert mark_not_delivered(letter.id, "550 nobody of that name")
        a_day_later()
        (trouble,) = (await made(clinic)).troubles
        assert trouble.endswith(f"did not reach the witness {KEEPER}: correct `witness` in clinic.yaml, or ask there.")
        with reading() as session:
            letters = session.exec(select(Letter).where(Letter.clinic == clinic.slug, Letter.kind == "witness")).all()
        assert len(letters) == 2, "it is tried anew each day"

    anyio.run(live)


def test_a_seal_a_day_is_kept_in_a_folder_outside_and_none_is_written_over(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outside = tmp_path / "outside"
    monkeypatch.setenv("WELLKEPT_WITNESS_DIR", str(outside))
    load_settings.cache_clear()

    async def live() -> None:
        clinic = await begun("filed", tmp_path / "clinic", "")
        (trouble,) = (await made(clinic)).troubles
        assert trouble.startswith(f"The seal was not written to {outside}: No such file or directory.")
        outside.mkdir()
        first = await made(clinic)
        (file,) = outside.iterdir()
        assert file.name == f"filed-{clock.today('America/New_York')}.seal"
        await made(clinic)
        assert first.seal is not None
        assert file.read_text() == first.seal.note
        a_day_later()
        await made(clinic)
        assert len(list(outside.iterdir())) == 2

    anyio.run(live)
    monkeypatch.undo()
    load_settings.cache_clear()
