"""Moments and hashes in words."""

from datetime import UTC, datetime

from portal.words import moment_in_words, short_hash


def test_a_moment_is_told_in_the_clinics_time():
    moment = datetime(2027, 3, 1, 3, 4, tzinfo=UTC)
    assert moment_in_words(moment, "America/New_York") == "Sunday, 28 February 2027 at 10:04 PM EST"
    assert moment_in_words(moment, "America/Anchorage") == "Sunday, 28 February 2027 at 6:04 PM AKST"


def test_a_hash_is_shortened_to_four_groups():
    assert short_hash("7ca61b8c1e432cc5" + "0" * 48) == "7ca6 1b8c 1e43 2cc5"
