"""A real worker of any type on a pool of its own, in a running stack, and what becomes of the runs given to it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import psutil
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectAlreadyExists
from prefect.states import Cancelling, Suspended
from prefect.workers.base import BaseWorker

from deployments.service import tied

RUNS = "deployments.testing.runs"
ENDS = {StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED}


@dataclass
class Working:
    """A worker's process, its pool, and its log."""

    process: subprocess.Popen[bytes]
    pool: str
    log: Path

    @property
    def children(self) -> list[psutil.Process]:
        """Return the processes below the worker that still run."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [each for each in below if each.status() != psutil.STATUS_ZOMBIE]

    def give(self, flow: str, parameters: dict[str, Any] | None = None, module: str = RUNS, **variables: Any) -> UUID:  # noqa: ANN401 - job variables are JSON
        """Deploy a flow on the worker's pool and start a run of it now."""
        return anyio.run(self._give, flow, parameters or {}, module, variables)

    async def _give(self, flow: str, parameters: dict[str, Any], module: str, variables: dict[str, Any]) -> UUID:
        async with get_client() as client:
            flow_id = await client.create_flow_from_name(flow.replace("_", "-"))
            deployment = await client.create_deployment(
                flow_id,
                f"{self.pool} {flow}",
                work_pool_name=self.pool,
                entrypoint=f"{module}.{flow}",
                job_variables=variables,
                enforce_parameter_schema=False,
            )
            run = await client.create_flow_run_from_deployment(deployment, parameters=parameters)
            return run.id

    def run(self, run: UUID) -> FlowRun:
        """Return a run as Prefect has it now."""
        return _ask(PrefectClient.read_flow_run, run)

    def state(self, run: UUID) -> State[Any]:
        """Return the state of a run as it is now."""
        state = _ask(PrefectClient.read_flow_run, run).state
        assert state is not None  # noqa: S101 - every run has one
        return state

    def until(self, run: UUID, name: str, seconds: float = 90) -> State[Any]:
        """Wait until a run is in the state of this name."""
        return self._wait(run, lambda state: state.name == name, seconds)

    def end_of(self, run: UUID, seconds: float = 90) -> State[Any]:
        """Wait until a run has ended, and return how."""
        return self._wait(run, lambda state: state.type in ENDS, seconds)

    def _wait(self, run: UUID, enough: Any, seconds: float) -> State[Any]:  # noqa: ANN401 - a predicate
        until = time.monotonic() + seconds
        while not enough(state := self.state(run)):
            if time.monotonic() > until:
                raise TimeoutError(f"{state!r} after {seconds} s\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)
        return state

    def cancel(self, run: UUID) -> None:
        """Cancel a run as the Prefect UI does."""

        async def ask() -> None:
            async with get_client() as client:
                await client.set_flow_run_state(run, Cancelling(), force=True)

        anyio.run(ask)

    def suspend(self, run: UUID) -> None:
        """Suspend a run as the Prefect UI does."""

        async def ask() -> None:
            async with get_client() as client:
                await client.set_flow_run_state(run, Suspended(), force=True)

        anyio.run(ask)

    def task_runs(self, run: UUID) -> list[str]:
        """Return the names of a run's task runs."""
        return anyio.run(self._task_runs, run)

    async def _task_runs(self, run: UUID) -> list[str]:
        async with get_client() as client:
            wanted = FlowRunFilter(id=FlowRunFilterId(any_=[run]))
            return [each.name for each in await client.read_task_runs(flow_run_filter=wanted)]

    def events(self, run: UUID) -> list[dict[str, Any]]:
        """Return the events that tell of a run, oldest first."""
        return anyio.run(self._events, run)

    async def _events(self, run: UUID) -> list[dict[str, Any]]:
        async with get_client() as client:
            about = {"any_resource": {"id": [f"prefect.flow-run.{run}"]}, "order": "ASC"}
            answer = await client.request("POST", "/events/filter", json={"filter": about, "limit": 50})
            found: list[dict[str, Any]] = answer.json()["events"]
            return found

    def resume(self, run: UUID) -> None:
        """Resume a sleeping run."""

        async def ask() -> None:
            async with get_client() as client:
                await client.resume_flow_run(run)

        anyio.run(ask)

    def logs(self, run: UUID) -> str:
        """Return what a run has logged to Prefect."""
        return anyio.run(self._logs, run)

    async def _logs(self, run: UUID) -> str:
        async with get_client() as client:
            found = await client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run])))
            return "\n".join(each.message for each in found)


def _ask(method: Any, *arguments: Any) -> FlowRun:  # noqa: ANN401 - a client's method
    async def ask() -> FlowRun:
        async with get_client() as client:
            found: FlowRun = await method(client, *arguments)
            return found

    return anyio.run(ask)


@contextmanager
def working(
    kind: str,
    folder: Path,
    options: Sequence[str] = (),
    environment: dict[str, str] | None = None,
    pool: str | None = None,
) -> Iterator[Working]:
    """Run a worker of a type on a pool, or one named after the folder. The stack's environment must be ours."""
    pool = pool or f"{kind}-{folder.name}"
    anyio.run(_make_pool, pool, kind)
    log = folder / "worker.log"
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", kind, "--pool", pool, *options]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [*tied(os.getpid(), 9), *command],
            stdout=out,
            stderr=out,
            env={**os.environ, "PREFECT_WORKER_QUERY_SECONDS": "0.5", **(environment or {})},
            start_new_session=True,
        )
    made = Working(process, pool, log)
    try:
        _wait_for("started!", made)
        yield made
    finally:
        left = made.children if process.poll() is None else []
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for each in left:
            if each.is_running():
                each.kill()


def _wait_for(words: str, worker: Working) -> None:
    until = time.monotonic() + 90
    while words not in worker.log.read_text():
        if time.monotonic() > until or worker.process.poll() is not None:
            raise TimeoutError(worker.log.read_text()[-3000:])
        time.sleep(0.1)


async def _make_pool(name: str, kind: str) -> None:
    """Make the pool with the template of its worker type, as the worker itself would."""
    worker = BaseWorker.get_worker_class_from_type(kind)
    assert worker is not None  # noqa: S101 - the tests name types there are
    async with get_client() as client:
        try:
            template = worker.get_default_base_job_template()
            await client.create_work_pool(WorkPoolCreate(name=name, type=kind, base_job_template=template))
        except ObjectAlreadyExists:
            return
