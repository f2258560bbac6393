"""A document that changes while somebody is asked about it: who is told, and in which words."""

from datetime import timedelta

from sqlmodel import select

from models import clock
from models.documents import hash_of, keep
from models.events import Event
from models.questions import Question
from models.store import reading, transaction
from models.superseding import supersede_outdated
from models.tables import Letter, Link, Notice, Policy, PolicyVersion
from notifications.post import post_fresh_links
from portal.testing.grove import CHANGED, POLICY, QUESTION, REVIEW, ZONE, Asked, Grove


def test_whoever_has_the_request_is_told_that_its_text_changed(store: str):
    grove = Grove.planted()
    asked = asked_about_a_policy(grove)
    publish(grove, CHANGED)
    assert grove.row(Link, asked.link_id).superseded_at is not None
    with reading() as session:
        told = [(each.person_id, each.kind) for each in session.exec(select(Notice).where(Notice.kind != "ask"))]
    assert told == [(grove.person("maya"), "changed")]
    assert [entry["actor"] for entry in grove.entries(Event.REQUEST_SUPERSEDED)] == ["maple-grove/nadia"]


def test_the_letter_after_a_change_says_that_the_text_changed_and_not_that_somebody_asked(store: str):
    grove = Grove.planted()
    asked_about_a_policy(grove)
    publish(grove, CHANGED)
    (posted,) = post_fresh_links()
    assert posted.subject.startswith("Changed: please review the Sanctions policy (by ")
    with reading() as session:
        words = " ".join(session.get_one(Letter, posted.letter_id).text_body.split())
    assert "The text it is about has changed since our last letter" in words
    assert "asked" not in words.replace("Asked by", "")


def asked_about_a_policy(grove: Grove) -> Asked:
    with transaction() as tx:
        owner, since = grove.person("maya"), clock.today(ZONE) - timedelta(days=400)
        tx.session.add(Policy(id="sanctions", clinic=grove.clinic, slug="sanctions", title="Sanctions", owner_id=owner))
        tx.session.flush()
        tx.session.add(
            PolicyVersion(policy_id="sanctions", number=1, sha256=keep(tx.session, POLICY), effective_on=since)
        )
    about = {"verb": "review the Sanctions policy", "subject_id": "sanctions", "document_sha256": hash_of(POLICY)}
    return grove.put("maya", Question(**QUESTION, **about, choices=REVIEW))


def publish(grove: Grove, text: str) -> None:
    today = clock.today(ZONE)
    with transaction() as tx:
        tx.session.exec(select(PolicyVersion)).one().replaced_on = today
        new = keep(tx.session, text)
        tx.session.add(PolicyVersion(policy_id="sanctions", number=2, sha256=new, effective_on=today))
        tx.session.flush()
        supersede_outdated(tx, grove.clinic, "maple-grove/nadia")
