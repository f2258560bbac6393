"""Names as people type them."""

import pytest

from models.names import same_name


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("maya ortiz", "Maya Ortiz", True),
        ("  MAYA   ORTIZ ", "Maya Ortiz", True),
        ("Nadia Revesz", "Nadia Révész", True),
        ("Nadia Re\u0301ve\u0301sz", "Nadia Révész", True),
        ("Strasse", "Straße", True),
        ("Maya", "Maya Ortiz", False),
        ("MayaOrtiz", "Maya Ortiz", False),
        ("", "Maya Ortiz", False),
        ("", "", False),
    ],
)
def test_a_typed_name_is_compared_without_case_accents_and_spaces(typed: str, name: str, same: bool):
    assert same_name(typed, name) is same
