"""Verify the audit record."""

from typing import Annotated, Any

import typer
from sqlmodel import Session, select

from deployments.cli.apps import group_app
from deployments.cli.folder import use_store
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models import ledger
from models.audit import Finding, Verdict
from models.audit import verify as verify_log
from models.people import clinic_named
from models.store import reading
from models.tables import Clinic
from models.words import count_in_words

app = group_app("Verify the audit record.")


@app.command()
def verify(
    *,
    clinic: Annotated[str | None, typer.Option("--clinic", metavar="SLUG", help="Only this clinic's log.")] = None,
    json: JsonOption = False,
) -> None:
    """Check every entry of the ledger: hashes, order, gaps, format. Exit code 1 when anything is not as it was written.

    Examples:
        wellkept audit verify
        wellkept audit verify --clinic maple-grove --json
    """
    use_store()
    with reading() as session:
        verdicts = [_verdict(session, log) for log in _logs(session, clinic)]
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


def _verdict(session: Session, log: str) -> Verdict:
    verdict = verify_log(log, ledger.entries(session, log))
    if verdict.size == 0:
        verdict.findings.append(Finding(log, 0, "the log is empty, and the clinic is there: its entries are gone"))
    return verdict


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    findings = [finding.__dict__ for finding in verdict.findings]
    return {**verdict.__dict__, "whole": verdict.whole, "findings": findings}


def _show(verdicts: list[Verdict]) -> None:
    rows = [
        (each.log, each.size, each.first_at, each.last_at, _judged(each), each.root[:16] + "…") for each in verdicts
    ]
    as_table(("log", "entries", "from", "to", "verdict", "root"), rows)
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    if findings:
        say("")
        as_table(("log", "entry", "finding"), [(each.log, each.seq, each.problem) for each in findings])
    elif not verdicts:
        say("There is no log yet.")


def _judged(verdict: Verdict) -> str:
    return "as written" if verdict.whole else count_in_words(len(verdict.findings), "finding")
