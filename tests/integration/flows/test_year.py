"""A year of rounds over the demo clinic, with people who answer fast, late, never, or are on leave.

Any worker type can run it: `pytest tests/integration/flows/test_year.py --worker-type process`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
import pytest
from prefect import get_client
from sqlmodel import col, func, select

from deployments.demo_clinic import demo_clinic_path
from deployments.deploying import deploy_clinic
from deployments.prefect_server import WORK_POOL
from deployments.testing.stack import Stack, running_stack
from deployments.testing.working import working
from flows.rounds import make_rounds
from models import clock, cycles, ledger
from models.answering import Recorded, record_answer
from models.applying import apply_clinic
from models.audit import verify
from models.clinic_folder import read_clinic_folder
from models.duties import duty_named
from models.pins import enrol_pin
from models.seal_key import known_keys
from models.sealing import seals
from models.seals_seen import SealsSeen
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Answer, Cycle, DemoClock, Letter, LetterState, Link, Person, Request, RequestState
from tasks.reconciling import compare_with_prefect

CLINIC = "maple-grove"
ZONE = ZoneInfo("America/New_York")
FIRST_DAY = date(2027, 1, 15)
SETTLE_SECONDS = 120
PIN = "730482"


pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def stack(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Run a stack whose relay carries, and a worker of the wanted type that runs what is woken."""
    kind = request.config.getoption("--worker-type")
    with (
        running_stack(tmp_path / "stack", frozenset({"worker", "portal"})) as running,
        # No limit: with one, Prefect's own worker dies of a run that is resumed before its last process has ended.
        working(kind, tmp_path, [], {"PREFECT_WORKER_QUERY_SECONDS": "1"}, pool=WORK_POOL),
    ):
        yield running


@dataclass(frozen=True)
class Habit:
    """What somebody does about a request, so many days after it was asked."""

    days: int
    choice: str
    reason: str = ""
    text: str = ""


SLOW, NEVER = 91, 10_000
NEW_TEXT = "# {title}\n\nRewritten for 2027: call the privacy official first.\n"
FINE = Habit(1, "attest")

# Who does what about which request; what is not here is never answered.
HABITS: dict[tuple[str, str], list[Habit]] = {
    ("priya-raman", "review Business Associates"): [Habit(3, "no_change", "All six agreements checked.")],
    ("dana-whitfield", "review Incident Response and Breach Notification"): [Habit(5, "changed", "Call first.", NEW_TEXT)],
    ("dana-whitfield", "review Minimum Necessary and Release of Information"): [Habit(6, "no_change", "Still right.")],
    # Ruth is on leave from 8 to 26 February: Priya covers for one, the other waits until Ruth is back
    ("priya-raman", "review Patient Access to Records"): [Habit(31, "no_change", "Matches the log of requests.")],
    ("ruth-castellano", "review Workforce Training"): [Habit(50, "no_change", "Roster checked.")],
    # Omar answers the day after Eleanor was asked why he has not: she need not explain it any more
    ("omar-haddad", "review Device and Media Controls"): [Habit(SLOW, "no_change", "Inventory was late.")],
    # asks for help, changes it, has to change it once more
    ("marcus-bell", "review Psychotherapy Notes"): [
        Habit(10, "help", "Where are the notes kept now?"),
        Habit(2, "changed", "New cabinet.", NEW_TEXT),
        Habit(2, "changed", "Cabinet and key named.", NEW_TEXT + "The key is with the office manager.\n"),
    ],
    ("dana-whitfield", "find an owner for Psychotherapy Notes"): [Habit(1, "helped", "In the locked cabinet.")],
    ("dana-whitfield", "approve the new version of Psychotherapy Notes"): [
        Habit(1, "request_changes", "Say who has the key."),
        Habit(1, "approve"),
    ],
    ("omar-haddad", "approve the new version of Incident Response and Breach Notification"): [Habit(2, "approve")],
    ("eleanor-marsh", "review Workforce Sanctions"): [Habit(59, "no_change", "Used once, worked.")],
    # Sofia never answers: Eleanor writes the exceptions, one only after thirty more days
    ("eleanor-marsh", "explain in writing why “review Telehealth” was not done"): [
        Habit(2, "wait", "She promised."),
        Habit(2, "close", "She has left the telehealth group; Omar rewrites it."),
    ],
    ("eleanor-marsh", "explain in writing why “review Substance Use Disorder Records” was not done"): [
        Habit(4, "close", "Outside counsel is reviewing it."),
    ],
    ("eleanor-marsh", "explain in writing why “attest to Incident Response and Breach Notification” was not done"): [
        Habit(1, "close", "Talked through with her in person."),
    ],
    ("eleanor-marsh", "explain in writing why “attest to Psychotherapy Notes” was not done"): [
        Habit(1, "close", "Talked through with her in person."),
    ],
    # one person has a question before attesting
    ("omar-haddad", "attest to Psychotherapy Notes"): [Habit(3, "cannot_attest", "Does it bind me?"), FINE],
    ("dana-whitfield", "settle Omar Haddad's question on Psychotherapy Notes"): [Habit(1, "ask_again", "Yes, as IT.")],
} | {
    (person, f"attest to {title}"): [Habit(days, "attest")]
    for person, days in [
        ("priya-raman", 1), ("dana-whitfield", 1), ("eleanor-marsh", 20), ("marcus-bell", 33), ("ruth-castellano", 2)
    ]
    for title in ("Incident Response and Breach Notification", "Psychotherapy Notes")
} | {("omar-haddad", "attest to Incident Response and Breach Notification"): [FINE]}  # fmt: skip


