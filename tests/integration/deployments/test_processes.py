"""The supervisor starts, restarts and ends real processes: all of its own, and no other."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deployments.folder_lock import AlreadyRunningError
from deployments.ports import choose_ports
from deployments.processes import NotReadyError, StoppedError, Supervisor
from deployments.run_file import MARK
from deployments.service import Service, at_once

SLEEP = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(61)'], start_new_session=True);"
HOLDER = """
import sys
from pathlib import Path
from deployments.processes import Supervisor
from deployments.service import Service, at_once
with Supervisor(Path(sys.argv[1])) as supervisor:
    supervisor.handle_signals()
    supervisor.start([Service(name, [sys.executable, "-c", sys.argv[2]], at_once) for name in ("a", "b")])
    print("ready", flush=True)
    supervisor.watch()
print("stopped", flush=True)
"""
Holder = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Holder]:
    """Give a way to run a supervisor with two services in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str = SLEEP) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), program], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def service(name: str, program: str = SLEEP, **more: object) -> Service:
    return Service(name, [sys.executable, "-c", program], **{"ready": at_once, **more})  # type: ignore[arg-type]


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def running_in(folder: Path) -> dict[str, int]:
    record = json.loads((folder / "run.json").read_text())
    return {each["name"]: each["pid"] for each in record["processes"]}


def carriers(mark: str) -> list[psutil.Process]:
    """Return the living processes with a run's mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and alive(process.pid):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def reaping(mark: str) -> bool:
    """Tell whether the reaper of a run still works: it would end what a test starts with the run's mark."""
    return any(
        process.info["cmdline"][-1:] == [mark]
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"]
    )


