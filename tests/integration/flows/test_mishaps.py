"""What happens around a cycle in its months: a new year, people who leave, a newer version, a neighbour that is broken."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import anyio
import psycopg
import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.states import Scheduled
from sqlalchemy import make_url
from sqlmodel import col, select

from deployments.testing.clinic import PIN, SmallClinic, carry, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import work_once
from flows.rounds import rounds
from models import clock
from models.answering import Recorded, record_answer
from models.applying import apply_clinic
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, write_folder
from models.cycles import want_waking
from models.documents import text_of
from models.policies import version_in_force
from models.store import reading, transaction
from models.submissions import Submission
from models.tables import Cycle, DemoClock, Notice, Request
from notifications.post import post_fresh_links

Body = Callable[[SmallClinic, PrefectClient], Awaitable[None]]
BEN_GONE = CLINIC[: CLINIC.index("  - id: ben-cole")] + CLINIC[CLINIC.index("vendors:") :]
BEN_GONE = BEN_GONE.replace("    deputy: ben-cole\n", "")
VERSION_3 = POLICY.replace("version: 2", "version: 3").replace("Close the door.", "Close both doors.")
DRAFT = "# Telehealth\n\nClose the door and the window.\n"


def living(name: str, tmp_path: Path, body: Body) -> None:
    """Begin a small clinic's cycle, let it go to sleep, and live through what the test does."""

    async def run() -> None:
        async with get_client() as client:
            clinic = await small_clinic(name, tmp_path)
            await look(client)
            await body(clinic, client)

    anyio.run(run)


async def look(client: PrefectClient) -> None:
    """Carry and work until nothing moves."""
    await carry()
    while await work_once(client):
        await carry()


async def run_of(client: PrefectClient, cycle: Cycle) -> FlowRun:
    assert cycle.flow_run_id is not None
    return await client.read_flow_run(cycle.flow_run_id)


def apply(clinic: SmallClinic, tmp_path: Path, clinic_yaml: str = CLINIC, policy: str = POLICY) -> None:
    written = write_folder(tmp_path, clinic_yaml.replace("elm-street", clinic.slug), policy)
    with transaction() as tx:
        apply_clinic(tx, folder_of(written), "test")


@contextmanager
def days_later(days: int) -> Iterator[None]:
    """Stand the store's clock on a later day for a while."""
    with transaction() as tx:
        tx.session.merge(DemoClock(id=1, offset_seconds=int(timedelta(days=days).total_seconds())))
    yield
    with transaction() as tx:
        tx.session.merge(DemoClock(id=1, offset_seconds=0))


async def scheduled(client: PrefectClient, clinic: SmallClinic, at: datetime) -> UUID:
    """Have Prefect's schedule begin the review at a moment, as the deployment does: without a period."""
    deployment = await client.read_deployment_by_name(f"policy-review/{clinic.slug} policy-review")
    state = Scheduled(scheduled_time=at)
    return (await client.create_flow_run_from_deployment(deployment.id, state=state)).id


def test_a_scheduled_cycle_belongs_to_its_scheduled_year_and_stays_there_after_new_year(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        evening = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)  # 31 December in New York
        id_ = await scheduled(client, clinic, evening)
        await look(client)
        with reading() as session:
            cycle = session.exec(select(Cycle).where(Cycle.flow_run_id == id_)).one()
        assert cycle.key == "new-year/policy-review/2025"
        assert (await run_of(client, cycle)).name == "new-year policy-review 2025"
        with days_later(400):
            await client.resume_flow_run(id_)
            await look(client)
        run = await run_of(client, cycle)
        assert (run.state_name, run.name) == ("AwaitingApproval", "new-year policy-review 2025")
        with reading() as session:
            keys = session.exec(select(Cycle.key).where(Cycle.clinic == clinic.slug).order_by(Cycle.key)).all()
        assert keys == ["new-year/policy-review/2025", "new-year/policy-review/2026"]

    living("new-year", tmp_path, body)


