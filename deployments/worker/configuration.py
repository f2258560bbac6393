"""How a run is started: what a work pool and a deployment may say about it, and what follows from that."""

import os
import tempfile
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from prefect.workers.process import ProcessJobConfiguration, ProcessVariables
from pydantic import Field

MIB = 1 << 20
_MEMORY = "The memory a run may take, in MiB. A run that asks for more gets a MemoryError. Empty: no limit."


class WellkeptJobConfiguration(ProcessJobConfiguration):
    """How a run is started; what a work pool and a deployment may say about it."""

    memory_limit_mib: int | None = Field(default=None, ge=64, description=_MEMORY)

    @classmethod
    @cache
    def _base_environment(cls) -> dict[str, str]:
        """Return the worker's settings as variables, worked out once: it took a quarter of the worker's time."""
        return super()._base_environment()


class WellkeptVariables(ProcessVariables):
    """The same, as the Prefect UI offers it."""

    memory_limit_mib: int | None = Field(default=None, ge=64, title="Memory Limit (MiB)", description=_MEMORY)


def needs_an_interpreter_of_its_own(configuration: ProcessJobConfiguration) -> bool:
    """Tell whether a run brings a command or variables of its own, which modules may have read when imported."""
    ours = {name for name, value in configuration.env.items() if os.environ.get(name) != value}
    return configuration._command_configured or any(not name.startswith("PREFECT_") for name in ours)  # noqa: SLF001


def folder_of(configuration: ProcessJobConfiguration) -> AbstractContextManager[str | Path]:
    """Return the folder a run works in: the one it names, or a new one that goes with it."""
    if configuration.working_dir:
        return nullcontext(configuration.working_dir)
    return tempfile.TemporaryDirectory(suffix="prefect")


def related_to(configuration: ProcessJobConfiguration) -> dict[str, Any]:
    """Return what Prefect's worker has read for a run: its flow and its deployment."""
    return configuration._related_objects  # noqa: SLF001 - Prefect's workers read it too


def held_flow(deployment: Any) -> str | None:  # noqa: ANN401 - Prefect's answer, or None
    """Return the module path of a deployment's flow if nothing has to be fetched before it can be imported."""
    if deployment is None or deployment.pull_steps or not modules_of([deployment]):
        return None
    return str(deployment.entrypoint)


def modules_of(deployments: list[Any]) -> set[str]:
    """Return the modules of the flows that are deployed by module path; those of files belong to their run's folder."""
    entrypoints = (str(each.entrypoint or "") for each in deployments)
    return {entry.rpartition(".")[0] for entry in entrypoints if "." in entry and ":" not in entry and "/" not in entry}
