"""The clocks of a breach as a command gives them: counts and days in, every clock that applies out."""

from dataclasses import dataclass
from datetime import date

from models.clocks.breach import MANY_UNREACHED, Breach, clocks_of, hold_of_statement, vendor_clock, web_notice
from models.clocks.rule import Clock
from models.errors import WellkeptError


class BreachError(WellkeptError):
    """These are no counts or days of a breach."""


@dataclass(frozen=True)
class Vendor:
    """A vendor through which it happened."""

    discovered_on: date | None
    told_on: date | None
    is_agent: bool
    """The practice directs how the work is done: then what the vendor knew, the practice knew (rule D7)."""

    def discovery(self) -> date | None:
        """Return the day the practice's own clock begins by."""
        return self.discovered_on if self.is_agent else self.told_on


def discovery_of(discovered_on: date | None, vendor: Vendor) -> date:
    """Return the day of discovery: ours, or by the vendor if that counts, whichever was first. Raises BreachError."""
    days = [day for day in (discovered_on, vendor.discovery()) if day is not None]
    if not days:
        raise BreachError(
            "It is not known when it was discovered.", remedy="Give --discovered, or of a vendor --vendor-told."
        )
    return min(days)


def clocks_of_breach(breach: Breach, vendor: Vendor, undeliverable: int) -> list[Clock]:
    """Return every clock that applies: by law, the vendor's, and the public notice where letters came back."""
    clocks = clocks_of(breach, list(breach.residents))
    if vendor.discovered_on is not None:
        clocks.append(vendor_clock(vendor.discovered_on))
    posted_on = breach.individuals_sent_on or clocks[0].due_on
    if undeliverable >= MANY_UNREACHED and (notice := web_notice(undeliverable, posted_on)):
        clocks.append(notice)
    return clocks


def check_days(breach: Breach) -> None:
    """Raise BreachError for days that cannot follow each other."""
    after = {
        "--individuals-notified": breach.individuals_sent_on,
        "--determined": breach.determined_on,
        "--hhs-told": breach.hhs_told_on,
    }
    for option, day in after.items():
        if day is not None and day < breach.discovered_on:
            told = f"{option} {day} is before it was discovered on {breach.discovered_on}."
            raise BreachError(told, remedy="Correct one of the two days.")


def hold_until(oral: date | None, written: date | None) -> date | None:
    """Return the last day of a hold of the police, oral or in writing."""
    if written is not None:
        return hold_of_statement(oral or written, until=written)
    return hold_of_statement(oral) if oral is not None else None
