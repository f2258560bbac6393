"""Honest pages: what a visitor is told when there is nothing to answer here."""

from typing import Any

from models.errors import WellkeptError


class HonestPageError(WellkeptError):
    """There is no form to show; a page says why."""

    remedy = "The page says what can be done."

    def __init__(self, name: str, status: int, **facts: Any) -> None:  # noqa: ANN401 - whatever the page shows
        """Take the name of a template in `honest/`, the HTTP status, and what the page needs."""
        super().__init__(f"The portal answered with its page “{name}”.")
        self.name = name
        self.status = status
        self.facts = facts


def gone(token: str) -> HonestPageError:
    """Return the one page for every link that opens nothing: unknown, cut in half or expired."""
    return HonestPageError("gone", 404, token=token)
