"""Reading clinic folders: the demo folder is clean, and a broken folder tells every mistake at one go."""

import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.demo_clinic import demo_clinic_path
from models.clinic_folder import ClinicFolder, Mistake, read_clinic_folder
from models.roles import Role

CLINIC = """\
slug: elm-street
name: Elm Street Therapy
time_zone: America/New_York
states: [NY]
rounds_at: "07:00"
people:
  - id: ana-ruiz
    name: Ana Ruiz
    email: ana@elm-street.example
    roles: [privacy_official, practice_owner]
    deputy: ben-cole
    leave:
      - first_day: 2027-03-01
        last_day: 2027-03-05
  - id: ben-cole
    name: Ben Cole
    email: ben@elm-street.example
    roles: [clinician]
    deputy: ana-ruiz
vendors:
  - name: Quill
    service: health record
    handles_phi: yes
    baa:
      signed_on: 2025-01-01
      expires_on: null
duties:
  policy-review: {starts_on: "01-15"}
"""

POLICY = """\
---
title: Telehealth
owner: ana-ruiz
version: 2
effective_on: 2026-01-05
citations:
  - 45 CFR 164.530(c)
---
# Telehealth

Close the door.
"""


def write_folder(root: Path, clinic: str | bytes = CLINIC, policy: str | bytes = POLICY) -> Path:
    (root / "policies").mkdir(exist_ok=True)
    for name, content in (("clinic.yaml", clinic), ("policies/telehealth.md", policy)):
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def mistakes_of(root: Path) -> list[Mistake]:
    reading = read_clinic_folder(root)
    assert (reading.folder is None) == bool(reading.mistakes)
    return reading.mistakes


def folder_of(root: Path) -> ClinicFolder:
    reading = read_clinic_folder(root)
    assert reading.mistakes == []
    assert reading.folder is not None
    return reading.folder


def the_only_mistake(root: Path) -> tuple[str, int | None, str, str]:
    mistakes = mistakes_of(root)
    assert len(mistakes) == 1, "\n".join(map(str, mistakes))
    return mistakes[0].file, mistakes[0].line, mistakes[0].problem, mistakes[0].remedy


def test_the_demo_clinic_has_no_mistakes():
    folder = folder_of(demo_clinic_path())
    assert folder.clinic.slug == "maple-grove"
    assert [policy.slug for policy in folder.policies] == [
        "access",
        "business-associates",
        "device-and-media",
        "incident-response",
        "psychotherapy-notes",
        "release-of-information",
        "sanctions",
        "sud-records",
        "telehealth",
        "workforce-training",
    ]


def test_the_demo_clinic_puts_every_rule_of_the_review_to_work():
    folder = folder_of(demo_clinic_path())
    owners = [policy.owner for policy in folder.policies]
    officials = [person.id for person in folder.clinic.people if Role.PRIVACY_OFFICIAL in person.roles]
    assert len(set(owners)) >= 5
    assert sum(owners.count(official) for official in officials) >= 2
    assert all(person.deputy for person in folder.clinic.people)
    assert sum(bool(person.leave) for person in folder.clinic.people) >= 2
    assert all(350 <= len(policy.text.split()) <= 750 for policy in folder.policies)


def test_a_policys_text_and_hash_are_those_of_the_bytes_below_its_front_matter(tmp_path: Path):
    body = "# Télésanté\r\n\r\n---\r\n\ttabs, and no line end at the end  "
    raw = ("\ufeff" + POLICY.partition("# Tele")[0].replace("\n", "\r\n") + body).encode()
    policy = folder_of(write_folder(tmp_path, policy=raw)).policies[0]
    assert policy.text == body
    assert policy.sha256 == sha256(body.encode()).hexdigest()


