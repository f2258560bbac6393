"""Tell what is missing since a backup that was brought back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from deployments.cli.engine import differences_in_prefect
from deployments.cli.folder import use_store
from deployments.cli.seals_given import seals_in
from deployments.cli.showing import JsonOption, as_json, moment_in_words, say
from models.missing import Missing, missing_of
from models.settings import Settings
from models.store import snapshot
from models.tables import Clinic
from models.words import count_in_words

WHAT_NOW = "What was answered in that time is asked again. Whoever has a receipt from then should know."


def missing(
    seals: Annotated[
        list[Path] | None, typer.Argument(metavar="SEALS", help="Seals kept outside, or folders of them.")
    ] = None,
    *,
    without_prefect: Annotated[bool, typer.Option("--without-prefect", help="Leave out what Prefect lacks.")] = False,
    json: JsonOption = False,
) -> None:
    """Tell what is missing since a backup was brought back: of the record, and of Prefect. Exit code 1 if anything is.

    What the record lost only a seal from outside can tell: those in WELLKEPT_WITNESS_DIR, and those you name.

    Examples:
        wellkept audit missing
        wellkept audit missing seals-of-the-witness --json
    """
    settings = use_store()
    given = [*(seals or []), *_kept_in_witness_dir(settings)]
    checkpoints = list(seals_in(given, settings.data_dir).values())
    with snapshot() as session:
        clinics = session.exec(select(Clinic.slug).order_by(Clinic.slug)).all()
        found = [missing_of(session, clinic, checkpoints) for clinic in clinics]
    in_prefect = {} if without_prefect else differences_in_prefect(settings, clinics)
    if json:
        as_json([{**asdict(each), "in_prefect": in_prefect.get(each.log)} for each in found])
    else:
        for each in found:
            say(*_in_words(each, in_prefect.get(each.log), seals_seen=bool(checkpoints)), "")
    if any(each.entries or in_prefect.get(each.log) for each in found):
        raise typer.Exit(1)


def _kept_in_witness_dir(settings: Settings) -> list[Path]:
    folder = settings.witness_dir
    return [folder] if folder and folder.is_dir() and any(folder.glob("*.seal")) else []


def _in_words(found: Missing, in_prefect: list[str] | None, *, seals_seen: bool) -> list[str]:
    restore, log, lines = found.restore, found.log, []
    if restore:
        lines += [f"{log}: the record was brought back at {restore.at}, from the backup of {restore.backup_at}."]
    if found.entries:
        counted = count_in_words(found.entries, "entry is", "entries are")
        since = moment_in_words(found.since) if found.since else "the beginning"
        lines += [f"{log}: {counted} missing, written between {since} and {moment_in_words(found.until)}."]
        lines += [WHAT_NOW]
    elif seals_seen:
        lines += [f"{log}: the record holds as many entries as the seals from outside say."]
    else:
        lines += [f"{log}: no seal from outside was given, so nobody can tell whether entries are missing."]
    if in_prefect == []:
        lines += [f"{log}: Prefect has everything that was copied of it."]
    return [*lines, *(f"{log}, in Prefect: {each}" for each in in_prefect or ())]
