"""The letters: one module each, whose `context` returns what its templates need. A new letter is a new module here."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from notifications.batch import Batch

Context = dict[str, Any]


def context_of(letter: str, batch: Batch) -> Context:
    """Return the context of a letter by name. Raises ModuleNotFoundError for a letter that does not exist."""
    context: Callable[[Batch], Context] = import_module(f"{__name__}.{letter}").context
    return context(batch)
