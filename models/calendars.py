"""Business days and holidays, as pure functions of civil dates."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import holidays
import holidays.countries

IsBusinessDay = Callable[[date], bool]
COMMEMORATIONS = frozenset({"Susan B. Anthony Day"})
"""Days that the calendar has among a state's holidays, and its law has not (N.Y. Gen. Constr. 24): offices are open."""
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _us_holidays(state: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays("US", subdiv=state)


def business_day(state: str | None = None) -> IsBusinessDay:
    """Return the test for a business day: Monday to Friday and no US federal (or that state's) holiday."""
    calendar = _us_holidays(state)
    saturday = 5
    return lambda day: day.weekday() < saturday and calendar.get(day) in {None, *COMMEMORATIONS}


def on_or_before(day: date, is_business_day: IsBusinessDay) -> date:
    """Return the last business day that is not after `day`: the day to act by, since no HIPAA clock rolls forward."""
    while not is_business_day(day):
        day -= ONE_DAY
    return day


def on_or_after(day: date, is_business_day: IsBusinessDay) -> date:
    """Return the first business day that is not before `day`."""
    while not is_business_day(day):
        day += ONE_DAY
    return day
