"""Each mistake in clinic.yaml is told with its line."""

from pathlib import Path

import pytest

from models.clinic_folder.testing import CLINIC, folder_of, mistakes_of, write_folder


def test_what_yaml_would_turn_into_something_else_stays_as_written(tmp_path: Path):
    clinic = CLINIC.replace('"07:00"', "07:00").replace("name: Quill", "name: No")
    read = folder_of(write_folder(tmp_path, clinic)).clinic
    assert (read.rounds_at, read.vendors[0].name, read.vendors[0].handles_phi) == ("07:00", "No", "yes")
    assert read.duties["policy-review"].starts_on == "01-15"


CLINIC_MISTAKES = [
    # what is written, what is written instead, line, problem, remedy
    ("slug: elm-street", "slug: Elm Street", 1, "`Elm Street` cannot be used as a short name.", "hyphens"),
    ("name: Elm Street Therapy\n", "", 1, "`name` is missing.", "Add `name:` with the clinic's name."),
    ("name: Elm Street Therapy", "name:", 2, "`name` is empty.", "Write the clinic's name."),
    (
        "name: Elm Street Therapy",
        'name: "Elm\\nBcc: x@y.z"',
        2,
        "The text holds a character that cannot be seen (U+000A).",
        "",
    ),
    ("name: Elm Street Therapy", 'name: "\\ud83d"', 2, "The text holds half a character.", "anew"),
    ("name: Elm Street Therapy", "name: [Elm]", 2, "`name` must be one line of text.", "Write the clinic's name."),
    (
        "name: Elm Street Therapy",
        "name: &n Elm\nsites: [{name: *n, address: B}]",
        3,
        "Something is repeated with `&` and `*`.",
        "",
    ),
    (
        "name: Elm Street Therapy",
        "name: !!python/object:os.system rm",
        2,
        "The tag `tag:yaml.org,2002:python/object:os.system` is not used here.",
        "",
    ),
    (
        "America/New_York",
        "America/NewYork",
        3,
        "`America/NewYork` is not a time zone.",
        "Write Area/City, e.g. `America/New_York`",
    ),
    ("America/New_York", "EST", 3, "`EST` is not a time zone.", "Write Area/City, e.g. `America/New_York`."),
    ("America/New_York", "Pacific Time", 3, "`Pacific Time` is not a time zone.", "`America/Los_Angeles`."),
    ("America/New_York", "../../etc/passwd", 3, "`../../etc/passwd` is not a time zone.", "Write Area/City"),
    ("time_zone:", "timezone:", 3, "`timezone` is not known here.", "Did you mean `time_zone`?"),
    ("[NY]", "[ny]", 4, "`ny` is not a state.", "Did you mean `NY`"),
    ("[NY]", "[New York]", 4, "`New York` is not a state.", "two capital letters"),
    ("[NY]", "[]", 4, "`states` must not be empty.", "[NY]"),
    ("[NY]", "NY", 4, "`states` must be a list.", "Write the states it practices in, e.g. [NY]."),
    ('"07:00"', "7 am", 5, "`7 am` is not a time of day.", "24-hour"),
    ("email: ben@elm-street.example", "email: ben@elm-street", 17, "`ben@elm-street` is not an e-mail address.", ""),
    (
        "email: ben@elm-street.example",
        "mail: ben@elm-street.example",
        17,
        "`mail` is not known here.",
        "Did you mean `email`?",
    ),
    (
        "ben@elm-street.example",
        "Ana@elm-street.example",
        17,
        "Two people have the email `Ana@elm-street.example`.",
        "line 9",
    ),
    ("[clinician]", "[clinican]", 18, "`roles` cannot be `clinican`.", "Did you mean `clinician`?"),
    ("[clinician]", "[privacy oficial]", 18, "`roles` cannot be `privacy oficial`.", "Did you mean `privacy_official`"),
    (
        "[clinician]",
        "[wizard]",
        18,
        "`roles` cannot be `wizard`.",
        "Known here: `privacy_official`, `security_official`",
    ),
    ("deputy: ana-ruiz", "deputy: ana-riuz", 19, "Nobody here has the id `ana-riuz`.", "Did you mean `ana-ruiz`?"),
    ("deputy: ana-ruiz", "deputy: ben-cole", 19, "`ben-cole` is their own deputy.", "Name another person"),
    (
        "deputy: ana-ruiz",
        "deputy: ana-ruiz\n    deputy: ana-ruiz",
        20,
        "`deputy` is written twice.",
        "the first is on line 19",
    ),
    ("  - id: ben-cole", "  - id: ana-ruiz", 15, "Two people have the id `ana-ruiz`.", "line 7"),
    (
        "    deputy: ana-ruiz\n",
        "    deputy: ana-ruiz\n    leave: [{first_day: 2027-03-05, last_day: 2027-04-01}]\n",
        11,
        "ana-ruiz and ben-cole stand in for each other, and all are away on 2027-03-05.",
        "outside this circle",
    ),
    (
        "last_day: 2027-03-05",
        "last_day: 2027-02-05",
        14,
        "The leave ends on 2027-02-05, before it begins on 2027-03-01.",
        "",
    ),
    ("last_day: 2027-03-05", "last_day: 2027-02-30", 14, "`2027-02-30` is not a date.", "Write year-month-day"),
    ("last_day: 2027-03-05", "last_day: 1804204800", 14, "`1804204800` is not a date.", "Write year-month-day"),
    ("        last_day: 2027-03-05\n", "", 13, "`last_day` is missing.", "Add `last_day:` with the last day away"),
    ("privacy_official, ", "", 6, "Nobody is privacy official.", "Add `privacy_official` to somebody's roles"),
    (", practice_owner", "", 6, "Nobody is practice owner.", "Add `practice_owner` to somebody's roles"),
    ("handles_phi: yes", "handles_phi: perhaps", 23, "`handles_phi` cannot be `perhaps`.", "`yes`, `no`, `unknown`"),
    (
        "expires_on: null",
        "expires_on: 2024-01-01",
        26,
        "The agreement expires on 2024-01-01, before it was signed on 2025-01-01.",
        "",
    ),
    ("starts_on:", "start_on:", 28, "`start_on` is not known here.", "Did you mean `starts_on`?"),
    ("01-15", "02-29", 28, "`02-29` is not a day of every year.", "Write month-day"),
    ("policy-review:", "Policy Review:", 28, "`Policy Review` cannot be used as a short name.", "hyphens"),
]  # fmt: skip


# The unknown or misspelled key leaves the right one missing: that is a second mistake, on another line.
LEAVES_ANOTHER_MISTAKE = {"timezone:", "mail: ben@elm-street.example", "  - id: ana-ruiz"}


@pytest.mark.parametrize(("right", "wrong", "line", "problem", "remedy"), CLINIC_MISTAKES)
def test_each_mistake_in_clinic_yaml_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, problem: str, remedy: str
):
    assert CLINIC.count(right), "the table names something the folder does not hold"
    mistakes = mistakes_of(write_folder(tmp_path, CLINIC.replace(right, wrong, 1)))
    hit = [mistake for mistake in mistakes if mistake.problem == problem]
    assert [(mistake.file, mistake.line) for mistake in hit] == [("clinic.yaml", line)], "\n".join(map(str, mistakes))
    assert remedy in hit[0].remedy
    assert len(mistakes) == 1 or wrong in LEAVES_ANOTHER_MISTAKE, "\n".join(map(str, mistakes))
