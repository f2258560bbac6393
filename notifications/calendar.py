"""Calendars: the due dates of a letter as an ICS file (RFC 5545). No patient fact and no link stands in it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from notifications.item import BRINGS, Item

_NINE_THE_DAY_BEFORE = timedelta(hours=-15)


def due_dates(items: Iterable[Item], domain: str, written_at: datetime, sequence: Mapping[str, int]) -> str | None:
    """Return an ICS file with one all-day event for each new thing to answer, or None without any.

    An event keeps its UID for ever; `sequence` tells by request id how often it was sent before.
    """
    events = [
        _event(item, domain, written_at, sequence.get(item.request_id, 0))
        for item in items
        if item.kind in BRINGS and item.link_id
    ]
    if not events:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Wellkept//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _event(item: Item, domain: str, written_at: datetime, sequence: int) -> Event:
    event = Event()
    event.add("uid", f"{item.request_id}@{domain}")
    event.add("sequence", sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", item.due_on)
    event.add("dtend", item.due_on + timedelta(days=1))
    event.add("summary", f"Due: {item.title}")
    event.add("description", "The link to answer is in the mail that brought this date.")
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(item))
    return event


def _alarm(item: Item) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Due tomorrow: {item.title}")
    alarm.add("trigger", _NINE_THE_DAY_BEFORE)
    return alarm
