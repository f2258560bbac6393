"""The clocks of a breach of unsecured patient data: individuals, media, HHS, states, the vendor, and the police's hold.

Sources: 45 CFR 164.402 to 164.414 and the states' paragraphs as cited. All run from the day of discovery: the first on
which it was known to anybody of the workforce but whoever did it, or would have been by reasonable diligence (rule D6).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from models.clocks.civil import days_after
from models.clocks.rule import Clock, ClockRule

NOTICE_DAYS = 60
LARGE = 500
"""People from whom on HHS is told with them; media where more than so many live in one state."""
MANY_UNREACHED = 10
"""Addresses that do not work from which on a substitute notice is public."""
WEB_DAYS = 90
ORAL_HOLD_DAYS = 30
_FROM = "discovery"
INDIVIDUALS = ClockRule(
    clock="individuals", cite="45 CFR 164.404(b)", days=NOTICE_DAYS, counts_from=_FROM, verified="R"
)
MEDIA = ClockRule(clock="media", cite="45 CFR 164.406(b)", days=NOTICE_DAYS, counts_from=_FROM, verified="R")
HHS_LARGE = ClockRule(clock="HHS", cite="45 CFR 164.408(b)", days=NOTICE_DAYS, counts_from=_FROM, verified="R")
HHS_LIST = ClockRule(
    clock="HHS, list of the year",
    cite="45 CFR 164.408(c)",
    days=NOTICE_DAYS,
    counts_from="the end of the year of discovery",
    verified="R",
)
VENDOR = ClockRule(
    clock="vendor tells us",
    cite="45 CFR 164.410(b)",
    days=NOTICE_DAYS,
    counts_from="the vendor's discovery",
    verified="R",
)
WEB = ClockRule(
    clock="substitute notice stays up",
    cite="45 CFR 164.404(d)(2)(ii)",
    days=WEB_DAYS,
    counts_from="posting",
    verified="R",
)
STATES = (
    ClockRule(clock="CA individuals", cite="Cal. Civ. 1798.82", days=30, counts_from=_FROM, state="CA", verified="S"),
    ClockRule(clock="NY individuals", cite="N.Y. GBL 899-aa", days=30, counts_from=_FROM, state="NY", verified="P/S"),
    ClockRule(
        clock="TX individuals",
        cite="Tex. B&C 521.053",
        days=60,
        counts_from="the breach was determined",
        state="TX",
        verified="P",
    ),
)


@dataclass(frozen=True)
class Breach:
    """What the clocks look at; they change by themselves when a count or a date does."""

    discovered_on: date
    """Civil date of the clinic."""
    affected: int
    residents: Mapping[str, int]
    """How many of them live in which state (two letters)."""
    individuals_sent_on: date | None = None
    hold_until: date | None = None
    """The last day on which the police have asked not to tell; `hold_of_statement` counts it."""


def clocks_of(breach: Breach, states: Collection[str] = ()) -> list[Clock]:
    """Return every clock of a breach; with those of the states a clinic has chosen in which somebody affected lives."""
    clocks = [INDIVIDUALS.running(breach.discovered_on)]
    clocks += [
        MEDIA.running(breach.discovered_on, because=f", for {number} residents of {state}")
        for state, number in sorted(breach.residents.items())
        if number > LARGE
    ]
    clocks.append(_hhs(breach))
    lives_in = {state for state, number in breach.residents.items() if number}
    clocks += [rule.running(breach.discovered_on) for rule in STATES if rule.state in lives_in & set(states)]
    return [_held(each, breach.hold_until) for each in clocks]


def hold_of_statement(stated_on: date, *, until: date | None = None) -> date:
    """Return the last day of a hold: what a written statement says, or 30 days after an oral one (45 CFR 164.412)."""
    return until or days_after(stated_on, ORAL_HOLD_DAYS)


def vendor_clock(discovered_on: date, contract_days: int | None = None) -> Clock:
    """Return by when a vendor must tell us of a breach it discovered; its contract may want it sooner."""
    days = min(contract_days, NOTICE_DAYS) if contract_days is not None else NOTICE_DAYS
    return VENDOR.running(discovered_on, days, ", as the contract says" if days < NOTICE_DAYS else "")


def web_notice(unreached: int, posted_on: date) -> Clock | None:
    """Return until when a public substitute notice stays up; None for so few that another way to tell them will do."""
    return WEB.running(posted_on) if unreached >= MANY_UNREACHED else None


def _hhs(breach: Breach) -> Clock:
    if breach.affected < LARGE:
        return HHS_LIST.running(date(breach.discovered_on.year, 12, 31))
    latest = HHS_LARGE.running(breach.discovered_on)
    sent = breach.individuals_sent_on
    if sent is None or sent >= latest.due_on:
        return latest
    return Clock.of(HHS_LARGE, sent, "with the notice to individuals, sent that day")


def _held(clock: Clock, until: date | None) -> Clock:
    """Return a clock as a hold leaves it: it suspends the notice, and adds no days to what is due later (rule D9)."""
    if until is None or until <= clock.due_on:
        return clock
    basis = f"{clock.basis}; the police's hold lasts until {until}, then without unreasonable delay"
    return clock._replace(due_on=until, act_by=until, basis=basis)
