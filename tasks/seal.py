"""Sealing a clinic's record, handing the seal out, and showing it in Prefect."""

from zoneinfo import ZoneInfo

from prefect import get_client
from prefect.client.schemas.actions import ArtifactCreate

from models.checkpoints import Checkpoint
from models.people import clinic_named
from models.seal_files import NoSealFolderError, keep_seal
from models.seal_key import load_seal_key
from models.settings import load_settings
from models.store import transaction
from models.tables import Seal
from models.words import count_in_words
from notifications.witness import trouble_with_witness, write_to_witness
from tasks.engine_task import run_ids


def seal_record(clinic: str) -> Seal | None:
    """Seal what the clinic's log holds now; None when it is empty. Raises SealKeyError."""
    key = load_seal_key(load_settings().data_dir)
    with transaction() as tx:
        tx.seal(clinic, actor="rounds", run=run_ids(), key=key)
    return tx.sealed.get(clinic)


def hand_out(clinic: str, made: Seal) -> list[str]:
    """Give a seal to whoever keeps it outside, by mail and as a file; return what went wrong, in sentences."""
    settings = load_settings()
    with transaction() as tx:
        trouble = trouble_with_witness(tx.session, clinic)
        write_to_witness(tx, made, run_ids(), settings)
        zone = clinic_named(tx.session, clinic).time_zone
    troubles = [trouble] if trouble else []
    try:
        if settings.witness_dir:
            keep_seal(settings.witness_dir, made, made.sealed_at.astimezone(ZoneInfo(zone)).date())
    except NoSealFolderError as error:
        troubles.append(str(error))
    return troubles


async def show_seal(clinic: str, made: Seal) -> None:
    """Write the artifact `CLINIC-seal`: how much is sealed, since when, and the seal itself."""
    artifact = ArtifactCreate(
        key=f"{clinic}-seal",
        type="markdown",
        description=f"The seal over {count_in_words(made.size, 'entry', 'entries')}",
        data=_in_words(made),
        flow_run_id=run_ids().get("flow_run"),
    )
    async with get_client() as client:
        await client.create_artifact(artifact)


def _in_words(made: Seal) -> str:
    counted, at = count_in_words(made.size, "entry", "entries"), Checkpoint.of(made.note).at
    return (
        f"## Seal\n\n{counted} of the record of {made.log} were sealed at {at} (UTC). "
        "Nothing in them can be changed any more without that showing.\n\n"
        f"```\n{made.note}```\n\nKeep it outside this system. `wellkept audit compare FILE` tells later whether the "
        "record still holds it.\n"
    )
