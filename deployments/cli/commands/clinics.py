"""Check a clinic's folder, apply it, list the clinics."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session, col, select

from deployments.cli.apps import group_app
from deployments.cli.engine import deploy
from deployments.cli.folder import use_store
from deployments.cli.options import ACTOR
from deployments.cli.showing import JsonOption, as_json, as_table, say
from deployments.prefect_answer import EngineAwayError
from models.applying import Applied, apply_clinic
from models.clinic_folder import ClinicFolder, read_clinic_folder
from models.errors import WellkeptError
from models.settings import Settings
from models.store import reading, transaction
from models.tables import Clinic, Person
from models.words import count_in_words

app = group_app("Check a clinic's folder, apply it, list the clinics.")
Folder = Annotated[Path, typer.Argument(metavar="PATH", help="Folder with clinic.yaml and policies/*.md.")]


class NotDeployedError(WellkeptError):
    """The store says what the folder says; the clinic's duties and rounds are not in Prefect yet."""

    remedy = "Apply the folder again when Prefect answers: it deploys them and changes nothing else."


@app.command()
def check(path: Folder, *, json: JsonOption = False) -> None:
    """Tell every mistake in a clinic's folder at once, with file, line and remedy. Changes nothing.

    Exit code 1 when there is a mistake. Needs nothing that runs.

    Example: wellkept clinics check my-clinic
    """
    found = read_clinic_folder(path)
    if json:
        as_json([mistake.__dict__ for mistake in found.mistakes])
    else:
        say(*map(str, found.mistakes), _verdict(found.folder, len(found.mistakes)))
    if found.mistakes:
        raise typer.Exit(1)


@app.command()
def apply(path: Folder, *, json: JsonOption = False) -> None:
    """Make the store say what a clinic's folder says, and deploy the clinic's duties and rounds.

    A policy with a higher version comes into force. People who are gone become inactive. Leave is what the file
    says. Twice changes nothing.

    Example: wellkept clinics apply my-clinic
    """
    folder = read_clinic_folder(path).need()
    settings = use_store()
    with transaction() as tx:
        applied = apply_clinic(tx, folder, ACTOR)
    deployed, trouble = _deployed(settings, applied.clinic)
    if json:
        as_json({**applied.__dict__, "deployed": deployed})
    else:
        show_applied(applied)
        say(*([f"Deployed: {', '.join(deployed)}."] if deployed else []))
    if trouble:
        raise trouble


@app.command("list")
def list_(
    *,
    people: Annotated[bool, typer.Option("--people", help="Show who works there.")] = False,
    json: JsonOption = False,
) -> None:
    """List the clinics, with --people also who works there.

    Example: wellkept clinics list --people
    """
    use_store()
    with reading() as session:
        clinics = [_clinic(session, clinic) for clinic in session.exec(select(Clinic).order_by(Clinic.slug))]
    if json:
        as_json(clinics)
    elif not clinics:
        say("There is no clinic yet. `wellkept clinics apply PATH` adds one.")
    elif people:
        headings = ("id", "name", "e-mail", "roles", "acts for them", "PIN")
        as_table(headings, [_person_row(person) for clinic in clinics for person in clinic["people"]])
    else:
        rows = [(each["slug"], each["name"], each["time_zone"], len(each["people"])) for each in clinics]
        as_table(("slug", "name", "time zone", "people"), rows)


def _deployed(settings: Settings, clinic: str) -> tuple[list[str], NotDeployedError | None]:
    """Deploy what the store says by now. What is in the store stays there when Prefect is away."""
    try:
        return deploy(settings, clinic), None
    except EngineAwayError as error:
        remedy = f"{NotDeployedError.remedy} {error.help}"
        return [], NotDeployedError(f"{error.args[0]} {NotDeployedError.__doc__}", remedy=remedy)


def show_applied(applied: Applied) -> None:
    """Tell what applying a folder did."""
    for verb in ("added", "changed", "removed"):
        say(*(f"{verb:8} {line}" for line in getattr(applied, verb)))
    say(*(f"note     {line}" for line in applied.remarks))
    if not applied.any:
        say(f"{applied.clinic} is as the folder says; nothing changed.")


def _verdict(folder: ClinicFolder | None, mistakes: int) -> str:
    if folder is None:
        return f"\n{count_in_words(mistakes, 'mistake')}. Nothing was changed."
    people = count_in_words(len(folder.clinic.people), "person", "people")
    policies = count_in_words(len(folder.policies), "policy", "policies")
    return f"{folder.clinic.name}: no mistakes; {people}, {policies}."


def _clinic(session: Session, clinic: Clinic) -> dict[str, Any]:
    rows = session.exec(select(Person).where(Person.clinic == clinic.slug, col(Person.active)).order_by(Person.id))
    shown = {"id", "name", "email", "roles", "deputy_id", "pin_enrolled_on"}
    people = [person.model_dump(include=shown) for person in rows]
    return {"slug": clinic.slug, "name": clinic.name, "time_zone": clinic.time_zone, "people": people}


def _person_row(person: dict[str, Any]) -> list[object]:
    enrolled = person["pin_enrolled_on"]
    roles = ", ".join(person["roles"])
    return [person["id"], person["name"], person["email"], roles, person["deputy_id"], enrolled or "none"]
