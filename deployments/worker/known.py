"""What the worker knows of a run's surroundings. Every event of a run names them, and the run would ask Prefect again.

Asking takes four requests, one of them for the deployment, whose schedules take longest to read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prefect.client.schemas.objects import FlowRun, WorkPool
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.related import RESOURCE_CACHE

from models.clock import real_now


@dataclass(frozen=True)
class Known:
    """A flow, deployment, work queue or work pool, as events name it."""

    kind: str
    key: str
    """What Prefect asks for: an id, or a pool's name."""
    id: str
    name: str
    tags: list[str] = field(default_factory=list)


def known_of(flow_run: FlowRun, related: dict[str, Any], pool: WorkPool) -> Iterator[Known]:
    """Yield what is known: `related` is what Prefect's worker has read for the run."""
    if flow := related.get("flow"):
        yield _known("flow", flow)
    deployment = related.get("deployment")
    if deployment and not _has_versions(deployment):
        yield _known("deployment", deployment)
    if deployment and deployment.work_queue_name and deployment.work_queue_id == flow_run.work_queue_id:
        yield Known("work-queue", str(flow_run.work_queue_id), str(flow_run.work_queue_id), deployment.work_queue_name)
    yield Known("work-pool", pool.name, str(pool.id), pool.name)


def remember(known: Iterable[Known]) -> None:
    """Put it where Prefect keeps what it has read for the events of this process."""
    now = real_now()
    for each in known:
        RESOURCE_CACHE[f"{each.kind}.{each.key}"] = ({"kind": each.kind, "object": each}, now)  # type: ignore[dict-item,assignment]  # it has all that is asked of one


def _known(kind: str, read: Any) -> Known:  # noqa: ANN401 - any of Prefect's objects with an id, a name and tags
    return Known(kind, str(read.id), str(read.id), read.name, list(read.tags))


def _has_versions(deployment: DeploymentResponse) -> bool:
    """Tell whether events say more of a deployment than its name."""
    return any((deployment.branch, deployment.base, deployment.root, deployment.version_id))
