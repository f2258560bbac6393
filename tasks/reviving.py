"""Taking up cycles that broke off: Prefect leaves a killed run Running for ever, so rounds and the relay look."""

from datetime import timedelta

from prefect import get_client
from prefect.client.schemas.objects import State, StateType

from models import clock
from models.cycles import lock_name
from models.locks import end_holder, lock_connection, try_lock
from models.tables import Cycle
from tasks.wake import ENDED, Woken, revive, run_of

HUNG_AFTER = 12
"""A run that holds its lock and has shown no life for so many times the limit is cut off from the store."""


async def take_up(cycle: Cycle, stalled_after: timedelta) -> bool:
    """Schedule a cycle's run again if it ended, died or hangs without the cycle being closed. True when it did."""
    async with get_client() as client:
        run = await run_of(client, cycle)
        if run is None or run.state is None or (why := _broken(cycle, run.state, stalled_after)) is None:
            return False
        return await revive(client, cycle, run, why) is Woken.REVIVED


def _broken(cycle: Cycle, state: State, stalled_after: timedelta) -> str | None:
    if state.type in ENDED:
        return f"the run had ended as {state.name} and the cycle is not closed"
    age = clock.real_now() - state.timestamp
    if state.type not in {StateType.RUNNING, StateType.PENDING, StateType.CANCELLING} or age < stalled_after:
        return None
    if _nobody_works_on(cycle):
        return "its process was gone"
    if state.type == StateType.RUNNING and age > HUNG_AFTER * stalled_after and end_holder(lock_name(cycle.key)):
        return "its process hung"
    return None


def _nobody_works_on(cycle: Cycle) -> bool:
    """Tell whether the cycle's lock is free: PostgreSQL lets go of it when a process dies, however it dies."""
    with lock_connection() as connection:
        return try_lock(connection, lock_name(cycle.key))
