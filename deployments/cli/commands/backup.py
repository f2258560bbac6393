"""Make a backup while everything runs."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.backup import make_backup
from deployments.cli.apps import command_app
from deployments.cli.folder import use_store
from deployments.cli.showing import say
from models import clock
from models.cycles import CODE_VERSION
from models.ledger import stamp
from models.words import list_in_words

app = command_app()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; it is made, and must not be there.")],
) -> None:
    """Write our store and Prefect's database into a new folder, while everything runs. No key is in it.

    Example: wellkept backup /srv/backups/2027-01-15
    """
    settings = use_store()
    made = make_backup(settings, folder, stamp(clock.now()), CODE_VERSION)
    size = sum((folder / name).stat().st_size for name in made.sha256)
    say(
        f"The backup of {made.made_at} is in {folder}: {size / 1e6:.1f} MB. Take it off this machine.",
        f"It holds no keys: keep {list_in_words(made.keys, len(made.keys))} apart from it.",
    )
