"""The catalogue of sheets: what answers and intakes ask for, field by field. A new one is a class in this package."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from models.errors import WellkeptError
from models.sheets.sheet import Occasion, Refusal, Sheet

__all__ = ["Occasion", "Refusal", "Sheet", "sheet_named"]


class UnknownSheetError(WellkeptError):
    """There is no such sheet."""

    remedy = "A question names a class of the package models.sheets."


@cache
def _catalogue() -> dict[str, type[Sheet]]:
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    values = [value for module in modules for value in vars(module).values()]
    return {each.__name__: each for each in values if isinstance(each, type) and issubclass(each, Sheet)}


def sheet_named(name: str) -> type[Sheet]:
    """Return a sheet by the name of its class. Raises UnknownSheetError."""
    if sheet := _catalogue().get(name):
        return sheet
    raise UnknownSheetError(f"There is no sheet called “{name}”.")
