"""Batches: what one letter tells one person."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from models.tables import NoticeKind
from notifications.item import BRINGS, Group, Item, placeholder


@dataclass(frozen=True)
class Batch:
    """Everything a letter needs to know. `items` stand by urgency, then by due date."""

    name: str
    """Of the recipient."""
    clinic_name: str
    today: date
    privacy_official: str
    """Whom to ask; empty when the clinic has nobody in that role."""
    items: tuple[Item, ...]
    list_link_id: str | None = None
    """The link to the list, when there are two things or more to answer."""

    @property
    def letter(self) -> str:
        """Return the name of the letter that suits: one new thing, fresh links, or the digest of everything else."""
        kinds = {item.kind for item in self.items}
        if kinds == {NoticeKind.FRESH_LINK}:
            return "fresh_link"
        return "ask" if len(self.items) == 1 and kinds <= BRINGS and self.to_do else "digest"

    @property
    def to_do(self) -> tuple[Item, ...]:
        """Return the items the recipient can answer."""
        return tuple(item for item in self.items if item.link_id)

    @property
    def button_url(self) -> str | None:
        """Return where the one button leads: the list, or the one thing to answer."""
        if self.list_link_id:
            return placeholder(self.list_link_id)
        return self.to_do[0].url if self.to_do else None

    @property
    def groups(self) -> list[tuple[Group, list[Item]]]:
        """Return the items in the parts of a digest."""
        return [(group, list(items)) for group, items in groupby(self.items, key=lambda item: item.group)]

    def sorted(self) -> "Batch":
        """Return the batch with its items in order."""
        return replace(self, items=tuple(sorted(self.items, key=_urgency)))


def _urgency(item: Item) -> tuple[int, date, str, str]:
    return list(Group).index(item.group), item.due_on, item.title, item.request_id
