"""Going to sleep: letters written, the run suspended, and one more look. The relay writes the pages that tell of it."""

import logging
from collections import Counter
from typing import Any, NoReturn
from uuid import uuid4

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort, Pause
from prefect.states import Paused
from prefect.utilities.engine import propose_state
from sqlalchemy import update
from sqlmodel import col

from flows.engine.current import Running
from flows.engine.lock import Lock
from flows.engine.plain_log import STATE_NAME, speak_plainly
from models import clock
from models.cycles import copy_time, look_on, open_requests
from models.store import reading, transaction
from models.tables import Cycle
from models.words import day_in_words, list_in_words
from tasks.post import post_what_is_written

log = logging.getLogger("wellkept.sleeping")


async def go_to_sleep(running: Running, lock: Lock) -> NoReturn:
    """Suspend the run until somebody answers or a rung is due; leaves the process by Prefect's Pause.

    Raises Prefect's Abort when the run is no longer this process's to suspend.
    """
    speak_plainly()
    post_what_is_written(running.clinic, running.key)
    message = who_is_waited_for(running)
    state: State[Any] = Paused(name=STATE_NAME, message=message, reschedule=True, pause_key=str(uuid4()))
    lock.need()
    async with get_client() as client:
        accepted = await propose_state(client, state, running.flow_run_id)
        if not accepted.is_paused():
            raise Abort(f"Prefect answered {accepted.name} when the cycle wanted to sleep")
        try:
            await _look_once_more(client, running)
        except Exception:  # an error would end the run, and it sleeps already: the relay wakes it
            log.exception("%s sleeps; whether somebody answered meanwhile is left to the relay", running.key)
    raise Pause(state=accepted)


def who_is_waited_for(running: Running) -> str:
    """Return the message of a sleeping run: who is asked for what, until when, and whose answers led here."""
    return f"{_waited_for(running)}{_after(running)}"


def _after(running: Running) -> str:
    answered = running.seen.answered
    return f". Answered: {list_in_words(answered, 5)}" if answered else ""


def _waited_for(running: Running) -> str:
    with reading() as session:
        requests = open_requests(session, running.key)
    people = running.people()
    if not requests and running.seen.days:
        return f"Waits for {day_in_words(min(running.seen.days))}"
    if not requests:
        return "The last answer has just arrived; looks again at once"
    names = [people[each.holder_id].name if each.holder_id in people else each.holder_id for each in requests]
    until = day_in_words(requests[0].due_on)
    if len(requests) == 1:
        return f"Waits for {names[0]}: {requests[0].title}, until {until}"
    counted = [f"{name} ({number})" for name, number in Counter(names).most_common()]
    return f"Waits for {list_in_words(counted, 5)}: {len(requests)} answers, the first by {until}"


async def _look_once_more(client: PrefectClient, running: Running) -> None:
    """Resume at once if an answer arrived between looking and sleeping, when a resume call was refused."""
    if was_woken_again(running):
        await client.resume_flow_run(running.flow_run_id)


def was_woken_again(running: Running) -> bool:
    """Write that the cycle has looked, unless it was to be woken again meanwhile; tell whether it was.

    What Prefect has of it is copied a little later, when Prefect has written everything down.
    """
    with transaction() as tx:
        look_on(tx, running.key, min(running.seen.days, default=None))
        answered = update(Cycle).where(col(Cycle.key) == running.key)
        same = col(Cycle.wake_wanted_at).is_not_distinct_from(running.woken_for)
        looked = {"wake_wanted_at": None, "looked_at": clock.now(), "history_wanted_at": copy_time()}
        tx.session.execute(answered.where(same).values(**looked))
    with reading() as session:
        return session.get_one(Cycle, running.key).wake_wanted_at is not None
