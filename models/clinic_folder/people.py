"""What must hold between the people of a clinic: unique names, deputies who exist and can stand in, officials.

It looks at the sheet rather than at checked entries, so that one bad line hides no mistake in another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from models.clinic_folder.kinds import civil_date
from models.clinic_folder.mistakes import Mistake, one_of
from models.clinic_folder.sheets import Location, Sheet
from models.roles import Role

NEEDED_ROLES = (Role.PRIVACY_OFFICIAL, Role.PRACTICE_OWNER)


@dataclass(frozen=True)
class Sketch:
    """As much of a person's entry as can be read; dates are civil dates of the clinic."""

    at: Location
    id: str | None
    email: str | None
    deputy: str | None
    roles: list[str] = field(default_factory=list)
    leave: list[tuple[date, date]] = field(default_factory=list)

    def is_away(self, day: date) -> bool:
        """Say whether the person is on leave on a day."""
        return any(first <= day <= last for first, last in self.leave)


def sketches(sheet: Sheet) -> list[Sketch]:
    """Return everybody the sheet names."""
    people = sheet.data.get("people") if isinstance(sheet.data, dict) else None
    entries = enumerate(people) if isinstance(people, list) else ()
    return [_sketch(("people", index), entry) for index, entry in entries if isinstance(entry, dict)]


def check_people(sheet: Sheet) -> list[Mistake]:
    """Return every mistake between people."""
    everybody = sketches(sheet)
    return [
        *_repeated(sheet, everybody, "id"),
        *_repeated(sheet, everybody, "email"),
        *_bad_deputies(sheet, everybody),
        *_empty_circles(sheet, everybody),
        *_unfilled_roles(sheet, everybody),
    ]


def _sketch(at: Location, entry: dict[str, object]) -> Sketch:
    words = {key: value for key, value in entry.items() if isinstance(value, str)}
    roles = [role for role in _items(entry.get("roles")) if isinstance(role, str)]
    leave = [days for item in _items(entry.get("leave")) if (days := _days(item))]
    return Sketch(at, words.get("id"), words.get("email"), words.get("deputy"), roles, leave)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _days(item: object) -> tuple[date, date] | None:
    if not isinstance(item, dict):
        return None
    first, last = civil_date(item.get("first_day")), civil_date(item.get("last_day"))
    return (first, last) if first and last else None


def _repeated(sheet: Sheet, everybody: list[Sketch], key: str) -> Iterator[Mistake]:
    first: dict[str, Location] = {}
    for person in everybody:
        value: str | None = getattr(person, key)
        if value is None:
            continue
        at = first.setdefault(value.casefold(), person.at)
        if at != person.at:
            remedy = f"Give each person their own {key}; the other is on line {sheet.line((*at, key))}."
            yield sheet.mistake((*person.at, key), f"Two people have the {key} `{value}`.", remedy)


def _bad_deputies(sheet: Sheet, everybody: list[Sketch]) -> Iterator[Mistake]:
    ids = [person.id for person in everybody if person.id]
    for person in everybody:
        at = (*person.at, "deputy")
        if person.deputy is None:
            continue
        if person.deputy == person.id:
            yield sheet.mistake(at, f"`{person.id}` is their own deputy.", "Name another person, or remove the line.")
        elif person.deputy not in ids:
            yield sheet.mistake(at, f"Nobody here has the id `{person.deputy}`.", one_of(person.deputy, ids))


def _empty_circles(sheet: Sheet, everybody: list[Sketch]) -> Iterator[Mistake]:
    for circle in _circles({person.id: person for person in everybody if person.id}):
        day = _day_all_away(circle)
        if day is not None:
            names = " and ".join(str(person.id) for person in circle)
            problem = f"{names} stand in for each other, and all are away on {day}."
            remedy = "Give one of them a deputy outside this circle, or move a leave."
            yield sheet.mistake((*circle[0].at, "deputy"), problem, remedy)


def _circles(by_id: dict[str, Sketch]) -> Iterator[list[Sketch]]:
    """Give each circle of deputies once; somebody who is their own deputy is none."""
    visited: set[str] = set()
    for start in by_id:
        path: list[str] = []
        here = start
        while here in by_id and here not in visited:
            visited.add(here)
            path.append(here)
            here = by_id[here].deputy or ""
        circle = path[path.index(here) :] if here in path else []
        if len(circle) > 1:
            yield [by_id[name] for name in circle]


def _day_all_away(circle: list[Sketch]) -> date | None:
    # Leaves that overlap at all overlap on the first day of one of them.
    first_days = sorted(first for person in circle for first, _ in person.leave)
    return next((day for day in first_days if all(person.is_away(day) for person in circle)), None)


def _unfilled_roles(sheet: Sheet, everybody: list[Sketch]) -> Iterator[Mistake]:
    held = {role for person in everybody for role in person.roles}
    for role in NEEDED_ROLES:
        if everybody and role.value not in held:
            remedy = f"Add `{role.value}` to somebody's roles; one person may hold several."
            yield sheet.mistake(("people",), f"Nobody is {role.title}.", remedy)
