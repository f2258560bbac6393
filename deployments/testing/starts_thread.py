"""A module that starts a thread when it is imported, as some libraries do: it cannot be held warm."""

import threading

from prefect import flow

threading.Thread(target=threading.Event().wait, daemon=True).start()


@flow
def beside_a_thread() -> None:
    """Do nothing."""
