"""Export a binder: what an investigator asks for, to print and to check."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR, ClinicOption, a_day
from deployments.cli.showing import JsonOption, as_json, say
from models import clock
from models.binder.scope import Scope
from models.people import clinic_named
from models.store import reading
from models.words import count_in_words, list_in_words


def export(
    *,
    clinic: ClinicOption,
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day, included.")],
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day, included.")],
    topic: Annotated[str | None, typer.Option("--topic", help="Only this, such as policies or vendors.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Where to put it; must not exist.")] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="One zip file in place of a folder.")] = False,
    with_case_facts: Annotated[
        bool, typer.Option("--with-case-facts", help="With the reasons people wrote; the ledger notes that.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make a binder: a folder with an indexed PDF, the same as tables, documents, raw history, and a proof of it all.

    Examples:
        wellkept audit export --clinic maple-grove --from 2026-01-01 --to 2026-12-31
        wellkept audit export --clinic maple-grove --from 2026-01-01 --to 2026-12-31 --topic vendors --zip
    """
    use_store()
    with reading() as session:
        zone = clinic_named(session, clinic).time_zone
    scope = Scope(clinic, zone, a_day(first), a_day(last), topic, with_case_facts)
    scope.check(clock.today(zone))
    from deployments.binder.making import make_binder  # noqa: PLC0415 - the PDF library takes a while to load

    suffix = ".zip" if zipped else ""
    name = f"binder-{clinic}-{scope.first}-{scope.last}{f'-{topic}' if topic else ''}{suffix}"
    made = make_binder(scope, out or Path(name), ACTOR, zipped=zipped)
    if json:
        as_json({**made.__dict__, "path": str(made.path)})
        return
    counts = [count_in_words(made.pages, "page"), count_in_words(made.files, "file")]
    counts.append(count_in_words(made.entries, "ledger entry", "ledger entries"))
    say(
        f"The binder is in {made.path}: {list_in_words(counts)}.",
        f"{count_in_words(made.gaps, 'gap')} listed after its contents: read that page before you hand it over.",
        "Whoever receives it checks it with `python3 verify.py` in it.",
    )
