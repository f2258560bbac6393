"""What pydantic found wrong, in words for the person who wrote the file."""

import re
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from models.clinic_folder.mistakes import Mistake, one_of
from models.clinic_folder.sheets import Location, Sheet

Model = TypeVar("Model", bound=BaseModel)

PHRASES = {
    "string_type": "must be one line of text",
    "list_type": "must be a list",
    "dict_type": "must hold `key: value` lines",
    "model_type": "must hold `key: value` lines",
    "too_short": "must not be empty",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be a larger number",
    "less_than_equal": "must be a smaller number",
    "date_type": "must be a date",
}


def check(model: type[Model], sheet: Sheet) -> tuple[Model | None, list[Mistake]]:
    """Return a sheet as a model, or every mistake against it."""
    try:
        return model.model_validate(sheet.data), []
    except ValidationError as error:
        found = [(_place(details), details) for details in error.errors(include_url=False)]
    return None, [sheet.mistake(at, *_words(model, at, details)) for at, details in found if at not in sheet.refused]


def _place(details: ErrorDetails) -> Location:
    # Where a key itself is wrong, pydantic adds this step to the place.
    return tuple(step for step in details["loc"] if step != "[key]")


def _words(model: type[BaseModel], at: Location, details: ErrorDetails) -> tuple[str, str]:
    key = next((step for step in reversed(at) if isinstance(step, str)), "file")
    written = details["input"]
    if details["type"] == "refused":
        return details["ctx"]["problem"], details["ctx"]["remedy"]
    if details["type"] == "extra_forbidden":
        return f"`{key}` is not known here.", one_of(key, _keys_at(model, at[:-1]))
    if details["type"] == "missing":
        return f"`{key}` is missing.", f"Add `{key}:` with {_description(model, at)}."
    if details["type"] == "enum":
        known = re.findall(r"'([^']+)'", details["ctx"]["expected"])
        return f"`{key}` cannot be `{written}`.", one_of(str(written), known)
    phrase = "is empty" if written is None else PHRASES.get(details["type"], f"is wrong ({details['msg']})")
    subject = f"`{key}`" if at else "The file"
    return f"{subject} {phrase}.", f"Write {_description(model, at)}."


def _description(model: type[BaseModel], at: Location) -> str:
    field = _field_at(model, at)
    return (field and field.description) or "`key: value` lines"


def _keys_at(model: type[BaseModel], at: Location) -> list[str]:
    kind = _kind_at(model, at)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _field_at(model: type[BaseModel], at: Location) -> FieldInfo | None:
    while at and not isinstance(at[-1], str):
        at = at[:-1]
    kind = _kind_at(model, at[:-1])
    if at and isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_fields.get(str(at[-1]))
    return _field_at(model, at[:-1]) if at else None


def _kind_at(model: type[BaseModel], at: Location) -> object:
    kind: object = model
    for step in at:
        kind = _inside(kind, step)
    return kind


def _inside(kind: object, step: str | int) -> object:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(step))
        return None if field is None else _without_none(field.annotation)
    arguments = get_args(kind)
    return _without_none(arguments[-1]) if arguments else None


def _without_none(kind: object) -> object:
    choices = get_args(kind)
    return choices[0] if type(None) in choices else kind
