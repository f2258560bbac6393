"""The clocks of a breach of unsecured patient data: individuals, media, HHS, states, the vendor, and the police's hold.

Sources: 45 CFR 164.402 to 164.414 and the states' paragraphs as cited. All run from the day of discovery: the first on
which it was known to anybody of the workforce but whoever did it, or would have been by reasonable diligence (rule D6).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from models.clocks.civil import days_after
from models.clocks.rule import Clock, ClockRule, Unit

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


class Start(StrEnum):
    """What a state counts from."""

    DISCOVERED = "discovery"
    DETERMINED = "the breach was determined"
    INDIVIDUALS_TOLD = "individuals were told"
    HHS_TOLD = "HHS was told"


class StateRule(NamedTuple):
    """A state's clock, what it counts from, and from how many of its residents on."""

    rule: ClockRule
    start: Start
    residents: int = 1


def _of(state: str, whom: str, cite: str, days: int, start: Start, verified: str, **more: Any) -> StateRule:  # noqa: ANN401
    residents = more.pop("residents", 1)
    about = {"clock": f"{state} {whom}", "cite": cite, "days": days, "state": state, "verified": verified}
    return StateRule(ClockRule.model_validate({**about, "counts_from": start, **more}), start, residents)


STATES = (
    _of("CA", "individuals", "Cal. Civ. 1798.82", 30, Start.DISCOVERED, "S"),
    _of("CA", "attorney general", "Cal. Civ. 1798.82", 15, Start.INDIVIDUALS_TOLD, "S", residents=501),
    _of("NY", "individuals", "N.Y. GBL 899-aa", 30, Start.DISCOVERED, "P/S"),
    _of("NY", "attorney general", "N.Y. GBL 899-aa", 5, Start.HHS_TOLD, "P/S", unit=Unit.BUSINESS_DAYS),
    _of("TX", "individuals", "Tex. B&C 521.053", 60, Start.DETERMINED, "P"),
    _of("TX", "attorney general", "Tex. B&C 521.053", 30, Start.DETERMINED, "P", residents=250),
)
"""Only the rows of states that a clinic has chosen count for it."""


@dataclass(frozen=True)
class Breach:
    """What the clocks look at; they change by themselves when a count or a date does."""

    discovered_on: date
    """Civil date of the clinic."""
    affected: int
    residents: Mapping[str, int]
    """How many of them live in which state (two letters)."""
    individuals_sent_on: date | None = None
    determined_on: date | None = None
    """When it was determined to be a breach, which some states count from; until then they count from discovery."""
    hhs_told_on: date | None = None
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
    clocks += [clock for each in STATES if each.rule.state in states for clock in _of_state(each, breach)]
    return [_held(each, breach.hold_until) for each in clocks]


def hhs_told(breach: Breach, states: Collection[str]) -> list[Clock]:
    """Return the clocks of chosen states that began when HHS was told."""
    begun = (each for each in STATES if each.start is Start.HHS_TOLD and each.rule.state in states)
    return [clock for each in begun for clock in _of_state(each, breach)]


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


def _of_state(each: StateRule, breach: Breach) -> Iterator[Clock]:
    """Yield the clock of a state once what it counts from has happened, for enough of its residents."""
    starts = {
        Start.DISCOVERED: breach.discovered_on,
        Start.DETERMINED: breach.determined_on or breach.discovered_on,
        Start.INDIVIDUALS_TOLD: breach.individuals_sent_on,
        Start.HHS_TOLD: breach.hhs_told_on,
    }
    start = starts[each.start]
    if start is not None and breach.residents.get(str(each.rule.state), 0) >= each.residents:
        yield each.rule.running(start)


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
