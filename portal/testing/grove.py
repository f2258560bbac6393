"""A small clinic, planted in a store: people, a cycle, and requests with links as letters carry them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import col, select

from models import clock
from models.documents import hash_of, keep
from models.duties import duty_named
from models.events import Event
from models.intakes import Opened, intake_of, open_request
from models.occasions import occasion_at
from models.pins import enrol_pin
from models.questions import Choice, Needs, Question
from models.requests import Wanted, make_request
from models.store import reading, transaction
from models.tables import Answer, Clinic, Cycle, Leave, LedgerEntry, Letter, Link, Person, Request, SignIn, Tier
from notifications.links import make_link, token_of
from notifications.sign_ins import sign_in_by_link
from notifications.sign_ins import token_of as sign_in_token
from portal.testing.asked import ASKED

PIN = "739104"
ZONE = "America/New_York"
PEOPLE = {"Maya Ortiz": "omar", "Omar Haddad": None, "Nadia Révész": "maya", "Theo Park": "maya"}
"""Names and their deputies."""
ROLES = {"nadia": ["privacy_official"], "theo": ["front_desk"]}
POLICY = """# Sanctions policy

Workforce members who do not follow our privacy policies are sanctioned.

## What happens

1. The privacy official looks into it.
2. The practice owner decides.

| Kind | Sanction |
|---|---|
| Careless | Retraining |
| Wilful | Dismissal |
"""
CHANGED = POLICY.replace("2. The practice owner decides.", "2. The practice owner decides within 10 days.")
REVIEW = (
    Choice(
        value="keep",
        label="No change needed",
        meaning="The policy stays in force as it is for another year.",
        past="No change needed",
        reason=Needs.REQUIRED,
        reason_label="Why no change is needed",
    ),
    Choice(
        value="changed",
        label="Changed",
        meaning="Your new text goes to the privacy official for approval.",
        past="Changed",
        text=Needs.REQUIRED,
        reason=Needs.OPTIONAL,
        reason_label="What changed and why",
    ),
    Choice(
        value="not-mine",
        label="Not mine, or I need help",
        meaning="The request goes to the person you name, or back to the privacy official.",
        past="Handed back",
        person=Needs.OPTIONAL,
        reason=Needs.REQUIRED,
    ),
)
APPROVAL = (
    Choice(value="approve", label="Approve", meaning="The new version is published.", past="Approved"),
    Choice(
        value="decline",
        label="Request changes",
        meaning="It goes back to its author with your reason.",
        past="Changes requested",
        reason=Needs.REQUIRED,
    ),
)
ATTESTATION = Question(
    verb="attest to the Sanctions policy",
    sentence="Have you read it, and will you follow it?",
    why="People learn of what changed within a reasonable time.",
    asked_by="Nadia Révész, privacy official",
    choices=APPROVAL,
    personal=True,
)
"""Nobody else can answer it."""
QUESTION: dict[str, Any] = {
    "sentence": "Does the Sanctions policy need a change?",
    "why": "Policies are reviewed every year (45 CFR 164.316(b)(2)(iii)).",
    "asked_by": "Nadia Révész, privacy official",
    "document_title": "Sanctions policy, version 3",
}


@dataclass
class Asked:
    """A request with a link to it, as a letter would carry it."""

    request_id: str
    letter_id: str
    link_id: str
    token: str

    @property
    def page(self) -> str:
        """Return the path of the request's page."""
        return f"/a/{self.letter_id}/{self.request_id}"


