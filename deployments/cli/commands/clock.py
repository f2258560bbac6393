"""Count legal deadlines: every clock that applies, the paragraph it rests on, and the one that governs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import Annotated, Any

import typer

from deployments.cli.apps import group_app
from deployments.cli.clock_breach import (
    Vendor,
    check_days,
    clocks_of_breach,
    discovery_of,
    hold_until,
)
from deployments.cli.options import a_day
from deployments.cli.places import civil_day, states
from deployments.cli.showing import JsonOption, as_json, as_table, say
from models.breach_told import residents_of
from models.calendars import business_day, on_or_before
from models.clocks.breach import STATES as STATES_OF_BREACH
from models.clocks.breach import Breach
from models.clocks.recurring import TRAINING_OF_STATES, cadence, training_clocks
from models.clocks.requests import (
    STATES,
    AccessKind,
    Extension,
    ExtensionError,
    Right,
    accounting_window,
    clocks_of,
    longest_due_on,
)
from models.clocks.retention import STATE_RULES, Kind, retain_until
from models.clocks.rule import HOW_SURE, OWN, Clock, governing
from models.words import list_in_words, long_date, sentence_case

app = group_app("Count legal deadlines: every clock that applies, and the one that governs.")

ReceivedOption = Annotated[
    str,
    typer.Option(
        "--received", metavar="DATE", help="The day it reached the practice, or a moment with its UTC offset."
    ),
]
StateOption = Annotated[list[str] | None, typer.Option("--state", metavar="XX", help="A state; may be given again.")]
ZoneOption = Annotated[
    str | None, typer.Option("--time-zone", metavar="AREA/CITY", help="The clinic's, where a moment is given.")
]
ExtendedOption = Annotated[
    str | None, typer.Option("--extended-on", metavar="DATE", help="The day the statement of delay was sent.")
]
PromisedOption = Annotated[str | None, typer.Option("--promised", metavar="DATE", help="The day it promises.")]
DelayOption = Annotated[
    list[str] | None,
    typer.Option("--state-delay", metavar="XX", help="A state whose own notice of delay went out in time."),
]


def _day(name: str, words: str) -> Any:  # noqa: ANN401 - typer's own
    return typer.Option(name, metavar="DATE", help=words)


@app.command()
def access(
    *,
    received: ReceivedOption,
    state: StateOption = None,
    kind: Annotated[AccessKind | None, typer.Option("--kind", help="How the record is wanted.")] = None,
    extended_on: ExtendedOption = None,
    promised: PromisedOption = None,
    state_delay: DelayOption = None,
    time_zone: ZoneOption = None,
    json: JsonOption = False,
) -> None:
    """Count the clocks of a patient's request to see their record, or to have a copy of it.

    Examples:
        wellkept clock access --received 2027-01-30
        wellkept clock access --received 2027-01-30 --state CA --kind copy --json
        wellkept clock access --received 2027-01-30 --extended-on 2027-03-01 --promised 2027-03-20
        wellkept clock access --received 2026-10-31T23:30-04:00 --time-zone America/New_York
    """
    extensions = _extensions(extended_on, promised, time_zone)
    request = _Request(Right.ACCESS, civil_day(received, time_zone), states(state), extensions)
    request.show(json, kind=kind, state_delays=states(state_delay))


@app.command()
def amendment(
    *,
    received: ReceivedOption,
    state: StateOption = None,
    extended_on: ExtendedOption = None,
    promised: PromisedOption = None,
    state_delay: DelayOption = None,
    time_zone: ZoneOption = None,
    json: JsonOption = False,
) -> None:
    """Count the clocks of a patient's request to amend their record.

    Example: wellkept clock amendment --received 2027-01-30 --state WA
    """
    extensions = _extensions(extended_on, promised, time_zone)
    request = _Request(Right.AMENDMENT, civil_day(received, time_zone), states(state), extensions)
    request.show(json, state_delays=states(state_delay))


@app.command()
def accounting(
    *,
    received: ReceivedOption,
    extended_on: ExtendedOption = None,
    promised: PromisedOption = None,
    time_zone: ZoneOption = None,
    json: JsonOption = False,
) -> None:
    """Count the clock of a patient's request for an accounting of disclosures, and how far back it looks.

    Example: wellkept clock accounting --received 2028-02-29
    """
    day, extensions = civil_day(received, time_zone), _extensions(extended_on, promised, time_zone)
    looks_back = {"looks_back_to": accounting_window(day), "part_2_looks_back_to": accounting_window(day, part_2=True)}
    _Request(Right.ACCOUNTING, day, [], extensions).show(json, more=looks_back)


@app.command()
def retention(
    *,
    created: Annotated[str, typer.Option("--created", metavar="DATE", help="The day it was made or signed.")],
    last_in_effect: Annotated[
        str | None, typer.Option("--last-in-effect", metavar="DATE", help="The last day it was in effect.")
    ] = None,
    kind: Annotated[Kind, typer.Option("--kind", help="What it is evidence of.")] = Kind.POLICY,
    state: StateOption = None,
    json: JsonOption = False,
) -> None:
    """Count until when a document must be kept.

    Example: wellkept clock retention --created 2024-05-01 --last-in-effect 2027-06-30
    """
    last = a_day(last_in_effect) if last_in_effect else None
    kept = retain_until(a_day(created), last, kind, states(state))
    since = "it was last in effect" if last and last > a_day(created) else "it was made"
    basis = f"{kept.rule.years} years after {since}"
    act_by = on_or_before(kept.until, business_day())
    clock = Clock("retention", kept.rule.cite, kept.until, act_by, basis, kept.rule.verified, kept.rule.state)
    _show([clock], STATE_RULES, states(state), json)


@app.command()
def training(
    *,
    hired: Annotated[str, typer.Option("--hired", metavar="DATE", help="The day the person joined.")],
    state: StateOption = None,
    json: JsonOption = False,
) -> None:
    """Count by when a new member of the workforce is to be trained.

    Example: wellkept clock training --hired 2026-12-07 --state TX
    """
    _show(training_clocks(a_day(hired), states(state)), TRAINING_OF_STATES, states(state), json)


@app.command("cadence")
def cadence_(
    *,
    anchor: Annotated[str, typer.Option("--anchor", metavar="DATE", help="The day all others are counted from.")],
    months: Annotated[int, typer.Option("--months", help="Months between two of them.")],
    number: Annotated[int, typer.Option("--count", min=1, max=120, help="How many to show.")] = 3,
    json: JsonOption = False,
) -> None:
    """Count when something that comes again is due: from its anchor each time, so that no date drifts.

    Example: wellkept clock cadence --anchor 2027-01-31 --months 1
    """
    basis = f"{'every month' if months == 1 else f'every {months} months'} from {anchor}"
    days = islice(cadence(a_day(anchor), months), number)
    clocks = [Clock("cadence", "none", due, on_or_before(due, business_day()), basis, OWN, None) for due in days]
    _show(clocks, (), [], json)


@app.command("breach")
def breach_(  # noqa: PLR0913 - a breach has as many counts and days
    *,
    affected: Annotated[int, typer.Option("--affected", metavar="N", min=1, help="How many people it concerns.")],
    discovered: Annotated[str | None, _day("--discovered", "The first day on which it was known here.")] = None,
    residents: Annotated[
        str | None, typer.Option("--residents", metavar="XX=N,…", help="How many live in which state: NY=300,NJ=201.")
    ] = None,
    individuals_notified: Annotated[str | None, _day("--individuals-notified", "When their letters went out.")] = None,
    determined: Annotated[str | None, _day("--determined", "When it was determined to be a breach.")] = None,
    hhs_told: Annotated[str | None, _day("--hhs-told", "When HHS was told.")] = None,
    vendor_discovered: Annotated[str | None, _day("--vendor-discovered", "When a vendor discovered it.")] = None,
    vendor_told: Annotated[str | None, _day("--vendor-told", "When the vendor told us.")] = None,
    vendor_is_agent: Annotated[
        bool, typer.Option("--vendor-is-agent", help="We direct how the vendor works: what it knew, we knew.")
    ] = False,
    hold_oral: Annotated[str | None, _day("--hold-oral", "When the police asked by word of mouth to wait.")] = None,
    hold_written: Annotated[str | None, _day("--hold-until", "The last day of a hold they wrote down.")] = None,
    undeliverable: Annotated[
        int, typer.Option("--undeliverable", metavar="N", min=0, help="How many letters came back.")
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Count every clock of a breach: individuals, media, HHS, states, the vendor, the police's hold, public notice.

    Examples:
        wellkept clock breach --discovered 2027-02-01 --affected 40 --residents NY=40
        wellkept clock breach --discovered 2027-02-01 --affected 600 --residents NY=501,NJ=99 --json
        wellkept clock breach --affected 40 --vendor-discovered 2027-02-01 --vendor-told 2027-03-01 --vendor-is-agent
    """
    given = {
        "individuals_sent_on": individuals_notified,
        "determined_on": determined,
        "hhs_told_on": hhs_told,
    }
    days = {name: a_day(typed) if typed else None for name, typed in given.items()}
    vendor = Vendor(_maybe(vendor_discovered), _maybe(vendor_told), vendor_is_agent)
    found = discovery_of(_maybe(discovered), vendor)
    hold = hold_until(_maybe(hold_oral), _maybe(hold_written))
    breach = Breach(found, affected, residents_of(residents or "", affected), **days, hold_until=hold)
    check_days(breach)
    rules = [each.rule for each in STATES_OF_BREACH]
    _show(clocks_of_breach(breach, vendor, undeliverable), rules, list(breach.residents), json)