def test_a_new_owner_who_leaves_does_not_stop_the_cycle(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        clinic.answer(clinic.requests()[0], "help", "Not mine.")
        await look(client)
        (request,) = clinic.requests()
        given = Submission("new_owner", "Ben Cole", "", "", f"{clinic.slug}/ben-cole", PIN, request.document_sha256)
        assert isinstance(record_answer(str(clinic.link(request)), given), Recorded)
        await look(client)
        apply(clinic, tmp_path, BEN_GONE)
        await rounds_made(client, clinic)
        assert (await run_of(client, clinic.cycle())).state_name == "AwaitingApproval"
        assert [request.holder_id for request in clinic.requests()] == ["owner-left/ana-ruiz"]

    living("owner-left", tmp_path, body)


async def rounds_made(client: PrefectClient, clinic: SmallClinic) -> str:
    """Make a clinic's rounds while somebody works; return how they ended."""
    flow = rounds.with_options(retries=0)
    ended: list[str] = []

    async def make() -> None:
        state = await flow(clinic.slug, return_state=True)
        ended.append(f"{state.name}: {state.message}")

    async with anyio.create_task_group() as group:
        group.start_soon(make)
        while not ended:
            await look(client)
            await anyio.sleep(0.1)
    return ended[0]


def test_a_version_that_came_into_force_meanwhile_is_not_replaced_and_its_owner_is_asked_anew(
    stack: Stack, tmp_path: Path
):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        clinic.answer(clinic.requests()[0], "changed", "A window.", DRAFT)
        await look(client)
        apply(clinic, tmp_path, policy=VERSION_3)
        clinic.answer(clinic.requests()[0], "approve")
        await look(client)
        assert in_force(clinic) == (3, "# Telehealth\n\nClose both doors.\n")
        assert await published(client, clinic) == [("Publish Telehealth, version 3", "NotPublished")]
        (again,) = clinic.requests()
        assert (again.key, again.holder_id) == ("review:telehealth:1", "overtaken/ana-ruiz")
        assert again.question["sentence"].startswith("Does “Telehealth” (version 3)")
        assert "Version 3 came into force" in again.question["context"]
        clinic.answer(again, "changed", "Both doors and a window.", DRAFT)
        await becomes_version_4(clinic, client)

    living("overtaken", tmp_path, body)


def test_a_change_to_the_newer_version_itself_is_published_at_once(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        apply(clinic, tmp_path, policy=VERSION_3)
        post_fresh_links()
        clinic.answer(clinic.requests()[0], "changed", "A window.", DRAFT)
        await becomes_version_4(clinic, client)

    living("in-time", tmp_path, body)


async def becomes_version_4(clinic: SmallClinic, client: PrefectClient) -> None:
    """See a change that was handed in approved, put in force as version 4, and everybody asked to attest to it."""
    await look(client)
    (approval,) = clinic.requests()
    assert approval.question["sentence"] == "May version 4 of “Telehealth” take effect?"
    clinic.answer(approval, "approve")
    await look(client)
    assert in_force(clinic) == (4, DRAFT)
    assert [request.key.split(":")[0] for request in clinic.requests()] == ["attest", "attest"]


async def published(client: PrefectClient, clinic: SmallClinic) -> list[tuple[str, str | None]]:
    """Return the tasks of a cycle's run that publish, with how they ended; the server takes a moment to have them."""
    await anyio.sleep(1)
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[(await run_of(client, clinic.cycle())).id]))
    runs = await client.read_task_runs(flow_run_filter=wanted)
    return [(run.name, run.state_name) for run in runs if run.name.startswith("Publish")]


def in_force(clinic: SmallClinic) -> tuple[int, str]:
    with reading() as session:
        version = version_in_force(session, f"{clinic.slug}/telehealth")
        assert version is not None
        return version.number, text_of(session, version.sha256)


def test_a_cycle_that_cannot_be_looked_after_does_not_stop_the_rounds_of_the_others(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        with transaction() as tx:
            year_ago = clock.now() - timedelta(days=365)
            broken = {"key": f"{clinic.slug}/no-duty/2025", "duty": "no-duty", "period": "2025", "began_at": year_ago}
            tx.session.add(Cycle(clinic=clinic.slug, due_on=year_ago.date(), code_version="0", **broken))
        with days_later(40):
            told = await rounds_made(client, clinic)
        assert told.startswith("RoundsIncomplete: broken-one/no-duty/2025: Prefect has no deployment")
        assert "`wellkept clinics apply PATH`" in told
        assert "1 cycle woken" in told
        with reading() as session:
            unposted = select(Notice).where(Notice.clinic == clinic.slug, col(Notice.letter_id).is_(None))
            assert session.exec(unposted).all() == []
            assert len(session.exec(select(Notice).where(Notice.clinic == clinic.slug)).all()) > 1

    living("broken-one", tmp_path, body)


def test_a_question_that_no_longer_validates_stops_its_own_cycle_only_and_says_nothing_of_what_it_holds(
    stack: Stack, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        with transaction() as tx:
            for request in tx.session.exec(select(Request).where(Request.clinic == clinic.slug)):
                request.question = {"verb": "what only the store may hold"}
        told = await rounds_made(client, clinic)
        assert told.startswith("RoundsIncomplete: old-question/policy-review/2026: ValidationError")
        assert "only the store" not in told + caplog.text

    living("old-question", tmp_path, body)


@contextmanager
def a_store_that_refuses_the_last_look(stack: Stack) -> Iterator[None]:
    """Let the store refuse what a cycle writes once its run is suspended."""
    socket = make_url(str(stack.settings.store_url)).query["host"]
    with psycopg.connect(f"host={socket} user=postgres dbname=wellkept", autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON cycle FOR EACH ROW WHEN (OLD.wake_wanted_at IS NOT NULL"
            " AND NEW.wake_wanted_at IS NULL AND NEW.closed_at IS NULL) EXECUTE FUNCTION refuse()"
        )
        yield
        owner.execute("DROP TRIGGER refuse ON cycle; DROP FUNCTION refuse")


def test_a_fault_after_the_run_was_suspended_leaves_it_suspended(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        with transaction() as tx:
            want_waking(tx, clinic.cycle_key)
        with a_store_that_refuses_the_last_look(stack):
            await carry()
            assert await work_once(client) == 1
            assert (await run_of(client, clinic.cycle())).state_name == "AwaitingApproval"
        assert clinic.cycle().wake_wanted_at is not None  # the relay tries again
        await look(client)

    living("last-look", tmp_path, body)