def stand_on(day: date, hour: int = 7) -> None:
    """Move the store's clock to a local hour of a day."""
    moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
    with transaction() as tx:
        tx.session.merge(DemoClock(id=1, offset_seconds=int((moment - clock.real_now()).total_seconds()) + 1))


def begin() -> str:
    with transaction() as tx:
        apply_clinic(tx, read_clinic_folder(demo_clinic_path()).need(), "test")
        tx.session.flush()
        for person in ("dana-whitfield", "omar-haddad"):
            enrol_pin(tx, tx.session.get_one(Person, f"{CLINIC}/{person}"), PIN, "test")
    with transaction() as tx:
        return cycles.begin(tx, duty_named("policy-review"), CLINIC, "2027", FIRST_DAY, actor="test").key


def people_answer(today: date, used: dict[tuple[str, str], int]) -> int:
    """Let everybody whose time has come answer through the newest link they have; return how many did."""
    with reading() as session:
        waiting = session.exec(select(Request).where(Request.state == RequestState.OPEN)).all()
        links = {
            (link.request_id, link.person_id): link.id
            for link in session.exec(select(Link).order_by(col(Link.made_at)))
        }
        names = {person.id: person for person in session.exec(select(Person))}
    return sum(_answers(request, today, used, links, names) for request in waiting)


def _answers(
    request: Request,
    today: date,
    used: dict[tuple[str, str], int],
    links: dict[tuple[str | None, str], str],
    names: dict[str, Person],
) -> bool:
    who = names[request.holder_id]
    key, link = (who.slug, request.title), links.get((request.id, request.holder_id))
    done = used.get(key, 0)
    habits = HABITS.get(key, [])
    if link is None or done >= len(habits) or (today - request.asked_on).days < habits[done].days:
        return False
    used[key] = done + 1
    text = habits[done].text.replace("{title}", request.title)
    habit = habits[done]
    answer = Submission(habit.choice, who.name, habit.reason, text, None, PIN, request.document_sha256)
    assert isinstance(record_answer(link, answer), Recorded)
    return True


async def settle() -> None:
    """Wait until the relay and the worker have nothing left to carry and to run."""
    for _ in range(SETTLE_SECONDS * 20):
        if not waiting():
            return
        await anyio.sleep(0.05)
    raise TimeoutError(waiting())


def waiting() -> list[str]:
    """Return the cycles that want to be woken, and the letters not yet handed over."""
    with reading() as session:
        wakings = session.exec(select(Cycle.key).where(col(Cycle.wake_wanted_at).is_not(None)))
        queued = session.exec(select(Letter.subject).where(Letter.state == LetterState.QUEUED))
        return [*wakings, *queued]


async def live(days: int) -> None:
    used: dict[tuple[str, str], int] = {}
    await settle()
    for number in range(days):
        today = FIRST_DAY + timedelta(days=number)
        stand_on(today)
        await make_rounds(CLINIC)
        await settle()
        stand_on(today, 12)
        if people_answer(today, used):
            await settle()


async def differences() -> list[str]:
    """Return in what Prefect is not as it was copied."""
    async with get_client() as client:
        return [each.in_words() for each in await compare_with_prefect(client, CLINIC)]


def letters() -> list[str]:
    """Return every letter of the year: local day, who, subject."""
    with reading() as session:
        rows = session.exec(select(Letter).order_by(col(Letter.written_at), col(Letter.address))).all()
    return [
        f"{row.written_at.astimezone(ZONE):%Y-%m-%d} {row.address.partition('@')[0]:<8} {row.subject}" for row in rows
    ]


