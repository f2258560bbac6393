"""Take a delivery report that came to the return path."""

import os
import sys

import typer

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.showing import say
from models.errors import WellkeptError
from notifications.bounces import read_bounce, take_bounce

TRY_LATER = os.EX_TEMPFAIL
"""The exit code by which a mail server keeps a mail and tries again; any other failure would lose the report."""
app = group_app("Take a delivery report that came to the return path.")


@app.command()
def bounce() -> None:
    """Read a delivery report (RFC 3464) from standard input and note which letter did not arrive.

    The mail server calls it for mail to bounces+…@ the domain of the return path. What is no report about one of our
    letters changes nothing.

    Example, in Postfix's aliases: bounces: "|wellkept --data-dir /srv/wellkept mail bounce"
    """
    raw = sys.stdin.buffer.read()
    try:
        use_store()
    except WellkeptError as error:
        typer.echo(f"{error} The report is not lost: exit code {TRY_LATER} asks the mail server to keep it.", err=True)
        raise typer.Exit(TRY_LATER) from error
    found = read_bounce(raw)
    if found is None:
        say("This is no delivery report about one of our letters.")
    elif take_bounce(found):
        say(f"Letter {found.letter_id} was not delivered: {found.reason}. The deputy is told.")
    else:
        say(f"Letter {found.letter_id}: {found.reason}. Nothing changes.")
