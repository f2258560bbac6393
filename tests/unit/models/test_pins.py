"""PINs: what is too easy to guess."""

import pytest

from models.pins import check, weakness_of
from models.tables import Person


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("48291", "6 digits or more"),
        ("", "made of digits"),
        ("12ab56", "made of digits"),
        ("\u0661\u0662\u0663\u0664\u0665\u0667", "made of digits"),  # digits of another script
        ("7" * 65, "at most 64"),
        ("111111", "repeats or counts"),
        ("121212", "repeats or counts"),
        ("739739", "repeats or counts"),
        ("123456", "repeats or counts"),
        ("890123", "repeats or counts"),
        ("654321", "repeats or counts"),
        ("010190", "a date"),  # MMDDYY
        ("310790", "a date"),  # DDMMYY
        ("19800304", "a date"),
        ("03041980", "a date"),
    ],
)
def test_a_pin_that_is_easy_to_guess_is_refused_with_a_reason(pin: str, why: str):
    assert why in (weakness_of(pin) or "")


@pytest.mark.parametrize("pin", ["739104", "482915", "90374628", "5550123"])
def test_an_ordinary_pin_is_taken(pin: str):
    assert weakness_of(pin) is None


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_no_pin_and_a_broken_hash_open_nothing(stored: str | None):
    person = Person(id="x/y", clinic="x", slug="y", name="Y", email="y@x.example", pin_hash=stored)
    assert not check(person, "739104")
