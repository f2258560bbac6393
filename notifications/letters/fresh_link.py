"""The letter that brings a fresh link, for whoever met an old one."""

from typing import Any

from notifications.batch import Batch


def context(batch: Batch) -> dict[str, Any]:
    """Return the things with fresh links."""
    button = batch.items[0].title if len(batch.items) == 1 else f"Open your {len(batch.items)} things"
    return {"button": button, "preheader": "It takes the place of the link you opened, and it is yours alone."}
