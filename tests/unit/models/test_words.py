"""Dates and lists read like plain English."""

from datetime import date

import pytest

from models.words import day_in_words, due_in_words, list_in_words

TODAY = date(2027, 1, 15)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], "nobody"),
        (["Ann"], "Ann"),
        (["Ann", "Ben"], "Ann and Ben"),
        (["Ann", "Ben", "Cy"], "Ann, Ben and Cy"),
        (["Ann", "Ben", "Cy", "Di", "Ed"], "Ann, Ben, Cy and 2 more"),
        (["Ann Poe, PhD", "Ben", "Cy"], "Ann Poe, PhD; Ben and Cy"),  # a comma in a name would make two people of one
    ],
)
def test_lists(items: list[str], expected: str):
    assert list_in_words(items) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2027, 1, 22), "due in 7 days"),
        (date(2027, 1, 16), "due in 1 day"),
        (TODAY, "due today"),
        (date(2027, 1, 12), "3 days late"),
    ],
)
def test_due_dates(due: date, expected: str):
    assert due_in_words(due, TODAY) == expected


def test_days():
    assert day_in_words(date(2027, 1, 2)) == "2 January 2027"
