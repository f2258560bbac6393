"""Items: one thing a letter tells, in words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.tables import NoticeKind
from models.words import distance, long_date, one_line, sentence_case, short_date

SOON_DAYS = 7
"""Calendar days within which something is due soon."""
BRINGS = frozenset({NoticeKind.ASK, NoticeKind.COVER, NoticeKind.RETURN, NoticeKind.CHANGED})
"""Kinds that bring a request, or its new text, to somebody, rather than remind of one."""


class Group(StrEnum):
    """The parts of a digest, most urgent first."""

    OVERDUE = "Overdue"
    SOON = "Due soon"
    NEW = "New"
    LATER = "Coming up"
    INFORMATION = "For your information"

    @property
    def in_a_sentence(self) -> str:
        """Return the part's name with a small first letter."""
        return self.value[:1].lower() + self.value[1:]


@dataclass(frozen=True)
class Item:
    """One request as its recipient is told of it on a day. All dates are civil dates of the clinic."""

    request_id: str
    kind: NoticeKind
    verb: str
    why: str
    asked_by: str
    due_on: date
    today: date
    asked_name: str
    """Whom it was asked of."""
    holder_name: str
    held_by_you: bool
    """The recipient has it now."""
    cover_until: date | None = None
    """The last day of the asked person's leave, when somebody covers."""
    own_work: bool = False
    """It is about the work of the person asked, who may not decide on it."""
    link_id: str | None = None
    """None when the recipient is only told."""

    @property
    def url(self) -> str | None:
        """Return what stands for the link until the letter is sent."""
        return placeholder(self.link_id) if self.link_id else None

    @property
    def title(self) -> str:
        """Return what is to be done: "Review Sanctions policy"."""
        return sentence_case(one_line(self.verb))

    @property
    def late(self) -> bool:
        """Tell whether the due date has passed."""
        return self.due_on < self.today

    @property
    def group(self) -> Group:
        """Return the part of the digest it stands in."""
        if self.link_id is None:
            return Group.INFORMATION
        if self.late:
            return Group.OVERDUE
        if (self.due_on - self.today).days <= SOON_DAYS:
            return Group.SOON
        return Group.NEW if self.kind in BRINGS else Group.LATER

    @property
    def due_long(self) -> str:
        """Return the due date with its weekday."""
        return long_date(self.due_on)

    @property
    def due_short(self) -> str:
        """Return the due date for a subject line."""
        return short_date(self.due_on, self.today)

    @property
    def far(self) -> str:
        """Return how far off it is: "3 days ago"."""
        return distance(self.due_on, self.today)

    @property
    def by(self) -> str:
        """Return the words before the due date."""
        return "Was due" if self.late else "By"

    @property
    def note(self) -> str:
        """Return why the recipient is told, in one or two sentences."""
        return _NOTES[self.kind](self)


def placeholder(link_id: str) -> str:
    """Return what stands for a link in a body until it is sent."""
    return f"@@link:{link_id}@@"


def _ask(item: Item) -> str:
    return f"New, asked by {one_line(item.asked_by)}." if item.asked_by else "New."


def _remind(item: Item) -> str:
    return f"A reminder: this {'was' if item.late else 'is'} due {item.far}."


def _cover(item: Item) -> str:
    if item.own_work:
        return f"It comes to you because {item.asked_name} may not decide on their own work."
    until = f" until {long_date(item.cover_until)}" if item.cover_until else ""
    return f"You are covering for {item.asked_name}{until}."


def _return(_item: Item) -> str:
    return "Back to you after your leave."


def _escalate(item: Item) -> str:
    due = f"{'was' if item.late else 'is'} due {item.due_long}"
    return f"{item.asked_name} has not answered; it {due}. {_with_whom(item)}"


def _not_delivered(item: Item) -> str:
    return f"Our mail to {item.asked_name} was not delivered. {_with_whom(item)}"


def _fresh_link(_item: Item) -> str:
    return "A fresh link, as you asked."


def _changed(_item: Item) -> str:
    return "The text it is about has changed since our last letter, whose link decides nothing any more."


def _with_whom(item: Item) -> str:
    if item.held_by_you:
        return "It is with you now, as deputy."
    if item.link_id:
        return "As deputy you can answer it."
    return f"It is with {item.holder_name}. You cannot answer it yourself; please see that it gets done."


_NOTES = {
    NoticeKind.ASK: _ask,
    NoticeKind.REMIND: _remind,
    NoticeKind.ESCALATE: _escalate,
    NoticeKind.COVER: _cover,
    NoticeKind.RETURN: _return,
    NoticeKind.NOT_DELIVERED: _not_delivered,
    NoticeKind.FRESH_LINK: _fresh_link,
    NoticeKind.CHANGED: _changed,
}
