"""The clocks of a breach: the table of its boundaries, and what holds for every day, count, state, zone and hold."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.breach_told import BREACH, breach_of
from models.clocks.breach import (
    HHS_LARGE,
    HHS_LIST,
    INDIVIDUALS,
    LARGE,
    MEDIA,
    Breach,
    clocks_of,
    hhs_told,
    hold_of_statement,
    vendor_clock,
    web_notice,
)
from models.clocks.civil import civil_date

KNOWN = date(2027, 2, 10)
LAST = KNOWN + timedelta(days=60)
NAMES = ("CA", "NY", "TX")


def due_of(breach: Breach, states: Iterable[str] = ()) -> dict[str, date]:
    return {clock.clock: clock.due_on for clock in clocks_of(breach, list(states))}


@pytest.mark.parametrize(
    ("affected", "residents", "wanted"),
    [
        (499, {"NY": 499}, {INDIVIDUALS.clock, HHS_LIST.clock}),
        (500, {"NY": 500}, {INDIVIDUALS.clock, HHS_LARGE.clock}),
        (501, {"NY": 501}, {INDIVIDUALS.clock, HHS_LARGE.clock, MEDIA.clock}),
        (501, {"NY": 300, "NJ": 201}, {INDIVIDUALS.clock, HHS_LARGE.clock}),
        (1002, {"NY": 501, "NJ": 501}, {INDIVIDUALS.clock, HHS_LARGE.clock, MEDIA.clock}),
    ],
)
def test_who_is_told_changes_at_500_people_and_at_501_of_one_state(
    affected: int, residents: dict[str, int], wanted: set[str]
):
    assert set(due_of(Breach(KNOWN, affected, residents))) == wanted


@pytest.mark.parametrize(("returned", "public"), [(0, False), (9, False), (10, True), (620, True)])
def test_from_ten_bad_addresses_on_the_notice_stands_ninety_days(returned: int, public: bool):
    clock = web_notice(returned, date(2027, 3, 1))
    assert (clock is not None) == public
    assert clock is None or clock.due_on == date(2027, 5, 30)


@pytest.mark.parametrize(
    ("discovered", "due", "listed"),
    [
        ("2027-12-31", "2028-02-29", "2028-02-29"),
        ("2028-01-01", "2028-03-01", "2029-03-01"),
        ("2026-12-31", "2027-03-01", "2027-03-01"),
        ("2027-12-30", "2028-02-28", "2028-02-29"),
    ],
)
def test_the_end_of_the_year_and_the_leap_day(discovered: str, due: str, listed: str):
    found = due_of(Breach(date.fromisoformat(discovered), 40, {"NY": 40}))
    assert (str(found[INDIVIDUALS.clock]), str(found[HHS_LIST.clock])) == (due, listed)


@pytest.mark.parametrize(
    ("agent", "discovered"),
    [(True, KNOWN - timedelta(days=30)), (False, KNOWN - timedelta(days=2)), (None, KNOWN)],
)
def test_an_agents_discovery_is_ours_and_a_contractors_counts_when_it_tells(agent: bool | None, discovered: date):
    days = {"vendor_discovered_on": str(KNOWN - timedelta(days=30)), "vendor_told_on": str(KNOWN - timedelta(days=2))}
    noted = {} if agent is None else {**days, "vendor_is_agent": agent}
    assert breach_of({"received_on": str(KNOWN), BREACH: noted}).discovered_on == discovered


def test_a_count_that_grows_brings_clocks_and_moves_none_that_ran():
    before, after = Breach(KNOWN, 499, {"NY": 499}), Breach(KNOWN, 501, {"NY": 501})
    assert due_of(after)[INDIVIDUALS.clock] == due_of(before)[INDIVIDUALS.clock]
    assert due_of(after)[HHS_LARGE.clock] == LAST < due_of(before)[HHS_LIST.clock]


def test_small_breaches_are_told_to_new_york_once_hhs_knows():
    listed = Breach(KNOWN, 40, {"NY": 40}, hhs_told_on=date(2028, 2, 14))
    (clock,) = hhs_told(listed, ["NY", "CA"])
    assert (clock.clock, clock.due_on) == ("NY attorney general", date(2028, 2, 22))  # 21 February is a holiday
    assert hhs_told(replace(listed, residents={"NJ": 40}), ["NY"]) == []
    assert hhs_told(listed, ["CA"]) == []


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
COUNTS = st.integers(1, 2000)
RESIDENTS = st.dictionaries(st.sampled_from([*NAMES, "NJ"]), st.integers(0, 2000))
CHOSEN = st.sets(st.sampled_from(NAMES))
ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/"))))


@given(DAYS, st.integers(0, 400), COUNTS, RESIDENTS, CHOSEN)
def test_nothing_is_due_earlier_for_being_discovered_later(
    first: date, later: int, affected: int, residents: dict[str, int], states: set[str]
):
    one = due_of(Breach(first, affected, residents), states)
    two = due_of(Breach(first + timedelta(days=later), affected, residents), states)
    assert one.keys() == two.keys()
    assert all(one[name] <= two[name] for name in one)


@given(DAYS, COUNTS, st.integers(0, 2000), RESIDENTS, CHOSEN)
def test_more_people_never_give_more_time_nor_spare_anybody(
    discovered: date, affected: int, more: int, residents: dict[str, int], states: set[str]
):
    one = due_of(Breach(discovered, affected, residents), states)
    grown = {state: number + more for state, number in residents.items()}
    two = due_of(Breach(discovered, affected + more, grown), states)
    assert one.keys() - {HHS_LIST.clock} <= two.keys()
    assert min(two.values()) <= min(one.values())
    assert (two.get(HHS_LARGE.clock) or two[HHS_LIST.clock]) <= (one.get(HHS_LARGE.clock) or one[HHS_LIST.clock])


@given(DAYS, COUNTS, RESIDENTS)
def test_hhs_is_told_once_and_the_media_only_of_more_than_500_in_one_state(
    discovered: date, affected: int, residents: dict[str, int]
):
    found = due_of(Breach(discovered, affected, residents))
    assert (HHS_LARGE.clock in found) == (affected >= LARGE) != (HHS_LIST.clock in found)
    assert (MEDIA.clock in found) == any(number > LARGE for number in residents.values())


@given(DAYS, COUNTS, RESIDENTS, st.integers(-1, 100))
def test_hhs_hears_of_many_with_the_letters_and_never_after_sixty_days(
    discovered: date, affected: int, residents: dict[str, int], days: int
):
    told = Breach(discovered, affected, residents, individuals_sent_on=discovered + timedelta(days=days))
    if affected >= LARGE:
        assert due_of(told)[HHS_LARGE.clock] == discovered + timedelta(days=min(days, 60))
    assert due_of(told)[INDIVIDUALS.clock] == discovered + timedelta(days=60)


@given(DAYS, COUNTS, RESIDENTS, CHOSEN, st.integers(0, 300))
def test_a_hold_makes_nothing_earlier_and_adds_nothing_beyond_its_own_end(
    discovered: date, affected: int, residents: dict[str, int], states: set[str], days: int
):
    until = discovered + timedelta(days=days)
    plain = due_of(Breach(discovered, affected, residents), states)
    held = due_of(Breach(discovered, affected, residents, hold_until=until), states)
    assert held == {name: max(due_on, until) for name, due_on in plain.items()}


@given(DAYS, COUNTS, RESIDENTS, CHOSEN, CHOSEN)
def test_choosing_another_state_never_gives_more_time(
    discovered: date, affected: int, residents: dict[str, int], one: set[str], two: set[str]
):
    breach = Breach(discovered, affected, residents)
    assert min(due_of(breach, one | two).values()) <= min(due_of(breach, one).values())
    assert due_of(breach).items() <= due_of(breach, one).items()


@given(DAYS, st.integers(0, 300), st.integers(0, 300), st.booleans())
def test_a_vendor_never_makes_anything_later(known: date, before: int, told: int, agent: bool):
    discovered = known - timedelta(days=before)
    noted = {
        "vendor_discovered_on": str(discovered),
        "vendor_told_on": str(discovered + timedelta(days=told)),
        "vendor_is_agent": agent,
    }
    ours = breach_of({"received_on": str(known), BREACH: noted}).discovered_on
    assert ours <= known
    assert ours == (min(known, discovered) if agent else min(known, discovered + timedelta(days=told)))


@given(DAYS, st.none() | st.integers(0, 200))
def test_a_contract_shortens_what_a_vendor_has_and_never_lengthens_it(discovered: date, days: int | None):
    due_on = vendor_clock(discovered, days).due_on
    assert due_on == discovered + timedelta(days=60 if days is None else min(days, 60))


@given(DAYS, ZONES, st.integers(0, 24 * 60 - 1), COUNTS, RESIDENTS)
def test_the_hour_the_zone_and_the_change_of_clocks_move_no_due_date(
    day: date, zone: str, minute: int, affected: int, residents: dict[str, int]
):
    moment = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) + timedelta(minutes=minute)
    discovered = civil_date(moment.astimezone(UTC), zone)
    assert discovered in {day, day + timedelta(days=1)}  # an hour that was skipped
    if discovered == day:
        assert due_of(Breach(discovered, affected, residents)) == due_of(Breach(day, affected, residents))


@given(DAYS)
def test_what_is_asked_by_word_of_mouth_holds_thirty_days(stated: date):
    assert hold_of_statement(stated) == stated + timedelta(days=30)
