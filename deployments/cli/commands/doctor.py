"""Check the installation and say how to mend what is wrong."""

import typer

from deployments.cli.apps import command_app
from deployments.cli.folder import NotRunningError, use_store
from deployments.cli.showing import JsonOption, as_json, as_table, say
from deployments.doctor import Result, checkup
from models.errors import WellkeptError
from models.settings import Settings, load_settings
from models.store import NoStoreError
from models.words import count_in_words

app = command_app()


@app.command()
def doctor(*, json: JsonOption = False) -> None:
    """Check versions, settings, secrets, mail, store, ledger, clock, time zones and deployments; change nothing.

    Exit code 1 when there is something to mend.

    Example: wellkept doctor
    """
    results = list(checkup(*_settings()))
    if json:
        as_json([{**result.__dict__, "well": result.well} for result in results])
    else:
        _show(results)
    if not all(result.well for result in results):
        raise typer.Exit(1)


def _settings() -> tuple[Settings, WellkeptError | None]:
    """Return the settings, and why there is no store to look into."""
    try:
        return use_store(), None
    except (NotRunningError, NoStoreError) as error:
        return load_settings(), error


def _show(results: list[Result]) -> None:
    as_table(("", "", ""), [("ok" if each.well else "MEND", each.check, each.found) for each in results])
    problems = [each for each in results if not each.well]
    if not problems:
        say("Everything is well.")
        return
    say("", f"{count_in_words(len(problems), 'thing')} to mend:")
    say(*(f"  {each.check}: {each.found}\n    {each.remedy}" for each in problems))
