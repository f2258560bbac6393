"""The task that deletes what an approved list names."""

from dataclasses import asdict

from models import purging, steps
from models.store import transaction
from models.tables import Cycle
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="Delete {title} past retention")
def purge_documents(title: str, cycle_key: str, step: str, request_id: str, listed: list[str]) -> None:  # noqa: ARG001 - for the run's name
    """Delete the documents on an approved list (SHA-256, hex), once; the outcome is how many went and what was spared.

    Raises NotApprovedError.
    """
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        purged = purging.purge(tx, cycle, request_id, listed, run_ids())
        steps.mark_done(tx, cycle, step, asdict(purged), run_ids())
        tx.seal(cycle.clinic, actor="engine", run=run_ids())
