"""The catalogue of duties: what must happen, as data with citations. A new duty is a new module here."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from models.duties.duty import Duty, UnknownDutyError

__all__ = ["Duty", "UnknownDutyError", "catalogue", "duty_named"]


@cache
def catalogue() -> dict[str, Duty]:
    """Return every duty by name, found by walking this package."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    duties = [value for module in modules for value in vars(module).values() if isinstance(value, Duty)]
    return {duty.name: duty for duty in duties}


def duty_named(name: str) -> Duty:
    """Return a duty by name. Raises UnknownDutyError."""
    if duty := catalogue().get(name):
        return duty
    raise UnknownDutyError(f"There is no duty called “{name}”.", remedy=f"Known: {', '.join(sorted(catalogue()))}.")
