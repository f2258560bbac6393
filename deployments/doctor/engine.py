"""Checks of Prefect: it answers, keeps its history, and every clinic's duties and rounds are deployed there."""

from collections.abc import Iterator

import httpx
from sqlmodel import select

from deployments.doctor.result import Result
from deployments.prefect_answer import EngineAwayError, need_prefect, words_for
from deployments.prefect_running import running_findings
from models.duties import catalogue
from models.errors import WellkeptError
from models.secret_file import load_secrets
from models.settings import Settings
from models.store import reading
from models.tables import Clinic

SECONDS = 10


def check_engine(settings: Settings) -> Iterator[Result]:
    """Yield what is found at the Prefect server."""
    try:
        need_prefect(settings)
        there = _deployments(settings)
    except WellkeptError as error:
        yield Result("Prefect server", str(error.args[0]), error.help)
        return
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        words = f"it does not answer as it should: {words_for(error)}"
        yield Result("Prefect server", words, EngineAwayError.remedy)
        return
    yield Result("Prefect server", settings.prefect_url)
    yield from _history_is_kept(settings)
    with reading() as session:
        clinics = list(session.exec(select(Clinic.slug).order_by(Clinic.slug)))
    for clinic in clinics:
        wanted = {f"{clinic} {name}" for name in (*catalogue(), "rounds")}
        missing = sorted(wanted - there)
        words = f"missing: {', '.join(missing)}" if missing else f"all {len(wanted)} of {clinic} are there"
        yield Result(
            "deployments", words, "Apply the clinic's folder again: `wellkept clinics apply PATH`." if missing else ""
        )


def _history_is_kept(settings: Settings) -> Iterator[Result]:
    """Ask the server itself: it may have been started by another hand, with other variables than ours."""
    try:
        findings = running_findings(settings)
    except EngineAwayError as error:
        yield Result("Prefect's history", str(error.args[0]), error.help)
        return
    yield from (Result("Prefect's history", finding.what, finding.remedy) for finding in findings)
    if not findings:
        yield Result("Prefect's history", f"the server that runs keeps it {settings.retention_days} days or more")


def _deployments(settings: Settings) -> set[str]:
    """Return the names of all deployments. Prefect's own client is not needed for one question."""
    login = load_secrets(settings.data_dir).prefect_auth.get_secret_value()
    user, _, password = login.partition(":")
    with httpx.Client(
        base_url=settings.prefect_api_url, auth=(user, password), timeout=SECONDS, trust_env=False
    ) as client:
        headers = _csrf(client)
        found: set[str] = set()
        page = 0
        while names := _page(client, headers, page):
            found |= names
            page += 1
        return found


def _page(client: httpx.Client, headers: dict[str, str], page: int, size: int = 200) -> set[str]:
    asked = {"limit": size, "offset": page * size, "sort": "NAME_ASC"}
    answer = client.post("/deployments/filter", json=asked, headers=headers).raise_for_status()
    return {each["name"] for each in answer.json()}


def _csrf(client: httpx.Client) -> dict[str, str]:
    """Return the headers that Prefect wants of whoever posts."""
    answer = client.get("/csrf-token", params={"client": "wellkept-doctor"}).raise_for_status()
    return {"Prefect-Csrf-Token": answer.json()["token"], "Prefect-Csrf-Client": "wellkept-doctor"}