def test_services_start_in_order_each_once_the_one_before_is_ready_and_stop_in_reverse(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []
    with Supervisor(tmp_path, lambda name, text: seen.append((name, text.split()[0]))) as supervisor:
        supervisor.start([service("a"), service("b", before=lambda: seen.append(("b", "before")))])
        pids = running_in(tmp_path)
    assert seen[:5] == [("a", "starting"), ("a", "ready"), ("b", "starting"), ("b", "before"), ("b", "ready")]
    assert seen[5:] == [("b", "stopping"), ("a", "stopping")]
    assert not any(map(alive, pids.values()))
    assert not (tmp_path / "run.json").exists()


def test_a_service_that_ends_at_once_is_an_error_with_its_last_words_and_stops_the_others(tmp_path: Path) -> None:
    drowned = service("b", "raise SystemExit('the cellar is flooded')", ready=lambda: False)
    with Supervisor(tmp_path) as supervisor:
        supervisor.start([service("a")])
        pids = running_in(tmp_path)
        with pytest.raises(NotReadyError, match="the cellar is flooded"):
            supervisor.start([drowned])
    assert not alive(pids["a"])


def test_a_service_that_never_gets_ready_is_given_up_in_time(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="does not get ready"), Supervisor(tmp_path) as supervisor:
        supervisor.start([service("a", ready=lambda: False, ready_seconds=0.5)])


def test_a_service_that_dies_is_started_again_with_a_growing_delay(tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor(tmp_path, lambda _name, text: said.append(text)) as supervisor:
        supervisor.start([service("a")])
        for _ in range(2):
            first = running_in(tmp_path)["a"]
            os.kill(first, signal.SIGKILL)

            def again(before: int = first) -> bool:
                supervisor.look()
                return running_in(tmp_path)["a"] != before

            assert until(again)
    delays = [text for text in said if "ended by itself" in text]
    assert [text.split("again in ")[1] for text in delays] == ["0.5 s", "1.0 s"]
    assert "SIGKILL" in delays[0]


def test_a_hook_that_fails_at_a_restart_is_tried_again_and_hurts_no_other(tmp_path: Path) -> None:
    calls: list[int] = []

    def hook() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the database is away")

    said: list[str] = []
    with Supervisor(tmp_path, lambda _name, text: said.append(text)) as supervisor:
        supervisor.start([service("a", before=hook), service("b")])
        pids = running_in(tmp_path)
        os.kill(pids["a"], signal.SIGKILL)

        def back() -> bool:
            supervisor.look()
            return len(calls) == 3

        assert until(back)
        assert running_in(tmp_path)["b"] == pids["b"]
    assert any("the database is away" in text for text in said)


def test_a_service_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        heard = tmp_path / "logs" / "a.log"
        supervisor.start([service("a", STUBBORN, ready=lambda: "here" in heard.read_text(), stop_seconds=0.3)])
        pid = running_in(tmp_path)["a"]
    assert not alive(pid)


def test_stopping_ends_also_what_a_service_started_in_a_session_of_its_own(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        heard = tmp_path / "logs" / "a.log"
        supervisor.start([service("a", PARENT + SLEEP, ready=lambda: "here" in heard.read_text())])
        mark = json.loads((tmp_path / "run.json").read_text())["mark"]
        assert len(carriers(mark)) == 2
    assert carriers(mark) == []


def test_killing_the_supervisor_leaves_none_of_its_services(tmp_path: Path, hold: Holder) -> None:
    holder = hold()
    pids = running_in(tmp_path)
    assert len(pids) == 2
    assert all(map(alive, pids.values()))
    holder.kill()
    assert until(lambda: not any(map(alive, pids.values())))


def test_killing_the_supervisor_leaves_nothing_its_services_had_started(tmp_path: Path, hold: Holder) -> None:
    holder = hold(PARENT + SLEEP)
    mark = json.loads((tmp_path / "run.json").read_text())["mark"]
    assert until(lambda: len(carriers(mark)) == 4)
    holder.kill()
    assert until(lambda: carriers(mark) == [])


def test_the_next_start_ends_what_a_killed_one_left_and_nothing_else(tmp_path: Path, hold: Holder) -> None:
    holder = hold()
    mark = json.loads((tmp_path / "run.json").read_text())["mark"]
    bystander = subprocess.Popen([sys.executable, "-c", SLEEP], stdout=subprocess.DEVNULL)
    holder.kill()
    assert until(lambda: carriers(mark) == [] and not reaping(mark))
    left = subprocess.Popen([sys.executable, "-c", SLEEP], stdout=subprocess.DEVNULL, env={**os.environ, MARK: mark})
    assert until(lambda: len(carriers(mark)) == 1)
    record = json.loads((tmp_path / "run.json").read_text())
    record["processes"][0].update(pid=bystander.pid)  # its number was used again for somebody else's process
    (tmp_path / "run.json").write_text(json.dumps(record))
    with Supervisor(tmp_path):
        assert carriers(mark) == []
        assert alive(bystander.pid)
    left.wait()
    bystander.kill()
    bystander.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_good_order_and_a_second_one_changes_nothing(
    number: signal.Signals, tmp_path: Path, hold: Holder
) -> None:
    holder = hold()
    pids = running_in(tmp_path)
    holder.send_signal(number)
    holder.send_signal(number)
    output, _ = holder.communicate(timeout=30)
    assert (holder.returncode, output) == (0, "stopped\n")
    assert not any(map(alive, pids.values()))


def test_asking_to_stop_ends_a_start_under_way(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.ask_to_stop()
        with pytest.raises(StoppedError):
            supervisor.start([service("a", ready=lambda: False)])


def test_a_second_supervisor_is_told_which_process_has_the_folder(tmp_path: Path, hold: Holder) -> None:
    holder = hold()
    pids = running_in(tmp_path)
    with pytest.raises(AlreadyRunningError, match=str(holder.pid)), Supervisor(tmp_path):
        raise AssertionError
    assert all(map(alive, pids.values()))


def test_a_service_that_talks_without_end_does_not_fill_the_disk_and_runs_on(tmp_path: Path) -> None:
    talk = "import time\nwhile True: print('x' * 999, flush=True); time.sleep(0.002)"
    log, before = tmp_path / "logs" / "a.log", tmp_path / "logs" / "a.log.1"
    with Supervisor(tmp_path, largest_log=50_000) as supervisor:
        supervisor.start([service("a", talk)])
        pid = running_in(tmp_path)["a"]

        def three_times_over() -> bool:
            supervisor.look()
            sizes.append(log.stat().st_size)
            return sum(later < earlier for earlier, later in itertools.pairwise(sizes)) >= 3

        sizes = [0]
        assert until(three_times_over)
        assert max(sizes) < 1_000_000
        assert before.read_bytes().endswith(b"x\n")
        assert log.read_bytes()[:1] in {b"", b"x"}, "it begins anew: no hole where the old words were"
        assert before.stat().st_mode & 0o077 == 0
        assert running_in(tmp_path)["a"] == pid


def test_variables_of_somebodys_other_prefect_do_not_reach_a_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_KEY", "of-another-life")
    show = "import os; print(sorted(n for n in os.environ if n.startswith('PREFECT')), flush=True);"
    heard = tmp_path / "logs" / "a.log"
    with Supervisor(tmp_path) as supervisor:
        ready = lambda: "here" in heard.read_text()  # noqa: E731 - as short as its use
        supervisor.start([service("a", show + SLEEP, ready=ready, env={"PREFECT_API_URL": "http://127.0.0.1:1/api"})])
    assert heard.read_text().splitlines()[0] == "['PREFECT_API_URL']"
    assert heard.stat().st_mode & 0o077 == 0


def test_a_busy_port_gives_way_to_the_next_and_the_address_stays_at_the_next_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        wanted = {"portal": busy.getsockname()[1], "mailbox": busy.getsockname()[1]}
        chosen = choose_ports(tmp_path, wanted)
    assert len({*chosen.values(), wanted["portal"]}) == 3
    assert choose_ports(tmp_path, wanted) == chosen
    assert choose_ports(tmp_path, {"portal": wanted["portal"] + 50})["portal"] >= wanted["portal"] + 50


@pytest.mark.parametrize("content", ["", "{", "[]", '{"portal": 5}', '{"portal": {"wanted": "x"}}'])
def test_a_broken_memory_of_ports_is_no_obstacle(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)
    assert choose_ports(tmp_path, {"portal": 43210})["portal"] >= 43210


@pytest.mark.parametrize("content", ["", "{", "[]", '{"mark": 1}', '{"mark": "m", "processes": [1]}'])
def test_a_broken_run_file_is_no_obstacle(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with Supervisor(tmp_path) as supervisor:
        supervisor.start([service("a")])


def test_no_service_learns_the_database_owners_address_from_us_or_from_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WELLKEPT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("WELLKEPT_DATABASE_URL", "postgresql+psycopg://owner:planted@db/wellkept")
    lines = (
        "DATABASE_URL=postgresql+psycopg://owner:planted@db/wellkept",
        "PREFECT_DATABASE_URL=postgresql+asyncpg://p:planted@db/p",
    )
    (tmp_path / "settings.env").write_text("".join(f"WELLKEPT_{line}\n" for line in lines))
    tells = (
        "import os; from models.settings import load_settings; print(os.environ, repr(load_settings()), flush=True);"
    )
    with Supervisor(tmp_path) as supervisor:
        supervisor.start([service("portal", tells + SLEEP, env={"PYTHONPATH": str(Path(__file__).parents[3])})])
        log = supervisor.log_path("portal")
        assert until(lambda: "here" in log.read_text())
    assert "data_dir=" in log.read_text()
    assert "planted" not in log.read_text()


IGNORES = """
import os, signal, subprocess, sys
from deployments.service import tied
signal.signal(signal.SIGINT, signal.SIG_IGN)
tells = [sys.executable, "-c", "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"]
subprocess.run(tells)
subprocess.run([*tied(os.getpid(), signal.SIGKILL), *tells])
"""


def test_a_child_hears_sigint_even_where_a_shell_in_the_background_has_it_ignored():
    ended = subprocess.run([sys.executable, "-c", IGNORES], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "False"]
