"""A store with a small clinic in it, and a mailbox that takes its letters."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select

from deployments.postgres import OWNER, Postgres
from models import clock
from models import store as models_store
from models.ledger import entries
from models.settings import load_settings
from models.tables import Clinic, Cycle, Leave, LedgerEntry, Letter, Link, Notice, NoticeKind, Person, Request
from notifications.testing import Mailbox, free_port

CLINIC = "maple-grove"
CYCLE = "maple-grove/policy-review/2027"
PEOPLE = {
    "dana": ("Dana Kim", ["privacy_official"], "priya"),
    "omar": ("Omar Haddad", ["clinician"], "priya"),
    "priya": ("Priya Raman", ["clinician"], "dana"),
    "lee": ("Lee Novak", ["practice_owner"], None),
}


@dataclass(frozen=True)
class World:
    """What a test puts into the store, and what it finds there."""

    def ask(self, who: str, verb: str = "review Sanctions policy", days: int = 30, **columns: object) -> str:
        """Write a request of a person and return its id."""
        person, today = f"{CLINIC}/{who}", clock.today("America/Chicago")
        question = {"verb": verb, "why": "Every year.", "asked_by": "Dana Kim, privacy official"}
        given = {"holder_id": person, "question": question | dict(columns.pop("question", {}))} | columns
        with models_store.transaction() as tx:
            number = len(tx.session.exec(select(Request)).all())
            tx.session.add(
                Request(
                    id=f"r{number}", cycle_key=CYCLE, key=f"k{number}", clinic=CLINIC, asked_id=person, title=verb,
                    asked_at=clock.now(), asked_on=today, due_on=today + timedelta(days=days), ladder="L-CAL", **given,
                )
            )  # fmt: skip
        return f"r{number}"

    def tell(self, who: str, request_id: str, kind: NoticeKind = NoticeKind.ASK, *, at_once: bool = True) -> None:
        """Write a notice."""
        with models_store.transaction() as tx:
            told = {"person_id": f"{CLINIC}/{who}", "request_id": request_id, "cycle_key": CYCLE, "kind": kind}
            tx.session.add(Notice(clinic=CLINIC, at_once=at_once, written_at=clock.now(), **told))

    def letters(self) -> list[Letter]:
        """Return every letter."""
        with models_store.reading() as session:
            return list(session.exec(select(Letter).order_by(col(Letter.written_at))))

    def links(self) -> list[Link]:
        """Return every link."""
        with models_store.reading() as session:
            return list(session.exec(select(Link).order_by(col(Link.request_id))))

    def request(self, request_id: str) -> Request:
        """Return a request."""
        with models_store.reading() as session:
            return session.get_one(Request, request_id)

    def cycle(self) -> Cycle:
        """Return the cycle."""
        with models_store.reading() as session:
            return session.get_one(Cycle, CYCLE)

    def ledger(self) -> list[LedgerEntry]:
        """Return the clinic's ledger."""
        with models_store.reading() as session:
            return list(entries(session, CLINIC))

    def make_due(self) -> None:
        """Let every queued letter be due now, as if the time had passed."""
        with models_store.transaction() as tx:
            for letter in tx.session.exec(select(Letter).where(Letter.state == "queued")):
                letter.next_try_at = clock.real_now() - timedelta(seconds=1)


@contextmanager
def _variables(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    load_settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        load_settings.cache_clear()


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """Run PostgreSQL and return the URL of the store."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Postgres(Path(folder)).running() as server:
        url = server.store_url(OWNER)
        yield url
        models_store.engine_for(url).dispose()


@pytest.fixture
def smtp_port() -> int:
    """Return the port on which the mail server is expected."""
    return free_port()


@pytest.fixture
def store(database: str, tmp_path: Path, smtp_port: int) -> Iterator[World]:
    """Return a fresh store with a clinic of four people and one cycle."""
    variables = {
        "WELLKEPT_STORE_URL": database,
        "WELLKEPT_DATA_DIR": str(tmp_path / "data"),
        "WELLKEPT_SMTP_PORT": str(smtp_port),
        "WELLKEPT_SMTP_STARTTLS": "false",
        "WELLKEPT_BOUNCE_DOMAIN": "bounces.maple-grove.example",
    }
    engine = models_store.engine_for(database)
    SQLModel.metadata.drop_all(engine)
    SQLModel.metadata.create_all(engine)
    with _variables(**variables):
        _fill()
        yield World()


@pytest.fixture
def mailbox(store: World, tmp_path: Path, smtp_port: int) -> Iterator[Mailbox]:
    """Return a running mailbox."""
    assert store
    with Mailbox(tmp_path / "mails", smtp_port) as box:
        yield box


def _fill() -> None:
    with models_store.transaction() as tx:
        tx.session.add(Clinic(slug=CLINIC, name="Maple Grove Counseling", time_zone="America/Chicago"))
        tx.session.flush()
        for slug, (name, roles, deputy) in PEOPLE.items():
            deputy_id = f"{CLINIC}/{deputy}" if deputy else None
            address = f"{slug}@maple-grove.example"
            who = {"id": f"{CLINIC}/{slug}", "clinic": CLINIC, "slug": slug, "name": name, "email": address}
            tx.session.add(Person(roles=roles, deputy_id=deputy_id, **who))
        due_on = clock.today("America/Chicago") + timedelta(days=90)
        about = {"clinic": CLINIC, "duty": "policy-review", "period": "2027", "code_version": "0.1.0"}
        tx.session.add(Cycle(key=CYCLE, due_on=due_on, began_at=clock.now(), **about))
        tx.session.flush()
        today = clock.today("America/Chicago")
        tx.session.add(Leave(person_id=f"{CLINIC}/omar", first_day=today, last_day=today + timedelta(days=9)))
