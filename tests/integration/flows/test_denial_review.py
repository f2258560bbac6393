"""The review of a denial, and a practice of one, where nobody else is there to look."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from deployments.testing.casework import CLINICIAN, DESK, OFFICIAL, REQUEST, Casework
from deployments.testing.practice import Colleague
from flows.access import access
from flows.denial_review import denial_review
from models import clock
from models.answering_errors import IncompleteError, NotYetError
from models.store import reading
from models.tables import Disclosure

pytestmark = pytest.mark.usefixtures("offline")
TODAY = date(2027, 2, 1)
SENT = {"sent_on": TODAY, "sent_by": "by letter", "sent_to": "44 Larkspur Court"}
OUTSIDE = Colleague("ines-outside", "outside_reviewer")
ALONE = Colleague("solo-one", "privacy_official, practice_owner, office_manager, clinician")
FOUND = {"grounds": ["endangers life or physical safety"], "reasoning": "Threats last week", "licence": "LMHC 1"}
DENIAL = {
    "grounds": FOUND["grounds"],
    "what": "March",
    "basis": "It could endanger somebody.",
    "rest_given": True,
    "reviewer": "Ines Outside",
    "reviewer_is_licensed": True,
}
KNOWN = {"proof": "photo ID", "scope": "2026", "form": "paper"}


def deny(practice: Casework, clinician: str) -> None:
    practice.take_in(by=clinician if clinician == "solo-one" else "dana-kim", **REQUEST, received_on=TODAY)
    practice.go_on(access)
    practice.says("acknowledge", "No letter: they know", reason="Told")
    practice.says("establish who asks", "We know who it is and what is wanted", **KNOWN)
    practice.go_on(access)
    said = {"where": "Chart", "notes": "there are none"}
    practice.says("gather", "Everything is gathered", person=clinician, **said)
    practice.go_on(access)
    practice.says("safety", "This is my finding", **FOUND)
    practice.go_on(access)


@pytest.fixture
def denied(tmp_path: Path) -> Casework:
    practice = Casework.at(tmp_path, TODAY, DESK, OFFICIAL, CLINICIAN, OUTSIDE)
    deny(practice, "theo-park")
    practice.says("decide on", "Deny it", **DENIAL)
    practice.go_on(access)
    practice.says("send the answer", "It went out", text="No.", **SENT)
    practice.go_on(access)
    review = Casework("oak-lane", tmp_path, "NY", "denial-review", "REV-0001")
    asked = {key: value for key, value in REQUEST.items() if key != "kind"}
    review.take_in(**asked, received_on=TODAY, denied_case="ACC-0001")
    review.go_on(denial_review)
    return review


REFERRED = {"what": "March, for safety", "records": "Comes in"}


def test_whoever_took_part_may_not_review_and_whoever_is_not_licensed_neither(denied: Casework) -> None:
    for slug, why in (("theo-park", "took part in the denial"), ("dana-kim", "is not licensed")):
        denied.says("refer", "Refer it", person=slug, **REFERRED)
        denied.go_on(denial_review)
        assert why in str(denied.asked("refer").question["context"])
    denied.says("refer", "Refer it", person="ines-outside", **REFERRED)
    denied.go_on(denial_review)
    assert denied.asked("review the denial").holder_id == denied.person("ines-outside")


@pytest.mark.parametrize(("finding", "summary"), [("stands", "The denial stands"), ("given", "Overturned, and given")])
def test_the_practice_does_as_the_reviewer_says(denied: Casework, finding: str, summary: str) -> None:
    denied.says("refer", "Refer it", person="ines-outside", **REFERRED)
    denied.go_on(denial_review)
    words = "the denial stands" if finding == "stands" else "access is to be given"
    said = {"licence": "MD 1", "finding": words, "reasoning": "I read it."}
    with pytest.raises(IncompleteError, match="took no part may review"):
        denied.says("review the denial", "This is my decision", **said)
    denied.says("review the denial", "This is my decision", **said, independent=True)
    denied.go_on(denial_review)
    if finding == "stands":
        denied.says("send the answer", "It went out", text="It stands.", **SENT)
    else:
        denied.says("send the answer", "It was given, with this letter", text="Here.", what="March", **SENT)
    outcome = denied.go_on(denial_review)
    assert outcome is not None
    assert outcome.summary == summary
    with reading() as session:
        assert len(session.exec(select(Disclosure)).all()) == (finding == "given")


def test_who_is_alone_decides_after_a_second_look_and_denies_only_with_a_reviewer_outside(tmp_path: Path) -> None:
    practice = Casework.at(tmp_path, TODAY, ALONE)
    deny(practice, "solo-one")
    decision = practice.asked("decide on")
    assert decision.not_before is not None
    assert decision.not_before - clock.now() > timedelta(hours=23)
    with pytest.raises(NotYetError):
        practice.says("decide on", "Deny it", **DENIAL)
    practice.stand_on(TODAY + timedelta(days=2))
    with pytest.raises(IncompleteError, match="took part in the denial"):
        practice.says("decide on", "Deny it", **DENIAL | {"reviewer": "Solo One"})
    practice.says("decide on", "Deny it", **DENIAL)


def test_a_case_goes_to_the_deputy_while_somebody_is_away(tmp_path: Path) -> None:
    away = Colleague("dana-kim", "office_manager, front_desk", "priya-raman", (TODAY, TODAY + timedelta(days=5)))
    practice = Casework.at(tmp_path, TODAY, away, OFFICIAL, CLINICIAN)
    practice.take_in(**REQUEST, received_on=TODAY)
    practice.go_on(access)
    asked = practice.asked("establish who asks")
    assert (asked.asked_id, asked.holder_id) == (practice.person("dana-kim"), practice.person("priya-raman"))
    practice.rounds(TODAY + timedelta(days=7), access)
    assert practice.asked("establish who asks").holder_id == practice.person("dana-kim")
