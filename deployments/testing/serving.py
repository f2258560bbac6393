"""Serving: an ASGI app on a loopback port of its own, in a thread of the test's process."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_START_SECONDS = 20


@contextmanager
def served(app: ASGIApp, port: int) -> Iterator[str]:
    """Serve an app while the block lasts; yield its address, without a slash at its end."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + _START_SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=_START_SECONDS)
