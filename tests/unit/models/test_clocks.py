"""Legal clocks: the date cases of the domain's table, and what holds for every date, hour and time zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clocks import breach
from models.clocks.breach import Breach, hold_of_statement, vendor_clock, web_notice
from models.clocks.civil import NoZoneError, civil_date, months_after
from models.clocks.recurring import CadenceError, cadence, training_clocks
from models.clocks.requests import (
    STATES,
    AccessKind,
    Extension,
    ExtensionError,
    Right,
    accounting_window,
    clocks_of,
    cure_clock,
    longest_due_on,
    overdue_since,
)
from models.clocks.rule import Clock, governing

NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
WHY = "The record is in storage."


def day(written: str) -> date:
    return date.fromisoformat(written)


def access(received: str, **more: object) -> Clock:
    """Return the federal clock of an access request."""
    return clocks_of(Right.ACCESS, day(received), **more)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "due", "act_by", "longest"),
    [
        ("2027-01-30", "2027-03-01", "2027-03-01", "2027-03-31"),  # T1
        ("2028-01-30", "2028-02-29", "2028-02-29", "2028-03-30"),  # T2
        ("2027-01-29", "2027-02-28", "2027-02-26", "2027-03-30"),  # T4: a Sunday, and no rolling on
        ("2026-12-02", "2027-01-01", "2026-12-31", "2027-01-31"),  # T5: a holiday, and no rolling on
        ("2026-11-23", "2026-12-23", "2026-12-23", "2027-01-22"),  # T7
    ],
)
def test_access_is_due_thirty_days_after_receipt(received: str, due: str, act_by: str, longest: str):
    clock = access(received)
    assert (clock.due_on, clock.act_by) == (day(due), day(act_by))
    assert longest_due_on(Right.ACCESS, day(received)) == day(longest)


def test_an_extension_sent_on_the_last_day_moves_the_due_date_to_what_it_promises():  # T9
    extension = Extension(day("2027-03-01"), day("2027-03-20"), WHY)
    assert access("2027-01-30", extensions=[extension]).due_on == day("2027-03-20")
    with pytest.raises(ExtensionError, match="only one extension"):
        access("2027-01-30", extensions=[extension, extension])


def test_an_extension_on_day_31_is_none_and_the_cure_clock_runs_from_then():  # T10
    with pytest.raises(ExtensionError, match="after the due date 2027-03-01: that is too late"):
        access("2027-01-30", extensions=[Extension(day("2027-03-02"), day("2027-03-20"), WHY)])
    clock = access("2027-01-30")
    assert overdue_since(clock, day("2027-03-01")) is None
    assert overdue_since(clock, day("2027-03-02")) == day("2027-03-01")
    assert cure_clock(day("2027-03-02")).due_on == day("2027-04-01")


@pytest.mark.parametrize(
    ("sent", "promised", "reason", "says"),
    [
        ("2027-03-01", "2027-03-20", " ", "gives no reason"),  # T12
        ("2027-03-01", "2027-04-01", WHY, "2027-03-31 is the last day it may promise"),
        ("2027-02-20", "2027-03-01", WHY, "no later than the due date"),
        ("2027-01-29", "2027-03-20", WHY, "before the request was received"),
    ],
)
def test_what_is_no_extension_is_refused_with_the_reason(sent: str, promised: str, reason: str, says: str):
    with pytest.raises(ExtensionError, match=says):
        access("2027-01-30", extensions=[Extension(day(sent), day(promised), reason)])


def test_an_accounting_looks_back_six_years_and_three_for_part_2():  # T15
    assert accounting_window(day("2028-02-29")) == day("2022-02-28")
    assert accounting_window(day("2028-02-29"), part_2=True) == day("2025-02-28")


def test_receipt_is_a_civil_day_of_the_clinic():  # T16
    received_on = civil_date(datetime(2026, 11, 1, 3, 30, tzinfo=UTC), NEW_YORK)
    assert received_on == day("2026-10-31")
    assert clocks_of(Right.ACCESS, received_on)[0].due_on == day("2026-11-30")


def test_discovery_late_on_new_years_eve_is_of_the_old_year():  # T19
    discovered_on = civil_date(datetime(2027, 1, 1, 4, 30, tzinfo=UTC), LOS_ANGELES)
    assert discovered_on == day("2026-12-31")
    assert due_of(Breach(discovered_on, 40, {"CA": 40}))["HHS, list of the year"] == day("2027-03-01")


def due_of(what: Breach, *states: str) -> dict[str, date]:
    return {clock.clock: clock.due_on for clock in breach.clocks_of(what, states)}


@pytest.mark.parametrize(
    ("year", "due"),
    [
        (2023, "2024-02-29"),
        (2024, "2025-03-01"),
        (2025, "2026-03-01"),
        (2026, "2027-03-01"),
        (2027, "2028-02-29"),
        (2028, "2029-03-01"),
        (2031, "2032-02-29"),
    ],
)
def test_small_breaches_go_to_hhs_with_the_list_of_the_year_of_discovery(year: int, due: str):  # T20
    assert due_of(Breach(date(year, 6, 1), 40, {"NY": 40}))["HHS, list of the year"] == day(due)


def test_a_breach_discovered_on_the_last_day_of_the_year():  # T21, T23
    assert due_of(Breach(day("2027-12-31"), 40, {"NY": 40})) == {
        "individuals": day("2028-02-29"),
        "HHS, list of the year": day("2028-02-29"),
    }
    found = due_of(Breach(day("2026-12-31"), 40, {"NY": 40}))
    assert set(found.values()) == {day("2027-03-01")}


def test_an_oral_hold_suspends_the_notice_and_adds_no_days():  # T26
    until = hold_of_statement(day("2027-02-20"))
    assert until == day("2027-03-22")
    held = due_of(Breach(day("2027-02-10"), 40, {"NY": 40}, hold_until=until))
    assert held["individuals"] == day("2027-04-11")
    longer = hold_of_statement(day("2027-02-20"), until=day("2027-06-01"))
    assert due_of(Breach(day("2027-02-10"), 40, {}, hold_until=longer))["individuals"] == day("2027-06-01")


def test_a_large_breach_goes_to_hhs_with_the_letters():  # T28
    what = Breach(day("2027-02-01"), 600, {"NY": 300, "NJ": 300}, individuals_sent_on=day("2027-02-21"))
    assert due_of(what)["HHS"] == day("2027-02-21")
    assert due_of(Breach(day("2027-02-01"), 600, {"NY": 300, "NJ": 300}))["HHS"] == day("2027-04-02")


def test_five_hundred_are_many_for_hhs_and_not_for_the_media():  # T29
    assert set(due_of(Breach(day("2027-02-01"), 500, {"NY": 500}))) == {"individuals", "HHS"}
    assert set(due_of(Breach(day("2027-02-01"), 501, {"NY": 501}))) == {"individuals", "HHS", "media"}
    assert set(due_of(Breach(day("2027-02-01"), 499, {"NY": 499}))) == {"individuals", "HHS, list of the year"}


@pytest.mark.parametrize(("residents", "told"), [(500, False), (501, True)])
def test_the_attorney_general_of_california_hears_after_the_individuals_of_more_than_500(residents: int, told: bool):
    what = Breach(day("2027-02-01"), 600, {"CA": residents}, individuals_sent_on=day("2027-02-20"))
    assert (due_of(what, "CA").get("CA attorney general") == day("2027-03-07")) == told
    unsent = Breach(day("2027-02-01"), 600, {"CA": residents})
    assert "CA attorney general" not in due_of(unsent, "CA")


def test_the_attorney_general_of_new_york_hears_five_business_days_after_hhs():
    what = Breach(day("2027-02-01"), 40, {"NY": 40}, hhs_told_on=day("2027-02-19"))
    assert due_of(what, "NY")["NY attorney general"] == day("2027-02-26")


@pytest.mark.parametrize(("residents", "told"), [(249, False), (250, True)])
def test_texas_counts_from_the_day_a_breach_was_determined(residents: int, told: bool):
    found = due_of(Breach(day("2027-02-01"), 400, {"TX": residents}, determined_on=day("2027-02-10")), "TX")
    assert found["TX individuals"] == day("2027-04-11")
    assert (found.get("TX attorney general") == day("2027-03-12")) == told
    assert due_of(Breach(day("2027-02-01"), 400, {"TX": 400}), "TX")["TX individuals"] == day("2027-04-02")


def test_ten_addresses_that_do_not_work_make_a_substitute_notice_public():  # T31
    assert web_notice(9, day("2027-03-01")) is None
    clock = web_notice(10, day("2027-03-01"))
    assert clock is not None
    assert clock.due_on == day("2027-05-30")


def test_a_states_notice_of_delay_does_not_extend_the_federal_clock():  # T35
    clocks = clocks_of(Right.ACCESS, day("2026-12-21"), states=["WA"], state_delays=["WA"])
    assert [clock.due_on for clock in clocks] == [day("2027-01-20"), day("2027-01-22")]
    assert governing(clocks).cite == "45 CFR 164.524(b)(2)"
    extension = Extension(day("2027-01-20"), day("2027-02-10"), WHY)
    both = clocks_of(Right.ACCESS, day("2026-12-21"), states=["WA"], state_delays=["WA"], extensions=[extension])
    assert governing(both).due_on == day("2027-01-22")


def test_texas_wants_training_by_the_ninetieth_day():  # T39
    found = {clock.clock: clock for clock in training_clocks(day("2026-12-07"), ["TX"])}
    assert found["TX training"].due_on == day("2027-03-07")
    assert found["TX training"].act_by == day("2027-03-05")
    assert "TX training" not in {clock.clock for clock in training_clocks(day("2026-12-07"), ["NY"])}


def test_a_day_of_compliance_that_is_a_holiday_does_not_roll_on():  # T45
    assert clocks_of(Right.ACCESS, day("2026-01-17"))[0][2:4] == (day("2026-02-16"), day("2026-02-13"))


def test_california_counts_by_what_is_asked_for():
    found = {
        kind: [clock.clock for clock in clocks_of(Right.ACCESS, day("2027-01-30"), states=["CA"], kind=kind)[1:]]
        for kind in AccessKind
    }
    assert found == {"copy": ["CA copy"], "inspect": ["CA inspection"], "summary": ["CA summary"]}
    every = clocks_of(Right.ACCESS, day("2027-01-30"), states=["CA"])
    assert governing(every).due_on == day("2027-02-05")
    assert len(every) == 4


def test_a_vendors_contract_may_want_it_sooner_and_never_later():
    assert vendor_clock(day("2027-01-01")).due_on == day("2027-03-02")
    assert vendor_clock(day("2027-01-01"), 5).due_on == day("2027-01-06")
    assert vendor_clock(day("2027-01-01"), 90).due_on == day("2027-03-02")


def test_new_york_tells_its_residents_within_thirty_days_where_the_clinic_chose_it():
    what = Breach(day("2027-02-01"), 40, {"NY": 30, "CA": 10})
    assert due_of(what, "NY")["NY individuals"] == day("2027-03-03")
    assert "CA individuals" not in due_of(what, "NY")
    assert "NY individuals" not in due_of(Breach(day("2027-02-01"), 40, {"CA": 40}), "NY")


def test_a_cadence_keeps_its_anchor():
    assert list(islice(cadence(day("2027-01-31"), 1), 4)) == [
        day("2027-02-28"),
        day("2027-03-31"),
        day("2027-04-30"),
        day("2027-05-31"),
    ]
    assert next(cadence(day("2028-02-29"), 12)) == day("2029-02-28")
    assert list(islice(cadence(day("2028-02-29"), 12), 4))[-1] == day("2032-02-29")
    with pytest.raises(CadenceError, match="Every 0 months"):
        cadence(day("2027-01-01"), 0)


def test_a_moment_without_a_zone_is_none():
    with pytest.raises(NoZoneError, match="does not say in which time zone"):
        civil_date(datetime(2027, 1, 1, 12, 0), NEW_YORK)  # noqa: DTZ001 - that is the point


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
RIGHTS = st.sampled_from(Right)
CHOSEN = st.sets(st.sampled_from(sorted({str(rule.state) for rows in STATES.values() for rule in rows})))
ZONES = st.sampled_from(
    sorted(zone for zone in available_timezones() if zone.startswith(("America/", "US/", "Pacific/")))
)


@given(RIGHTS, DAYS, st.integers(0, 400), CHOSEN)
def test_nothing_is_due_earlier_for_being_received_later(right: Right, first: date, later: int, states: set[str]):
    one = clocks_of(right, first, states=states)
    two = clocks_of(right, first + timedelta(days=later), states=states)
    assert [clock.clock for clock in one] == [clock.clock for clock in two]
    assert all(before.due_on <= after.due_on for before, after in zip(one, two, strict=True))
    assert governing(one).due_on <= governing(two).due_on


@given(RIGHTS, DAYS, st.integers(-5, 95), st.integers(-5, 130))
def test_no_extension_goes_beyond_the_maximum(right: Right, received: date, sent: int, promised: int):
    extension = Extension(received + timedelta(days=sent), received + timedelta(days=promised), WHY)
    plain = clocks_of(right, received)[0]
    try:
        extended = clocks_of(right, received, extensions=[extension])[0]
    except ExtensionError:
        extended = plain
    else:
        assert extension.sent_on <= plain.due_on < extended.due_on == extension.promised_on
    assert plain.due_on <= extended.due_on <= plain.due_on + timedelta(days=30)


@given(DAYS, ZONES, st.integers(0, 24 * 60 - 1))
def test_the_hour_the_zone_and_the_change_of_clocks_move_no_due_date(received: date, zone: str, minute: int):
    moment = datetime.combine(received, datetime.min.time(), ZoneInfo(zone)) + timedelta(minutes=minute)
    there_and_back = moment.astimezone(UTC)
    assert civil_date(there_and_back, zone) in {received, received + timedelta(days=1)}  # an hour that was skipped
    if civil_date(there_and_back, zone) == received:
        assert clocks_of(Right.ACCESS, civil_date(there_and_back, zone)) == clocks_of(Right.ACCESS, received)


@given(RIGHTS, DAYS, CHOSEN)
def test_what_governs_is_due_first_and_is_never_later_than_federal_law(right: Right, received: date, states: set[str]):
    clocks = clocks_of(right, received, states=states)
    assert governing(clocks).due_on == min(clock.due_on for clock in clocks) <= clocks[0].due_on
    assert all(clock.act_by <= clock.due_on and received < clock.due_on for clock in clocks)


@given(RIGHTS, DAYS, CHOSEN, CHOSEN)
def test_choosing_another_state_never_gives_more_time(right: Right, received: date, one: set[str], two: set[str]):
    both = governing(clocks_of(right, received, states=one | two)).due_on
    assert both <= governing(clocks_of(right, received, states=one)).due_on


@given(DAYS, st.integers(0, 1000), st.dictionaries(st.sampled_from(["NY", "CA", "TX"]), st.integers(0, 1000)))
def test_every_clock_of_a_breach_runs_at_most_sixty_days_or_to_the_years_list(
    discovered: date, affected: int, residents: dict[str, int]
):
    for clock in breach.clocks_of(Breach(discovered, affected, residents), ["NY", "CA", "TX"]):
        if clock.clock == "HHS, list of the year":
            assert clock.due_on == date(discovered.year, 12, 31) + timedelta(days=60)
        else:
            assert discovered < clock.due_on <= discovered + timedelta(days=60)


@given(DAYS, st.integers(1, 120), st.integers(1, 40))
def test_a_cadence_never_drifts(anchor: date, months: int, number: int):
    due = next(islice(cadence(anchor, months), number - 1, None))
    assert due == months_after(anchor, months * number)
    assert due.day == anchor.day or (due + timedelta(days=1)).day == 1
