"""Our worker does what Prefect's process worker does: the same tests are run against both. Then what only ours does."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from deployments.testing.runs import WORTHLESS
from deployments.testing.stack import Stack, running_stack
from deployments.testing.working import Working, working
from deployments.worker.client import DEPLOYMENT_SECONDS

KINDS = ("wellkept", "process")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    without = frozenset({"worker", "portal", "relay", "mailbox"})
    with running_stack(tmp_path_factory.mktemp("worker"), without) as running:
        yield running


@pytest.fixture(scope="module", params=KINDS)
def worker(request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    folder = tmp_path_factory.mktemp("any")
    with working(request.param, folder, environment={"WELLKEPT_TEST_HOOK_FILE": str(folder / "hook")}) as running:
        yield running


@pytest.fixture(scope="module")
def ours(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    with working("wellkept", tmp_path_factory.mktemp("ours")) as running:
        yield running


def gone(pid: int, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def process_of(worker: Working, run: UUID) -> int:
    """Return the process a run that sleeps says it is in."""
    until = time.monotonic() + 30
    while "asleep in " not in (logged := worker.logs(run)):
        assert time.monotonic() < until, logged
        time.sleep(0.2)
    return int(logged.partition("asleep in ")[2].split()[0])


# --- both


def test_each_run_has_a_process_memory_and_folder_of_its_own(worker: Working):
    said = [str(worker.end_of(worker.give("counts")).message).split() for _ in range(2)]
    assert [words[0] for words in said] == ["1", "1"], "the memory of one run is not the next one's"
    assert said[0][1] != said[1][1]
    assert said[0][3] != said[1][3]
    assert all(gone(int(words[1])) for words in said)


def test_what_a_run_logs_and_does_is_in_prefect(worker: Working):
    run = worker.give("counts")
    assert worker.end_of(run).name == "Completed"
    time.sleep(3)
    assert "counted 1" in worker.logs(run)
    assert [each.partition("-")[0] for each in worker.task_runs(run)] == ["adds"]


def test_a_runs_events_name_what_it_belongs_to_and_its_heart_beats(worker: Working):
    run = worker.give("counts")
    worker.end_of(run)
    until = time.monotonic() + 20
    wanted = {"prefect.flow-run.heartbeat", "prefect.task-run.Completed"}
    while not wanted <= (found := {event["event"]: event for event in worker.events(run)}).keys():
        assert time.monotonic() < until, list(found)
        time.sleep(0.5)
    done = found["prefect.task-run.Completed"]
    named = {each["prefect.resource.role"]: each["prefect.resource.name"] for each in done["related"]}
    assert named.pop("flow-run") == worker.run(run).name
    assert named == {
        "flow": "counts",
        "deployment": f"{worker.pool} counts",
        "work-queue": "default",
        "work-pool": worker.pool,
    }


def test_a_run_may_have_its_own_variables_and_folder(worker: Working, tmp_path: Path):
    time.sleep(DEPLOYMENT_SECONDS)  # so long ours takes a deployment to be what it was
    run = worker.give("counts", env={"COLOUR": "green"}, working_dir=str(tmp_path))
    assert str(worker.end_of(run).message).split()[2:4] == ["green", tmp_path.name]


def test_a_fault_and_a_time_out_are_failures_with_their_words(worker: Working):
    state = worker.end_of(worker.give("raises"))
    assert (state.name, "the eighth day of the week" in str(state.message)) == ("Failed", True)
    assert worker.end_of(worker.give("takes_too_long")).name == "TimedOut"


@pytest.mark.parametrize(("flow", "parameters", "said"), [
    ("exits", {"code": 7}, "status code: 7"),
    ("crashes_the_interpreter", {}, "status code: -11"),
])  # fmt: skip
def test_a_process_that_dies_is_a_crash_with_its_exit_code(worker: Working, flow: str, parameters: dict, said: str):
    state = worker.end_of(worker.give(flow, parameters))
    assert (state.name, said in str(state.message)) == ("Crashed", True), state.message
    assert worker.end_of(worker.give("counts")).name == "Completed"


def test_a_flow_that_cannot_be_imported_fails_with_the_reason(worker: Working):
    run = worker.give("whatever", module="deployments.testing.not_there")
    assert worker.end_of(run).name in {"Crashed", "Failed"}
    time.sleep(3)
    assert "No module named 'deployments.testing.not_there'" in worker.logs(run) + str(worker.state(run).message)
    assert worker.end_of(worker.give("counts")).name == "Completed"


def test_cancelling_in_prefect_ends_the_process_and_runs_the_hook(worker: Working):
    run = worker.give("is_cancelled", {"seconds": 300})
    worker.until(run, "Running")
    time.sleep(1)
    worker.cancel(run)
    assert worker.end_of(run).name == "Cancelled"
    hook = worker.log.parent / "hook"
    until = time.monotonic() + 20
    while not hook.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert hook.read_text() == "the hook was run"


def test_a_run_that_is_suspended_in_prefect_stops_at_its_next_step(worker: Working):
    run = worker.give("goes_on", {"seconds": 60})
    worker.until(run, "Running")
    time.sleep(3)
    worker.suspend(run)
    time.sleep(3)
    steps = len(worker.task_runs(run))
    time.sleep(2)
    assert len(worker.task_runs(run)) == steps > 5
    assert worker.state(run).name == "Suspended"


def test_what_is_left_for_pythons_end_is_done(worker: Working, tmp_path: Path):
    run = worker.give("leaves_something_for_the_end", {"folder": str(tmp_path)})
    assert worker.end_of(run).name == "Completed"
    until = time.monotonic() + 20
    while len(found := sorted(each.name for each in tmp_path.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert found == ["at the end", "by a thread"]


def test_a_run_deaf_to_sigterm_is_ended_all_the_same(worker: Working):
    run = worker.give("ignores_sigterm")
    worker.until(run, "Running")
    time.sleep(2)
    worker.cancel(run)
    assert worker.end_of(run, 120).name == "Cancelled"


def test_a_full_disk_is_a_failure_with_its_words(worker: Working):
    state = worker.end_of(worker.give("fills_the_disk"))
    assert (state.name, "No space left on device" in str(state.message)) == ("Failed", True), state.message


@pytest.mark.parametrize("kind", KINDS)
def test_no_more_runs_at_once_than_the_limit(stack: Stack, kind: str, tmp_path: Path):
    with working(kind, tmp_path, ["--limit", "2"]) as limited:
        runs = [limited.give("sleeps", {"seconds": 3}) for _ in range(4)]
        at_once = []
        until = time.monotonic() + 120
        while not all((states := [limited.state(run) for run in runs])[n].is_final() for n in range(4)):
            at_once.append(sum(state.is_running() for state in states))
            assert time.monotonic() < until
            time.sleep(0.2)
        assert max(at_once) == 2
        assert {limited.state(run).name for run in runs} == {"Completed"}


# --- only ours


def test_runs_are_forked_and_nothing_is_left_but_the_warm_process(ours: Working):
    assert ours.end_of(ours.give("counts")).name == "Completed"
    time.sleep(1)
    (warm,) = ours.children
    assert "deployments.worker.warm" in " ".join(warm.cmdline())
    assert warm.num_threads() == 1


def test_a_run_woken_before_its_process_has_ended_waits_for_that(stack: Stack, tmp_path: Path):
    with working("wellkept", tmp_path, ["--limit", "2"]) as worker:
        run = worker.give("lingers", {"seconds": 6})
        worker.until(run, "Suspended")
        (lingering,) = (each for each in worker.children if each.ppid() != worker.process.pid)
        worker.resume(run)
        while lingering.is_running() and lingering.status() != psutil.STATUS_ZOMBIE:
            assert not worker.state(run).is_running(), "two processes would work on it at once"
            time.sleep(0.2)
        assert worker.end_of(run).name == "Completed"
        assert worker.process.poll() is None


def whose_token(ours: Working, parameters: dict | None = None, **variables: dict) -> list[str]:
    state = ours.end_of(ours.give("says_whose_token_it_uses", parameters, **variables))
    assert state.name == "Completed", state.message
    return str(state.message).split()


def test_all_runs_use_the_workers_token(ours: Working):
    first, second = whose_token(ours), whose_token(ours)
    assert first == second
    assert len(set(first)) == 1


@pytest.mark.parametrize("hours", [1, -1])
def test_a_run_whose_token_is_refused_or_too_old_asks_for_its_own(ours: Working, hours: int):
    expires = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
    alone = {"ALONE": "in an interpreter that was given no token"}
    used = [name for _ in range(2) for name in whose_token(ours, {"expires": expires}, env=alone)]
    assert WORTHLESS not in used
    assert len(set(used)) == 2, "a name of its own for each run, the same for all its changes"


def test_memory_has_a_limit(ours: Working):
    state = ours.end_of(ours.give("eats_memory", memory_limit_mib=512))
    assert (state.name, "MemoryError" in str(state.message)) == ("Failed", True), state.message
    assert ours.end_of(ours.give("eats_memory", memory_limit_mib=4096)).name == "Completed"


def test_a_module_that_starts_a_thread_is_not_held(ours: Working):
    assert ours.end_of(ours.give("beside_a_thread", module="deployments.testing.starts_thread")).name == "Completed"
    assert "starts a thread when it is imported" in ours.log.read_text()
    assert ours.end_of(ours.give("counts")).name == "Completed"


def test_the_warm_process_killed_is_a_crash_and_the_next_run_has_a_new_one(ours: Working):
    run = ours.give("sleeps", {"seconds": 300})
    pid = process_of(ours, run)
    (warm,) = (each for each in ours.children if each.pid != pid)
    warm.kill()
    assert gone(pid)
    assert (ours.end_of(run).name, "-9" in str(ours.state(run).message)) == ("Crashed", True)
    assert ours.end_of(ours.give("counts")).name == "Completed"


def test_changed_code_gets_a_new_warm_process_and_the_run_in_flight_ends_well(ours: Working):
    run = ours.give("sleeps", {"seconds": 8})
    pid = process_of(ours, run)
    (old,) = (each for each in ours.children if each.pid != pid)
    os.utime(Path(__file__).parents[3] / "deployments" / "testing" / "runs.py")
    assert ours.end_of(ours.give("counts")).name == "Completed"
    assert "runs.py has changed" in ours.log.read_text()
    assert ours.end_of(run).name == "Completed"
    assert gone(old.pid)


def test_where_nothing_can_be_written_the_run_says_so(stack: Stack, tmp_path: Path):
    nowhere = tmp_path / "temporary"
    nowhere.mkdir()
    with working("wellkept", tmp_path, environment={"TMPDIR": str(nowhere)}) as worker:
        assert worker.end_of(worker.give("counts")).name == "Completed"
        nowhere.rename(tmp_path / "taken away")
        state = worker.end_of(worker.give("counts"))
        assert (state.name, "No such file or directory" in str(state.message)) == ("Crashed", True), state.message
        nowhere.mkdir()
        assert worker.end_of(worker.give("counts")).name == "Completed"


def test_where_nothing_can_be_forked_it_says_so_and_runs_are_started_as_ever(stack: Stack, tmp_path: Path):
    tmp_path.joinpath("sitecustomize.py").write_text("import os\ndel os.fork\n")
    with working("wellkept", tmp_path, environment={"PYTHONPATH": str(tmp_path)}) as worker:
        assert worker.end_of(worker.give("counts")).name == "Completed"
        assert "This platform cannot fork" in worker.log.read_text()
        assert not any("deployments.worker.warm" in " ".join(each.cmdline()) for each in worker.children)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_leaves_no_process_that_goes_on_working(stack: Stack, tmp_path: Path, number: int):
    with working("wellkept", tmp_path) as worker:
        process_of(worker, worker.give("sleeps", {"seconds": 300}))
        below = worker.children
        assert len(below) == 2
        worker.process.send_signal(number)
        worker.process.wait(60)
        assert all(gone(each.pid) for each in below)
