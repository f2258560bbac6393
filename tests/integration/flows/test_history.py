"""Prefect's history is copied and bound to the ledger; what Prefect loses or somebody changes there is found."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import anyio
import psycopg
import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.states import Completed, Failed
from sqlalchemy import make_url

from deployments.testing.clinic import SmallClinic, carry, small_clinic
from deployments.testing.stack import Stack
from deployments.testing.worker import work_once
from models import clock
from models.audit_history import copies_not_as_told
from models.checkpoints import read_note
from models.history import Copied, Kind
from models.history_copies import copied, copies
from models.seal_key import known_keys
from models.sealing import root_at
from models.settings import load_settings
from models.store import reading, snapshot, transaction
from models.tables import Clinic, Cycle
from models.words import day_in_words
from tasks import history
from tasks.reconciling import compare_with_prefect, reconcile
from tasks.standing import show_standing
from tasks.wake import deployment_name

pytestmark = pytest.mark.stack
AT_ONCE = timedelta(0)


@pytest.fixture(autouse=True)
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SETTLE", AT_ONCE)


async def look(client: PrefectClient, clinic: SmallClinic) -> None:
    """Carry and work until nothing moves, and until Prefect has written all task runs down."""
    await carry()
    while await work_once(client):
        await carry()
    run, before = clinic.cycle().flow_run_id, None
    assert run is not None
    with anyio.fail_after(60):
        while True:
            objects = (await history.read_histories(client, [run]))[run].objects
            if objects == before and not any(each.may_change for each in objects):
                return
            before = objects
            await anyio.sleep(1.5)


async def copy_now(clinic: SmallClinic) -> int:
    """Copy what is new of a clinic's cycle; return how many copies that made."""
    before = number_of_copies(clinic)
    with transaction() as tx:
        tx.session.get_one(Cycle, clinic.cycle_key).history_wanted_at = clock.real_now()
    await history.copy_due()
    return number_of_copies(clinic) - before


def number_of_copies(clinic: SmallClinic) -> int:
    with reading() as session:
        return len(copies(session, clinic.cycle_key))


async def reviewed(name: str, folder: Path, client: PrefectClient) -> SmallClinic:
    """Bring a small clinic's cycle to its end, with a copy of each waking."""
    clinic = await small_clinic(name, folder)
    await look(client, clinic)
    await show_standing(clinic.cycle_key)
    assert await copy_now(clinic) == 1
    while requests := clinic.requests():
        for request in requests:
            clinic.answer(request, "no_change" if "review" in request.title else "attest")
        await look(client, clinic)
    assert clinic.cycle().closed_at is not None
    assert await copy_now(clinic) == 1
    return clinic


def known(clinic: SmallClinic) -> list[Copied]:
    with reading() as session:
        return list(copied(session, clinic.cycle_key).values())


def of(objects: list[Copied], kind: Kind) -> list[Copied]:
    return [each for each in objects if each.kind is kind]


async def found(client: PrefectClient, clinic: SmallClinic) -> list[str]:
    return [each.in_words() for each in await compare_with_prefect(client, clinic.slug)]


