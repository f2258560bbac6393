"""Where the time goes between an answer and the next step: `make bench ARGS="stages --waiting 20"`.

Prefect's own history of the run's states says it, with the store's moment of the step.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio
from prefect import get_client
from prefect.client.schemas.objects import State, StateType
from sqlmodel import col, select

from deployments.testing.bench.measuring import SETTLING_SECONDS, Answered, answer_and_wait, less, ready
from deployments.testing.stack import Stack
from models.store import reading
from models.tables import Cycle, Step

STAGES = (
    (StateType.SCHEDULED, "the relay wakes the run"),
    (StateType.PENDING, "the worker takes it"),
    (StateType.RUNNING, "its process starts the flow"),
)
STEP, END = "the cycle does its step", "the run ends"


@dataclass
class Stages:
    """How long each stage took, one list of seconds per stage, and the CPU seconds per answer of each who computes."""

    seconds: dict[str, list[float]]
    cpu: dict[str, float]


def stages(stack: Stack, folder: Path, kind: str, waiting: int, answers: int, say: Callable[[str], None]) -> Stages:
    """Let cycles wait, answer some one after the other, and return the stages of their wakings."""
    with ready(stack, folder, kind, f"{kind}-stages") as bench:
        keys = bench.set_up(waiting, say)[:answers]
        time.sleep(SETTLING_SECONDS)
        before, answered = bench.cpu(), []
        for number, key in enumerate(keys, 1):
            answered.append(answer_and_wait(key))
            time.sleep(SETTLING_SECONDS)
            say(f"{number} of {len(keys)} answered")
        cpu = less(bench.cpu(), before)
        each = [_stages_of(one) for one in answered]
    seconds = {name: [one[name] for one in each] for name in each[0]}
    return Stages(seconds, {name: value / len(keys) for name, value in cpu.items()})


def _stages_of(answered: Answered) -> dict[str, float]:
    with reading() as session:
        run = session.get_one(Cycle, answered.key).flow_run_id
        done = select(Step.done_at).where(Step.cycle_key == answered.key, Step.done_at > answered.began)
        step = session.exec(done.order_by(col(Step.done_at))).first()
    assert run is not None and step is not None  # noqa: S101, PT018 - it was woken, and has gone on

    async def history() -> list[State]:
        async with get_client() as client:
            return await client.read_flow_run_states(run)

    states = sorted((each for each in anyio.run(history) if each.timestamp > answered.began), key=_moment)
    moments = {name: _moment(next(each for each in states if each.type == kind)) for kind, name in STAGES}
    moments |= {STEP: step, END: _moment(states[-1])}
    return _gaps(answered.began, moments)


def _moment(state: State) -> datetime:
    return datetime.fromisoformat(str(state.timestamp))


def _gaps(began: datetime, moments: dict[str, datetime]) -> dict[str, float]:
    previous = [began, *moments.values()]
    return {name: (at - before).total_seconds() for (name, at), before in zip(moments.items(), previous, strict=False)}