def test_what_yaml_would_turn_into_something_else_stays_as_written(tmp_path: Path):
    clinic = CLINIC.replace('"07:00"', "07:00").replace("name: Quill", "name: No")
    read = folder_of(write_folder(tmp_path, clinic)).clinic
    assert (read.rounds_at, read.vendors[0].name, read.vendors[0].handles_phi) == ("07:00", "No", "yes")
    assert str(read.duties["policy-review"].start_in(2027)) == "2027-01-15"


def test_roles_have_titles_people_use():
    assert Role.PRIVACY_OFFICIAL.title == "privacy official"
    assert all("_" not in role.title for role in Role)


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
    ("just words", 1, "`file` must hold `key: value` lines."),
    ("a" * 1_000_001, None, "The file is larger than 1 MB."),
    ('name: "\\UFFFFFFFF"', None, "This is not YAML: "),
]


@pytest.mark.parametrize(("clinic", "line", "problem"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_clinic_yaml_that_cannot_be_read_says_where(
    tmp_path: Path, clinic: str | bytes, line: int | None, problem: str
):
    file, found_line, found_problem, remedy = the_only_mistake(write_folder(tmp_path, clinic))
    assert (file, found_line) == ("clinic.yaml", line)
    assert found_problem.startswith(problem)
    assert remedy


RUNNING_HTML = "The text holds HTML that could run in a reader's browser."
POLICY_MISTAKES = [
    # what is written, what is written instead, line, problem, remedy
    (POLICY, "# Telehealth\n", 1, "The policy has no front matter.", "Begin the file with `---`"),
    ("---\n# Tele", "# Tele", 1, "The policy has no front matter.", "Begin the file with `---`"),
    (
        "owner: ana-ruiz",
        "owner: ana-riuz",
        3,
        "Nobody in clinic.yaml has the id `ana-riuz`.",
        "Did you mean `ana-ruiz`?",
    ),
    ("version: 2", "version: two", 4, "`version` must be a whole number.", "from 1 up"),
    ("version: 2", "version: 0", 4, "`version` must be a larger number.", "from 1 up"),
    ("2026-01-05", "January 5, 2026", 5, "`January 5, 2026` is not a date.", "Write year-month-day"),
    ("effective_on:", "effective_from:", 5, "`effective_from` is not known here.", "Did you mean `effective_on`?"),
    ("\n  - 45 CFR 164.530(c)", "", 6, "`citations` is empty.", "a list of what it answers to"),
    ("title: Telehealth", "title: [", 2, "This is not YAML: ", "indent with spaces"),
    ("# Telehealth\n\nClose the door.\n", "\n", None, "The policy has no text.", ""),
    ("Close", "Cl\0ose", 11, "The text holds a NUL character.", ""),
    ("Close", "<script>alert(1)</script>\nClose", 11, RUNNING_HTML, "Remove the HTML"),
    ("Close", "Close\n<b\nonclick='x()'>", 12, RUNNING_HTML, ""),
    ("the door", 'the <img alt="<" OnError = x> door', 11, RUNNING_HTML, ""),
    ("the door", "the\n<a href='javascript:x()'>door</a>", 12, RUNNING_HTML, ""),
    ("the door", "the <iframe src=x></iframe>", 11, RUNNING_HTML, ""),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "line", "problem", "remedy"), POLICY_MISTAKES)
def test_each_mistake_in_a_policy_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int | None, problem: str, remedy: str
):
    assert right in POLICY, "the table names something the policy does not hold"
    mistakes = mistakes_of(write_folder(tmp_path, policy=POLICY.replace(right, wrong, 1)))
    hit = [mistake for mistake in mistakes if mistake.problem.startswith(problem)]
    assert [(mistake.file, mistake.line) for mistake in hit] == [("policies/telehealth.md", line)], mistakes
    assert remedy in hit[0].remedy
    assert len(mistakes) == 1 or wrong == "effective_from:", mistakes


@pytest.mark.parametrize(
    "harmless",
    [
        "Write `<script>` in code.",
        "    <script>x</script>",
        "1 < 2 and online = true",
        "a<br>b",
        "5 <script",
        "a <b>bold</b>",
    ],
)
def test_words_and_code_samples_about_html_are_no_mistake(tmp_path: Path, harmless: str):
    folder_of(write_folder(tmp_path, policy=POLICY.replace("Close the door.", harmless)))