def _maybe(typed: str | None) -> date | None:
    return a_day(typed) if typed else None


@dataclass(frozen=True)
class _Request:
    """A patient's request as it was given to the command."""

    right: Right
    received_on: date
    states: list[str]
    extensions: list[Extension]

    def show(
        self,
        json: bool,
        *,
        kind: AccessKind | None = None,
        state_delays: Sequence[str] = (),
        more: Mapping[str, date] = MappingProxyType({}),
    ) -> None:
        """Show its clocks, and what else there is to tell."""
        clocks = clocks_of(
            self.right,
            self.received_on,
            states=self.states,
            kind=kind,
            extensions=self.extensions,
            state_delays=state_delays,
        )
        longest = longest_due_on(self.right, self.received_on)
        _show(clocks, STATES[self.right], self.states, json, longest_extension=longest, **more)


def _extensions(extended_on: str | None, promised: str | None, zone: str | None) -> list[Extension]:
    """Return the one extension that was given, its reason in its letter. Raises ExtensionError for half of one."""
    if extended_on is None and promised is None:
        return []
    if extended_on is None or promised is None:
        missing = "--extended-on" if extended_on is None else "--promised"
        raise ExtensionError(f"{missing} is missing.", remedy="An extension has both days: sent, and promised.")
    return [Extension(civil_day(extended_on, zone), civil_day(promised, zone), "in the statement")]


def _show(clocks: list[Clock], rules: Sequence[Any], chosen: list[str], json: bool, **more: date) -> None:
    governs = governing(clocks)
    without = sorted(set(chosen) - {rule.state for rule in rules})
    if json:
        told = {"clocks": [_as_dict(each) for each in clocks], "governs": _as_dict(governs)}
        as_json({**told, "states_without_a_rule": without, **more})
        return
    headings = ("clock", "due on", "act by", "counted", "cites", "how sure")
    as_table(headings, [(*_dates(each), each.cite, HOW_SURE.get(each.verified, each.verified)) for each in clocks])
    name, act_by = sentence_case(governs.clock), long_date(governs.act_by)
    say("", f"{name} governs: due on {long_date(governs.due_on)}; act by {act_by}.")
    for name, day in more.items():
        say(f"{sentence_case(name.replace('_', ' '))}: {long_date(day)}.")
    if without:
        say(f"No rule of {list_in_words(without, 60)} is known here. That is no proof that there is none.")


def _dates(clock: Clock) -> tuple[str, date, date, str]:
    return clock.clock, clock.due_on, clock.act_by, clock.basis


def _as_dict(clock: Clock) -> dict[str, Any]:
    return {name: value for name, value in clock._asdict().items() if name != "state"}
