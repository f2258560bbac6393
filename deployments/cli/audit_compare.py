"""Hold the record against seals that somebody kept outside."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.folder import use_store
from deployments.cli.seals_given import seals_in
from deployments.cli.showing import JsonOption, as_json, say
from models.outside_seals import Judged, Standing, forked
from models.store import snapshot


def compare(
    seal_file: Annotated[
        list[Path], typer.Argument(metavar="SEAL_FILE", help="Seals, mails that hold one, or folders of them.")
    ],
    *,
    json: JsonOption = False,
) -> None:
    """Tell whether the record still holds what seals from outside say it held. Exit code 1 when it does not.

    Examples:
        wellkept audit compare maple-grove.seal
        wellkept audit compare seals-of-2027 --json
    """
    settings = use_store()
    seals = seals_in(seal_file, settings.data_dir)
    with snapshot() as session:
        judged = [Judged.of(session, checkpoint) for checkpoint in seals.values()]
    judged += forked(seals.values())
    if json:
        as_json([_as_dict(each) for each in judged])
    else:
        say(*(each.words for each in judged))
    if any(each.standing != Standing.HOLDS for each in judged):
        raise typer.Exit(1)


def _as_dict(judged: Judged) -> dict[str, object]:
    checkpoint = {**asdict(judged.checkpoint), "root": judged.checkpoint.root.hex()}
    return {"standing": judged.standing, **checkpoint, "words": judged.words}