def test_a_missing_folder_is_one_mistake(tmp_path: Path):
    missing = tmp_path / "nowhere"
    assert the_only_mistake(missing)[:3] == (str(missing), None, "There is no such folder.")
    assert the_only_mistake(Path("x" * 5000))[2] == "There is no such folder."


def test_an_empty_folder_lacks_its_clinic_yaml_and_its_policies(tmp_path: Path):
    assert [(mistake.file, mistake.problem) for mistake in mistakes_of(tmp_path)] == [
        ("clinic.yaml", "The file is missing."),
        ("policies", "There are no policies."),
    ]


@pytest.mark.parametrize("name", ["Telehealth Policy.md", "sanctions.docx", "access.markdown"])
def test_a_file_that_would_be_left_out_is_a_mistake(tmp_path: Path, name: str):
    (write_folder(tmp_path) / "policies" / name).write_text(POLICY)
    problem = "The file's name is not that of a policy."
    assert the_only_mistake(tmp_path)[:3] == (f"policies/{name}", None, problem)


def test_hidden_files_are_left_alone(tmp_path: Path):
    (write_folder(tmp_path) / "policies" / ".DS_Store").write_bytes(b"\xff\0")
    folder_of(tmp_path)


def test_a_folder_named_like_a_policy_is_a_mistake(tmp_path: Path):
    (write_folder(tmp_path) / "policies" / "access.md").mkdir()
    assert the_only_mistake(tmp_path)[:3] == ("policies/access.md", None, "This is not a file.")


