"""Verify the audit record, and export binders of it."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session, select

from deployments.cli.apps import group_app
from deployments.cli.audit_export import export
from deployments.cli.engine import differences_in_prefect
from deployments.cli.folder import use_store
from deployments.cli.new_key import new_key
from deployments.cli.progress import counted
from deployments.cli.showing import JsonOption, as_json, as_table, say
from deployments.prefect_answer import EngineAwayError
from models import ledger
from models.audit import Finding, Verdict
from models.audit_record import DOCUMENTS, check_documents, check_record
from models.checkpoints import NotACheckpointError, note_in, read_note
from models.people import clinic_named
from models.seal_key import known_keys
from models.sealing import root_at
from models.settings import Settings, load_settings
from models.store import reading, snapshot
from models.tables import Clinic
from models.words import count_in_words, day_in_words

app = group_app("Verify the audit record, and export binders of it.")
app.command()(export)
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


@app.command()
def compare(
    seal_file: Annotated[Path, typer.Argument(metavar="SEAL_FILE", help="A seal, or the mail that holds it.")],
) -> None:
    """Tell whether the record still holds what a seal from outside says it held. Exit code 1 when it does not.

    Example:
        wellkept audit compare maple-grove.seal
    """
    use_store()
    checkpoint = read_note(_text_of(seal_file), known_keys(load_settings().data_dir))
    with reading() as session:
        root = root_at(session, checkpoint.log, checkpoint.size)
    told = f"{count_in_words(checkpoint.size, 'entry', 'entries')} of {checkpoint.log}, sealed at {checkpoint.at}"
    if root is None:
        say(f"The end was cut off: of {told}, not all are left.")
    elif root != checkpoint.root:
        say(f"The past was rewritten: {told}, are not those of today's record.")
    else:
        say(f"The record still holds the {told}.")
    if root != checkpoint.root:
        raise typer.Exit(1)


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()
        return note_in(_mail(content) if file.suffix == ".eml" else content.decode("utf-8"))
    except (OSError, ValueError, LookupError) as error:
        raise NotACheckpointError(f"{file} cannot be read as a seal.") from error


def _mail(content: bytes) -> str:
    """Return the words of a mail; what is attached says the same."""
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    return str(body.get_content()) if body else ""


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
            say("", f"{each.log}: complete and unchanged since {_moment(each.first_at)}.")
    if not verdicts:
        say("There is no log yet.")


def _moment(at: str | None) -> str:
    moment = datetime.fromisoformat(str(at))
    return f"{day_in_words(moment.date())} at {moment:%H:%M} (UTC)"


def _judged(verdict: Verdict) -> str:
    return "as written" if verdict.whole else count_in_words(len(verdict.findings), "finding")
