"""Drafting: a case's facts put into the wording of a letter. What is missing stands in brackets, to be filled in."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, ChoiceLoader, DictLoader, FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from models.accountings import Listed
from models.case_file import CaseFile
from models.clocks.requests import accounting_window
from models.errors import WellkeptError
from models.gates.denial import RULES
from models.gates.disclosure_notice import STATEMENT_1, STATEMENT_2
from models.sheets.access import Gathered, Withheld
from models.sheets.intake import Intake, RecordIntake
from models.sheets.sheet import Occasion, Sheet
from models.sheets.third_party import WhatItTouches
from models.words import long_date

WORDING = Path(__file__).with_name("wording")
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
LEFT_OPEN = "[fill in"
"""How everything begins that is still to be filled in."""
BLANK = f"{LEFT_OPEN}]"
"""What stands where the case does not say."""


class BrokenWordingError(WellkeptError):
    """The wording of a letter cannot be used."""

    remedy = "Compare it with Wellkept's own, `wellkept letters show NAME`, and mend it."


class UnknownLetterError(WellkeptError):
    """There is no such letter."""


class _Blank(ChainableUndefined):
    """What a case does not say."""

    def __str__(self) -> str:
        return BLANK

    __html__ = __str__


@dataclass(frozen=True)
class Sender:
    """From whom a letter comes, and when. All days are civil days of the clinic."""

    clinic: str
    sites: list[dict[str, Any]]
    phone: str | None
    official: str
    """The privacy official's name."""
    signer: str
    now: datetime
    today: date
    number: str
    """The case's, such as ACC-0012."""
    received_on: date | None
    due_on: date
    wording: Mapping[str, str] = field(default_factory=dict)
    """The clinic's own, by the letter's name."""


@cache
def letter_names() -> frozenset[str]:
    """Return the names of the letters there are."""
    return frozenset(path.stem for path in WORDING.glob("[!_]*.md"))


@cache
def shared_parts() -> frozenset[str]:
    """Return the names of the parts that several letters share, such as their head."""
    return frozenset(path.stem for path in WORDING.glob("_*.md"))


def wording_of(name: str) -> str:
    """Return the wording of a letter, or of a part, as it comes with Wellkept. Raises UnknownLetterError."""
    if name not in letter_names() | shared_parts():
        known = ", ".join(sorted(letter_names() | shared_parts()))
        raise UnknownLetterError(f"There is no letter called “{name}”.", remedy=f"Known: {known}.")
    return (WORDING / f"{name}.md").read_text("utf-8")


def draft(name: str, file: CaseFile, sender: Sender, listed: Sequence[Listed] = ()) -> str:
    """Return a letter as Markdown, for its sender to read, change and send.

    Where the clinic's own wording cannot be filled in with this case, it is drafted in Wellkept's.
    """
    words = _words(file, sender) | {"disclosures": listed}
    with suppress(BrokenWordingError):
        return _render(name, sender.wording, words)
    return _render(name, {}, words)


def try_out(name: str, text: str) -> None:
    """Raise BrokenWordingError for a wording that could not be filled in, whatever a case says."""
    today = date(2027, 1, 30)
    now = datetime(2027, 1, 30, tzinfo=UTC)
    sender = Sender("", [{"name": "", "address": ""}], None, "", "", now, today, "ACC-0001", today, today)
    wording = {name: text}
    for letter in letter_names() if name in shared_parts() else [name]:
        line = Listed(today, "", "", "")
        _render(letter, wording, _words(CaseFile("x/ACC-0001"), sender) | {"disclosures": [line]})


def _render(name: str, own: Mapping[str, str], words: Mapping[str, Any]) -> str:
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([DictLoader({f"{key}.md": text for key, text in own.items()}), FileSystemLoader(WORDING)]),
        undefined=_Blank,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_date"] = _long_date
    try:
        rendered = environment.get_template(f"{name}.md").render(words)
    except (TemplateError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BrokenWordingError(f"The wording of the letter “{name}” cannot be filled in: {error}.") from error
    return _MANY_BLANK_LINES.sub("\n\n", rendered).strip() + "\n"


def _long_date(day: object) -> str:
    return long_date(day) if isinstance(day, date) else BLANK


def _words(file: CaseFile, sender: Sender) -> dict[str, Any]:
    """Return what wording may speak of: the newest sheet of each kind by its name, such as `withheld`, and the rest."""
    intake, gathered, withheld = file.newest(Intake), file.newest(Gathered), file.newest(Withheld)
    grounds = sorted(withheld.grounds) if withheld else []
    paper = file.newest(WhatItTouches)
    found = paper.defects(Occasion(sender.now, sender.today, "UTC")) if paper else ()
    return {
        **_newest(file),
        "clinic": {"name": sender.clinic, "sites": sender.sites},
        "phone": sender.phone or BLANK,
        "official": sender.official,
        "signer": sender.signer,
        "today": sender.today,
        "number": sender.number,
        "received_on": sender.received_on,
        "due_on": sender.due_on,
        "first_day": accounting_window(sender.received_on) if sender.received_on else None,
        "person": (intake.person() if intake else "") or BLANK,
        "reach": intake.reach if isinstance(intake, RecordIntake) else BLANK,
        "fee": gathered.fee() if gathered else None,
        "part_2": paper is not None and paper.part_2,
        "statement_1": STATEMENT_1,
        "statement_2": STATEMENT_2,
        "defects": [f"{defect.words} ({defect.cite})" for defect in found],
        "cites": [RULES[ground].cite for ground in grounds],
        "reviewable": any(RULES[ground].reviewable for ground in grounds),
    }


def _newest(file: CaseFile) -> dict[str, Sheet]:
    """Return the newest sheet of each kind by its name; an AccessIntake is an `intake` too."""
    sheets = [entry.told.sheet for entry in file.entries if entry.told.sheet is not None]
    kinds = ((kind, sheet) for sheet in sheets for kind in type(sheet).__mro__ if issubclass(kind, Sheet))
    return {_snake(kind.__name__): sheet for kind, sheet in kinds}


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower()
