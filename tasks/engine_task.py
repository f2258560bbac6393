"""What every task of a cycle shares: retries, no caching, and whose run it is."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext, TaskRunContext

NOWHERE = Path("storage")
"""Where results would be kept. None are; but without a place Prefect asks its server for one."""
P = ParamSpec("P")
R = TypeVar("R")


def engine_task(*, task_run_name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a task of a cycle. It may be tried again: it writes one transaction, and a second try finds that done."""
    return task(
        task_run_name=task_run_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        result_storage=NOWHERE,
        retries=2,
        retry_delay_seconds=1,
    )


def run_ids() -> dict[str, str]:
    """Return the ids of the flow run and task run this code works for, as the ledger writes them."""
    ids: dict[str, str] = {}
    if (flow_context := FlowRunContext.get()) and flow_context.flow_run:
        ids["flow_run"] = str(flow_context.flow_run.id)
    if task_context := TaskRunContext.get():
        ids["task_run"] = str(task_context.task_run.id)
    return ids
