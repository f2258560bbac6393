"""The relay: carries what the store has decided out into the world, letters to the mail server and wakings to Prefect.

It wakes by PostgreSQL's NOTIFY when something is committed, and looks on its own every few seconds. Whatever it cannot
carry now stays in the store and is tried again: the mail server or Prefect may be away for a day.
"""

import asyncio
import logging
import random
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Self
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.context import AsyncClientContext
from prefect.exceptions import PrefectHTTPStatusError

from deployments.histories import copy_histories
from deployments.pages import Pages
from models import clock
from models.bell import Bell, rings
from models.cycles import wakings_due
from models.errors import WellkeptError
from models.settings import load_settings
from models.store import reading, store_url, transaction
from models.tables import Cycle
from notifications.outbox import deliver_due
from notifications.post import post_fresh_links
from tasks.reviving import take_up
from tasks.wake import Woken, still_queued, wake

log = logging.getLogger("wellkept.relay")
IDLE_SECONDS = 5.0
PAGES_SECONDS = 2.0
WAKINGS_AT_ONCE = 8
LONGEST_PAUSE_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 20.0
"""After a waking that Prefect took: when to try again if the cycle still has not looked. While it queues for a worker,
each time twice as long; a run whose process died is taken up then."""
LONGEST_PATIENCE_SECONDS = 300.0


class Lines:
    """The lines to Prefect, each for one waking at a time and kept open: a new one asks for a token first."""

    def __init__(self, number: int) -> None:
        """Take how many there may be; they are opened when they are needed."""
        self._free: asyncio.LifoQueue[PrefectClient | None] = asyncio.LifoQueue()
        self._open = AsyncExitStack()
        for _ in range(number):
            self._free.put_nowait(None)

    async def __aenter__(self) -> Self:
        """Use them."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._open.aclose()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[PrefectClient]:
        """Take a free one, or wait for it."""
        line = await self._free.get()
        try:
            if line is None:
                line = await self._open.enter_async_context(get_client())
            yield line
        finally:
            self._free.put_nowait(line)


async def carry_wakings(lines: Lines) -> int:
    """Wake every cycle that wants it and whose turn has come; return how many Prefect took."""
    with reading() as session:
        due = wakings_due(session, clock.real_now())
    queued = await _queued(lines, due)
    return sum(await asyncio.gather(*(_carry(lines, cycle, queued) for cycle in due)))


async def _queued(lines: Lines, due: list[Cycle]) -> set[UUID]:
    """Return the runs, of cycles that were woken before, that wait for a worker; none while Prefect is away."""
    runs = [cycle.flow_run_id for cycle in due if cycle.wake_not_before and cycle.flow_run_id]
    if not runs:
        return set()
    try:
        async with lines.one() as line:
            return await still_queued(line, runs)
    except (httpx.HTTPError, PrefectHTTPStatusError):
        return set()


async def _carry(lines: Lines, cycle: Cycle, queued: set[UUID]) -> bool:
    async with lines.one() as line:
        woken = Woken.QUEUED if cycle.flow_run_id in queued else await _wake_or_take_up(line, cycle)
    taken = woken not in {Woken.BUSY, Woken.QUEUED}
    pause = _pause(cycle.wake_tries) if woken is Woken.BUSY else _patience(0 if taken else cycle.wake_tries)
    with transaction() as tx:
        row = tx.session.get_one(Cycle, cycle.key, with_for_update={"key_share": True})
        if row.wake_wanted_at == cycle.wake_wanted_at:
            row.wake_tries = 0 if taken else row.wake_tries + 1
            row.wake_not_before = clock.real_now() + timedelta(seconds=pause)
    return taken


async def _wake_or_take_up(line: PrefectClient, cycle: Cycle) -> Woken:
    """Wake a cycle; if it only seems to be busy because its process died, take it up and do not wait for rounds."""
    try:
        woken = await wake(line, cycle)
        if woken is Woken.BUSY and await take_up(cycle, timedelta(seconds=load_settings().stalled_after_seconds)):
            return Woken.REVIVED
    except (httpx.HTTPError, PrefectHTTPStatusError, WellkeptError) as error:
        log.warning("%s could not be woken and is tried again: %s", cycle.key, error)
        return Woken.BUSY
    return woken


def _patience(tries: int) -> float:
    """Return how long to leave a cycle alone that waits for a worker: a long queue is not asked again and again."""
    return min(LOOK_AGAIN_SECONDS * 2.0 ** min(tries, 10), LONGEST_PATIENCE_SECONDS)


def _pause(tries: int) -> float:
    pause: float = min(0.25 * 2 ** min(tries, 10), LONGEST_PAUSE_SECONDS)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret


async def _letters(bell: asyncio.Event) -> None:
    while True:
        bell.clear()
        post_fresh_links()
        await deliver_due()
        await _rest(bell, IDLE_SECONDS)


async def _pages() -> None:
    """Keep the pages in Prefect current, apart from the letters: Prefect may hang for minutes."""
    pages = Pages()
    async with AsyncClientContext.get_or_create():  # one line to Prefect for all of them
        while True:
            await pages.show_news()
            await asyncio.sleep(PAGES_SECONDS)


async def _wakings(bell: asyncio.Event) -> None:
    async with Lines(WAKINGS_AT_ONCE) as lines:
        while True:
            bell.clear()
            await carry_wakings(lines)
            await _rest(bell, _until_next_waking())


def _until_next_waking() -> float:
    with reading() as session:
        waiting = wakings_due(session, clock.real_now() + timedelta(seconds=IDLE_SECONDS))
    now = clock.real_now()
    times = [(cycle.wake_not_before - now).total_seconds() for cycle in waiting if cycle.wake_not_before]
    return max(min([IDLE_SECONDS, *times]), 0.05)


async def _rest(bell: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(bell.wait(), seconds)
    except TimeoutError:
        return


async def _listen(bells: list[asyncio.Event]) -> None:
    """Ring the bells whenever a transaction commits something to carry."""
    async for _ in rings(store_url(), Bell.RELAY):
        for bell in bells:
            bell.set()


async def run() -> None:
    """Carry until the process is told to stop. Anything unexpected ends it: the supervisor starts it anew."""
    stop, bells = asyncio.Event(), [asyncio.Event(), asyncio.Event()]
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    parts = (_letters(bells[0]), _pages(), copy_histories(), _wakings(bells[1]), _listen(bells))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(part) for part in parts]
        await stop.wait()
        for task in tasks:
            task.cancel()


def main() -> None:
    """Run the relay."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(run())


if __name__ == "__main__":
    main()
