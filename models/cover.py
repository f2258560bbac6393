"""Cover: who acts for whom, as pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Staff:
    """What cover needs to know of a person. Leave days are inclusive civil dates of the clinic."""

    id: str
    name: str
    roles: frozenset[str]
    deputy_id: str | None
    leave: tuple[tuple[date, date], ...] = ()

    def away(self, day: date) -> bool:
        """Tell whether the person is on leave on a day."""
        return any(first <= day <= last for first, last in self.leave)

    def back_after(self, day: date) -> date | None:
        """Return the last day of the leave that `day` falls in."""
        return max((last for first, last in self.leave if first <= day <= last), default=None)


People = Mapping[str, Staff]


def deputies(people: People, person_id: str) -> list[str]:
    """Return the chain of deputies of a person, nearest first, each once."""
    chain: list[str] = []
    current = people[person_id].deputy_id
    while current is not None and current in people and current != person_id and current not in chain:
        chain.append(current)
        current = people[current].deputy_id
    return chain


def holders_of(people: People, role: str) -> list[str]:
    """Return who holds a role, in the order of `people`: by their ids, as `people_of` reads them."""
    return [person.id for person in people.values() if role in person.roles]


def official_of(people: People, role: str) -> str:
    """Return who holds a role, or somebody else where nobody does."""
    return (holders_of(people, role) or list(people))[0]


def acting_for(people: People, person_id: str, day: date, barred: Collection[str] = ()) -> str:
    """Return who acts for a person on a day: the person, or the first deputy who is there and not barred.

    When everybody in the chain is away or barred the person keeps it: a request always has a holder.
    """
    candidates = [person_id, *deputies(people, person_id)]
    for candidate in candidates:
        if candidate not in barred and not people[candidate].away(day):
            return candidate
    return next((candidate for candidate in candidates if candidate not in barred), person_id)


def second_pair_of_eyes(
    people: People, role: str, author_id: str, fallback_role: str, involved: Collection[str] = ()
) -> str:
    """Return who decides on someone's work: the role's holder, the holder's deputies, the fallback role, anybody else.

    Nobody approves their own work, and nobody judges what they had a part in; in a solo practice the author is returned
    and the caller asks for a second look after 24 hours.
    """
    candidates = (person for person in _in_line(people, role, fallback_role) if person not in involved)
    return next((person for person in candidates if person != author_id), author_id)


def uninvolved(people: People, role: str, fallback_role: str, involved: Collection[str]) -> str | None:
    """Return who of those who come first for a role had no part in something; None where everybody had."""
    return next((person for person in _in_line(people, role, fallback_role) if person not in involved), None)


def _in_line(people: People, role: str, fallback_role: str) -> list[str]:
    """Return everybody in the order in which they are asked in place of a role's holder."""
    holders = holders_of(people, role)
    chain = [*holders, *(deputy for holder in holders for deputy in deputies(people, holder))]
    return [*chain, *holders_of(people, fallback_role), *people]
