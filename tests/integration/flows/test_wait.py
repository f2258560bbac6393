"""The wait: nothing is lost around it, nothing is done twice, and nobody but an answer decides."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import anyio
import psycopg
import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.states import Cancelled, Crashed, Running, Scheduled
from sqlalchemy import make_url, text

from deployments.pages import Pages
from deployments.testing.clinic import SmallClinic, carry, carry_wakings_once, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import work_once
from flows.rounds import rounds
from models import clock, ledger
from models.answering import record_answer
from models.answering_errors import SupersededError
from models.applying import apply_clinic
from models.audit import verify
from models.checkpoints import read_note
from models.clinic_folder.testing import CLINIC, POLICY, folder_of, write_folder
from models.locks import lock_connection, try_lock
from models.seal_key import known_keys
from models.sealing import root_at, seals
from models.seals_seen import SealsSeen
from models.store import engine, reading, transaction
from models.submissions import Submission
from models.tables import Answer, Cycle, RequestState
from notifications.outbox import deliver_due
from notifications.post import post_fresh_links
from tasks.reviving import take_up
from tasks.wake import Woken, still_queued, wake

Body = Callable[[SmallClinic, PrefectClient], Awaitable[None]]


def living(name: str, tmp_path: Path, body: Body) -> None:
    """Begin a small clinic's cycle, let it go to sleep, and live through what the test does."""

    async def run() -> None:
        async with get_client() as client:
            clinic = await small_clinic(name, tmp_path)
            await look(client)
            assert (await state_of(client, clinic)).name == "AwaitingApproval"
            await body(clinic, client)

    anyio.run(run)


async def look(client: PrefectClient) -> int:
    """Carry and work until nothing moves; return how many runs that took."""
    total = 0
    await carry()
    while runs := await work_once(client):
        total += runs
        await carry()
    return total


async def run_of(client: PrefectClient, clinic: SmallClinic) -> FlowRun:
    flow_run_id = clinic.cycle().flow_run_id
    assert flow_run_id is not None
    return await client.read_flow_run(flow_run_id)


async def state_of(client: PrefectClient, clinic: SmallClinic):
    state = (await run_of(client, clinic)).state
    assert state is not None
    return state


async def task_names(client: PrefectClient, flow_run_id: UUID) -> list[str]:
    """Return the names of a run's task runs, in order; the server takes a moment to have them all."""
    await anyio.sleep(1)
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))
    runs = await client.read_task_runs(flow_run_filter=wanted)
    return [run.name for run in sorted(runs, key=lambda run: str(run.expected_start_time))]


