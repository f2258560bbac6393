"""Keeps the run's log in plain English: going to sleep is not an error, though Prefect logs every pause as one."""

import logging

STATE_NAME = "AwaitingApproval"
"""The name of the PAUSED state a waiting cycle stands in."""


class SleepIsNoError(logging.Filter):
    """Turns Prefect's "Finished in state AwaitingApproval", logged as an error, into information."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; soften that one."""
        if record.levelno == logging.ERROR and str(record.msg).startswith(f"Finished in state {STATE_NAME}"):
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.msg = str(record.msg).replace("Finished in state", "Goes to sleep in state")
        return True


def speak_plainly() -> None:
    """Put the filter on the log of flow runs; putting it there twice changes nothing."""
    log = logging.getLogger("prefect.flow_runs")
    if not any(isinstance(each, SleepIsNoError) for each in log.filters):
        log.addFilter(SleepIsNoError())
