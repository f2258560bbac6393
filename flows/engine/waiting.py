"""Waiting: the one place where a cycle waits, for one request or for thirty."""

from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar, cast

from flows.engine.asking import Asked
from flows.engine.chase import chase
from flows.engine.current import current
from flows.engine.replies import Reply, reply_to

Result = TypeVar("Result")
Other = TypeVar("Other")


class Waiting(BaseException):
    """The cycle cannot go on before somebody answers. Not an Exception: no `except Exception` may hold it up."""


async def together(paths: Iterable[Awaitable[Result]]) -> list[Result]:
    """Let every path go as far as it can; then wait if any of them has to."""
    results: list[Result] = []
    waits = False
    for path in paths:
        try:
            results.append(await path)
        except Waiting:
            waits = True
    if waits:
        raise Waiting
    return results


async def both(first: Awaitable[Result], second: Awaitable[Other]) -> tuple[Result, Other]:
    """Let two paths go as far as they can; then wait if either has to."""
    mine, other = await together([cast("Awaitable[Any]", first), cast("Awaitable[Any]", second)])
    return mine, other


async def beside(path: Awaitable[Result], *others: Awaitable[Any]) -> Result:
    """Go a path, and others beside it for as long as it waits: once it is at its end, nothing waits for them."""
    try:
        return await path
    except Waiting:
        for other in others:
            with suppress(Waiting):
                await other
        raise
    finally:
        for other in others:
            other.close()  # type: ignore[attr-defined]  # never awaited where the path came to its end


async def until(day: date) -> None:
    """Wait for a civil day of the clinic; the rounds of that day wake the cycle."""
    running = current()
    if running.today() < day:
        running.seen.days.append(day)
        raise Waiting


async def answer_to(asked: Asked) -> Reply:
    """Return the reply to one request, or wait for it."""
    return (await answers_to([asked]))[0]


async def answers_to(requests: Sequence[Asked]) -> list[Reply]:
    """Return the replies to all requests, or wait until somebody answers or a rung is due."""
    replies = [await _look(asked) for asked in requests]
    if any(reply is None for reply in replies):
        raise Waiting
    return [reply for reply in replies if reply is not None]


async def _look(asked: Asked) -> Reply | None:
    """Return the reply if there is one; otherwise chase it and look again."""
    if reply := await reply_to(asked):
        return reply
    await chase(asked)
    return await reply_to(asked)
