"""Tell until when documents are kept, and place or lift legal holds."""

from dataclasses import asdict
from typing import Annotated

import typer

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR, ClinicOption
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models import clock
from models.documents_kept import KeptDocument, documents_kept
from models.holds import holds_of, is_held, lift_hold, place_hold
from models.people import clinic_named
from models.store import reading, transaction
from models.tables import Hold
from models.words import count_in_words

app = group_app("Tell until when documents are kept, and place or lift legal holds.")


@app.command("list")
def list_documents(*, clinic: ClinicOption, json: JsonOption = False) -> None:
    """List every document of a clinic with the day until which the law wants it kept, and the rule that says so.

    Example: wellkept retention list --clinic maple-grove
    """
    use_store()
    with reading() as session:
        today = clock.today(clinic_named(session, clinic).time_zone)
        documents, holds = documents_kept(session, clinic), holds_of(session, clinic)
    if json:
        as_json([_as_dict(each, held=is_held(each, holds)) for each in documents])
        return
    rows = [
        (
            each.what,
            each.since,
            each.until or "in effect",
            each.rule.cite if each.rule else "",
            _standing(held=is_held(each, holds), over=each.is_over(today)),
        )
        for each in documents
    ]
    as_table(("document", "since", "kept until", "rule", "now"), rows)
    over = sum(each.is_over(today) and not is_held(each, holds) for each in documents)
    say("", f"{count_in_words(len(documents), 'document')}, {over} of them free to go. Nothing goes by itself:")
    say("the yearly retention review asks the privacy official first.")


@app.command()
def hold(
    *,
    clinic: ClinicOption,
    policy: Annotated[str | None, typer.Option("--policy", metavar="SLUG", help="Only what has to do with it.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the store.")],
) -> None:
    """Place a legal hold: nothing it covers is purged, not even what was approved before, until it is lifted.

    Example: wellkept retention hold --clinic maple-grove --policy telehealth --reason "complaint of 3 March"
    """
    use_store()
    with transaction() as tx:
        placed = place_hold(tx, clinic, policy, reason, ACTOR)
    say(f"Hold {placed.id} is on {_covers(placed)}. Lift it with `wellkept retention lift {placed.id} --reason …`.")


@app.command()
def lift(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="Which, such as maple-grove/1.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not needed any more.")],
) -> None:
    """Lift a legal hold.

    Example: wellkept retention lift maple-grove/1 --reason "settled on 9 June"
    """
    use_store()
    with transaction() as tx:
        lifted = lift_hold(tx, hold_id, reason, ACTOR)
    say(f"Hold {lifted.id} on {_covers(lifted)} is lifted.")


@app.command()
def holds(*, clinic: ClinicOption, json: JsonOption = False) -> None:
    """List the legal holds in place at a clinic.

    Example: wellkept retention holds --clinic maple-grove
    """
    use_store()
    with reading() as session:
        clinic_named(session, clinic)
        found = holds_of(session, clinic)
    if json:
        as_json([row.model_dump(include={"id", "policy_id", "reason", "placed_at"}) for row in found])
    elif found:
        rows = [(row.id, _covers(row), f"{row.placed_at:%Y-%m-%d}", row.reason) for row in found]
        as_table(("hold", "on", "since", "reason"), rows)
    else:
        say("No hold is in place.")


def _covers(row: Hold) -> str:
    return f"the policy {row.policy_id.partition('/')[2]}" if row.policy_id else f"everything of {row.clinic}"


def _standing(*, held: bool, over: bool) -> str:
    if held:
        return "held"
    return "free to go" if over else "kept"


def _as_dict(document: KeptDocument, *, held: bool) -> dict[str, object]:
    rule = document.rule.model_dump(include={"cite", "verified"}) if document.rule else None
    return {**asdict(document), "rule": rule, "policies": sorted(document.policies), "held": held}
