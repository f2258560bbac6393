"""`wellkept up --demo`: one command, one terminal; Ctrl-C ends all of it, and the next start goes on."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from deployments.postgres import Postgres
from notifications.testing import free_port

pytestmark = pytest.mark.stack
PROGRAM = [sys.executable, "-c", "from deployments.cli import main; main()"]
SERVICES = ["postgres", "prefect", "mailbox", "portal", "relay", "worker"]


class Demo:
    """A demo in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, and choose ports nobody uses."""
        self.folder = folder
        ports = {name: str(free_port()) for name in ("PORTAL", "PREFECT", "MAILBOX_SMTP", "MAILBOX_PAGE")}
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("WELLKEPT_", "PREFECT_"))}
        self.environment = {**clean, **{f"WELLKEPT_{name}_PORT": port for name, port in ports.items()}}
        self.environment["WELLKEPT_DATA_DIR"] = str(folder)
        self.process: subprocess.Popen[str] | None = None

    def start(self, seconds: float = 180) -> str:
        """Start it and return what it said until it was ready."""
        command = [*PROGRAM, "up", "--demo"]
        self.process = subprocess.Popen(
            command, env={**self.environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )  # fmt: skip
        return self.read_until("Ctrl-C stops everything", seconds)

    def read_until(self, words: str, seconds: float) -> str:
        """Read on until it says these words."""
        assert self.process
        assert self.process.stdout
        said, until, pipe = "", time.monotonic() + seconds, self.process.stdout.fileno()
        while words not in said:
            ready, _, _ = select.select([pipe], [], [], max(0, until - time.monotonic()))
            piece = os.read(pipe, 65536).decode() if ready else ""
            assert piece, f"it said no more than:\n{said}"
            said += piece
        return said

    def call(self, *arguments: str) -> tuple[int, str]:
        """Call the command line beside it."""
        done = subprocess.run(
            [*PROGRAM, *arguments], check=False, env=self.environment, capture_output=True, text=True, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    def interrupt(self, seconds: float = 90) -> int:
        """Press Ctrl-C and return the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=seconds)
        return self.process.returncode


@pytest.fixture
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="wk-"))
    made = Demo(folder / "demo")
    yield made
    if made.process and made.process.poll() is None:
        made.interrupt()
    shutil.rmtree(folder, ignore_errors=True)


def begun_by_code_that_is_gone(demo: Demo) -> None:
    """Write an open cycle of a duty that this code does not have, as an upgrade may leave one."""
    where = f"host={Postgres(demo.folder).socket_folder} user=postgres dbname=wellkept"
    with psycopg.connect(where) as owner:
        owner.execute(
            "INSERT INTO cycle (key, clinic, duty, period, due_on, code_version, began_at, wake_tries, outcome) VALUES"
            " ('maple-grove/old-duty/2025', 'maple-grove', 'old-duty', '2025', now(), '0', now(), 0, '{}')"
        )


def test_one_command_is_a_whole_demo_and_ctrl_c_ends_all_of_it(demo: Demo) -> None:
    said = demo.start()
    assert [line.split()[0] for line in said.splitlines() if "ready after" in line] == SERVICES
    assert "Maple Grove Counseling is open" in said
    pin = said.partition("with the PIN ")[2][:6]
    assert pin in (demo.folder / "demo-pins.json").read_text()
    assert (demo.folder / "demo-pins.json").stat().st_mode & 0o777 == 0o600

    status = json.loads(demo.call("status", "--json")[1])
    assert [each["name"] for each in status["running"]] == SERVICES
    (cycle,) = status["waiting"]
    assert cycle["waits_for"], "the letters are out before the demo says it is open"
    code, said = demo.call("doctor")
    assert (code, "Everything is well." in said) == (0, True)
    code, said = demo.call("up", "--demo")
    assert (code, "already runs" in said) == (1, True)

    day = status["today"]["maple-grove"]
    code, said = demo.call("rounds", "--clinic", "maple-grove", "--as-of", day.replace(day[:4], str(int(day[:4]) + 1)))
    assert code == 0, said
    assert "Rounds at Maple Grove Counseling: 1 cycle woken" in said
    assert demo.call("audit", "verify")[0] == 0

    begun_by_code_that_is_gone(demo)
    processes = [psutil.Process(each["pid"]) for each in status["running"]]
    assert demo.interrupt() == 0
    assert not any(process.is_running() and process.status() != "zombie" for process in processes)

    said = demo.start()
    assert f"{cycle['cycle']} goes on" in said
    assert "Found: maple-grove/old-duty/2025: this code has no such duty. Run the version that knows it" in said
    assert f"with the PIN {pin}" in said
    assert len(json.loads(demo.call("cycles", "list", "--all", "--json")[1])) == 2


def test_ctrl_c_while_it_starts_ends_it(demo: Demo) -> None:
    command = [*PROGRAM, "up", "--demo"]
    demo.process = subprocess.Popen(
        command, env={**demo.environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    )
    demo.read_until("prefect   starting", 90)
    assert demo.interrupt() == 1
    assert json.loads(demo.call("status", "--json")[1])["running"] == []
