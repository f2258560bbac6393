"""The command line, `wellkept`: every command is a module of `deployments.cli.commands`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.lazy_group import LazyGroup
from models.errors import WellkeptError

FOLDER_HELP = (
    "Folder that holds everything the installation writes. Without it: .wellkept here, "
    "or .wellkept/demo where there is only a demo."
)

app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def wellkept(
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", envvar="WELLKEPT_DATA_DIR", help=FOLDER_HELP, show_default=False)
    ] = None,
) -> None:
    """Keep a behavioral-health practice's compliance promises on time, and prove it.

    Try it with a made-up clinic:

        wellkept up --demo

    Use it for yours:

        wellkept clinics check my-clinic
        wellkept up
        wellkept clinics apply my-clinic
    """
    from deployments.cli.folder import use_folder  # noqa: PLC0415 - help comes quickly without the settings

    use_folder(data_dir)


class GarbledError(WellkeptError):
    """A word of the command is not UTF-8 text."""

    remedy = "Type it anew, or set your terminal to UTF-8."


def _refuse_half_characters(arguments: Sequence[str]) -> None:
    """Refuse what neither the store nor Prefect could take. Raises GarbledError."""
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError as error:
        raise GarbledError from error


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what a person can mend is told in words, with exit code 1 and no traceback."""
    try:
        _refuse_half_characters(sys.argv[1:] if arguments is None else arguments)
        app(args=arguments)
    except WellkeptError as error:
        sys.stderr.write(f"\n{error.args[0]}\n{error.help}\n".replace("\n\n\n", "\n\n"))
        raise SystemExit(1) from None
