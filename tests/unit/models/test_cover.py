"""Cover finds somebody, and never the wrong one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.chasing import holder_today, told_by, who_may_except
from models.cover import Staff, acting_for, deputies, second_pair_of_eyes, uninvolved
from models.ladders import Act, Rung, Whom
from models.questions import Question

DAY = date(2026, 12, 28)
HOLIDAYS = ((date(2026, 12, 21), date(2027, 1, 2)),)


def staff(name: str, deputy: str | None = None, *roles: str, away: bool = False) -> Staff:
    return Staff(name, name.title(), frozenset(roles), deputy, HOLIDAYS if away else ())


def clinic(*people: Staff) -> dict[str, Staff]:
    return {person.id: person for person in people}


CLINIC = clinic(
    staff("dana", "omar", "privacy_official"),
    staff("maya", "omar", "clinician", away=True),
    staff("omar", "lena", "clinician"),
    staff("lena", "dana", "practice_owner"),
)
PLAIN = Question(verb="review X", sentence="?", why="", asked_by="", choices=())


@pytest.mark.parametrize(
    ("person", "barred", "expected"),
    [
        ("dana", [], "dana"),  # there herself
        ("maya", [], "omar"),  # on leave: her deputy
        ("maya", ["omar"], "lena"),  # the deputy may not: the deputy's deputy
        ("dana", ["dana"], "omar"),  # never one's own work
    ],
)
def test_the_first_who_is_there_acts(person: str, barred: list[str], expected: str):
    assert acting_for(CLINIC, person, DAY, barred) == expected


def test_cover_begins_on_the_first_day_of_leave_and_ends_after_the_last():
    days = [date(2026, 12, 20), date(2026, 12, 21), date(2027, 1, 2), date(2027, 1, 3)]
    assert [acting_for(CLINIC, "maya", day) for day in days] == ["maya", "omar", "omar", "maya"]


def test_when_everybody_is_away_the_person_keeps_it():
    alone = clinic(staff("a", "b", away=True), staff("b", "a", away=True))
    assert acting_for(alone, "a", DAY) == "a"


def test_a_circle_of_deputies_ends():
    assert deputies(CLINIC, "dana") == ["omar", "lena"]


def test_nobody_covers_what_only_one_person_can_answer():
    assert holder_today(CLINIC, "maya", PLAIN.model_copy(update={"personal": True}), DAY) == "maya"


def test_a_person_who_has_left_is_followed_by_the_privacy_official():
    assert holder_today(CLINIC, "gone", PLAIN, DAY) == "dana"


def test_cover_never_brings_somebody_their_own_work():
    assert holder_today(CLINIC, "maya", PLAIN.model_copy(update={"author_id": "omar"}), DAY) == "lena"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("maya", "dana"),  # the privacy official decides
        ("dana", "omar"),  # on her own work her deputy does
    ],
)
def test_nobody_approves_their_own_work(author: str, expected: str):
    assert second_pair_of_eyes(CLINIC, "privacy_official", author, "practice_owner") == expected


def test_who_is_alone_gets_their_own_work_back_for_a_second_look():
    solo = clinic(staff("sam", None, "privacy_official", "practice_owner"))
    assert second_pair_of_eyes(solo, "privacy_official", "sam", "practice_owner") == "sam"


def test_the_owners_own_lateness_is_excepted_by_somebody_else():
    assert who_may_except(CLINIC, "lena") == "dana"
    assert who_may_except(CLINIC, "omar") == "lena"


@pytest.mark.parametrize(
    ("whom", "expected"),
    [
        (Whom.HOLDER, "omar"),  # Maya is away, Omar has it
        (Whom.DEPUTY, "lena"),  # her deputy has it already: the next one
        (Whom.PRIVACY_OFFICIAL, "dana"),
        (Whom.PRACTICE_OWNER, "lena"),
    ],
)
def test_a_rung_tells_somebody_who_does_not_have_it_yet(whom: Whom, expected: str):
    rung = Rung(offset=1, act=Act.ESCALATE, whom=whom)
    assert told_by(rung, CLINIC, "maya", "omar", DAY) == expected


@given(st.data())
def test_there_is_always_a_holder(data: st.DataObject):
    names = [f"p{number}" for number in range(data.draw(st.integers(1, 6)))]
    people = clinic(
        *(
            staff(name, data.draw(st.sampled_from([*names, "nobody", None])), away=data.draw(st.booleans()))
            for name in names
        )
    )
    person = data.draw(st.sampled_from(names))
    barred = data.draw(st.sets(st.sampled_from(names)))
    assert acting_for(people, person, DAY, barred) in people


def test_nobody_judges_what_they_had_a_part_in_while_there_is_anybody_else():
    everybody = list(CLINIC)
    for spared in everybody:
        involved = [person for person in everybody if person != spared]
        assert uninvolved(CLINIC, "privacy_official", "practice_owner", involved) == spared
    assert uninvolved(CLINIC, "privacy_official", "practice_owner", everybody) is None
    author = everybody[0]
    assert second_pair_of_eyes(CLINIC, "privacy_official", author, "practice_owner", everybody) == author
