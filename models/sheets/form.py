"""Forms: a sheet's fields as a page asks for them, and what was typed as a sheet again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from models.sheets.sheet import Occasion, Refusal, Sheet
from models.words import day_in_words, sentence_case

MANY = "__"
"""Between the name of a field that takes several options and the number of an option."""
_PLAIN_WORDS = {
    "missing": "is missing. Fill it in.",
    "date_from_datetime_parsing": "is no day. Write it as year-month-day, such as 2027-01-30.",
    "date_parsing": "is no day. Write it as year-month-day, such as 2027-01-30.",
    "date_from_datetime_inexact": "is no day. Write it as year-month-day, such as 2027-01-30.",
    "datetime_from_date_parsing": "is no moment. Write day and time, such as 2027-01-30T16:05.",
    "datetime_parsing": "is no moment. Write day and time, such as 2027-01-30T16:05.",
    "decimal_parsing": "is no amount. Write it as 12.50.",
    "int_parsing": "is no whole number.",
    "enum": "is none of the choices.",
    "string_too_long": "is too long. Shorten it.",
    "too_short": "is missing. Choose at least one.",
    "unstorable": "holds a character that cannot be stored. Type it anew.",
}


_BOUNDS = {
    "greater_than_equal": "is {ge} at least.",
    "less_than_equal": "is {le} at most.",
    "string_too_short": "needs the facts: write {min_length} characters at least.",
}


class Kind(StrEnum):
    """How a field is asked for."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    TICK = "tick"
    ONE = "one"
    """One of several options."""
    SOME = "some"
    """Any of several options."""


@dataclass(frozen=True)
class Entry:
    """One field of a form."""

    name: str
    label: str
    hint: str
    kind: Kind
    required: bool
    options: tuple[str, ...] = ()

    def option_label(self, option: str) -> str:
        """Return an option as a page says it."""
        return sentence_case(option)


def entries_of(sheet: type[Sheet]) -> list[Entry]:
    """Return the fields of a sheet in order."""
    names = [*sheet.FIRST, *(name for name in sheet.model_fields if name not in sheet.FIRST)]
    return [_entry(name, sheet.model_fields[name]) for name in names]


def _entry(name: str, info: FieldInfo) -> Entry:
    kind, options = _kind(_without_none(info.annotation), info)
    required = info.is_required() and kind is not Kind.TICK
    return Entry(
        name, info.title or sentence_case(name.replace("_", " ")), info.description or "", kind, required, options
    )


def _kind(annotation: Any, info: FieldInfo) -> tuple[Kind, tuple[str, ...]]:  # noqa: ANN401 - any annotation
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    if get_origin(annotation) is frozenset:
        return Kind.SOME, tuple(extra.get("only", get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Kind.ONE, tuple(annotation)
    if "rows" in extra:
        return Kind.TEXT, ()
    kinds = {bool: Kind.TICK, datetime: Kind.MOMENT, date: Kind.DAY, int: Kind.NUMBER, Decimal: Kind.NUMBER}
    return kinds.get(annotation, Kind.LINE), ()


def _without_none(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    if get_origin(annotation) in (Union, UnionType):
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def read(sheet: type[Sheet], typed: Mapping[str, str], occasion: Occasion) -> tuple[Sheet | None, list[Refusal]]:
    """Return the sheet that was typed, or why it is not taken; fields are named as `entries_of` names them.

    A moment without a distance from UTC is one of the clinic's own time.
    """
    labels = {entry.name: entry.label for entry in entries_of(sheet)}
    values = {entry.name: value for entry in entries_of(sheet) for value in _values(entry, typed, occasion)}
    try:
        filled = sheet.model_validate(values)
    except ValidationError as error:
        return None, [_refusal(details, labels) for details in error.errors(include_url=False, include_input=False)]
    return filled, list(filled.refusals(occasion))


def _values(entry: Entry, typed: Mapping[str, str], occasion: Occasion) -> Iterator[Any]:
    """Yield what was typed into a field, if anything."""
    if entry.kind is Kind.SOME:
        options = dict(enumerate(entry.options))
        yield [option for at, option in options.items() if typed.get(f"{entry.name}{MANY}{at}")]
    elif entry.kind is Kind.TICK:
        yield bool(typed.get(entry.name))
    elif value := typed.get(entry.name, "").strip():
        yield _in_zone(value, occasion.time_zone) if entry.kind is Kind.MOMENT else value


def _in_zone(value: str, time_zone: str) -> str | datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))


def _refusal(details: Any, labels: Mapping[str, str]) -> Refusal:  # noqa: ANN401 - pydantic's own
    name = str(details["loc"][0]) if details["loc"] else next(iter(labels))
    if bound := _BOUNDS.get(details["type"]):
        return Refusal(name, f"“{labels[name]}” {bound.format(**details['ctx'])}")
    words = _PLAIN_WORDS.get(details["type"]) or f"cannot be taken ({details['msg']})."
    return Refusal(name, f"“{labels[name]}” {words}")


def told_in_words(sheet: Sheet) -> list[tuple[str, str]]:
    """Return a sheet's fields that hold something, as pairs of label and value, in order."""
    rows = [(entry, getattr(sheet, entry.name)) for entry in entries_of(type(sheet))]
    return [(entry.label, _in_words(value)) for entry, value in rows if value not in (None, "", False, frozenset())]


def _in_words(value: object) -> str:
    if value is True:
        return "Yes"
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in_words(value)
    if isinstance(value, frozenset):
        return "; ".join(sorted(str(each) for each in value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}".strip()
    return sentence_case(str(value))
