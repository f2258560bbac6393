"""Tasks that make letters of what is written down."""

from sqlmodel import col, select

from models.store import reading
from models.tables import Notice, Person
from models.words import list_in_words
from notifications.post import post_letters
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="Write to {names}")
def write_letters(names: str, clinic: str, cycle_key: str | None) -> int:  # noqa: ARG001 - names are for the run's name
    """Make one letter a person of the notices that wait, and return how many; the relay carries them out."""
    return len(post_letters(clinic, cycle_key, run_ids()))


def post_what_is_written(clinic: str, cycle_key: str | None = None) -> None:
    """Post a cycle's new requests at once, or (without a cycle) everything that waits for the day's digest."""
    names = _recipients(clinic, cycle_key)
    if names:
        write_letters(list_in_words(names), clinic, cycle_key)


def _recipients(clinic: str, cycle_key: str | None) -> list[str]:
    statement = (
        select(Person.name)
        .distinct()
        .join(Notice, col(Notice.person_id) == Person.id)
        .where(Notice.clinic == clinic, col(Notice.letter_id).is_(None))
    )
    if cycle_key:
        statement = statement.where(Notice.cycle_key == cycle_key, col(Notice.at_once))
    with reading() as session:
        return sorted(session.exec(statement))
