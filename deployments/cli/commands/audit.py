"""Verify the audit record, and export binders of it."""

from typing import Annotated, Any

import typer
from sqlmodel import Session, select

from deployments.cli.apps import group_app
from deployments.cli.audit_compare import compare
from deployments.cli.audit_export import export
from deployments.cli.audit_missing import missing
from deployments.cli.engine import differences_in_prefect
from deployments.cli.folder import use_store
from deployments.cli.new_key import new_key
from deployments.cli.progress import counted
from deployments.cli.showing import JsonOption, as_json, as_table, moment_in_words, say
from deployments.prefect_answer import EngineAwayError
from models import ledger
from models.audit import Finding, Verdict
from models.audit_record import DOCUMENTS, check_documents, check_record
from models.people import clinic_named
from models.seal_key import known_keys
from models.settings import Settings, load_settings
from models.store import snapshot
from models.tables import Clinic
from models.words import count_in_words

app = group_app("Verify the audit record, and export binders of it.")
app.command()(compare)
app.command()(export)
app.command()(missing)
app.command("new-key")(new_key)


@app.command()
def verify(
    *,
    clinic: Annotated[str | None, typer.Option("--clinic", metavar="SLUG", help="Only this clinic's record.")] = None,
    without_prefect: Annotated[
        bool, typer.Option("--without-prefect", help="Leave out whether Prefect still has what was copied of it.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check the whole record: entries, seals, answers, copies, and Prefect against them. Exit code 1 on any finding.

    Examples:
        wellkept audit verify
        wellkept audit verify --clinic maple-grove --json
    """
    settings = use_store()
    with snapshot() as session:
        verdicts = [_verdict(session, log, quiet=json) for log in _logs(session, clinic)]
        documents = check_documents(session)
    if not without_prefect:
        _hold_against_prefect(settings, verdicts)
    verdicts += [Verdict(DOCUMENTS, findings=documents)] if documents else []
    if json:
        as_json([_as_dict(verdict) for verdict in verdicts])
    else:
        _show(verdicts)
    if not all(verdict.whole for verdict in verdicts):
        raise typer.Exit(1)


def _logs(session: Session, clinic: str | None) -> list[str]:
    """Return the logs to check: every clinic's, also one whose log is gone as a whole."""
    if clinic:
        return [clinic_named(session, clinic).slug]
    return sorted({*ledger.logs(session), *session.exec(select(Clinic.slug))})


def _verdict(session: Session, log: str, *, quiet: bool) -> Verdict:
    total, keys = ledger.count(session, log), known_keys(load_settings().data_dir)
    return check_record(session, log, keys, lambda entries: counted(entries, total, f"Checking {log}", quiet=quiet))


def _hold_against_prefect(settings: Settings, verdicts: list[Verdict]) -> None:
    """Add in what Prefect is not as it was copied; that it cannot be asked is a finding too."""
    try:
        different = differences_in_prefect(settings, [each.log for each in verdicts])
    except EngineAwayError as error:
        words = f"{error.args[0].rstrip('.')}, so it was not compared; `--without-prefect` leaves it out"
        different = {each.log: [words] for each in verdicts}
    for verdict in verdicts:
        verdict.findings += [Finding(verdict.log, None, words) for words in different[verdict.log]]


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    findings = [finding.__dict__ for finding in verdict.findings]
    return {**verdict.__dict__, "whole": verdict.whole, "findings": findings}


def _show(verdicts: list[Verdict]) -> None:
    rows = [
        (each.log, each.size, each.first_at, each.last_at, each.seals, each.sealed_at, _judged(each))
        for each in verdicts
    ]
    as_table(("log", "entries", "from", "to", "seals", "last sealed", "verdict"), rows)
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    if findings:
        say("")
        as_table(("log", "entry", "finding"), [(each.log, each.seq, each.problem) for each in findings])
    for each in verdicts:
        if each.whole:
            lost = "".join(f", but for what the restore of {moment_in_words(at)} had lost" for at in each.restored_at)
            say("", f"{each.log}: complete and unchanged since {moment_in_words(each.first_at)}{lost}.")
    if not verdicts:
        say("There is no log yet.")


def _judged(verdict: Verdict) -> str:
    return "as written" if verdict.whole else count_in_words(len(verdict.findings), "finding")
