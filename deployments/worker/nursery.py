"""The nursery: the warm process of now, replaced in time, and those that still have children."""

import asyncio

from deployments.worker.orders import Order
from deployments.worker.warm_process import ForkedProcess, Limits, Log, NotForkedError, StartsThreadsError, WarmProcess

DEFAULT_LIMITS = Limits()
_TRIES = 3


class Nursery:
    """The warm process of now, and those that still have children."""

    def __init__(self, log: Log, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take where to say what happens, and how long a warm process serves."""
        self._log, self._limits = log, limits
        self._modules: set[str] = set()
        self._unfit: set[str] = set()
        self._lock = asyncio.Lock()
        self._news = False
        self._warm: WarmProcess | None = None
        self._all: set[WarmProcess] = set()
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> list[int]:
        """Return the process ids of the warm processes, the present one last."""
        return [each.pid for each in sorted(self._all, key=lambda each: each is self._warm)]

    def holds(self, modules: set[str]) -> bool:
        """Return whether these modules are held, or will be at the next fork, or cannot be."""
        return modules <= self._modules

    def hold(self, modules: set[str]) -> None:
        """Hold these modules too, from the next fork on."""
        if not self.holds(modules):
            self._modules |= modules
            self._news = True

    async def fork(self, order: Order) -> ForkedProcess:
        """Fork a run; a warm process that dies before it has is replaced. Raises NotForkedError."""
        async with self._lock:
            for _ in range(_TRIES - 1):
                try:
                    return await (await self._ready_one()).fork(order)
                except NotForkedError as error:
                    self._log.warning("%s It is tried again.", error)
            return await (await self._ready_one()).fork(order)

    async def aclose(self) -> None:
        """End everything. Children that still run are ended too."""
        for each in self._all:
            each.kill()
        await asyncio.gather(*(each.retire() for each in self._all), *self._retiring)

    async def _ready_one(self) -> WarmProcess:
        if self._warm is None:
            return await self._start(None)
        if why := "there are new flows" if self._news else self._warm.why_replace(self._limits):
            return await self._start(why)
        return self._warm

    async def _start(self, why: str | None) -> WarmProcess:
        if why:
            self._log.info("The warm process is replaced: %s.", why)
        self._news = False  # first: what comes while it starts is news again
        try:
            warm = await WarmProcess.start(sorted(self._modules - self._unfit), self._log)
        except StartsThreadsError as error:
            if error.module not in self._modules:
                raise
            self._log.warning("%s is not held warm, its runs import it themselves.", error)
            self._unfit.add(error.module)
            return await self._start(None)
        old, self._warm = self._warm, warm
        self._all.add(warm)
        if old:
            retiring = asyncio.create_task(self._retire(old))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
        return warm

    async def _retire(self, warm: WarmProcess) -> None:
        await warm.retire()
        self._all.discard(warm)