@pytest.mark.parametrize("name", ["clinic.yaml", "policies/telehealth.md"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, name: str):
    root = tmp_path / "clinic"
    root.mkdir()
    write_folder(root)
    (root / name).rename(tmp_path / "outside")
    (root / name).symlink_to(tmp_path / "outside")
    assert the_only_mistake(root)[:3] == (name, None, "The link leads out of the folder.")


def test_a_policies_folder_elsewhere_is_not_followed(tmp_path: Path):
    root = tmp_path / "clinic"
    root.mkdir()
    write_folder(root)
    (root / "policies").rename(tmp_path / "policies")
    (root / "policies").symlink_to(tmp_path / "policies")
    assert the_only_mistake(root)[:3] == ("policies", None, "The link leads out of the folder.")


def test_a_link_in_a_circle_or_to_nothing_is_a_mistake(tmp_path: Path):
    policies = write_folder(tmp_path) / "policies"
    (policies / "access.md").symlink_to("access.md")
    (policies / "gone.md").symlink_to("nothing.md")
    assert [mistake.file for mistake in mistakes_of(tmp_path)] == ["policies/access.md", "policies/gone.md"]


def test_a_link_within_the_folder_is_followed(tmp_path: Path):
    policies = write_folder(tmp_path) / "policies"
    (policies / "video.md").symlink_to("telehealth.md")
    assert [policy.slug for policy in folder_of(tmp_path).policies] == ["telehealth", "video"]


def test_a_pipe_nobody_writes_to_does_not_hang_the_reader(tmp_path: Path):
    os.mkfifo(write_folder(tmp_path) / "policies" / "pipe.md")
    assert the_only_mistake(tmp_path)[:3] == ("policies/pipe.md", None, "This is not a file.")


def test_many_mistakes_are_all_told_at_once_in_reading_order(tmp_path: Path):
    clinic = CLINIC
    for right, wrong in [
        ("America/New_York", "America/NewYork"),
        ("rounds_at:", "round_at:"),
        ("name: Ana Ruiz", "nmae: Ana Ruiz"),
        ("privacy_official, ", ""),
        ("deputy: ben-cole", "deputy: bob-cole"),
        ("last_day: 2027-03-05", "last_day: 2027-02-05"),
        ("ben@elm-street.example", "ana@elm-street.example"),
        ("[clinician]", "[clinican]"),
        ("handles_phi: yes", "handles_phi: maybe"),
    ]:
        clinic = clinic.replace(right, wrong)
    policy = (
        POLICY.replace("version: 2", "version: x").replace("owner: ana-ruiz", "owner: al").replace("the", "<script>")
    )
    root = write_folder(tmp_path, clinic, policy)
    (root / "policies" / "access.md").write_bytes(b"\xff")
    assert [(mistake.file, mistake.line) for mistake in mistakes_of(root)] == [
        ("clinic.yaml", 3),  # time zone
        ("clinic.yaml", 5),  # round_at
        ("clinic.yaml", 6),  # nobody is privacy official
        ("clinic.yaml", 7),  # name is missing
        ("clinic.yaml", 8),  # nmae
        ("clinic.yaml", 11),  # unknown deputy
        ("clinic.yaml", 14),  # leave ends before it begins
        ("clinic.yaml", 17),  # the same e-mail twice
        ("clinic.yaml", 18),  # unknown role
        ("clinic.yaml", 23),  # handles_phi
        ("policies/access.md", 1),  # not UTF-8
        ("policies/telehealth.md", 3),  # unknown owner
        ("policies/telehealth.md", 4),  # version
        ("policies/telehealth.md", 11),  # script
    ]


def test_a_broken_clinic_yaml_does_not_hide_mistakes_in_policies(tmp_path: Path):
    root = write_folder(tmp_path, "slug: [", POLICY.replace("version: 2", "version: x"))
    assert [mistake.file for mistake in mistakes_of(root)] == ["clinic.yaml", "policies/telehealth.md"]


def test_a_circle_of_three_is_told_once_and_only_when_all_are_away(tmp_path: Path):
    people = [
        {"id": name, "name": name, "email": f"{name}@x.example", "deputy": deputy, "leave": leave, "roles": list(Role)}
        for name, deputy, leave in [
            ("a", "b", [{"first_day": "2027-01-01", "last_day": "2027-01-31"}]),
            ("b", "c", [{"first_day": "2027-01-10", "last_day": "2027-01-20"}]),
            ("c", "a", [{"first_day": "2027-01-20", "last_day": "2027-02-20"}]),
            ("d", "a", []),
        ]
    ]
    clinic = {"slug": "x", "name": "X", "time_zone": "America/Chicago", "states": ["IL"], "people": people}
    policy = POLICY.replace("ana-ruiz", "d")
    problem = the_only_mistake(write_folder(tmp_path, json.dumps(clinic), policy))[2]
    assert problem == "a and b and c stand in for each other, and all are away on 2027-01-20."
    people[2]["leave"] = [{"first_day": "2027-01-21", "last_day": "2027-02-20"}]
    folder_of(write_folder(tmp_path, json.dumps(clinic), policy))


def test_a_mistake_reads_like_a_compilers():
    assert str(Mistake("clinic.yaml", 3, "Wrong.", "Mend it.")) == "clinic.yaml:3: Wrong. Mend it."
    assert str(Mistake("policies", None, "Wrong.", "Mend it.")) == "policies: Wrong. Mend it."


def test_a_very_large_clinic_is_read_in_reasonable_time(tmp_path: Path):
    person = "  - {{id: p{0}, name: P, email: p{0}@x.example, roles: [practice_owner], deputy: p{1}}}\n"
    everybody = "".join(person.format(number, number + 1) for number in range(3000))
    clinic = CLINIC.partition("people:")[0] + "people:\n" + everybody
    assert len(mistakes_of(write_folder(tmp_path, clinic))) == 3  # no privacy official, no such deputy, no such owner


def read_anything(clinic: bytes, policy: bytes) -> list[Mistake]:
    with tempfile.TemporaryDirectory() as root:
        return mistakes_of(write_folder(Path(root), clinic, policy))


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
