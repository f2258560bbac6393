"""Sign-ins: a code by mail, and the token a browser keeps once it was typed. Neither is stored (SECURITY.md)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col, func, select

from models import clock
from models.events import Event
from models.people import clinic_named
from models.pins import TRIES, check
from models.settings import load_settings
from models.store import Transaction, transaction
from models.tables import Letter, Person, SignIn
from notifications.addresses import message_id
from notifications.links import link_key
from notifications.rendering import environment

KIND = "sign_in"
CODE_DIGITS = 8
CODE_TIME = timedelta(minutes=10)
WHOLE_TIME = timedelta(hours=8)
"""A working day: whoever is at the desk signs in once."""
PIN_TIME = timedelta(minutes=30)
"""How long after the PIN the facts of cases are shown."""
MOST_CODES = 5
"""Codes that one person is sent in an hour."""
_CODE, _TOKEN = b"wellkept code 1\x00", b"wellkept sign-in 1\x00"
_LONGEST = 100


class Proof(StrEnum):
    """What somebody showed who signed in."""

    CODE = "a code sent to their address"
    LINK = "the link of a letter and their PIN"


def ask_for_code(address: str, attempt: str) -> int:
    """Send a code to everybody active who has a mail address, bound to the browser's attempt; return how many."""
    with transaction() as tx:
        same = select(Person).where(func.lower(Person.email) == address.strip().lower(), col(Person.active))
        people = [person for person in tx.session.exec(same) if not _too_many(tx.session, person)]
        for person in people:
            _write_code(tx, person, attempt)
    return len(people)


def sign_in_by_code(attempt: str, code: str) -> SignIn | None:
    """Sign in whoever the code was sent to, in the browser that asked for it; None for a wrong or late one, counted."""
    with transaction() as tx:
        same = (SignIn.attempt_sha256 == _sha256(attempt), col(SignIn.signed_in_at).is_(None))
        rows = list(tx.session.exec(select(SignIn).where(*same).order_by(SignIn.id).with_for_update()))
        open_ = [row for row in rows if row.code_expires_at > clock.now() and row.code_failures < TRIES]
        typed = "".join(code.split())
        right = [row for row in open_ if hmac.compare_digest(code_of(row).encode(), typed.encode(errors="replace"))]
        if not right:
            for row in open_:
                row.code_failures += 1
                failures, who = row.code_failures, "unconfirmed visitor"
                tx.record(row.clinic, Event.CODE_REFUSED, actor=who, sign_in=row.id, failures=failures)
            return None
        return _begin(tx, right[0], Proof.CODE)


def sign_in_by_link(person: Person) -> SignIn:
    """Sign in a person who has just proved themselves by the link of a letter and their PIN."""
    with transaction() as tx:
        row = _new(person, None)
        row.pin_at = clock.now()
        tx.session.add(row)
        return _begin(tx, row, Proof.LINK)


def sign_out(sign_in_id: str) -> None:
    """End a sign-in."""
    with transaction() as tx:
        row = tx.session.get_one(SignIn, sign_in_id, with_for_update=True)
        if row.ended_at is None:
            row.ended_at = clock.now()
            tx.record(row.clinic, Event.SIGNED_OUT, actor=row.person_id, sign_in=row.id)


def prove_pin_at_desk(sign_in_id: str, pin: str) -> bool:
    """Check the PIN of whoever is signed in; after five wrong ones the sign-in ends."""
    with transaction() as tx:
        row = tx.session.get_one(SignIn, sign_in_id, with_for_update=True)
        if row.ended_at is not None:
            return False
        right = check(tx.session.get_one(Person, row.person_id), pin)
        if right:
            row.pin_at, row.pin_failures = clock.now(), 0
            tx.record(row.clinic, Event.PIN_PROVED, actor=row.person_id, sign_in=row.id)
        else:
            row.pin_failures += 1
            row.ended_at = clock.now() if row.pin_failures >= TRIES else None
            failures, who = row.pin_failures, "unconfirmed visitor"
            tx.record(row.clinic, Event.PIN_REFUSED, actor=who, sign_in=row.id, failures=failures)
        return right


