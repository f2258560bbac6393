"""Starts a flow run's process by a fork: the one step in which ours differs from Prefect's process worker."""

import signal

import anyio
from anyio.abc import TaskStatus
from prefect.client.schemas.objects import FlowRun
from prefect.runner._control_channel import ControlChannel
from prefect.runner._process_manager import ProcessHandle

from deployments.worker.nursery import Nursery
from deployments.worker.orders import Order
from deployments.worker.warm_process import ForkedProcess

_STOP_SECONDS = 10


class ForkStarter:
    """What Prefect's runner calls a process starter, for one flow run."""

    def __init__(self, nursery: Nursery, order: Order, control: ControlChannel) -> None:
        """Take what to fork; the control channel tells the child whether it was cancelled or only ended."""
        self._nursery, self._order, self._control = nursery, order, control

    async def start(
        self, flow_run: FlowRun, task_status: TaskStatus[ProcessHandle] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Fork, report the process, and wait for its end. Raises NotForkedError."""
        try:
            port, token = self._control.register(flow_run.id)
            self._order.environment.update(PREFECT__CONTROL_PORT=str(port), PREFECT__CONTROL_TOKEN=token)
            process = await self._nursery.fork(self._order)
        except BaseException:
            self._control.unregister(flow_run.id)
            raise
        task_status.started(ProcessHandle(process))  # type: ignore[arg-type]  # it has what the handle asks of a process
        try:
            await process.wait()
        except BaseException:
            await _stop(process)
            raise


async def _stop(process: ForkedProcess) -> None:
    """End a process whose worker is ending: let it say so to Prefect, but not for long."""
    process.send(signal.SIGTERM)
    with anyio.CancelScope(shield=True), anyio.move_on_after(_STOP_SECONDS, shield=True) as patience:
        await process.wait()
    if patience.cancelled_caught:
        process.send(signal.SIGKILL)
