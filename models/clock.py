"""The one clock of the tree. Everything else takes a moment or a date as an argument.

A demo store may stand on another day than today: `store.transaction` reads its offset and sets it here.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)


def stand(offset: timedelta) -> None:
    """Move this process's clock by `offset` from real time. Only a demo store does that."""
    global _offset  # noqa: PLW0603 - one clock a process is the point
    _offset = offset


def now() -> datetime:
    """Return the moment it is, in UTC."""
    return datetime.now(UTC) + _offset


def real_now() -> datetime:
    """Return the moment it really is, in UTC, whatever day a demo store stands on."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the civil date it is in an IANA time zone."""
    return day_of(real_now(), time_zone)


def day_of(real_moment: datetime, time_zone: str) -> date:
    """Return the civil date that a real moment has by this clock in an IANA time zone."""
    return (real_moment + _offset).astimezone(ZoneInfo(time_zone)).date()
