"""A clinic.yaml that is no YAML says where, and nothing written in any file makes the reader raise."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.clinic_folder import Mistake, read_clinic_folder
from models.clinic_folder.testing import CLINIC, POLICY, mistakes_of, the_only_mistake, write_folder

UNREADABLE = [
    # clinic.yaml, line, the beginning of the problem
    (CLINIC.replace("[NY]", "[NY"), 4, "This is not YAML: "),  # where it opens, not where it is found out
    (CLINIC.replace('"01-15"', '"01-15'), 28, "This is not YAML: "),
    (CLINIC.replace("states:", "\tstates:"), 4, "This is not YAML: found character '\\t' that cannot start any token."),
    (CLINIC + "---\nslug: two\n", 29, "This is not YAML: but found another document."),
    (CLINIC.replace("Elm Street Therapy", "Elm \x07"), 2, "This is not YAML: a character is not allowed in it."),
    (CLINIC.encode().replace(b"Ruiz", b"Ru\xedz"), 8, "The file is not UTF-8 text."),
    ("[" * 100_000, None, "This is not YAML: it is nested too deeply."),
    ("", None, "Nothing is written here."),
    ("# only a comment\n", None, "Nothing is written here."),
    ("just words", 1, "The file must hold `key: value` lines."),
    ("a" * 1_000_001, None, "The file is larger than 1 MB."),
    ('name: "\\UFFFFFFFF"', None, "This is not YAML: "),
]


@pytest.mark.parametrize(("clinic", "line", "problem"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_clinic_yaml_that_cannot_be_read_says_where(
    tmp_path: Path, clinic: str | bytes, line: int | None, problem: str
):
    mistake = the_only_mistake(write_folder(tmp_path, clinic))
    assert (mistake.file, mistake.line) == ("clinic.yaml", line)
    assert mistake.problem.startswith(problem)
    assert mistake.remedy


def test_a_very_large_clinic_is_read_in_reasonable_time(tmp_path: Path):
    person = "  - {{id: p{0}, name: P, email: p{0}@x.example, roles: [practice_owner], deputy: p{1}}}\n"
    everybody = "".join(person.format(number, number + 1) for number in range(3000))
    clinic = CLINIC.partition("people:")[0] + "people:\n" + everybody
    assert len(mistakes_of(write_folder(tmp_path, clinic))) == 3  # no privacy official, no such deputy, no such owner


def read_anything(clinic: bytes, policy: bytes) -> list[Mistake]:
    with tempfile.TemporaryDirectory() as root:
        reading = read_clinic_folder(write_folder(Path(root), clinic, policy))
        assert (reading.folder is None) == bool(reading.mistakes)
        return reading.mistakes


YAML_MARKS = [*"&*!|>?-:,[]{}#%~'", "---", "...", "<<", "\n", "\t", '"', "!!set", "\\ud800"]
YAML_SCRAPS = st.lists(st.sampled_from([*CLINIC.split(), *YAML_MARKS]))
ANYTHING = st.recursive(
    st.none() | st.text() | st.integers() | st.sampled_from(["ana-ruiz", "2027-01-01", "practice_owner"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "email", "deputy", "leave", "first_day", "roles", "baa", "x"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(clinic=st.binary(max_size=300), policy=st.binary(max_size=300))
def test_random_bytes_never_raise(clinic: bytes, policy: bytes):
    assert read_anything(clinic, b"---\n" + policy)


@settings(max_examples=60, deadline=None)
@given(scraps=YAML_SCRAPS, joint=st.sampled_from([" ", "\n", "", "\n  "]))
def test_scraps_of_yaml_never_raise(scraps: list[str], joint: str):
    text = joint.join(scraps).encode()
    assert read_anything(text, b"---\n" + text + b"\n---\n" + text)


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(["slug", "states", "sites", "people", "vendors", "duties"]), value=ANYTHING)
def test_values_of_any_shape_never_raise(key: str, value: object):
    read_anything((CLINIC + f"extra: 1\n{key}: {json.dumps(value)}\n").encode(), POLICY.encode())
    read_anything(json.dumps({key: value}).encode(), POLICY.encode())
