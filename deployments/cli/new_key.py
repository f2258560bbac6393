"""Put a new key for seals in the place of the old one."""

from typing import Annotated

import typer
from sqlmodel import select

from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR
from deployments.cli.showing import say
from models import clock
from models.ledger import stamp
from models.seal_key import CHAIN_NAME, FILE_NAME, change_seal_key
from models.store import reading, transaction
from models.tables import Clinic
from models.words import count_in_words

QUESTION = "The old key is gone after that; seals made with it stay good. Make a new key?"


def new_key(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make a new key for seals. The old one signs it, every clinic's record tells of it, and is sealed with it.

    Example:
        wellkept audit new-key
    """
    settings = use_store()
    if not yes:
        typer.confirm(QUESTION, abort=True, err=True)
    change = change_seal_key(settings.data_dir, stamp(clock.now()))
    with reading() as session:
        clinics = list(session.exec(select(Clinic.slug).order_by(Clinic.slug)))
    for clinic in clinics:
        with transaction() as tx:
            tx.seal(clinic, actor=ACTOR)
    say(
        f"Seals are made with the key {change.new} now; {count_in_words(len(clinics), 'record')} sealed with it.",
        f"Copy {FILE_NAME} and {CHAIN_NAME} from {settings.data_dir} to where you keep them, apart from the database.",
    )
