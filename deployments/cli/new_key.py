"""Put a new key for seals in the place of the old one."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR
from deployments.cli.showing import say
from models import clock
from models.ledger import stamp
from models.seal_key import CHAIN_NAME, FILE_NAME, change_seal_key, load_seal_key
from models.sealing import need_seal_key
from models.store import reading, transaction
from models.tables import Clinic
from models.words import count_in_words

QUESTION_LOST = "No seal before today can be checked after that; look for the old key first. Go on without it?"
QUESTION = "The old key is gone after that; seals made with it stay good. Make a new key?"


def new_key(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="The old key is gone for good: go on with the new.")] = False,
) -> None:
    """Make a new key for seals. The old one signs it, every clinic's record tells of it, and is sealed with it.

    Examples:
        wellkept audit new-key
        wellkept audit new-key --lost
    """
    settings = use_store()
    with reading() as session:
        clinics = list(session.exec(select(Clinic.slug).order_by(Clinic.slug)))
        if not lost:
            need_seal_key(session, clinics, settings.data_dir)
    if not yes:
        typer.confirm(QUESTION_LOST if lost else QUESTION, abort=True, err=True)
    new = _public(settings.data_dir) if lost else change_seal_key(settings.data_dir, stamp(clock.now())).new
    for clinic in clinics:
        with transaction() as tx:
            tx.seal(clinic, actor=ACTOR, lost=lost)
    say(
        f"Seals are made with the key {new} now; {count_in_words(len(clinics), 'record')} sealed with it.",
        f"Copy {FILE_NAME} and {CHAIN_NAME} from {settings.data_dir} to where you keep them, apart from the database.",
    )


def _public(data_dir: Path) -> str:
    return load_seal_key(data_dir).public_key().public_bytes_raw().hex()
