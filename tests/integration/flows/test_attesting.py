"""Attesting: nobody settles their own refusal, and nobody attests for somebody who has left."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from deployments.testing.practice import Colleague, Practice
from flows.policy_review import Story, one_policy
from models.answering_errors import NotYetError
from models.duties.policy_review_questions import InForce
from models.store import reading
from models.tables import Policy, PolicyVersion, Request

ANA = Colleague("ana-ruiz", "privacy_official, practice_owner")
BEN = Colleague("ben-cole")
NEW = "# Doors\n\nLock the door.\n"
pytestmark = pytest.mark.usefixtures("offline")


def telehealth() -> InForce:
    with reading() as session:
        policy, version = session.exec(select(Policy, PolicyVersion).join(PolicyVersion)).first() or (None, None)
    assert policy is not None
    assert version is not None
    about = {"policy_id": policy.id, "slug": policy.slug, "title": policy.title, "owner_id": policy.owner_id}
    return InForce(**about, number=version.number, sha256=version.sha256, citations=policy.citations)


class Review:
    """A policy that its owner changed and another approved, up to the attestations."""

    def __init__(self, folder: Path, *people: Colleague) -> None:
        """Plant the practice and go so far."""
        self.practice = Practice.of(folder, *people)
        self.policy = telehealth()
        self.look()
        self.practice.answer(self.request("review"), "changed", text=NEW)
        self.look()
        self.practice.answer(self.request("approve"), "approve")
        self.look()

    def look(self) -> Story | None:
        """Let the cycle look at the policy."""
        return self.practice.look(lambda: one_policy(self.policy))

    def request(self, key: str) -> Request:
        """Return the open request whose key begins so."""
        return next(each for each in self.practice.requests() if each.key.startswith(key))


def test_nobody_settles_their_own_refusal_to_attest(tmp_path: Path):
    review = Review(tmp_path, BEN, ANA)
    review.practice.answer(
        review.request("attest:telehealth:oak-lane/ana-ruiz"), "cannot_attest", "I wrote half of it."
    )
    review.look()
    settle = review.request("settle")
    assert (settle.holder_id, settle.question["author_id"]) == ("oak-lane/ben-cole", "oak-lane/ana-ruiz")


def test_cover_does_not_bring_anybody_their_own_refusal(tmp_path: Path):
    away = Colleague("ana-ruiz", "privacy_official, practice_owner", "ben-cole", (date(2026, 1, 16), date(2026, 1, 30)))
    review = Review(tmp_path, BEN, away)
    review.practice.answer(review.request("attest:telehealth:oak-lane/ben-cole"), "cannot_attest", "It is too short.")
    review.look()
    review.practice.stand_on(date(2026, 1, 16))
    review.look()
    assert review.request("settle").holder_id == "oak-lane/ana-ruiz"


def test_who_has_left_is_listed_and_nobody_attests_for_them(tmp_path: Path):
    review = Review(tmp_path, ANA, BEN)
    review.practice.answer(review.request("attest:telehealth:oak-lane/ana-ruiz"), "attest")
    review.practice.staffed_by(ANA)
    story = review.look()
    assert story is not None
    assert (story.attested, story.exceptions) == (1, ["Telehealth: not attested by Ben Cole, who has left"])


def test_who_is_asked_again_and_has_left_by_then_has_no_successor(tmp_path: Path):
    review = Review(tmp_path, ANA, BEN)
    review.practice.answer(review.request("attest:telehealth:oak-lane/ana-ruiz"), "attest")
    review.practice.answer(review.request("attest:telehealth:oak-lane/ben-cole"), "cannot_attest", "I am leaving.")
    review.look()
    review.practice.staffed_by(ANA)
    review.practice.answer(review.request("settle"), "ask_again", "Please still read it.")
    story = review.look()
    assert story is not None
    assert story.exceptions == ["Telehealth: not attested by Ben Cole, who has left"]


def test_who_is_alone_settles_a_day_later(tmp_path: Path):
    review = Review.__new__(Review)
    review.practice = Practice.of(tmp_path, ANA)
    review.policy = telehealth()
    review.look()
    review.practice.answer(review.request("review"), "changed", text=NEW)
    review.look()
    review.practice.stand_on(date(2026, 1, 17))
    review.practice.answer(review.request("approve"), "approve", "Read again.")
    review.look()
    review.practice.answer(review.request("attest"), "cannot_attest", "Not sure.")
    review.look()
    with pytest.raises(NotYetError):
        review.practice.answer(review.request("settle"), "ask_again", "Sure now.")
