"""The worker of type `wellkept`, on Prefect's own extension point.

It is Prefect's process worker in everything but how a run's process comes to be: forked from a process that already
holds the imports, where a new interpreter would take seconds to read them. What Prefect's runner does around a
process stays in its hands: cancellation, crash detection, hooks, exit codes, time-outs, the limit on runs at once.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from time import monotonic
from typing import Any, Self
from uuid import UUID

import anyio
import httpx
import psycopg
from anyio.abc import TaskStatus
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import WorkPoolFilter, WorkPoolFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import WorkerFlowRunResponse
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flows import load_flow_from_flow_run
from prefect.runner._flow_run_executor import FlowRunExecutionResult, FlowRunExecutorContext
from prefect.runner._process_manager import ProcessHandle
from prefect.types._datetime import now
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from deployments.worker.client import WorkersClient
from deployments.worker.configuration import (
    MIB,
    WellkeptJobConfiguration,
    WellkeptVariables,
    folder_of,
    held_flow,
    modules_of,
    needs_an_interpreter_of_its_own,
    related_to,
)
from deployments.worker.known import known_of
from deployments.worker.nursery import Nursery
from deployments.worker.orders import Order
from deployments.worker.starter import ForkStarter
from deployments.worker.tokens import Token, Tokens
from models.bell import Bell, rings
from models.store import URL_VARIABLE

TYPE = "wellkept"
AHEAD = 8
"""How many runs that wait for a place the worker asks for besides those it has places for."""
LISTED_SECONDS = 2.0
"""How long such a run is taken to wait still. Whether it does is for Prefect to say when it is begun."""
_DEAF_SECONDS = 10


def can_fork() -> bool:
    """Return whether this platform can fork a process and go on in it."""
    return hasattr(os, "fork")


class WellkeptWorker(ProcessWorker):
    """Runs each flow run in a process forked from one that holds the imports."""

    type = TYPE
    job_configuration = WellkeptJobConfiguration
    job_configuration_variables = WellkeptVariables  # type: ignore[assignment]  # Prefect narrowed it to its own
    _display_name = "Wellkept"
    _description = "Forks each flow run from a warm process: for flows that wake often and do little each time."
    _documentation_url = ""
    _logo_url = ""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Prefect's own
        """Take what every Prefect worker takes."""
        super().__init__(*arguments, **options)
        self.nursery = Nursery(self._logger)
        self._only_once = False
        self._look_again = asyncio.Event()
        self._looking = asyncio.Lock()
        self._under_way: set[UUID] = set()
        self._listed: list[WorkerFlowRunResponse] = []
        self._listed_at = 0.0
        self._own_client: WorkersClient | None = None
        self._tokens = Tokens()
        self._own = AsyncExitStack()
        self._executors: FlowRunExecutorContext | None = None

    async def __aenter__(self) -> Self:
        """Make a warm process ready, then begin to work."""
        if can_fork():
            await self._own.enter_async_context(aclosing(self.nursery))
            self._executors = await self._own.enter_async_context(FlowRunExecutorContext())
        else:
            self._logger.warning("This platform cannot fork: every run is started as Prefect's process worker does.")
        await super().__aenter__()
        self._own_client = await self._own.enter_async_context(WorkersClient())
        self._ears = await anyio.create_task_group().__aenter__()
        if not self._only_once:
            self._ears.start_soon(self._look_when_told)
            if URL_VARIABLE in os.environ:
                self._ears.start_soon(self._hear, os.environ[URL_VARIABLE])
        return self

    @property
    def client(self) -> PrefectClient:
        """Return the line to Prefect."""
        return self._own_client or super().client

    async def __aexit__(self, *error: object) -> None:
        """Look for no more runs, end those there are as Prefect does, then the warm processes."""
        try:
            self._ears.cancel_scope.cancel()
            await self._ears.__aexit__(None, None, None)
            await super().__aexit__(*error)
        finally:
            await self._own.aclose()

    async def start(
        self, run_once: bool = False, with_healthcheck: bool = False, printer: Callable[..., None] = print
    ) -> None:
        """Work until stopped: look every few seconds, and at once when the bell rings or a place comes free."""
        self._only_once = run_once
        await super().start(run_once, with_healthcheck, printer)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Look for runs and begin them, unless there is no place; the end of a run makes us look again.

        Two looks never overlap, so none sees what the other has just begun.
        """
        async with self._looking:
            if self._limiter and self._own_client:
                free = int(self._limiter.available_tokens)
                if not free:
                    self._last_polled_time = now("UTC")
                    return []
                self._own_client.places = free + len(self._under_way) + AHEAD  # what is under way may be listed too
            went_on = bool(self._listed)
            begun = await super().get_and_submit_flow_runs()
            if went_on and not self._listed:
                self._look_again.set()  # used up: Prefect may have more by now
            return begun

    async def _get_scheduled_flow_runs(self) -> list[WorkerFlowRunResponse]:
        """Go on with what was listed a moment ago; ask Prefect when nothing is left of it."""
        if not self._listed or monotonic() - self._listed_at > LISTED_SECONDS:
            self._listed, self._listed_at = await super()._get_scheduled_flow_runs(), monotonic()
        return self._listed

    async def _submit_scheduled_flow_runs(self, flow_run_response: list[WorkerFlowRunResponse]) -> list[FlowRun]:
        """Leave alone what was woken before its last process has ended: the end of that makes us look again.

        With a limit, Prefect's own worker dies of such a run; without one, two processes would work on it at once.
        """
        free = [each for each in flow_run_response if each.flow_run.id not in self._under_way]
        begun = await super()._submit_scheduled_flow_runs(free)
        ids = {each.id for each in begun}
        self._listed = [each for each in free if each.flow_run.id not in ids]
        return begun

    async def _give_worker_labels_to_flow_run(self, flow_run_id: UUID) -> None:
        """Leave this out: the run's events name its worker."""

    async def _propose_submitting_state(self, flow_run: FlowRun) -> None:
        """Leave this state out: it tells of infrastructure that takes its time, and a fork takes none."""

    async def run(
        self, flow_run: FlowRun, configuration: ProcessJobConfiguration, task_status: TaskStatus[int] | None = None
    ) -> ProcessWorkerResult:
        """Run a flow run to its end, and return its exit code."""
        status = task_status or anyio.TASK_STATUS_IGNORED
        self._under_way.add(flow_run.id)
        try:
            if self._executors is None or needs_an_interpreter_of_its_own(configuration):
                return await super().run(flow_run, configuration, status)
            return await self._run_forked(self._executors, flow_run, configuration, status)
        finally:
            self._under_way.discard(flow_run.id)
            self._look_again.set()  # a place has come free

    async def _run_forked(
        self,
        executors: FlowRunExecutorContext,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int],
    ) -> ProcessWorkerResult:
        """Do what Prefect's process worker does, around a forked process."""
        result: FlowRunExecutionResult | None = None

        async def execute(*, task_status: TaskStatus[ProcessHandle]) -> None:
            nonlocal result
            result = await executor.submit(task_status)

        with folder_of(configuration) as folder:
            await self._hold_flow_of(configuration)
            token = await self._tokens.fresh(self.client)
            order = self._order(flow_run, configuration, folder, token)
            starter = ForkStarter(self.nursery, order, executors.control_channel)
            executor = executors.create_executor(
                flow_run, starter, resolve_flow=load_flow_from_flow_run, propose_submitting=False
            )
            async with anyio.create_task_group() as group:
                handle = await group.start(execute)
                task_status.started(handle.pid)
        if result is None or result.status_code is None:
            raise RuntimeError("The flow run's process could not be started.")
        return ProcessWorkerResult(status_code=result.status_code, identifier=str(handle.pid))

    def _order(
        self, flow_run: FlowRun, configuration: ProcessJobConfiguration, folder: str | Path, token: Token | None
    ) -> Order:
        related = related_to(configuration)
        environment = {
            **configuration.env,
            "PREFECT__FLOW_RUN_ID": str(flow_run.id),
            "PREFECT__FLOW_ENTRYPOINT": held_flow(related.get("deployment")),  # so it need not ask for its deployment
            "PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS": "false",  # the worker runs them, which outlives the run
        }
        limit = getattr(configuration, "memory_limit_mib", None)
        taken = self._own_client.taken(flow_run) if self._own_client else None
        return Order(
            str(flow_run.id),
            {name: value for name, value in environment.items() if value is not None},
            str(Path(folder).resolve()),
            configuration.stream_output,
            limit * MIB if limit else None,
            list(known_of(flow_run, related, self.work_pool)),
            taken.model_dump_json() if taken else None,
            token,
        )

    async def _hold_flow_of(self, configuration: ProcessJobConfiguration) -> None:
        """Hold the module of a run's flow, and with it those of all the pool's deployments, once one is new."""
        deployment = related_to(configuration).get("deployment")
        if deployment is None or self.nursery.holds(modules_of([deployment])):
            return
        pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[self._work_pool_name]))
        deployments = await self.client.read_deployments(work_pool_filter=pool)
        self.nursery.hold(modules_of([deployment, *deployments]))

    async def _look_when_told(self) -> None:
        while True:
            await self._look_again.wait()
            self._look_again.clear()
            if self.is_setup:
                try:
                    await self.get_and_submit_flow_runs()
                except (httpx.HTTPError, PrefectHTTPStatusError) as error:
                    self._logger.info("Prefect does not answer, it is asked again: %s", error)

    async def _hear(self, store_url: str) -> None:
        """Look again whenever Wellkept has woken a cycle. Without its store there are still the regular looks."""
        while True:
            try:
                async for _ in rings(store_url, Bell.WORKER):
                    self._look_again.set()
            except psycopg.OperationalError as error:
                self._logger.info("The bell cannot be heard, runs begin a few seconds later: %s", error)
            await anyio.sleep(_DEAF_SECONDS)