def test_a_year_ends_with_every_cycle_closed_and_exactly_these_mails(stack: Stack):
    stand_on(FIRST_DAY, 6)
    key = begin()

    async def year() -> None:
        await deploy_clinic(CLINIC)
        await live(365)

    anyio.run(year)
    assert anyio.run(differences) == []
    assert letters() == [line for line in YEAR.splitlines() if line]
    with reading() as session:
        cycle = session.get_one(Cycle, key)
        seen = SealsSeen(CLINIC, seals(session, CLINIC), known_keys(stack.settings.data_dir))
        verdict = verify(CLINIC, ledger.entries(session, CLINIC), seen)
        answers = session.exec(select(func.count()).select_from(Answer)).one()
    assert cycle.closed_at is not None
    assert cycle.closed_at.astimezone(ZONE).date() == date(2027, 5, 19)
    assert cycle.outcome["summary"] == "10 policies: 6 unchanged, 2 changed, 2 not reviewed; 12 attestations"
    assert cycle.outcome["exceptions"] == [
        "Incident Response and Breach Notification: not attested by Sofia Lindqvist, LMHC",
        "Psychotherapy Notes: not attested by Sofia Lindqvist, LMHC",
        "Substance Use Disorder Records: not reviewed",
        "Telehealth: not reviewed",
    ]
    assert cycle.outcome["days_late"] == 20
    assert sorted(mail.message_id for mail in stack.mails.mails()) == sent_ids()
    assert dropped(key) == ["explain in writing why “review Device and Media Controls” was not done"]
    assert (verdict.seals, verdict.findings) == (365 + answers + 1, []), "each day, with each answer, and at the end"


def sent_ids() -> list[str]:
    with reading() as session:
        return sorted(session.exec(select(Letter.message_id)))


def dropped(key: str) -> list[str]:
    with reading() as session:
        statement = select(Request.title).where(Request.cycle_key == key, Request.state == RequestState.DROPPED)
        return list(session.exec(statement))


