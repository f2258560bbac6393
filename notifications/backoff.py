"""Backing off: when a letter is tried again, and when it is given up."""

import random
from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
PATIENCE = timedelta(days=5)
"""A letter is never given up before (RFC 5321, 4.5.4.1)."""
FEWEST_TRIES = 20
"""Nor before so many tries: a relay that slept for a week, or a demo's moved clock, is no reason to give up."""


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries: doubling from 30 seconds to an hour, part of it left to chance.

    Chance takes off up to half, and keeps many letters from knocking at the same moment.
    """
    longest: timedelta = min(FIRST * (1 << min(tries - 1, 10)), LONGEST)
    return max(FIRST, longest * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing


def hopeless(tries: int, age: timedelta) -> bool:
    """Tell whether a letter of this age has been tried enough."""
    return age >= PATIENCE and tries >= FEWEST_TRIES
