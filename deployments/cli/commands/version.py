"""Tell the version of Wellkept, Prefect and Python."""

import platform
from importlib.metadata import version as version_of

import typer

from deployments.cli.apps import command_app
from deployments.cli.showing import JsonOption, as_json

app = command_app()


@app.command()
def version(*, json: JsonOption = False) -> None:
    """Tell the version of Wellkept, Prefect and Python.

    Example: wellkept version
    """
    versions = {"wellkept": version_of("wellkept"), "prefect": version_of("prefect")}
    versions["python"] = platform.python_version()
    if json:
        as_json(versions)
    else:
        typer.echo(", ".join(f"{name} {number}" for name, number in versions.items()))
