"""Ladders fall on the right days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendars import business_day, on_or_after, on_or_before
from models.ladders import L_30, L_60, L_CAL, L_SHORT, LADDERS, Act, Ladder, Whom, climb_days

WORKDAYS = business_day("NY")
EVERY_DAY = lambda _day: True  # noqa: E731 - a calendar without weekends
DATES = st.dates(date(2024, 1, 1), date(2124, 1, 1))


def offsets(asked: date, due: date) -> list[tuple[date, int]]:
    return [(day, rung.offset) for day, rung in climb_days(L_CAL, asked, due, WORKDAYS)]


CASES = [
    # asked, due, the days rungs fall on: weekends and holidays move a reminder to before them, an escalation to after
    (
        date(2027, 1, 15),
        date(2027, 3, 16),
        [
            (date(2027, 2, 11), -30),  # the 14th is a Sunday, the 12th Lincoln's birthday in New York
            (date(2027, 3, 2), -14),
            (date(2027, 3, 9), -7),
            (date(2027, 3, 15), -1),
            (date(2027, 3, 16), 0),
            (date(2027, 3, 17), 1),
            (date(2027, 3, 23), 7),
            (date(2027, 3, 30), 14),
            (date(2027, 4, 15), 30),
        ],
    ),
    # asked a fortnight before: the rungs before that are never climbed
    (
        date(2026, 12, 18),
        date(2027, 1, 1),
        [
            (date(2026, 12, 24), -7),  # the 25th is a holiday
            (date(2026, 12, 31), 0),  # -1 and 0 meet on one day, the later one is kept
            (date(2027, 1, 4), 1),  # the 2nd is a Saturday
            (date(2027, 1, 8), 7),
            (date(2027, 1, 15), 14),
            (date(2027, 2, 1), 30),
        ],
    ),
]


@pytest.mark.parametrize(("asked", "due", "expected"), CASES)
def test_rungs_fall_on_business_days(asked: date, due: date, expected: list[tuple[date, int]]):
    assert offsets(asked, due) == expected


@given(asked=DATES, days=st.integers(0, 400), name=st.sampled_from(sorted(LADDERS)))
def test_no_rung_falls_on_or_before_the_asking_or_on_a_day_off(asked: date, days: int, name: str):
    for day, _rung in climb_days(LADDERS[name], asked, asked + timedelta(days=days), WORKDAYS):
        assert day > asked
        assert WORKDAYS(day)


@given(asked=DATES, days=st.integers(0, 400))
def test_a_person_is_reminded_once_a_day_at_most(asked: date, days: int):
    reminders = [
        day for day, rung in climb_days(L_CAL, asked, asked + timedelta(days=days), WORKDAYS) if rung.act is Act.REMIND
    ]
    assert len(reminders) == len(set(reminders))


@given(asked=DATES, days=st.integers(0, 400))
def test_nothing_after_the_due_date_is_ever_left_out(asked: date, days: int):
    after = {rung.offset for _day, rung in climb_days(L_CAL, asked, asked + timedelta(days=days), EVERY_DAY)}
    assert {1, 7, 14, 30} <= after


def test_the_days_before_and_after_new_year_are_found():
    assert on_or_before(date(2027, 1, 1), WORKDAYS) == date(2026, 12, 31)
    assert on_or_after(date(2027, 1, 1), WORKDAYS) == date(2027, 1, 4)


def test_the_ladder_of_thirty_days_is_that_of_the_practices_plan():
    received = date(2027, 2, 1)
    days = climb_days(L_30, received, received + timedelta(days=30), EVERY_DAY)
    by_day = [
        ((day - received).days, rung.act, rung.whom) for day, rung in days if day <= received + timedelta(days=31)
    ]
    remind, official, owner = (Act.REMIND, Whom.HOLDER), Whom.PRIVACY_OFFICIAL, Whom.PRACTICE_OWNER
    assert by_day == [
        (5, *remind),
        (10, *remind),
        (15, *remind),
        (20, Act.ESCALATE, official),
        (25, Act.ESCALATE, owner),
        (27, *remind),
        (29, *remind),
        (30, *remind),
        (31, Act.ESCALATE, owner),
    ]


def test_the_ladder_of_sixty_days_tells_somebody_above_after_forty_and_fifty():
    received = date(2027, 2, 1)
    days = climb_days(L_60, received, received + timedelta(days=60), EVERY_DAY)
    above = {(day - received).days: rung.whom for day, rung in days if rung.act is Act.ESCALATE}
    assert above == {
        40: Whom.PRIVACY_OFFICIAL,
        50: Whom.PRACTICE_OWNER,
        61: Whom.PRACTICE_OWNER,
        67: Whom.PRACTICE_OWNER,
    }
    assert [(day - received).days for day, rung in days if rung.act is Act.REMIND][:6] == [7, 15, 30, 57, 59, 60]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (15, [(5, Act.REMIND), (10, Act.REMIND), (13, Act.ESCALATE), (15, Act.REMIND)]),
        (9, [(3, Act.REMIND), (6, Act.REMIND), (7, Act.ESCALATE), (9, Act.REMIND)]),
        (6, [(2, Act.REMIND), (4, Act.ESCALATE), (6, Act.REMIND)]),  # two thirds and two days before fall together
        (1, [(1, Act.REMIND)]),
    ],
)
def test_a_short_ladder_reminds_at_each_third_of_the_way(span: int, expected: list[tuple[int, Act]]):
    asked = date(2027, 2, 1)
    days = climb_days(L_SHORT, asked, asked + timedelta(days=span), EVERY_DAY)
    assert [((day - asked).days, rung.act) for day, rung in days if day <= asked + timedelta(days=span)] == expected
    assert all(L_SHORT.rung(rung.offset).act is rung.act for _, rung in days)


@pytest.mark.parametrize("ladder", [L_30, L_60, L_SHORT])
def test_no_ladder_of_a_legal_clock_ends_in_an_exception(ladder: Ladder):
    assert all(rung.act is not Act.EXCEPTION for rung in ladder.rungs)
