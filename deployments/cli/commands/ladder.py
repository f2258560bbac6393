"""Preview whom a duty would chase, when, with real days and names."""

from collections.abc import Iterator
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
from models.words import day_in_words

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
    rows = []
    ordered = sorted(mails, key=lambda mail: (mail.day, mail.rung, mail.told))
    for (day, rung), group in groupby(ordered, key=lambda mail: (mail.day, mail.rung)):
        rows += [(f"{day:%a} {day}", rung, *line) for line in _lines(list(group))]
    as_table(("day", "rung", "who is told", "about"), rows, title=f"{phase}, due {day_in_words(mails[0].due_on)}")
    say("")


def _lines(mails: list[Mail]) -> Iterator[tuple[str, str]]:
    """Yield who is told about what on one rung; whoever is told about their own again stands in one row."""
    own = [mail for mail in mails if mail.told == mail.asked]
    if len(own) > 1 and (mails[0].rung != "ask" or len({mail.about for mail in own}) == 1):
        yield f"{len(own)} people", f"their own: {'; '.join(mail.told for mail in own)}"
    else:
        yield from ((mail.told, mail.about) for mail in own)
    for told, group in groupby((mail for mail in mails if mail.told != mail.asked), key=lambda mail: mail.told):
        yield told, "; ".join(f"{mail.note or 'what is asked of ' + mail.asked}" for mail in group)
