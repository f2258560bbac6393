"""Identifiers: what warns and what does not."""

import time
from collections.abc import Callable

import pytest

from models.identifiers import in_document, looks_like_identifier


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Her number is 123-45-6789.", ["a social security number"]),
        ("123 45 6789", ["a social security number"]),
        ("Call (555) 123-4567 or +1 555.123.4567", ["a phone number"]),
        ("DOB: 3/4/1980", ["a date of birth"]),
        ("born on March 3, 1980", ["a date of birth"]),
        ("date of birth 1980-03-04", ["a date of birth"]),
        ("MRN#: A12345", ["a record number"]),
        ("chart no. 99812", ["a record number"]),
        ("write to jane.doe@mail.example", ["an e-mail address"]),
        ("." * 100 + "jane@mail.example", ["an e-mail address"]),
        # Nothing of a person in these:
        ("Nothing in the law changed since 2024-01-02.", []),
        ("See 45 CFR 164.316(b)(2)(iii) and 42 CFR 2.16(a).", []),
        ("A stubborn problem of 2026.", []),
        ("ACC-0012 and INC-0031 are closed.", []),
        ("000-12-3456 is no number anybody has", []),
    ],
)
def test_a_text_warns_of_what_looks_like_an_identifier(text: str, kinds: list[str]):
    assert looks_like_identifier(text) == kinds


def test_a_policy_may_hold_the_practices_own_phone_and_address():
    assert in_document("Call 555-123-4567 or write to privacy@maple-grove.example.") == []
    assert in_document("For example MRN 12345.") == ["a record number"]


@pytest.mark.parametrize(
    "text", ["a", "a.", "1-", "a@", "a@b", "a@b.", "born ", "mrn ", "(", "123-", "\u00e9"], ids=repr
)
@pytest.mark.parametrize("look", [looks_like_identifier, in_document])
def test_a_text_four_times_as_long_takes_about_four_times_as_long_to_look_at(
    look: Callable[[str], list[str]], text: str
):
    short, long = (min(_seconds(look, text * length) for _ in range(3)) for length in (2_000, 8_000))
    assert long < 9 * short, "sixteen times would be quadratic"


def _seconds(look: Callable[[str], list[str]], text: str) -> float:
    before = time.process_time()
    look(text)
    return time.process_time() - before
