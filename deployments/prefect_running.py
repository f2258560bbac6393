"""The settings a Prefect server really runs with, asked of the server itself.

Variables are looked at before it starts; a settings file beside it, another release, or somebody who started it by hand
may have said something else.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from deployments.prefect_answer import EngineAwayError, ask, words_for
from deployments.prefect_server import Finding, lasts
from deployments.stack import WrongSettingsError, listed
from models.settings import Settings

_REMEDY = "Set {name}={right} for that server, or leave it to `wellkept up`; start it anew."
_VACUUM = "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"
_EVENTS = "PREFECT_SERVER_EVENTS_RETENTION_PERIOD"


def refuse_running_server(settings: Settings) -> None:
    """Refuse a Prefect server that would lose history. Raises WrongSettingsError, EngineAwayError."""
    if findings := running_findings(settings):
        raise WrongSettingsError(listed(findings), remedy="No worker was started, so nothing was given to it.")


def running_findings(settings: Settings) -> list[Finding]:
    """Return why the Prefect server that runs would lose history. Raises EngineAwayError."""
    try:
        server: Mapping[str, Any] = ask(settings, "/admin/settings").raise_for_status().json()["server"]
        vacuum, events = server["services"]["db_vacuum"]["enabled"], server["events"]["retention_period"]
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        words = f"Prefect does not tell its settings as it should: {words_for(error)}."
        raise EngineAwayError(words) from error
    return [*_of_vacuum(vacuum), *_of_events(events, settings.retention_days)]


def _of_vacuum(enabled: object) -> list[Finding]:
    """Only an empty list is off: `false` still deletes events."""
    if enabled is None or enabled == []:
        return []
    told = ", ".join(sorted(map(str, enabled))) if isinstance(enabled, list) else str(enabled).lower()
    what = f"The Prefect server that runs deletes its history ({_VACUUM} is {told})."
    return [Finding(what, _REMEDY.format(name=_VACUUM, right="[]"))]


def _of_events(period: object, days: int) -> list[Finding]:
    if lasts(timedelta(days=days))(period):
        return []
    what = f"The Prefect server that runs keeps events {period}, and {days} days are asked for ({_EVENTS})."
    return [Finding(what, _REMEDY.format(name=_EVENTS, right=f"P{days}D"))]