@dataclass
class Grove:
    """Maple Grove: Omar covers for Maya, Nadia is the privacy official, Theo works at the front desk."""

    clinic: str = "maple-grove"
    cycle: str = "maple-grove/policy-review/2027"

    @classmethod
    def planted(cls) -> "Grove":
        """Plant the clinic."""
        grove = cls()
        with transaction() as tx:
            tx.session.add(Clinic(slug=grove.clinic, name="Maple Grove Counseling", time_zone=ZONE, states=["NY"]))
            tx.session.flush()
            tx.session.add_all(grove._person(name, deputy) for name, deputy in PEOPLE.items())
            about: dict[str, Any] = {
                "clinic": grove.clinic,
                "duty": "policy-review",
                "period": "2027",
                "code_version": "0",
            }
            due_on = clock.today(ZONE) + timedelta(days=100)
            tx.session.add(Cycle(key=grove.cycle, due_on=due_on, began_at=clock.now(), **about))
        return grove

    def _person(self, name: str, deputy: str | None) -> Person:
        slug = name.split(maxsplit=1)[0].lower()
        deputy_id = self.person(deputy) if deputy else None
        email = f"{slug}@maple-grove.example"
        return Person(
            id=self.person(slug),
            clinic=self.clinic,
            slug=slug,
            name=name,
            email=email,
            deputy_id=deputy_id,
            roles=ROLES.get(slug, []),
        )

    def person(self, slug: str) -> str:
        """Return a person's id."""
        return f"{self.clinic}/{slug}"

    def on_leave(self, slug: str, days: int) -> None:
        """Send a person on leave from today on."""
        with transaction() as tx:
            today = clock.today(ZONE)
            tx.session.add(Leave(person_id=self.person(slug), first_day=today, last_day=today + timedelta(days=days)))

    def enrol(self, slug: str, pin: str = PIN) -> None:
        """Enrol a PIN."""
        with transaction() as tx:
            enrol_pin(tx, tx.session.get_one(Person, self.person(slug)), pin, self.person("nadia"))

    def letter(self, slug: str) -> str:
        """Write a letter to a person."""
        with transaction() as tx:
            letter = Letter(
                id=uuid4().hex,
                clinic=self.clinic,
                person_id=self.person(slug),
                kind="ask",
                address=f"{slug}@maple-grove.example",
                message_id=f"<{uuid4().hex}@maple-grove.example>",
                subject="One thing",
                text_body="",
                html_body="",
                written_at=clock.now(),
            )
            tx.session.add(letter)
        return letter.id

    def ask(  # noqa: PLR0913 - what a request is made of
        self,
        slug: str = "maya",
        *,
        choices: tuple[Choice, ...] = REVIEW,
        tier: Tier = Tier.ACKNOWLEDGE,
        text: str | None = POLICY,
        compare: str | None = None,
        author: str | None = None,
        wait_hours: int = 0,
        days: int = 14,
        letter: str | None = None,
        read: bool = True,
        verb: str = "review the Sanctions policy",
    ) -> Asked:
        """Ask something of a person, write the letter and its link; `read` says that its page was seen a while ago."""
        about: dict[str, Any] = {
            "verb": verb,
            "choices": choices,
            "tier": tier,
            "author_id": self.person(author) if author else None,
            "document_sha256": hash_of(text) if text is not None else None,
            "compare_sha256": hash_of(compare) if compare is not None else None,
        }
        texts = [each for each in (text, compare) if each is not None]
        question = Question(**QUESTION, **about)
        return self.put(slug, question, *texts, wait_hours=wait_hours, days=days, letter=letter, read=read)

    def put(
        self,
        slug: str,
        question: Question,
        *texts: str,
        wait_hours: int = 0,
        days: int = 14,
        letter: str | None = None,
        read: bool = True,
        cycle: str | None = None,
    ) -> Asked:
        """Put any question to a person; `texts` are those it is about, which it names by their hashes."""
        with transaction() as tx:
            for text in texts:
                keep(tx.session, text)
            wanted = Wanted(
                cycle or self.cycle, self.clinic, uuid4().hex, self.person(slug), question, days, "L-CAL", wait_hours
            )
            request = make_request(tx, wanted, {})
        holder = request.holder_id.split("/")[1]
        return self.link(request.id, holder, letter or self.letter(holder), read=read)

    def take_in(self, duty: str = "access", **said: Any) -> Opened:  # noqa: ANN401 - what is typed into the form
        """Take in what somebody asks for, as Theo at the front desk."""
        found = duty_named(duty)
        with transaction() as tx:
            occasion = occasion_at(tx.session, self.clinic, self.person("theo"))
            filled = ASKED | {"received_on": str(occasion.today)} | said
            return open_request(tx, found, intake_of(found).model_validate(filled), occasion, self.clinic)

    def at_the_desk(self, slug: str, *, pin: bool = True) -> str:
        """Sign somebody in, with their PIN proved or not; return the token that their browser holds."""
        self.enrol(slug)
        signed_in = sign_in_by_link(self.row(Person, self.person(slug)))
        if not pin:
            self.change(SignIn, signed_in.id, pin_at=None)
        return sign_in_token(signed_in)

    def link(self, request_id: str, slug: str, letter: str, *, read: bool = True) -> Asked:
        """Write a link of a person to a request."""
        with transaction() as tx:
            request = tx.session.get_one(Request, request_id)
            row = make_link(tx, tx.session.get_one(Letter, letter), request, self.person(slug), clock.now(), 45)
            row.first_viewed_at = clock.now() - timedelta(minutes=1) if read else None
        return Asked(request.id, letter, row.id, token_of(row))

    def list_link(self, slug: str, letter: str) -> str:
        """Write the link that lists a letter; return its token."""
        with transaction() as tx:
            row = make_link(tx, tx.session.get_one(Letter, letter), None, self.person(slug), clock.now(), 45)
        return token_of(row)

    def change(self, table: type[Any], key: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Change a row behind everybody's back."""
        with transaction() as tx:
            row = tx.session.get_one(table, key)
            for name, value in values.items():
                setattr(row, name, value)

    def row(self, table: type[Any], key: str) -> Any:  # noqa: ANN401 - a row of that table
        """Return a row."""
        with reading() as session:
            return session.get(table, key)

    def answer(self, asked: Asked) -> Answer | None:
        """Return the answer to a request."""
        with reading() as session:
            return session.get(Answer, asked.request_id)

    def entries(self, event: Event) -> list[dict[str, Any]]:
        """Return the ledger's entries of a kind, oldest first."""
        with reading() as session:
            rows = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.seq))).all()
        return [body for body in (json.loads(row.body) for row in rows) if body["event"] == event]


def long_ago() -> datetime:
    """Return a moment in the past."""
    return datetime(2026, 1, 1, tzinfo=UTC)


__all__ = ["APPROVAL", "ATTESTATION", "CHANGED", "PIN", "POLICY", "REVIEW", "Asked", "Grove", "Link", "long_ago"]
