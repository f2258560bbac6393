"""Submissions: what somebody handed in as an answer, and what is still wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from models.names import same_name
from models.questions import Choice, Needs, Question
from models.sheets import Occasion, Sheet, sheet_named
from models.sheets.form import read

SHEET = "f-"
"""What the parts of a form begin with that belong to a sheet."""

LONGEST_REASON = 5000
"""Characters."""
LARGEST_TEXT = 1_000_000
"""Bytes of UTF-8 in a text that comes with an answer."""
MOST_LINES = 20_000
"""Lines in such a text: each may be a row of the page that shows what changes."""


@dataclass(frozen=True)
class Submission:
    """What somebody handed in. `shown_sha256` is the hash of the document on the page it was handed in from."""

    choice: str
    name: str
    reason: str = ""
    text: str | None = None
    person_id: str | None = None
    pin: str = ""
    shown_sha256: str | None = None
    sheet: Mapping[str, str] = field(default_factory=dict)
    """What was typed into the fields of the sheet, by their names."""


@dataclass(frozen=True)
class Fault:
    """Something that must be mended before an answer can be recorded."""

    part: str
    """The part of the form it belongs to: choice, reason, text, person, name, pin, or a field of the sheet."""
    message: str
    confirmable: bool = False
    """Whether it is a doubt that the writer may dispel by a tick, and need not mend."""


def faults(
    question: Question, given: Submission, name: str, people: frozenset[str], occasion: Occasion | None = None
) -> list[Fault]:
    """Return what is wrong with a submission: `name` must be typed as the signature, `people` may be picked.

    Whoever asks for a sheet says on what occasion.
    """
    choice = question.choice(given.choice)
    if choice is None:
        found = [Fault("choice", "Choose one of the answers.")]
    else:
        found = [*_reason(choice, given), *_text(choice, given), *_person(choice, given, people)]
        found += _sheet(choice, given, occasion)
    if not same_name(given.name, name):
        found.append(Fault("name", f"Sign by typing your full name: {name}."))
    return found


def sheet_of(choice: Choice, given: Submission, occasion: Occasion) -> Sheet | None:
    """Return the sheet that came with an answer, if its choice asks for one and nothing is wrong with it."""
    return read(sheet_named(choice.sheet), given.sheet, occasion)[0] if choice.sheet else None


def _sheet(choice: Choice, given: Submission, occasion: Occasion | None) -> list[Fault]:
    if choice.sheet is None or occasion is None:
        return []
    _, refusals = read(sheet_named(choice.sheet), given.sheet, replace(occasion, text=given.text or ""))
    return [Fault(f"{SHEET}{refusal.field}", refusal.words) for refusal in refusals]


def _reason(choice: Choice, given: Submission) -> list[Fault]:
    if choice.reason is Needs.REQUIRED and not given.reason.strip():
        return [Fault("reason", f"“{choice.label}” needs a reason.")]
    if len(given.reason) > LONGEST_REASON:
        return [Fault("reason", f"The reason is too long: {len(given.reason):,} of {LONGEST_REASON:,} characters.")]
    return [Fault("reason", "The reason holds a character that cannot be stored.")] if "\0" in given.reason else []


def _text(choice: Choice, given: Submission) -> list[Fault]:
    text = given.text or ""
    if len(text.splitlines()) > MOST_LINES:
        return [Fault("text", f"The text has more than {MOST_LINES:,} lines.")]
    if choice.text is Needs.REQUIRED and not text.strip():
        return [Fault("text", f"“{choice.label}” needs the new text: paste it or choose a file.")]
    if len(text.encode(errors="replace")) > LARGEST_TEXT:
        return [Fault("text", "The text is larger than 1 MB. Hand in plain text (.md or .txt) without pictures.")]
    return [Fault("text", "That is not plain text. Save it as .md or .txt and try again.")] if "\0" in text else []


def _person(choice: Choice, given: Submission, people: frozenset[str]) -> list[Fault]:
    if choice.person is Needs.REQUIRED and not given.person_id:
        return [Fault("person", f"“{choice.label}” needs a person from the list.")]
    unknown = given.person_id and given.person_id not in people
    return [Fault("person", "Choose a person from the list.")] if unknown else []
