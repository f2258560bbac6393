"""Until when the law wants documents kept: the cases of the domain's table, and what holds for every date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clocks.civil import years_after, years_before
from models.clocks.retention import FEDERAL, STATE_RULES, Kind, retain_until

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(Kind)


@pytest.mark.parametrize(
    ("created", "last_in_effect", "kind", "until"),
    [
        (date(2028, 2, 29), None, Kind.TRAINING, date(2034, 3, 1)),  # T40
        (date(2024, 5, 1), date(2027, 6, 30), Kind.POLICY, date(2033, 6, 30)),  # T41
        (date(2024, 5, 1), date(2024, 5, 1), Kind.POLICY, date(2030, 5, 1)),
        (date(2026, 1, 15), date(2025, 1, 1), Kind.DECISION, date(2032, 1, 15)),
        (date(2026, 2, 28), None, Kind.DECISION, date(2032, 2, 28)),
    ],
)
def test_the_cases_of_the_table(created: date, last_in_effect: date | None, kind: Kind, until: date):
    kept = retain_until(created, last_in_effect, kind)
    assert kept == (until, FEDERAL)


def test_a_look_back_from_a_leap_day_includes_more():
    assert years_before(date(2028, 2, 29), 6) == date(2022, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)


@given(DAYS, DAYS, KINDS)
def test_nothing_is_kept_for_less_than_six_years_from_whichever_is_later(created: date, last: date, kind: Kind):
    latest, until = max(created, last), retain_until(created, last, kind).until
    assert until >= latest + timedelta(days=6 * 365)
    assert (until.month, until.day) == (latest.month, latest.day) or (until.month, until.day) == (3, 1)


@given(DAYS, st.integers(0, 4000), KINDS)
def test_what_stays_in_effect_longer_is_never_let_go_of_earlier(created: date, more: int, kind: Kind):
    later = retain_until(created, created + timedelta(days=more), kind).until
    assert later >= retain_until(created, None, kind).until


@given(DAYS, KINDS, st.sets(st.sampled_from([rule.state for rule in STATE_RULES])))
def test_choosing_a_state_never_shortens_anything(created: date, kind: Kind, states: set[str]):
    assert retain_until(created, None, kind, states).until >= retain_until(created, None, kind).until


def test_a_states_rule_counts_only_where_the_state_was_chosen(monkeypatch: pytest.MonkeyPatch):
    longer = STATE_RULES[0].model_copy(update={"years": 10})
    monkeypatch.setattr("models.clocks.retention.STATE_RULES", (longer,))
    assert retain_until(date(2026, 1, 1), None, Kind.TRAINING, ["TX"]) == (date(2036, 1, 1), longer)
    assert retain_until(date(2026, 1, 1), None, Kind.TRAINING, ["NY"]).rule == FEDERAL
    assert retain_until(date(2026, 1, 1), None, Kind.POLICY, ["TX"]).rule == FEDERAL


@given(DAYS, st.integers(1, 30))
def test_years_are_counted_there_and_back(day: date, years: int):
    there = years_after(day, years)
    assert there >= day + timedelta(days=365 * years)
    assert abs((years_before(there, years) - day).days) <= 1
