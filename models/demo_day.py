"""The day a demo store stands on: moved forward, never back, and only in a demo store."""

from datetime import date, timedelta
from pathlib import Path

from models import clock
from models.errors import WellkeptError
from models.events import Event
from models.people import clinic_named
from models.requests import hour_of_rounds
from models.store import NotADemoStoreError, Transaction
from models.store_kind import read_kind
from models.tables import DemoClock


class BackwardsError(WellkeptError):
    """A demo's clock never goes back: what has happened has happened."""

    remedy = "Name a later day, or begin anew: stop it, remove the demo's data folder, and `make demo`."


def need_demo(data_dir: Path) -> None:
    """Raise NotADemoStoreError unless a data folder says that it holds a demo store."""
    if read_kind(data_dir) is not True:
        raise NotADemoStoreError(f"{data_dir} does not hold a demo store.")


def move_to(tx: Transaction, clinic_slug: str, day: date) -> timedelta:
    """Stand a demo store at a clinic's hour of rounds on a civil day, and return how far the clock moved.

    The day it stands on already leaves it where it is. Raises BackwardsError. Ask `need_demo` first.
    """
    today = clock.today(clinic_named(tx.session, clinic_slug).time_zone)
    if day < today:
        raise BackwardsError(f"The demo stands on {today}, and {day} is before that.")
    moved = hour_of_rounds(tx.session, clinic_slug, day) - clock.now()
    if moved <= timedelta(0):
        return timedelta(0)
    row = tx.session.get(DemoClock, 1, with_for_update=True) or DemoClock(id=1)
    offset = hour_of_rounds(tx.session, clinic_slug, day) - clock.real_now()
    row.offset_seconds = int(offset.total_seconds()) + 1
    tx.session.add(row)
    tx.record(clinic_slug, Event.CLOCK_MOVED, actor="command line", to=str(day))
    return moved
