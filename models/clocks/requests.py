"""The clocks of patients' requests: access, amendment, accounting; federal law beside the states' and the extension.

Sources: 45 CFR 164.524(b)(2), 164.526(b)(2), 164.528(a) and (c)(1), 42 CFR 2.25, and the states' paragraphs as cited.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.clocks.civil import days_after, years_before
from models.clocks.rule import Clock, ClockRule, Unit
from models.errors import WellkeptError
from models.words import day_in_words

EXTENSION_DAYS = 30
CURE_DAYS = 30


class Right(StrEnum):
    """What a patient asks for under federal law with a clock."""

    ACCESS = "access"
    AMENDMENT = "amendment"
    ACCOUNTING = "accounting"


class AccessKind(StrEnum):
    """How somebody wants to see a record; some states' clocks are about one of them only."""

    COPY = "copy"
    INSPECT = "inspect"
    SUMMARY = "summary"


FEDERAL = {
    Right.ACCESS: ClockRule(clock="access", cite="45 CFR 164.524(b)(2)", days=30, counts_from="receipt", verified="R"),
    Right.AMENDMENT: ClockRule(
        clock="amendment", cite="45 CFR 164.526(b)(2)", days=60, counts_from="receipt", verified="R"
    ),
    Right.ACCOUNTING: ClockRule(
        clock="accounting", cite="45 CFR 164.528(c)(1)", days=60, counts_from="receipt", verified="R"
    ),
}
CURE = ClockRule(
    clock="cure", cite="45 CFR 160.410(c)", days=CURE_DAYS, counts_from="the violation was known", verified="R"
)


def _of(state: str, clock: str, cite: str, days: int, verified: str, **more: object) -> ClockRule:
    about = {"state": state, "clock": clock, "cite": cite, "days": days, "verified": verified}
    return ClockRule.model_validate({**about, "counts_from": "receipt", **more})


_BUSINESS = Unit.BUSINESS_DAYS
STATES = {
    Right.ACCESS: (
        _of("CA", "CA inspection", "Cal. H&S 123110(a)", 5, "S", unit=_BUSINESS, kinds={AccessKind.INSPECT}),
        _of("CA", "CA copy", "Cal. H&S 123110(b)", 15, "S", kinds={AccessKind.COPY}),
        _of("CA", "CA summary", "Cal. H&S 123130(a)", 10, "S", unit=_BUSINESS, kinds={AccessKind.SUMMARY}),
        _of("TX", "TX mental health", "Tex. H&S 611.008", 15, "P"),
        _of("TX", "TX physician", "Tex. Occ. 159.006(d)", 15, "P", unit=_BUSINESS),
        _of("WA", "WA access", "RCW 70.02.080", 15, "P", unit=_BUSINESS, longest=21),
        _of("NY", "NY inspection", "N.Y. MHL 33.16(b)", 10, "P", kinds={AccessKind.INSPECT}),
    ),
    Right.AMENDMENT: (_of("WA", "WA amendment", "RCW 70.02.100", 10, "P", longest=21),),
    Right.ACCOUNTING: (),
}
"""Only the rows of states that a clinic has chosen count for it."""


class ExtensionError(WellkeptError):
    """This is no extension the law knows. The clock runs as before."""

    remedy = "One extension, in writing, with the reason and a date, sent to the person on or before the due date."


@dataclass(frozen=True)
class Extension:
    """A written statement to the person why it takes longer, and by when it will be done (rule D5)."""

    sent_on: date
    promised_on: date
    reason: str


def clocks_of(
    right: Right,
    received_on: date,
    *,
    states: Collection[str] = (),
    kind: AccessKind | None = None,
    extensions: Collection[Extension] = (),
    state_delays: Collection[str] = (),
) -> list[Clock]:
    """Return every clock of a request that was received on a civil day of the clinic, the federal one first.

    `kind` leaves out the states' rows about another kind; without it all of them count. `state_delays` are the states
    whose own notice of delay went out in time: a state's does not extend the federal clock, nor the other way round
    (rule D10). Raises ExtensionError for what is no valid extension.
    """
    federal = FEDERAL[right]
    rules = [rule for rule in STATES[right] if rule.state in states and (kind is None or _is_about(rule, kind))]
    return [_federal(federal, received_on, extensions), *(_state(rule, received_on, state_delays) for rule in rules)]


def longest_due_on(right: Right, received_on: date) -> date:
    """Return the last day that an extension may promise: it counts from the due date, not from the letter."""
    return days_after(FEDERAL[right].due_on(received_on), EXTENSION_DAYS)


def cure_clock(known_on: date) -> Clock:
    """Return the 30 days in which a violation that became known can be corrected (rule D14)."""
    return CURE.running(known_on)


def overdue_since(clock: Clock, today: date) -> date | None:
    """Return since when a request is overdue, with its due date as the first day of that; None while it is not."""
    return clock.due_on if today > clock.due_on else None


def accounting_window(received_on: date, *, part_2: bool = False) -> date:
    """Return the first day an accounting looks back to: six years, or three for records of 42 CFR Part 2 (2.25)."""
    return years_before(received_on, 3 if part_2 else 6)


def _federal(rule: ClockRule, received_on: date, extensions: Collection[Extension]) -> Clock:
    if not extensions:
        return rule.running(received_on)
    if len(extensions) > 1:
        raise ExtensionError("There is only one extension, and it was given already.")
    (given,) = extensions
    due_on, latest = rule.due_on(received_on), days_after(rule.due_on(received_on), EXTENSION_DAYS)
    if not given.reason.strip():
        raise ExtensionError("The statement gives no reason.")
    if given.sent_on < received_on:
        raise ExtensionError(f"It was sent on {given.sent_on}, before the request was received on {received_on}.")
    if given.sent_on > due_on:
        raise ExtensionError(f"It was sent on {given.sent_on}, after the due date {due_on}: that is too late.")
    if given.promised_on > latest:
        raise ExtensionError(f"It promises {given.promised_on}, and {latest} is the last day it may promise.")
    if given.promised_on <= due_on:
        raise ExtensionError(f"It promises {given.promised_on}, which is no later than the due date {due_on}.")
    basis = (
        f"promised in the extension sent on {day_in_words(given.sent_on)}, before the due date {day_in_words(due_on)}"
    )
    return Clock.of(rule, given.promised_on, basis)


def _state(rule: ClockRule, received_on: date, delays: Collection[str]) -> Clock:
    if rule.longest is not None and rule.state in delays:
        return rule.running(received_on, rule.longest, ", with a notice of delay")
    return rule.running(received_on)


def _is_about(rule: ClockRule, kind: AccessKind) -> bool:
    return not rule.kinds or kind in rule.kinds
