"""The due dates come as a calendar file that other programs can read."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from models.tables import NoticeKind
from notifications.calendar import due_dates
from notifications.item import Item

NOW = datetime(2027, 3, 15, 13, tzinfo=UTC)


def item(number: int, kind: NoticeKind = NoticeKind.ASK, link_id: str | None = "a" * 32) -> Item:
    return Item(
        request_id=f"r{number}",
        kind=kind,
        verb="review Psychotherapy notes; access, disclosure and a title that is much longer than a line of a file",
        why="",
        asked_by="",
        due_on=date(2027, 5, 13 + number),
        today=NOW.date(),
        asked_name="Omar Haddad",
        holder_name="Omar Haddad",
        held_by_you=True,
        link_id=link_id,
    )


def test_each_new_thing_is_an_all_day_event_that_parses_back() -> None:
    text = due_dates([item(1), item(2, NoticeKind.COVER)], "maple-grove.example", NOW, {"r2": 3})
    calendar = Calendar.from_ical(text or "")
    assert calendar["METHOD"] == "PUBLISH"
    first, second = calendar.walk("VEVENT")
    assert (first["UID"], first["SEQUENCE"]) == ("r1@maple-grove.example", 0)
    assert (second["UID"], second["SEQUENCE"]) == ("r2@maple-grove.example", 3)
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (date(2027, 5, 14), date(2027, 5, 15))
    assert first["SUMMARY"] == f"Due: {item(1).title}"
    assert first.walk("VALARM")[0]["TRIGGER"].dt == timedelta(hours=-15)


def test_lines_are_short_and_end_as_the_format_wants() -> None:
    lines = (due_dates([item(1)], "maple-grove.example", NOW, {}) or "").encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


def test_reminders_and_mere_information_bring_no_calendar() -> None:
    told = [item(1, NoticeKind.REMIND), item(2, NoticeKind.ASK, None), item(3, NoticeKind.ESCALATE)]
    assert due_dates(told, "maple-grove.example", NOW, {}) is None
