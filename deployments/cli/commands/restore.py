"""Bring a backup back."""

import os
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from deployments.backup import Backup, RestoreError, need_keys, restored
from deployments.cli.apps import command_app
from deployments.cli.folder import make_folder
from deployments.cli.options import ACTOR
from deployments.cli.showing import say
from deployments.folder_lock import FolderLock
from deployments.stack import owner_url
from models.migrate import migrate
from models.restores import note_restore
from models.settings import Settings, load_settings
from models.store import URL_VARIABLE, reading, transaction
from models.store_kind import mark_kind, read_kind
from models.tables import Clinic
from models.words import list_in_words

app = command_app()


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `wellkept backup` made.")],
    *,
    without_keys: Annotated[bool, typer.Option("--without-keys", help="The keys are lost for good.")] = False,
) -> None:
    """Bring a backup back into a data folder that holds no database; every clinic's record tells of it.

    The keys must be there first. `wellkept up` starts it then; `wellkept audit missing` tells what is missing since.

    Example: wellkept --data-dir /srv/wellkept restore /srv/backups/2027-01-15
    """
    backup, given = Backup.read(folder), load_settings()
    make_folder(given.data_dir)
    if not without_keys:
        need_keys(given.data_dir, backup)
    kind = read_kind(given.data_dir)
    if kind is not None and kind != backup.demo:
        raise RestoreError(f"{given.data_dir} is {_kind(demo=kind)}, and the backup {_kind(demo=backup.demo)}.")
    lock = FolderLock(given.data_dir)
    lock.take()
    try:
        with restored(given, folder) as settings:
            clinics = _tell_the_records(settings, backup)
        mark_kind(given.data_dir, demo=backup.demo)
    finally:
        lock.release()
    say(
        f"The backup of {backup.made_at} is brought back: {list_in_words(clinics, 10) if clinics else 'no clinic'}.",
        "Start it with `wellkept up`. `wellkept audit missing` tells what is missing since.",
    )


def _tell_the_records(settings: Settings, backup: Backup) -> list[str]:
    """Let every record tell that it was brought back; return the clinics."""
    migrate(owner_url(settings))
    os.environ[URL_VARIABLE] = settings.store_url or settings.database_url or ""
    with reading() as session:
        clinics = list(session.exec(select(Clinic.slug).order_by(Clinic.slug)))
    for clinic in clinics:
        with transaction() as tx:
            note_restore(tx, clinic, backup.made_at, ACTOR)
    return clinics


def _kind(*, demo: bool) -> str:
    return "a demo's" if demo else "a practice's"
