"""Deployments: every duty of every clinic, and its rounds. Upserted, never deleted: deleting orphans what sleeps."""

from collections.abc import Iterator, Sequence
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from prefect import Flow, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType

import flows
from deployments.prefect_server import WORK_POOL
from deployments.worker.worker import TYPE, WellkeptWorker
from flows.rounds import rounds
from models import clock
from models.duties import Duty
from models.people import clinic_named
from models.store import reading
from models.tables import Clinic
from tasks.wake import deployment_name

MEMORY = "memory_limit_mib"


async def ensure_work_pool() -> None:
    """Make the work pool of our worker type, unless it is there; one of another type will do."""
    async with get_client() as client:
        pool = WorkPoolCreate(
            name=WORK_POOL,
            type=TYPE,
            description="Wellkept's cycles and rounds",
            base_job_template=_template(),
        )
        try:
            await client.create_work_pool(pool)
        except ObjectAlreadyExists:
            return


def _template() -> dict[str, Any]:
    """Return what a deployment on our pool may say about how its runs are started: how much memory they may take.

    Prefect checks the whole of it against JSON Schema's own schema at the start of every run, and what else a worker
    could be told would do a cycle no good.
    """
    whole = WellkeptWorker.get_default_base_job_template()
    memory = {MEMORY: whole["variables"]["properties"][MEMORY]}
    return {
        "job_configuration": {MEMORY: whole["job_configuration"][MEMORY]},
        "variables": {"type": "object", "properties": memory},
    }


def cycle_flows() -> Iterator[tuple[Flow[..., Any], Duty]]:
    """Yield the flow of every duty with the duty, found by walking the package `flows`: a new cycle is a new file."""
    for info in iter_modules(flows.__path__, "flows."):
        if not info.ispkg:
            values = vars(import_module(info.name)).values()
            yield from ((value, value.duty) for value in values if isinstance(value, Flow) and hasattr(value, "duty"))


async def deploy_clinic(slug: str) -> list[str]:
    """Deploy a clinic's duties and its rounds, and return the deployments' names."""
    with reading() as session:
        clinic = clinic_named(session, slug)
    names = [
        await _deploy(flow, deployment_name(slug, duty.name), clinic, _schedules(clinic, duty))
        for flow, duty in cycle_flows()
    ]
    hour, minute = clinic.rounds_at.split(":")
    daily = CronSchedule(cron=f"{int(minute)} {int(hour)} * * *", timezone=clinic.time_zone)
    return [*names, await _deploy(rounds, deployment_name(slug, "rounds"), clinic, [daily])]


async def _deploy(
    flow: Flow[..., Any], name: str, clinic: Clinic, schedules: Sequence[CronSchedule | RRuleSchedule]
) -> str:
    deployment = await flow.ato_deployment(
        name=name,
        parameters={"clinic": clinic.slug},
        tags=[clinic.slug, flow.name],
        schedules=list(schedules),
        description=flow.description,
        work_pool_name=WORK_POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    await deployment.aapply(work_pool_name=WORK_POOL)
    return name


def _schedules(clinic: Clinic, duty: Duty) -> list[RRuleSchedule]:
    """Return the schedule of a yearly duty at a clinic; what an event begins has none."""
    return [] if duty.starts_on is None else [_yearly(clinic, duty.name, duty.starts_on)]


def _yearly(clinic: Clinic, duty: str, usual: str) -> RRuleSchedule:
    """Return a yearly schedule, at the clinic's hour of rounds; Prefect wants a DTSTART of ours."""
    starts_on = clinic.duties.get(duty, {}).get("starts_on") or usual
    month, day = (int(part) for part in starts_on.split("-"))
    first = date(clock.today(clinic.time_zone).year, month, day)
    at = clinic.rounds_at.replace(":", "")
    rule = f"DTSTART:{first:%Y%m%d}T{at}00\nRRULE:FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    return RRuleSchedule(rrule=rule, timezone=clinic.time_zone)
