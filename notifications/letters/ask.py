"""The letter that asks for one thing."""

from typing import Any

from notifications.batch import Batch


def context(batch: Batch) -> dict[str, Any]:
    """Return the one thing asked."""
    item = batch.items[0]
    preheader = f"{'Was due' if item.late else 'By'} {item.due_long}. {item.note}"
    return {"item": item, "button": item.title, "preheader": preheader}
