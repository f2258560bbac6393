"""Preview whom a duty would chase, when, with real days and names."""

from itertools import groupby
from typing import Annotated

import typer

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.options import ClinicOption, a_day
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models.duties import duty_named
from models.preview import Mail
from models.preview import preview as preview_of
from models.store import reading
from models.words import count_in_words, list_in_words

app = group_app("Preview whom a duty would chase, when, with real days and names.")


@app.command()
def preview(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="The duty, such as policy-review.")],
    clinic: ClinicOption,
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="The day the cycle would begin.")],
    *,
    json: JsonOption = False,
) -> None:
    """Show the day of every mail a cycle would send if nobody answered, and who would get it. Sends nothing.

    Leave and cover are taken into account, as are weekends and holidays. Each phase is shown as if the one before
    had been answered on its last day.

    Example: wellkept ladder preview policy-review --clinic maple-grove --start 2027-01-15
    """
    day, found = a_day(start), duty_named(duty)
    use_store()
    with reading() as session:
        mails = preview_of(session, found, clinic, day)
    if json:
        as_json([mail.__dict__ for mail in mails])
        return
    for phase, group in groupby(mails, key=lambda mail: mail.phase):
        _show(phase, list(group))


def _show(phase: str, mails: list[Mail]) -> None:
    """Show one phase, what several people are told on one day in one row."""
    ordered = sorted(mails, key=lambda mail: (mail.day, mail.rung, mail.told))
    rows = []
    for (day, rung), group in groupby(ordered, key=lambda mail: (mail.day, mail.rung)):
        rows += [(f"{day:%a} {day}", rung, *line) for line in _told(list(group))]
    as_table(("day", "rung", "who is told", "about"), rows, title=f"{phase}, due {mails[0].due_on}")
    say("")


def _told(mails: list[Mail]) -> list[tuple[str, str]]:
    own = [mail for mail in mails if mail.told == mail.asked]
    lines = [(mail.told, mail.about) for mail in own]
    if len({mail.about for mail in own}) == 1 < len(own):
        names = list_in_words([mail.told for mail in own], most=2)
        lines = [(f"{names} ({count_in_words(len(own), 'person', 'people')})", own[0].about)]
    others = [mail for mail in mails if mail.told != mail.asked]
    for told, group in groupby(others, key=lambda mail: mail.told):
        about = list_in_words([f"{mail.asked}{': ' + mail.note if mail.note else ''}" for mail in group], most=3)
        lines.append((told, f"late: {about}" if "covers" not in about else about))
    return lines