def test_states_task_runs_artifacts_and_parameters_are_copied_and_bound_to_the_ledger(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:
            clinic = await reviewed("copied", tmp_path, client)
            objects = known(clinic)
            (run,) = of(objects, Kind.FLOW_RUN)
            assert run.facts["parameters"] == {"clinic": "copied", "period": "2026"}
            assert run.facts["name"] == "copied policy-review 2026"
            states = [each.facts["name"] for each in of(objects, Kind.STATE)]
            assert {"AwaitingApproval", "Running", "Done"} <= set(states)
            assert "Ask Ana Ruiz: review Telehealth" in [each.facts["name"] for each in of(objects, Kind.TASK_RUN)]
            assert all(not each.may_change for each in of(objects, Kind.TASK_RUN))
            assert len(of(objects, Kind.ARTIFACT)) >= 3
            with snapshot() as session:
                assert [row.last for row in copies(session, clinic.cycle_key)] == [False, True]
                assert list(copies_not_as_told(session, clinic.slug)) == []
            assert await copy_now(clinic) == 0, "nothing is new"
            assert clinic.cycle().history_wanted_at is None
            assert await found(client, clinic) == []

    anyio.run(live)


def test_a_cycle_that_has_just_ended_is_copied_once_more_later(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def live() -> None:
        monkeypatch.setattr(history, "SETTLE", timedelta(seconds=60))
        async with get_client() as client:
            clinic = await reviewed("settles", tmp_path, client)
            with snapshot() as session:
                assert [row.last for row in copies(session, clinic.cycle_key)] == [False, False]
            wanted = clinic.cycle().history_wanted_at
            assert wanted is not None
            assert wanted > clock.real_now() + timedelta(seconds=50)

    anyio.run(live)


def test_a_copy_waits_while_cycles_want_to_be_woken_but_not_for_ever(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:
            clinic = await small_clinic("waits", tmp_path / "waits")
            await look(client, clinic)
            woken = await small_clinic("woken", tmp_path / "woken")
            assert woken.cycle().wake_wanted_at is not None
            assert await copy_now(clinic) == 0
            with transaction() as tx:
                long_ago = clock.real_now() - history.LONGEST_WAIT
                tx.session.get_one(Cycle, clinic.cycle_key).history_wanted_at = long_ago
            await history.copy_due()
            assert number_of_copies(clinic) == 1
            await look(client, woken)

    anyio.run(live)


Tamper = Callable[[PrefectClient, list[Copied], psycopg.Connection], Awaitable[None]]


def _one(objects: list[Copied], kind: Kind, name: str) -> UUID:
    return UUID(next(each.id for each in of(objects, kind) if name in each.in_words()))


async def deletes_the_run(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    await client.delete_flow_run(_one(objects, Kind.FLOW_RUN, ""))


async def deletes_a_task_run(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    task_run = _one(objects, Kind.TASK_RUN, "Ask Ana")
    await client.request("DELETE", "/task_runs/{id}", path_params={"id": task_run})


async def deletes_an_artifact(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    await client.delete_artifact(_one(objects, Kind.ARTIFACT, "Who did what when"))


async def deletes_a_state(_: PrefectClient, objects: list[Copied], prefect: psycopg.Connection) -> None:
    prefect.execute("DELETE FROM flow_run_state WHERE id = %s", [_one(objects, Kind.STATE, "AwaitingApproval")])


async def renames_the_run(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    await client.set_flow_run_name(_one(objects, Kind.FLOW_RUN, ""), "nothing to see here")


async def changes_parameters(_: PrefectClient, objects: list[Copied], prefect: psycopg.Connection) -> None:
    run = _one(objects, Kind.FLOW_RUN, "")
    prefect.execute("""UPDATE flow_run SET parameters = '{"clinic": "other"}' WHERE id = %s""", [run])


async def changes_a_message(_: PrefectClient, objects: list[Copied], prefect: psycopg.Connection) -> None:
    state = _one(objects, Kind.STATE, "AwaitingApproval")
    prefect.execute("UPDATE flow_run_state SET message = 'Waits for nobody' WHERE id = %s", [state])


async def back_dates_a_state(_: PrefectClient, objects: list[Copied], prefect: psycopg.Connection) -> None:
    state = _one(objects, Kind.STATE, "Done")
    prefect.execute("UPDATE flow_run_state SET timestamp = timestamp - interval '9 days' WHERE id = %s", [state])


async def changes_an_artifact(client: PrefectClient, objects: list[Copied], prefect: psycopg.Connection) -> None:
    artifact = _one(objects, Kind.ARTIFACT, "Who did what when")
    prefect.execute("UPDATE artifact SET data = '[]' WHERE id = %s", [artifact])


async def turns_done_into_failed(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    run = _one(objects, Kind.FLOW_RUN, "")
    await client.set_flow_run_state(run, Failed(message="It never happened"), force=True)


async def renames_a_task_run(client: PrefectClient, objects: list[Copied], _: psycopg.Connection) -> None:
    await client.set_task_run_name(_one(objects, Kind.TASK_RUN, "Ask Ana"), "Ask nobody")


TAMPERING = [
    (deletes_the_run, ["flow run “NAME policy-review 2026” of", "is gone from Prefect, and with it"]),
    (deletes_a_task_run, ["task run “Ask Ana Ruiz: review Telehealth” of", "is gone from Prefect"]),
    (deletes_an_artifact, ["artifact “Who did what when: ", "is gone from Prefect"]),
    (deletes_a_state, ["state “AwaitingApproval” of", "is gone from Prefect"]),
    (
        renames_the_run,
        ["flow run “NAME policy-review 2026”", "changed in Prefect: name is 'nothing to see here' where"],
    ),
    (changes_parameters, ["flow run “NAME policy-review 2026”", "parameters is {'clinic': 'other'} where"]),
    (changes_a_message, ["state “AwaitingApproval” of", "message is 'Waits for nobody' where 'Waits for Ana Ruiz"]),
    (back_dates_a_state, ["state “Done” of", "was changed in Prefect: timestamp is"]),
    (changes_an_artifact, ["artifact “Who did what when: ", "was changed in Prefect: data is [] where"]),
    (turns_done_into_failed, ["state “Failed” of", "was put into Prefect after the cycle's last copy"]),
    (renames_a_task_run, ["task run “Ask Ana Ruiz: review Telehealth”", "name is 'Ask nobody' where"]),
]


@pytest.mark.parametrize(("tamper", "words"), TAMPERING, ids=[tamper.__name__ for tamper, _ in TAMPERING])
def test_tampering_with_prefect_is_found(stack: Stack, tmp_path: Path, tamper: Tamper, words: list[str]):
    async def live() -> None:
        name = tamper.__name__.replace("_", "-")
        socket = make_url(str(stack.settings.store_url)).query["host"]
        async with get_client() as client:
            clinic = await reviewed(name, tmp_path, client)
            with psycopg.connect(f"host={socket} user=postgres dbname=prefect", autocommit=True) as prefect:
                await tamper(client, known(clinic), prefect)
            (told,) = await found(client, clinic)
            assert told.startswith(f"{clinic.cycle_key}: ")
            for each in words:
                assert each.replace("NAME", name) in told

    anyio.run(live)


def compared_long_ago(clinic: SmallClinic) -> None:
    with transaction() as tx:
        tx.session.get_one(Clinic, clinic.slug).compared_at = None


def test_rounds_tells_of_a_difference_once_and_the_ledger_holds_it(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:
            clinic = await reviewed("told-once", tmp_path, client)
            assert await reconcile(clinic.slug) == []
            await client.delete_flow_run(_one(known(clinic), Kind.FLOW_RUN, ""))
            assert await reconcile(clinic.slug) == [], "it was compared a moment ago"
            compared_long_ago(clinic)
            (sentence,) = await reconcile(clinic.slug)
            assert sentence.startswith("Prefect's history is not as it was copied, in 1 place")
            compared_long_ago(clinic)
            assert await reconcile(clinic.slug) == []

    anyio.run(live)


def test_a_run_that_no_cycle_has_is_found(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:
            clinic = await reviewed("forged", tmp_path, client)
            deployment = await client.read_deployment_by_name(
                f"policy-review/{deployment_name('forged', 'policy-review')}"
            )
            run = await client.create_flow_run_from_deployment(deployment.id, name="forged policy-review 2019")
            await client.set_flow_run_state(run.id, Completed(name="Done"), force=True)
            (told,) = await found(client, clinic)
            assert told.startswith("flow run “forged policy-review 2019” of")
            assert told.endswith("is one that no cycle has: it was put into Prefect")

    anyio.run(live)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE history_copy SET body = 'nothing' WHERE number = 0", "is not the one this entry tells of: it was changed"),
        ("DELETE FROM history_copy WHERE number = 1", "of which this entry tells, is gone"),
        ("INSERT INTO history_copy SELECT cycle_key, 7, body, sha256, last, copied_at FROM history_copy WHERE number = 0", "is told of by no entry: it was put in"),
    ],
)  # fmt: skip
def test_tampering_with_the_copies_is_found(stack: Stack, tmp_path: Path, statement: str, words: str):
    async def live() -> None:
        name = f"copies-{statement[:6].lower()}"
        socket = make_url(str(stack.settings.store_url)).query["host"]
        async with get_client() as client:
            clinic = await reviewed(name, tmp_path, client)
        with psycopg.connect(f"host={socket} user=postgres dbname=wellkept", autocommit=True) as store:
            store.execute("ALTER TABLE history_copy DISABLE TRIGGER ALL")
            where = "AND" if "WHERE" in statement else "WHERE"
            store.execute(f"{statement} {where} cycle_key = %s", [clinic.cycle_key])  # type: ignore[arg-type]
        with snapshot() as session:
            (finding,) = copies_not_as_told(session, clinic.slug)
        assert finding.problem.endswith(words)

    anyio.run(live)


def test_a_finished_cycle_has_its_record_with_story_and_seal(stack: Stack, tmp_path: Path):
    async def live() -> None:
        async with get_client() as client:
            clinic = await reviewed("record", tmp_path, client)
            (page,) = [each.facts["data"] for each in of(known(clinic), Kind.ARTIFACT) if "Record: " in each.in_words()]
            rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ") and "entry" not in line]
            told = [row[3].rstrip(" |") for row in rows]
            assert told[0] == f"Begun, due on {day_in_words(clinic.cycle().due_on)}"
            assert "Asked: review Telehealth" in told
            assert "Letter to Ana Ruiz queued: review Telehealth" in told
            assert "Letter to Ana Ruiz accepted by the mail server" in told
            assert "Answered: No change needed (review Telehealth); link and typed name" in told
            assert told[-1] == "Closed"
            assert [row[1] for row in rows] == sorted(row[1] for row in rows)
            note = page.partition("```\n")[2].partition("```")[0]
            with reading() as session:
                checkpoint = read_note(note, known_keys(load_settings().data_dir))
                assert root_at(session, clinic.slug, checkpoint.size) == checkpoint.root
            (noted,) = [each for each in of(known(clinic), Kind.TASK_RUN) if "No change needed" in each.facts["name"]]
            entry = rows[told.index("Answered: No change needed (review Telehealth); link and typed name")][0].lstrip(
                "| "
            )
            assert noted.facts["state"]["message"] == f"Answered by Ana Ruiz (entry {entry})"
            (done,) = [each for each in of(known(clinic), Kind.STATE) if each.facts["name"] == "Done"]
            assert done.facts["message"].endswith(f"Last answered: Ana Ruiz (entry {entry}).")

    anyio.run(live)
