"""The worker's line to Prefect: what it has just read, it does not read again."""

from typing import Any
from uuid import UUID

import httpx
from cachetools import TTLCache
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import Flow, FlowRun, State
from prefect.client.schemas.responses import DeploymentResponse, OrchestrationResult
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_KEY, PREFECT_API_URL

DEPLOYMENT_SECONDS = 1
"""How long a deployment that was read is taken to be the same; a submission reads it twice."""
_FLOW_SECONDS = 60
"""The same of a flow, of which only the name counts, and that cannot change."""
_MOST = 1000
_SCHEDULED = "/work_pools/{name}/get_scheduled_flow_runs"


class WorkersClient(PrefectClient):
    """A client that remembers deployments and flows for a moment: reading one costs Prefect more than the fork."""

    def __init__(self) -> None:
        """Talk to the server the settings name."""
        login = {"auth_string": PREFECT_API_AUTH_STRING.value(), "api_key": PREFECT_API_KEY.value()}
        super().__init__(PREFECT_API_URL.value(), **login)
        self.places: int | None = None
        """How many more runs can be begun now; None: any number."""
        self._deployments: TTLCache[UUID, DeploymentResponse] = TTLCache(_MOST, DEPLOYMENT_SECONDS)
        self._flows: TTLCache[UUID, Flow] = TTLCache(_MOST, _FLOW_SECONDS)
        self._states: TTLCache[UUID, State[Any]] = TTLCache(_MOST, _FLOW_SECONDS)

    async def request(  # Prefect's own signature
        self,
        method: Any,  # noqa: ANN401
        path: Any,  # noqa: ANN401
        params: dict[str, Any] | None = None,
        path_params: dict[str, Any] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> httpx.Response:
        """Ask Prefect. Of scheduled runs, ask for as many as can be begun: it would return two hundred each time."""
        if path == _SCHEDULED and self.places is not None:
            options["json"] = {**options["json"], "limit": self.places}
        return await super().request(method, path, params, path_params, **options)

    async def read_deployment(self, deployment_id: UUID | str) -> DeploymentResponse:
        """Return a deployment, as it is or was a moment ago. Raises ObjectNotFound."""
        key = UUID(str(deployment_id))
        found = self._deployments.get(key)
        if found is None:
            found = self._deployments[key] = await super().read_deployment(deployment_id)
        return found.model_copy(deep=True)  # Prefect's worker puts a run's own variables into it

    async def set_flow_run_state(
        self, flow_run_id: UUID | str, state: State[Any], force: bool = False
    ) -> OrchestrationResult[Any]:
        """Propose a state, and remember what Prefect has made of it."""
        result: OrchestrationResult[Any] = await super().set_flow_run_state(flow_run_id, state, force)
        if result.state:
            self._states[UUID(str(flow_run_id))] = result.state
        return result

    def taken(self, flow_run: FlowRun) -> FlowRun | None:
        """Return a run with the state it was just given; None when it was given none."""
        state = self._states.pop(flow_run.id, None)
        named = {"state": state, "state_type": state.type, "state_name": state.name} if state else {}
        return flow_run.model_copy(update=named) if named else None

    async def read_flow(self, flow_id: UUID) -> Flow:
        """Return a flow. Raises ObjectNotFound."""
        found = self._flows.get(flow_id)
        if found is None:
            found = self._flows[flow_id] = await super().read_flow(flow_id)
        return found
