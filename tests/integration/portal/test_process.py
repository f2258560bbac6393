"""The portal as a process of its own."""

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest


@pytest.fixture
def port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


def test_the_process_answers_logs_no_token_and_ends_when_told(store: str, port: int):
    settings = {"WELLKEPT_PORTAL_PORT": str(port), "WELLKEPT_STORE_URL": store}
    process = subprocess.Popen(
        [sys.executable, "-m", "portal"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert _status(f"http://127.0.0.1:{port}/health") == 200
        assert _status(f"http://127.0.0.1:{port}/l/a-token-that-is-secret") == 404
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert "a-token-that-is-secret" not in said


def _status(url: str) -> int:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return httpx.get(url).status_code
        except httpx.ConnectError:
            time.sleep(0.1)
    pytest.fail("the portal did not start")