# The review is due on 16 March, the attestations 30 days after each publication. A rung on a weekend or a holiday moves
# to the business day before while the request is not due yet, and to the one after when it is late.
YEAR = """
2027-01-15 dana     2 things for you at Maple Grove Counseling, the first by 16 March
2027-01-15 eleanor  Please review Workforce Sanctions (by 16 March)
2027-01-15 marcus   Please review Psychotherapy Notes (by 16 March)
2027-01-15 omar     Please review Device and Media Controls (by 16 March)
2027-01-15 priya    Please review Business Associates (by 16 March)
2027-01-15 ruth     2 things for you at Maple Grove Counseling, the first by 16 March
2027-01-15 sofia    2 things for you at Maple Grove Counseling, the first by 16 March
2027-01-20 omar     Please approve the new version of Incident Response and Breach Notification (by 3 February)
2027-01-22 dana     Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 eleanor  Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 marcus   Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 omar     Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 priya    Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 ruth     Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-22 sofia    Please attest to Incident Response and Breach Notification (by 21 February)
2027-01-25 dana     Please find an owner for Psychotherapy Notes (by 1 February)
2027-01-26 marcus   Please review Psychotherapy Notes (by 9 February)
2027-01-28 dana     Please approve the new version of Psychotherapy Notes (by 11 February)
2027-01-29 marcus   Please review Psychotherapy Notes (by 12 February)
2027-01-31 dana     Please approve the new version of Psychotherapy Notes (by 14 February)
2027-02-01 dana     Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 eleanor  Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 marcus   Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 omar     Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 priya    Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 ruth     Please attest to Psychotherapy Notes (by 3 March)
2027-02-01 sofia    Please attest to Psychotherapy Notes (by 3 March)
2027-02-04 dana     Please settle Omar Haddad's question on Psychotherapy Notes (by 11 February)
2027-02-05 eleanor  Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-05 marcus   Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-05 sofia    Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-05 omar     Please attest to Psychotherapy Notes (by 7 March)
2027-02-08 priya    2 things for you at Maple Grove Counseling, the first by 16 March
2027-02-11 eleanor  2 things for you at Maple Grove Counseling, the first by 21 February
2027-02-11 marcus   Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-11 omar     Reminder: review Device and Media Controls (by 16 March)
2027-02-11 priya    2 things for you at Maple Grove Counseling, the first by 16 March
2027-02-11 sofia    3 things for you at Maple Grove Counseling, the first by 21 February
2027-02-17 eleanor  Reminder: attest to Psychotherapy Notes (by 3 March)
2027-02-17 marcus   Reminder: attest to Psychotherapy Notes (by 3 March)
2027-02-17 sofia    Reminder: attest to Psychotherapy Notes (by 3 March)
2027-02-19 marcus   Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-19 sofia    Reminder: attest to Incident Response and Breach Notification (by 21 February)
2027-02-22 marcus   1 thing for you at Maple Grove Counseling, 1 overdue
2027-02-22 sofia    1 thing for you at Maple Grove Counseling, 1 overdue
2027-02-24 marcus   Reminder: attest to Psychotherapy Notes (by 3 March)
2027-02-24 sofia    Reminder: attest to Psychotherapy Notes (by 3 March)
2027-02-27 ruth     Back to you: please review Workforce Training (by 16 March)
2027-03-01 dana     Sofia Lindqvist, LMHC has not answered: attest to Incident Response and Breach Notification (was due 21 February)
2027-03-01 sofia    Overdue: attest to Incident Response and Breach Notification (was due 21 February)
2027-03-02 eleanor  Reminder: review Workforce Sanctions (by 16 March)
2027-03-02 marcus   Reminder: attest to Psychotherapy Notes (by 3 March)
2027-03-02 omar     Reminder: review Device and Media Controls (by 16 March)
2027-03-02 ruth     Reminder: review Workforce Training (by 16 March)
2027-03-02 sofia    3 things for you at Maple Grove Counseling, the first by 3 March
2027-03-03 marcus   Reminder: attest to Psychotherapy Notes (by 3 March)
2027-03-03 sofia    Reminder: attest to Psychotherapy Notes (by 3 March)
2027-03-04 marcus   1 thing for you at Maple Grove Counseling, 1 overdue
2027-03-04 sofia    1 thing for you at Maple Grove Counseling, 1 overdue
2027-03-08 eleanor  Sofia Lindqvist, LMHC has not answered: attest to Incident Response and Breach Notification (was due 21 February)
2027-03-08 sofia    Overdue: attest to Incident Response and Breach Notification (was due 21 February)
2027-03-09 eleanor  Reminder: review Workforce Sanctions (by 16 March)
2027-03-09 omar     Reminder: review Device and Media Controls (by 16 March)
2027-03-09 sofia    2 things for you at Maple Grove Counseling, the first by 16 March
2027-03-10 dana     Sofia Lindqvist, LMHC has not answered: attest to Psychotherapy Notes (was due 3 March)
2027-03-10 sofia    Overdue: attest to Psychotherapy Notes (was due 3 March)
2027-03-15 eleanor  Reminder: review Workforce Sanctions (by 16 March)
2027-03-15 omar     Reminder: review Device and Media Controls (by 16 March)
2027-03-15 sofia    2 things for you at Maple Grove Counseling, the first by 16 March
2027-03-16 omar     Reminder: review Device and Media Controls (by 16 March)
2027-03-16 sofia    2 things for you at Maple Grove Counseling, the first by 16 March
2027-03-17 dana     Omar Haddad has not answered: review Device and Media Controls (was due 16 March)
2027-03-17 eleanor  Sofia Lindqvist, LMHC has not answered: attest to Psychotherapy Notes (was due 3 March)
2027-03-17 marcus   2 things for you at Maple Grove Counseling, 2 overdue
2027-03-17 omar     Overdue: review Device and Media Controls (was due 16 March)
2027-03-17 sofia    3 things for you at Maple Grove Counseling, 3 overdue
2027-03-23 dana     1 thing for you at Maple Grove Counseling, 1 overdue
2027-03-23 eleanor  Please explain in writing why “attest to Incident Response and Breach Notification” was not done (by 6 April)
2027-03-23 omar     Overdue: review Device and Media Controls (was due 16 March)
2027-03-23 sofia    3 things for you at Maple Grove Counseling, 3 overdue
2027-03-30 eleanor  3 things to know at Maple Grove Counseling
2027-03-30 omar     Overdue: review Device and Media Controls (was due 16 March)
2027-03-30 sofia    2 things for you at Maple Grove Counseling, 2 overdue
2027-04-02 eleanor  Please explain in writing why “attest to Psychotherapy Notes” was not done (by 16 April)
2027-04-02 sofia    Overdue: attest to Psychotherapy Notes (was due 3 March)
2027-04-15 eleanor  3 things for you at Maple Grove Counseling, the first by 29 April
2027-04-15 omar     Overdue: review Device and Media Controls (was due 16 March)
2027-04-15 sofia    2 things for you at Maple Grove Counseling, 2 overdue
2027-05-17 eleanor  Please explain in writing why “review Telehealth” was not done (by 31 May)
"""
