"""Notices become letters: one a person, once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from models import clock
from models import store as models_store
from models.tables import NoticeKind, Person, Request
from notifications.links import find_link, token_of
from notifications.post import post_fresh_links, post_letters

if TYPE_CHECKING:
    from tests.integration.notifications.conftest import World

CLINIC = "maple-grove"
CYCLE = "maple-grove/policy-review/2027"


def test_a_person_with_three_things_gets_one_letter_with_a_link_each_and_one_to_the_list(store: World):
    for number in range(3):
        store.tell("priya", store.ask("priya", f"review policy {number}"))
    posted = post_letters(CLINIC, CYCLE)
    assert [(each.person_name, each.count) for each in posted] == [("Priya Raman", 3)]
    assert sorted(link.request_id or "list" for link in store.links()) == ["list", "r0", "r1", "r2"]
    assert posted[0].subject.startswith("3 things for you at Maple Grove Counseling, the first by ")


def test_posting_again_posts_nothing(store: World):
    store.tell("priya", store.ask("priya"))
    assert len(post_letters(CLINIC, CYCLE)) == 1
    assert post_letters(CLINIC, CYCLE) == []
    assert post_letters(CLINIC) == []


def test_many_posts_at_once_write_one_letter(store: World):
    store.tell("priya", store.ask("priya"))
    with ThreadPoolExecutor(6) as pool:
        posted = [each for letters in pool.map(lambda _: post_letters(CLINIC), range(6)) for each in letters]
    assert len(posted) == len(store.letters()) == 1


def test_a_cycle_posts_only_what_goes_at_once_and_the_digest_takes_the_rest(store: World):
    store.tell("priya", store.ask("priya"))
    store.tell("dana", store.ask("dana"), NoticeKind.REMIND, at_once=False)
    assert [each.person_name for each in post_letters(CLINIC, CYCLE)] == ["Priya Raman"]
    assert [each.person_name for each in post_letters(CLINIC)] == ["Dana Kim"]


def test_an_answered_request_is_told_to_nobody(store: World):
    request_id = store.ask("priya")
    store.tell("priya", request_id)
    with models_store.transaction() as tx:
        tx.session.get_one(Request, request_id).state = "answered"
    assert post_letters(CLINIC) == []


def test_somebody_who_has_left_gets_no_letter(store: World):
    store.tell("priya", store.ask("priya"))
    with models_store.transaction() as tx:
        tx.session.get_one(Person, f"{CLINIC}/priya").active = False
    assert post_letters(CLINIC) == []


def test_two_notices_of_one_request_become_one_line(store: World):
    request_id = store.ask("priya")
    store.tell("priya", request_id)
    store.tell("priya", request_id, NoticeKind.REMIND)
    assert [(each.count, each.subject.split(" (")[0]) for each in post_letters(CLINIC)] == [
        (1, "Please review Sanctions policy")
    ]


WHO_GETS_A_LINK = [
    ("omar", NoticeKind.ASK, {}, True),  # asked of him
    ("priya", NoticeKind.COVER, {}, True),  # it comes to her
    ("priya", NoticeKind.ESCALATE, {}, True),  # his deputy may step in
    ("dana", NoticeKind.ESCALATE, {}, True),  # his deputy's deputy
    ("lee", NoticeKind.ESCALATE, {}, False),  # the practice owner is only told
    ("priya", NoticeKind.NOT_DELIVERED, {}, True),
    ("priya", NoticeKind.ESCALATE, {"author_id": f"{CLINIC}/priya"}, False),  # never one's own work
    ("priya", NoticeKind.ASK, {"author_id": f"{CLINIC}/priya"}, False),
]


@pytest.mark.parametrize(("who", "kind", "question", "linked"), WHO_GETS_A_LINK)
def test_a_letter_brings_a_link_only_to_who_may_answer(
    store: World, who: str, kind: NoticeKind, question: dict[str, str], linked: bool
):
    store.tell(who, store.ask("omar", question=question), kind)
    post_letters(CLINIC)
    assert [bool(store.links()), "@@link:" in store.letters()[0].text_body] == [linked, linked]


def test_cover_names_the_last_day_of_the_leave(store: World):
    store.tell("priya", store.ask("omar", holder_id=f"{CLINIC}/priya"), NoticeKind.COVER)
    post_letters(CLINIC)
    last = clock.today("America/Chicago") + timedelta(days=9)
    text = " ".join(store.letters()[0].text_body.split())
    assert f"You are covering for Omar Haddad until {last:%A}, {last.day} {last:%B %Y}." in text


def test_the_letter_and_its_ledger_entry_stand_together(store: World):
    request_id = store.ask("priya")
    store.tell("priya", request_id)
    posted = post_letters(CLINIC, CYCLE, {"flow_run": "f1"})
    (entry,) = store.ledger()
    body = json.loads(entry.body)
    assert (body["event"], body["cycle"], body["run"]) == ("post:letter:queued", CYCLE, {"flow_run": "f1"})
    assert body["facts"] == {
        "letter": posted[0].letter_id,
        "person": f"{CLINIC}/priya",
        "kind": "ask",
        "requests": [request_id],
        "message_id": f"<{posted[0].letter_id}@maple-grove.example>",
        "subject": posted[0].subject,
    }


def test_only_the_right_token_finds_its_link(store: World):
    store.tell("priya", store.ask("priya"))
    post_letters(CLINIC)
    (link,) = store.links()
    token = token_of(link)
    wrong = ["", "x", token[:-1], token + "A", token.swapcase(), "\udcff" * 43, "é" * 43, token * 1000]
    with models_store.reading() as session:
        assert find_link(session, token) == link
        assert [find_link(session, each) for each in wrong] == [None] * len(wrong)


def test_a_link_planted_in_the_database_does_not_open(store: World):
    store.tell("priya", store.ask("priya"))
    post_letters(CLINIC)
    (link,) = store.links()
    with models_store.transaction() as tx:
        planted = tx.session.get_one(type(link), link.id)
        planted.nonce = bytes(32)
    with models_store.reading() as session:
        assert find_link(session, token_of(link)) is None


def test_fresh_links_go_out_alone_and_the_older_link_stays_good(store: World):
    first, other = store.ask("priya"), store.ask("priya", "review Access policy")
    store.tell("priya", first)
    post_letters(CLINIC, CYCLE)
    (older,) = store.links()
    store.tell("priya", other, NoticeKind.REMIND, at_once=False)
    store.tell("priya", first, NoticeKind.FRESH_LINK)
    assert [each.subject for each in post_fresh_links()] == ["Your fresh link: review Sanctions policy"]
    with models_store.reading() as session:
        assert find_link(session, token_of(older)) == older
    assert older.superseded_at is None
    assert len(store.links()) == 2
