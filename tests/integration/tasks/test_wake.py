"""The record tells of every run that was taken up again, and of none that was not."""

import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import anyio
import pytest
from prefect import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from models.applying import apply_clinic
from models.clinic_folder.testing import folder_of, write_folder
from models.cycles import begin, claim_run
from models.duties.policy_review import POLICY_REVIEW
from models.ledger import entries
from models.store import reading, transaction
from models.tables import Cycle
from tasks.reviving import take_up
from tasks.wake import wake

pytestmark = pytest.mark.usefixtures("store")
CLINIC = "elm-street"


async def _wake(cycle: Cycle) -> None:
    async with get_client() as client:
        await wake(client, cycle)


WAYS: dict[str, Callable[[Cycle], Awaitable[object]]] = {
    "an answer wakes it": _wake,
    "rounds takes it up": lambda cycle: take_up(cycle, timedelta(seconds=1)),
}


@contextmanager
def prefect_that_says(status: str) -> Iterator[None]:
    """Run a server that knows one kind of run, a crashed one, and answers every wish for another state the same.

    A crashed run cannot be resumed.
    """

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "/flow_runs/" not in self.path:
                self.send_error(404)
                return
            state = {"type": "CRASHED", "name": "Crashed", "timestamp": "2026-01-15T12:00:00Z"}
            self._say({"id": self.path.rpartition("/")[2], "flow_id": str(uuid4()), "name": "run", "state": state})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            said = "REJECT" if self.path.endswith("/resume") else status
            self._say({"status": said, "details": {"type": f"{said.lower()}_details"}, "state": None})

        def _say(self, told: dict[str, object]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{server.server_port}/api"}):
        yield
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def crashed(store: str, tmp_path: Path) -> Cycle:
    """Return a cycle that has a run."""
    with transaction() as tx:
        apply_clinic(tx, folder_of(write_folder(tmp_path)), "test")
    with transaction() as tx:
        cycle = begin(tx, POLICY_REVIEW, CLINIC, "2026", date(2026, 1, 15), "test")
        claim_run(tx, cycle, uuid4())
    return cycle


@pytest.mark.parametrize(("says", "told"), [("ACCEPT", 1), ("REJECT", 0), ("ABORT", 0)])
@pytest.mark.parametrize("way", WAYS)
def test_what_the_record_tells_of_a_crashed_run(crashed: Cycle, way: str, says: str, told: int) -> None:
    async def run() -> None:
        await WAYS[way](crashed)

    with prefect_that_says(says):
        anyio.run(run)
    with reading() as session:
        bodies = [json.loads(row.body) for row in entries(session, CLINIC)]
    revived = [body for body in bodies if body["event"] == "cycle:run:revived"]
    assert len(revived) == told
    assert all(body["facts"]["was"] == "Crashed" and body["cycle"] == crashed.key for body in revived)
