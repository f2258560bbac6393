"""Tasks that make letters of what is written down."""

from models.words import list_in_words
from notifications.post import post_letters, recipients
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="Write to {names}")
def write_letters(names: str, clinic: str, cycle_key: str | None) -> int:  # noqa: ARG001 - names are for the run's name
    """Make one letter a person of the notices that wait, and return how many; the relay carries them out."""
    return len(post_letters(clinic, cycle_key, run_ids()))


def post_what_is_written(clinic: str, cycle_key: str | None = None) -> None:
    """Post a cycle's new requests at once, or (without a cycle) everything that waits for the day's digest."""
    if names := recipients(clinic, cycle_key):
        write_letters(list_in_words(names), clinic, cycle_key)
