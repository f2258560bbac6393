"""Ladders: the rungs of chasing, as data, and the dates they fall on. Pure functions of civil dates."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.calendars import IsBusinessDay, on_or_after, on_or_before


class Act(StrEnum):
    """What climbing a rung does."""

    REMIND = "remind"
    ESCALATE = "escalate"
    EXCEPTION = "exception"
    """Ask the practice owner for a written exception; the request stays open."""


class Whom(StrEnum):
    """Whom a rung tells."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    PRIVACY_OFFICIAL = "privacy official"
    PRACTICE_OWNER = "practice owner"


class Rung(BaseModel):
    """One rung: so many calendar days before (-) or after (+) the due date."""

    model_config = ConfigDict(frozen=True)

    offset: int = Field(description="Calendar days from the due date; negative is before.")
    act: Act
    whom: Whom


class Ladder(BaseModel):
    """The rungs of a kind of duty."""

    model_config = ConfigDict(frozen=True)

    name: str
    source: str = Field(description="Where the rungs come from.")
    rungs: tuple[Rung, ...]
    parts: int = Field(default=1, description="Into how many parts reminders cut the time from asking to due.")

    def rung(self, offset: int) -> Rung:
        """Return the rung with this day offset; what is none of its own reminds at a part of the way."""
        return next((rung for rung in self.rungs if rung.offset == offset), _reminders(offset)[0])

    def between(self, asked_on: date, due_on: date) -> list[Rung]:
        """Return its rungs for a request asked on one day and due on another, in order."""
        span, own = (due_on - asked_on).days, {rung.offset: rung for rung in self.rungs}
        on_the_way = {span * part // self.parts - span for part in range(1, self.parts)}
        own |= {rung.offset: rung for rung in _reminders(*(on_the_way - own.keys()))}
        return [own[offset] for offset in sorted(own)]


def _reminders(*offsets: int) -> tuple[Rung, ...]:
    return tuple(Rung(offset=offset, act=Act.REMIND, whom=Whom.HOLDER) for offset in offsets)


L_CAL = Ladder(
    name="L-CAL",
    source="the practice's cadence; no federal rule sets reminder days",
    rungs=(
        *_reminders(-60, -30, -14, -7, -1, 0),
        Rung(offset=1, act=Act.ESCALATE, whom=Whom.DEPUTY),
        Rung(offset=7, act=Act.ESCALATE, whom=Whom.PRIVACY_OFFICIAL),
        Rung(offset=14, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
        Rung(offset=30, act=Act.EXCEPTION, whom=Whom.PRACTICE_OWNER),
    ),
)
"""Periodic duties."""

L_LAST = Ladder(
    name="L-LAST",
    source="the practice's cadence; for the practice owner's own written exceptions, where nobody stands above",
    rungs=_reminders(-7, -1, 0, 7, 30, 60, 90),
)
"""The end of the line: the practice owner is reminded, with longer and longer gaps, and then left alone."""

_MISSED = (
    Rung(offset=1, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
    Rung(offset=7, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
    *_reminders(14, 30, 60, 90),
)
"""After a day that the law has set: nothing closes it but doing it."""

L_30 = Ladder(
    name="L-30",
    source="the practice's cadence under the 30 days of 45 CFR 164.524(b)(2): day 5 who asks and what for, day 10 the "
    "records, day 15 the practice's own target, days 20 and 25 somebody above, day 27 last call for an extension",
    rungs=(
        *_reminders(-25, -20, -15),
        Rung(offset=-10, act=Act.ESCALATE, whom=Whom.PRIVACY_OFFICIAL),
        Rung(offset=-5, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
        *_reminders(-3, -1, 0),
        *_MISSED,
    ),
)
"""Requests with 30 days by law."""

L_60 = Ladder(
    name="L-60",
    source="the practice's cadence under the 60 days of 45 CFR 164.526(b)(2) and 164.528(c)(1): day 30 the practice's "
    "own target, days 40 and 50 somebody above, day 57 last call for an extension",
    rungs=(
        *_reminders(-53, -45, -30),
        Rung(offset=-20, act=Act.ESCALATE, whom=Whom.PRIVACY_OFFICIAL),
        Rung(offset=-10, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
        *_reminders(-3, -1, 0),
        *_MISSED,
    ),
)
"""Requests with 60 days by law."""

L_SHORT = Ladder(
    name="L-SHORT",
    source="the practice's cadence under clocks of fifteen days or less: a third and two thirds of the way, two days "
    "before, the day itself",
    rungs=(Rung(offset=-2, act=Act.ESCALATE, whom=Whom.PRIVACY_OFFICIAL), *_reminders(0), *_MISSED),
    parts=3,
)
"""Short clocks, of whatever length."""

L_BR = Ladder(
    name="L-BR",
    source="the practice's cadence under the 60 days of 45 CFR 164.404(b): day 5 the four factors, day 10 the "
    "decision, day 15 the letters drafted, day 25 the practice's own target, day 30 the owner",
    rungs=(
        *_reminders(-55, -50, -45, -35),
        Rung(offset=-30, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
        *_reminders(-15, -5, -2, 0),
        *_MISSED,
    ),
)
"""Breaches."""

L_HHS = Ladder(
    name="L-HHS",
    source="the practice's cadence under 45 CFR 164.408(c): 20 January, 1 and 10 February, then somebody above",
    rungs=(
        *_reminders(-40, -28, -19),
        Rung(offset=-12, act=Act.ESCALATE, whom=Whom.PRIVACY_OFFICIAL),
        Rung(offset=-7, act=Act.ESCALATE, whom=Whom.PRACTICE_OWNER),
        *_reminders(-1, 0),
        *_MISSED,
    ),
)
"""The year's list of small breaches."""

LADDERS = {ladder.name: ladder for ladder in (L_CAL, L_LAST, L_30, L_60, L_SHORT, L_BR, L_HHS)}


def climb_day(rung: Rung, due_on: date, is_business_day: IsBusinessDay) -> date:
    """Return the business day a rung is climbed on: before the due date earlier, after it later, never on a weekend."""
    day = due_on + timedelta(days=rung.offset)
    return on_or_before(day, is_business_day) if rung.offset <= 0 else on_or_after(day, is_business_day)


def climb_days(ladder: Ladder, asked_on: date, due_on: date, is_business_day: IsBusinessDay) -> list[tuple[date, Rung]]:
    """Return the rungs still to climb after a request is asked, with their days, in order.

    Rungs that fall on or before the day of asking are left out, since the asking itself tells the holder; of several
    reminders on one day only the last is kept.
    """
    days = ((climb_day(rung, due_on, is_business_day), rung) for rung in ladder.between(asked_on, due_on))
    ahead = [(day, rung) for day, rung in days if day > asked_on]
    reminders = {day: rung for day, rung in ahead if rung.act is Act.REMIND}
    return [(day, rung) for day, rung in ahead if rung.act is not Act.REMIND or reminders[day] is rung]
