"""Each mistake in a policy is told with its line, and its text is kept byte for byte."""

from hashlib import sha256
from pathlib import Path

import pytest

from models.clinic_folder.testing import POLICY, folder_of, mistakes_of, write_folder


def test_a_policys_text_and_hash_are_those_of_the_bytes_below_its_front_matter(tmp_path: Path):
    body = "# Télésanté\r\n\r\n---\r\n\ttabs, and no line end at the end  "
    raw = ("\ufeff" + POLICY.partition("# Tele")[0].replace("\n", "\r\n") + body).encode()
    policy = folder_of(write_folder(tmp_path, policy=raw)).policies[0]
    assert policy.text == body
    assert policy.sha256 == sha256(body.encode()).hexdigest()


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