def test_an_answer_that_arrives_while_the_cycle_goes_to_sleep_is_not_lost(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        socket = make_url(str(stack.settings.store_url)).query["host"]
        # Wake the cycle, and hold the table it reads after it has looked for answers and before it sleeps.
        run = await run_of(client, clinic)
        await client.resume_flow_run(run.id)
        async with await psycopg.AsyncConnection.connect(f"host={socket} user=postgres dbname=wellkept") as holder:
            await holder.execute("LOCK TABLE notice IN ACCESS EXCLUSIVE MODE")
            async with anyio.create_task_group() as group:
                group.start_soon(anyio.to_thread.run_sync, lambda: anyio.run(work_here))
                await until_blocked(holder)
                clinic.answer(clinic.requests()[0], "no_change")
                assert await wake(client, clinic.cycle()) is Woken.BUSY  # the resume is refused: it is not asleep yet
                await holder.rollback()
        # Nobody carries a waking now: the cycle itself has seen that something is newer.
        assert (await state_of(client, clinic)).type == StateType.SCHEDULED
        assert await work_once(client) == 1
        assert (await state_of(client, clinic)).name == "Done"

    async def work_here() -> None:
        async with get_client() as client:
            await work_once(client)

    living("falling-asleep", tmp_path, body)


def test_a_cycle_that_queues_for_a_worker_is_left_alone_longer_each_time(stack: Stack, tmp_path: Path):
    async def live() -> None:
        clinic = await small_clinic("queue", tmp_path)
        assert [await pause_after_a_try(clinic) for _ in range(4)] == [20, 20, 40, 80]  # the first starts the run
        async with get_client() as client:
            run = await run_of(client, clinic)
            await client.set_flow_run_state(run.id, Crashed(), force=True)
            assert await pause_after_a_try(clinic) == 20, "it was taken up, and that counts anew"
            assert await work_once(client) == 1

    anyio.run(live)


def test_of_many_runs_those_that_wait_for_a_worker_are_told_at_once(stack: Stack, tmp_path: Path):
    async def live() -> None:
        asleep = await small_clinic("asleep", tmp_path / "asleep")
        queued = await small_clinic("queued", tmp_path / "queued")
        async with get_client() as client:
            await carry_wakings_once()
            wait = await run_of(client, queued)
            await client.set_flow_run_state(
                wait.id, Scheduled(scheduled_time=clock.real_now() + timedelta(hours=1)), force=True
            )
            await look(client)
            sleeps = await run_of(client, asleep)
            many = [*(uuid4() for _ in range(150)), sleeps.id, wait.id]
            assert await still_queued(client, many) == {wait.id}
            with transaction() as tx:
                tx.session.get_one(Cycle, queued.cycle_key).wake_not_before = clock.real_now() - timedelta(seconds=1)
            await carry_wakings_once()
            assert queued.cycle().wake_tries == 1, "it queues, and is left alone longer"
            await client.set_flow_run_state(wait.id, Scheduled(), force=True)
            await look(client)
            assert (await state_of(client, queued)).name == "AwaitingApproval"

    anyio.run(live)


async def pause_after_a_try(clinic: SmallClinic) -> int:
    """Let the relay try to wake a cycle now, and return how long it leaves it alone, in seconds, by twenties."""
    with transaction() as tx:
        tx.session.get_one(Cycle, clinic.cycle_key).wake_not_before = None
    began = clock.real_now()
    await carry_wakings_once()
    later = clinic.cycle().wake_not_before
    assert later is not None
    return int((later - began).total_seconds()) // 20 * 20


async def until_blocked(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    """Wait until somebody waits for the table lock."""
    while True:
        rows = await connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'notice'::regclass")
        if await rows.fetchone():
            return
        await anyio.sleep(0.05)


def test_resume_pressed_in_the_prefect_ui_decides_nothing(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        run = await run_of(client, clinic)
        before, mails = await task_names(client, run.id), len(stack.mails.mails())
        for _ in range(3):
            assert (await client.resume_flow_run(run.id)).status == SetStateStatus.ACCEPT
            assert await work_once(client) == 1
            assert (await state_of(client, clinic)).name == "AwaitingApproval"
        await deliver_due()
        assert [request.state for request in clinic.requests(None)] == [RequestState.OPEN]
        assert await task_names(client, run.id) == before == ["Ask Ana Ruiz: review Telehealth", "Write to Ana Ruiz"]
        assert len(stack.mails.mails()) == mails

    living("resume-pressed", tmp_path, body)


def test_a_cycle_that_waits_holds_no_lock_no_connection_and_asks_for_nothing(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        engine().dispose()  # closes what the pool has to spare; what somebody holds stays open
        assert await held(stack) == []
        assert await carry_wakings_once() == 0
        assert await work_once(client) == 0

    living("asleep", tmp_path, body)


async def held(stack: Stack) -> list[tuple[object, ...]]:
    """Return the connections to the store and their last statements, and its advisory locks, once they have settled."""
    socket = make_url(str(stack.settings.store_url)).query["host"]
    connections = "SELECT pid, query FROM pg_stat_activity WHERE datname = 'wellkept' AND pid <> pg_backend_pid()"
    locks = "SELECT l.pid, l.locktype FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    locks += " WHERE l.locktype = 'advisory' AND d.datname = 'wellkept'"
    async with await psycopg.AsyncConnection.connect(f"host={socket} user=postgres dbname=wellkept") as watcher:
        for _ in range(50):  # a server process takes a moment to end
            rows = await (await watcher.execute(f"{connections} UNION ALL {locks}")).fetchall()
            await watcher.rollback()
            if not rows:
                break
            await anyio.sleep(0.1)
    return rows


def test_changes_are_approved_by_somebody_else_and_attested_by_everybody(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        clinic.answer(clinic.requests()[0], "changed", text="# Telehealth\n\nClose the door and the window.\n")
        await look(client)
        (approval,) = clinic.requests()
        assert approval.holder_id == "changed/ben-cole"
        clinic.answer(approval, "request_changes", "Name the room.")
        await look(client)
        (again,) = clinic.requests()
        assert again.holder_id == "changed/ana-ruiz"
        clinic.answer(again, "changed", text="# Telehealth\n\nClose the door of room 2.\n")
        await look(client)
        clinic.answer(clinic.requests()[0], "approve")
        await look(client)
        attestations = clinic.requests()
        assert {each.holder_id for each in attestations} == {"changed/ana-ruiz", "changed/ben-cole"}
        for each in attestations:
            clinic.answer(each, "attest")
        await look(client)
        state = await state_of(client, clinic)
        assert state.name == "Done"
        assert state.message.startswith("1 policy: 1 changed; 2 attestations. Last answered: Ana Ruiz (entry ")
        run = await run_of(client, clinic)
        assert await task_names(client, run.id) == [
            "Ask Ana Ruiz: review Telehealth",
            "Write to Ana Ruiz",
            "Changed by Ana Ruiz: Telehealth",
            "Ask Ben Cole: approve the new version of Telehealth",
            "Write to Ben Cole",
            "Changes requested by Ben Cole: Telehealth",
            "Ask Ana Ruiz: review Telehealth",
            "Write to Ana Ruiz",
            "Changed by Ana Ruiz: Telehealth",
            "Ask Ben Cole: approve the new version of Telehealth",
            "Write to Ben Cole",
            "Approved by Ben Cole: Telehealth",
            "Publish Telehealth, version 3",
            "Ask Ana Ruiz: attest to Telehealth",
            "Ask Ben Cole: attest to Telehealth",
            "Write to Ana Ruiz and Ben Cole",
            "Attested by Ana Ruiz: Telehealth",
            "Attested by Ben Cole: Telehealth",
        ]

    living("changed", tmp_path, body)


def test_a_new_version_supersedes_open_links_and_sends_fresh_ones(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        await look(client)
        (request,) = clinic.requests()
        old_link, mails = clinic.link(request), len(stack.mails.to("ana@superseded.example"))
        newer = POLICY.replace("version: 2", "version: 3").replace("Close the door.", "Close both doors.")
        folder = folder_of(write_folder(tmp_path, CLINIC.replace("elm-street", "superseded"), newer))
        with transaction() as tx:
            assert "is asked about the new version" in str(apply_clinic(tx, folder, "test").remarks)
        post_fresh_links()
        await deliver_due()
        assert len(stack.mails.to("ana@superseded.example")) == mails + 1
        (again,) = clinic.requests()
        assert again.document_sha256 == folder.policies[0].sha256 != request.document_sha256
        given = Submission("no_change", "Ana Ruiz", "Fits.", shown_sha256=request.document_sha256)
        with pytest.raises(SupersededError):
            record_answer(str(old_link), given)
        clinic.answer(again, "no_change")
        await look(client)
        assert (await state_of(client, clinic)).name == "Done"

    living("superseded", tmp_path, body)


BREAKS = {
    "deleted in Prefect": lambda client, run: client.delete_flow_run(run.id),
    "cancelled in Prefect": lambda client, run: client.set_flow_run_state(run.id, Cancelled(), force=True),
    "left Running by a killed process": lambda client, run: client.set_flow_run_state(run.id, Running(), force=True),
}


@pytest.mark.parametrize("how", BREAKS)
def test_rounds_takes_up_a_cycle_whose_run_broke_off(stack: Stack, tmp_path: Path, how: str):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        await BREAKS[how](client, await run_of(client, clinic))
        clinic.answer(clinic.requests()[0], "no_change")
        await anyio.sleep(1.1)  # stalled_after_seconds is 1 here
        async with anyio.create_task_group() as group:
            group.start_soon(rounds, clinic.slug)
            while not (clinic.cycle().closed_at):
                await look(client)
        assert (await state_of(client, clinic)).name == "Done"
        assert len(clinic.requests(None)) == 1

    living(how.lower().replace(" ", "-"), tmp_path, body)


def test_rounds_seals_the_record_and_shows_the_seal_in_prefect(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        await rounds(clinic.slug)
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[f"{clinic.slug}-seal"]))
        (shown,) = await client.read_artifacts(artifact_filter=wanted)
        keys = known_keys(stack.settings.data_dir)
        checkpoint = read_note(str(shown.data).split("```\n")[1], keys)
        assert f"{checkpoint.size} entries of the record of {clinic.slug} were sealed at" in str(shown.data)
        with reading() as session:
            assert root_at(session, clinic.slug, checkpoint.size) == checkpoint.root
            seen = SealsSeen(clinic.slug, seals(session, clinic.slug), keys)
            verdict = verify(clinic.slug, ledger.entries(session, clinic.slug), seen)
        assert (verdict.seals, verdict.findings) == (1, [])

    living("sealed", tmp_path, body)


def test_rounds_cuts_off_a_process_that_hangs_with_the_lock(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        with lock_connection() as hanging:
            assert try_lock(hanging, f"cycle:{clinic.cycle_key}")
            await client.set_flow_run_state((await run_of(client, clinic)).id, Running(), force=True)
            assert not await take_up(clinic.cycle(), timedelta(milliseconds=500))
            await anyio.sleep(1)
            assert not await take_up(clinic.cycle(), timedelta(milliseconds=500))  # it may just be slow
            await anyio.sleep(6)
            assert await take_up(clinic.cycle(), timedelta(milliseconds=500))
            assert await work_once(client) == 1  # the lock is free again
            assert (await state_of(client, clinic)).name == "AwaitingApproval"
            hanging.invalidate()

    living("hanging", tmp_path, body)


def test_a_second_process_waits_and_then_finds_everything_done(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        clinic.answer(clinic.requests()[0], "no_change")
        with lock_connection() as connection:
            assert try_lock(connection, f"cycle:{clinic.cycle_key}")
            await carry_wakings_once()
            async with anyio.create_task_group() as group:
                group.start_soon(work_once, client)
                await anyio.sleep(1)
                assert clinic.cycle().closed_at is None
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
        assert (await state_of(client, clinic)).name == "Done"

    living("two-processes", tmp_path, body)


def test_of_two_clicks_at_once_one_is_recorded(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        request, kinds = clinic.requests()[0], []

        async def click(choice: str) -> None:
            answered = await anyio.to_thread.run_sync(lambda: clinic.answer(request, choice, text="# New\n"))
            kinds.append((type(answered).__name__, answered.answer.choice))

        async with anyio.create_task_group() as group:
            for choice in ["no_change", "help"] * 5:
                group.start_soon(click, choice)
        assert sorted(kind for kind, _choice in kinds) == ["Already"] * 9 + ["Recorded"]
        assert len({choice for _kind, choice in kinds}) == 1
        assert await look(client) == 1

    living("two-clicks", tmp_path, body)


def test_mail_that_is_refused_goes_to_the_deputy_and_shows(stack: Stack, tmp_path: Path):
    refuse = stack.settings.data_dir / "mailbox" / "refuse.txt"
    refuse.write_text("ana@refused.example\n")

    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        await look(client)
        assert [request.delivery for request in clinic.requests()] == ["not delivered, deputy told"]
        run = await run_of(client, clinic)
        names = await task_names(client, run.id)
        assert "Mail to Ana Ruiz was not delivered: Ben Cole is told of “review Telehealth”" in names
        (mail,) = stack.mails.to("ben@refused.example")
        assert "Ana Ruiz" in mail.text
        await Pages().show_news()
        key = ArtifactFilter(key=ArtifactFilterKey(any_=["refused-policy-review-2026-where-this-stands"]))
        stands = await client.read_artifacts(artifact_filter=key)
        assert any("not delivered; somebody else was told" in str(each.data) for each in stands)

    living("refused", tmp_path, body)
    refuse.unlink()


def test_answers_are_never_read_from_the_resume_call(stack: Stack, tmp_path: Path):
    async def body(clinic: SmallClinic, client: PrefectClient) -> None:
        run = await run_of(client, clinic)
        await client.resume_flow_run(run.id, run_input={"choice": "no_change"})
        assert await work_once(client) == 1
        assert (await state_of(client, clinic)).name == "AwaitingApproval"
        assert clinic.cycle().closed_at is None
        (request,) = clinic.requests(None)
        with reading() as session:
            assert (request.state, session.get(Answer, request.id)) == (RequestState.OPEN, None)

    living("resume-with-input", tmp_path, body)