def find_sign_in(session: Session, token: str) -> SignIn | None:
    """Return the sign-in of a token if it holds: begun, not ended, its person still active."""
    given = token[:_LONGEST]
    row = session.exec(select(SignIn).where(SignIn.token_sha256 == _sha256(given))).first()
    if row is None or not hmac.compare_digest(token_of(row).encode(), given.encode(errors="replace")):
        return None
    holds = row.expires_at is not None and row.expires_at > clock.now() and row.ended_at is None
    return row if holds and session.get_one(Person, row.person_id).active else None


def may_see_facts(sign_in: SignIn) -> bool:
    """Tell whether the PIN was proved lately enough for the facts of cases to be shown."""
    return sign_in.pin_at is not None and clock.now() - sign_in.pin_at < PIN_TIME


def token_of(sign_in: SignIn) -> str:
    """Return the token of a sign-in: 43 characters of base64url."""
    return _token(sign_in.nonce)


def code_of(sign_in: SignIn) -> str:
    """Return the code of a sign-in: eight digits."""
    number = int.from_bytes(hmac.digest(_key(), _CODE + sign_in.nonce, "sha256")[:16])
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _begin(tx: Transaction, row: SignIn, proof: Proof) -> SignIn:
    row.signed_in_at, row.expires_at = clock.now(), clock.now() + WHOLE_TIME
    tx.session.add(row)
    tx.record(row.clinic, Event.SIGNED_IN, actor=row.person_id, sign_in=row.id, by=proof)
    return row


def _new(person: Person, attempt: str | None) -> SignIn:
    nonce = secrets.token_bytes(32)
    return SignIn(
        id=uuid4().hex,
        person_id=person.id,
        clinic=person.clinic,
        attempt_sha256=_sha256(attempt) if attempt else None,
        nonce=nonce,
        token_sha256=_sha256(_token(nonce)),
        made_at=clock.now(),
        code_expires_at=clock.now() + CODE_TIME,
    )


def _too_many(session: Session, person: Person) -> bool:
    lately = (SignIn.person_id == person.id, col(SignIn.made_at) > clock.now() - timedelta(hours=1))
    asked = select(func.count()).select_from(SignIn).where(*lately, col(SignIn.attempt_sha256).is_not(None))
    return session.exec(asked).one() >= MOST_CODES


def _write_code(tx: Transaction, person: Person, attempt: str) -> None:
    row, settings = _new(person, attempt), load_settings()
    clinic = clinic_named(tx.session, person.clinic)
    minutes = int(CODE_TIME.total_seconds() // 60)
    words = {"name": person.name, "clinic": clinic.name, "minutes": minutes}
    letter = Letter(
        id=row.id,
        clinic=clinic.slug,
        person_id=person.id,
        kind=KIND,
        address=person.email,
        message_id=message_id(row.id, settings),
        references=[],
        subject=f"Your code for the desk of {clinic.name}",
        text_body=environment().get_template("sign_in.txt").render(words),
        html_body="",
        written_at=clock.now(),
        next_try_at=clock.real_now(),
    )
    tx.session.add_all([row, letter])
    tx.record(clinic.slug, Event.CODE_SENT, actor="portal", sign_in=row.id, person=person.id)
    facts: dict[str, Any] = {"letter": letter.id, "person": person.id, "kind": KIND, "requests": []}
    facts |= {"message_id": letter.message_id, "subject": letter.subject}
    tx.record(clinic.slug, Event.LETTER_QUEUED, actor="post", **facts)
    tx.tell_relay()


def _token(nonce: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(_key(), _TOKEN + nonce, "sha256")).rstrip(b"=").decode()


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def _key() -> bytes:
    return link_key(load_settings().data_dir)
