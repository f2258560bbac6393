"""The wording of letters to people outside, for a clinic to make its own."""

from typing import Annotated

import typer

from deployments.cli.apps import group_app
from deployments.cli.showing import as_table, say
from models.case_letters import letter_names, shared_parts, wording_of

app = group_app("The wording of letters to people outside, for a clinic to make its own.")


@app.command("list")
def list_() -> None:
    """List the letters, and the parts they share.

    Example: wellkept letters list
    """
    rows = [(name, "a letter") for name in sorted(letter_names())]
    rows += [(name, "a part that letters share") for name in sorted(shared_parts())]
    as_table(("name", "what it is"), rows)
    say("", "Put your own wording as letters/NAME.md into the clinic's folder and apply it.")


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="NAME", help="As in `letters list`.")]) -> None:
    """Show the wording of a letter as Wellkept has it; `> letters/NAME.md` begins your own.

    Example: wellkept letters show acknowledgment
    """
    say(wording_of(name))
