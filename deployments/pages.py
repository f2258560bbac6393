"""The pages in Prefect that tell of waiting cycles, kept current by the relay: "Where this stands" and the boards.

A cycle that goes to sleep does not write them itself: its letters are accepted a moment later, and a hundred cycles of
a clinic that wake together would write the same board a hundred times.
"""

import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

import httpx
from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from models import clock
from models.store import reading
from models.tables import Cycle, Letter, Link, Request
from tasks.board import show_board
from tasks.standing import show_standing

log = logging.getLogger("wellkept.pages")
LOOK_BACK = timedelta(hours=1)
"""How far a relay that has just started looks back."""
_OVERLAP = timedelta(seconds=10)
"""What is written down as of a moment may be committed so much later."""


class Pages:
    """The pages, and what they tell by now."""

    def __init__(self) -> None:
        """Know of nothing that was shown."""
        self._until: datetime | None = None
        self._shown: dict[str, datetime] = {}
        """The newest of what each cycle's page tells; only of the last seconds."""

    async def show_news(self) -> None:
        """Write the pages of the cycles that fell asleep, closed, or had a letter accepted since the last time.

        While Prefect is away nothing counts as shown. A page that it refuses holds up no other.
        """
        since = (self._until or clock.now() - LOOK_BACK) - _OVERLAP
        with reading() as session:
            news = [each for each in _news(session, since) if self._shown.get(each[0].key) != each[1]]
        for cycle, _ in news:
            if cycle.closed_at is None and not await _went_out(cycle.key, show_standing(cycle.key)):
                return
        for clinic in sorted({cycle.clinic for cycle, _ in news}):
            if not await _went_out(clinic, show_board(clinic)):
                return
        self._shown = {key: at for key, at in self._shown.items() if at > since} | {each.key: at for each, at in news}
        self._until = max([at for _, at in news], default=self._until)


def _news(session: Session, since: datetime) -> list[tuple[Cycle, datetime]]:
    """Return the cycles that sleep or have closed and of which something is new since a moment, and when that was."""
    accepted = (
        select(Request.cycle_key, func.max(col(Letter.accepted_at)).label("at"))
        .join(Link, col(Link.request_id) == Request.id)
        .join(Letter, col(Letter.id) == Link.letter_id)
        .where(col(Letter.accepted_at) > since)
        .group_by(col(Request.cycle_key))
        .subquery()
    )
    newest = func.greatest(Cycle.looked_at, Cycle.closed_at, accepted.c.at)
    statement = select(Cycle, newest).outerjoin(accepted, accepted.c.cycle_key == Cycle.key)
    recent = or_(col(Cycle.closed_at).is_(None), col(Cycle.closed_at) > since)
    found = session.exec(statement.where(col(Cycle.wake_wanted_at).is_(None), recent, newest > since).order_by(newest))
    return [(cycle, at) for cycle, at in found]


async def _went_out(what: str, page: Awaitable[None]) -> bool:
    """Write a page; False when Prefect does not answer."""
    try:
        await page
    except httpx.HTTPError as error:
        log.warning("%s: its page in Prefect is not current: %s", what, error)
        return isinstance(error, httpx.HTTPStatusError) and error.response.is_client_error
    return True
