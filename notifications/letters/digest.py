"""The letter that gathers a day's things for one person, with the most urgent first."""

from typing import Any

from models.words import count_in_words, list_in_words
from notifications.batch import Batch
from notifications.item import Group


def context(batch: Batch) -> dict[str, Any]:
    """Return the parts of the digest, what they come to, and the words of the button."""
    todo = batch.to_do
    first = min(todo, key=lambda item: item.due_on, default=None)
    return {
        "first": first,
        "only": batch.items[0] if len(batch.items) == 1 else None,
        "overdue": sum(item.late for item in todo),
        "summary": _summary(batch),
        "preheader": _summary(batch),
        "button": todo[0].title if len(todo) == 1 else f"Open your {len(todo)} things",
    }


def _summary(batch: Batch) -> str:
    """Return the counts by part: "1 overdue, 2 due soon and 1 for your information"."""
    if len(batch.items) == 1:
        return batch.items[0].note
    counts = list_in_words([f"{len(items)} {group.in_a_sentence}" for group, items in batch.groups], most=len(Group))
    return f"{count_in_words(len(batch.items), 'thing')} today: {counts}."
