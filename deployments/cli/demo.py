"""The demo: the made-up clinic in the store, its duties deployed, this year's policy review begun."""

import time
from dataclasses import dataclass

from sqlmodel import select

from deployments.cli.demo_pins import enrol_demo_pins
from deployments.cli.engine import deploy
from deployments.cli.progress import Progress
from deployments.demo_clinic import demo_clinic_path
from models import clock
from models.applying import apply_clinic
from models.clinic_folder import read_clinic_folder
from models.cover import official_of
from models.cycles import begin, cycle_named
from models.duties.policy_review import POLICY_REVIEW
from models.people import name_of, people_of
from models.roles import Role
from models.settings import Settings
from models.store import reading, transaction
from models.tables import Clinic, Cycle, Person

ACTOR = "demo"
ASKING_SECONDS = 120
"""How long a start waits for the first letters before it says that they come later."""


@dataclass(frozen=True)
class Demo:
    """What somebody who tries the demo needs to know."""

    clinic: str
    clinic_name: str
    official: str
    pin: str
    time_zone: str
    desk: str
    """The address of whoever is at the desk."""


def prepare_demo(settings: Settings, progress: Progress) -> Demo:
    """Make everything ready that is not yet; what is there stays as it is. The stack must run."""
    folder = read_clinic_folder(demo_clinic_path()).need()
    slug = folder.clinic.slug
    with transaction() as tx:
        if tx.session.get(Clinic, slug) is None:
            apply_clinic(tx, folder, ACTOR)
    progress.on_event("clinic", f"{folder.clinic.name} is in the store")
    pins = enrol_demo_pins(settings.data_dir, slug)
    progress.on_event("duties", "are deployed …")
    progress.on_event("duties", f"deployed: {', '.join(deploy(settings, slug))}")
    _ask_everybody(_begin_review(slug), progress)
    with reading() as session:
        official = official_of(people_of(session, slug), Role.PRIVACY_OFFICIAL)
        name = name_of(session, official)
        desk = session.get_one(Person, official_of(people_of(session, slug), Role.FRONT_DESK)).email
    return Demo(slug, folder.clinic.name, name, pins.get(official, "unknown"), folder.clinic.time_zone, desk)


def _begin_review(clinic: str) -> str:
    """Begin this year's policy review unless the clinic has had one, and return the key of the latest."""
    with transaction() as tx:
        known = select(Cycle).where(Cycle.clinic == clinic, Cycle.duty == POLICY_REVIEW.name)
        cycles = tx.session.exec(known.order_by(Cycle.period)).all()
        if cycles:
            return cycles[-1].key
        today = clock.today(tx.session.get_one(Clinic, clinic).time_zone)
        return begin(tx, POLICY_REVIEW, clinic, POLICY_REVIEW.period(today), today, ACTOR).key


def _ask_everybody(key: str, progress: Progress) -> None:
    """Wait, bounded, until the cycle has looked: who reads the greeting finds the letters and what waits for whom."""
    progress.on_event("cycle", f"{key} looks whom to ask …")
    for _ in range(ASKING_SECONDS * 5):
        with reading() as session:
            if cycle_named(session, key).wake_wanted_at is None:
                progress.on_event("cycle", f"{key} goes on")
                return
        time.sleep(0.2)
    progress.on_event("cycle", f"{key} goes on when the worker gets to it; logs/worker.log says why it is slow")
