"""A solo practice: nobody else can approve, so the same person takes a second look a day later, with a reason."""

from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from prefect import get_client

from deployments.testing.clinic import carry, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import work_once
from models.answering_errors import IncompleteError, NotYetError
from models.clinic_folder.testing import CLINIC
from models.store import transaction
from models.tables import DemoClock

SOLO = CLINIC[: CLINIC.index("    deputy: ben-cole")] + CLINIC[CLINIC.index("vendors:") :]


def a_day_later() -> None:
    with transaction() as tx:
        tx.session.merge(DemoClock(id=1, offset_seconds=int(timedelta(hours=24, minutes=1).total_seconds())))


def test_who_is_alone_takes_a_second_look_after_a_day_with_a_reason(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:

            async def look() -> None:
                await carry()
                while await work_once(client):
                    await carry()

            clinic = await small_clinic("solo", tmp_path, SOLO)
            await look()
            clinic.answer(clinic.requests()[0], "changed", text="# Telehealth\n\nLock the door.\n")
            await look()
            (second_look,) = clinic.requests()
            assert (second_look.key, second_look.holder_id) == ("approve:telehealth:0", "solo/ana-ruiz")
            with pytest.raises(NotYetError):
                clinic.answer(second_look, "approve", "Read it again.")
            a_day_later()
            with pytest.raises(IncompleteError, match="needs a reason"):
                clinic.answer(second_look, "approve", "")
            clinic.answer(second_look, "approve", "Read it again the next morning.")
            await look()
            clinic.answer(clinic.requests()[0], "attest")
            await look()
            assert clinic.cycle().outcome["summary"] == "1 policy: 1 changed; 1 attestation"

    anyio.run(live)
