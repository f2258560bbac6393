"""Tries grow apart, with chance, and go on for days."""

from datetime import timedelta

import pytest

from notifications.backoff import hopeless, pause


@pytest.mark.parametrize(
    ("tries", "least", "most"),
    [
        (1, 30, 30),  # never sooner than half a minute
        (2, 30, 60),
        (5, 240, 480),
        (8, 1800, 3600),  # an hour at most
        (1000, 1800, 3600),
    ],
)
def test_a_pause_lies_between_its_bounds(tries: int, least: int, most: int) -> None:
    pauses = {pause(tries).total_seconds() for _ in range(50)}
    assert min(pauses) >= least
    assert max(pauses) <= most


@pytest.mark.parametrize(
    ("tries", "days", "given_up"),
    [(500, 4.99, False), (19, 30, False), (20, 5, True)],
)
def test_giving_up_takes_five_days_and_many_tries(tries: int, days: float, given_up: bool) -> None:
    assert hopeless(tries, timedelta(days=days)) is given_up
