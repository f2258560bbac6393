"""Tasks that change what is in force."""

from datetime import date

from prefect.client.schemas.objects import State
from prefect.states import Completed

from models import policies, steps
from models.events import Event
from models.store import transaction
from models.superseding import supersede_outdated
from models.tables import Cycle, Policy
from tasks.engine_task import engine_task, run_ids


@engine_task(task_run_name="Publish {title}, version {number}")
def publish_policy(
    title: str,  # noqa: ARG001 - for the run's name
    number: int,
    cycle_key: str,
    step: str,
    policy_id: str,
    sha256: str,
    author_id: str,
    approved_by_id: str,
    effective_on: date,
) -> State[None] | None:
    """Put an approved version in force, once, unless the one before it was replaced; the outcome is its number or None.

    Whoever is asked about the version before is asked about this one from now on.
    """
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return None
        who = {"author_id": author_id, "approved_by_id": approved_by_id}
        base = number - 1
        facts = {"policy": policy_id, "version": number, "sha256": sha256, "effective_on": str(effective_on), **who}
        if policies.publish_version(tx.session, policy_id, sha256, base, effective_on=effective_on, **who) is None:
            steps.mark_done(tx, cycle, step, None, run_ids(), Event.POLICY_OVERTAKEN, **facts)
            return Completed(name="NotPublished", message=f"Version {base} is not in force any more")
        steps.mark_done(tx, cycle, step, number, run_ids(), Event.POLICY_PUBLISHED, **facts)
        supersede_outdated(tx, cycle.clinic, "engine")
        return None


@engine_task(task_run_name="{title} now belongs to {name}")
def change_policy_owner(title: str, name: str, cycle_key: str, step: str, policy_id: str, owner_id: str) -> None:  # noqa: ARG001 - for the run's name
    """Give a policy a new owner, once."""
    with transaction() as tx:
        cycle = tx.session.get_one(Cycle, cycle_key)
        if steps.is_done(tx.session, cycle_key, step):
            return
        tx.session.get_one(Policy, policy_id).owner_id = owner_id
        facts = {"policy": policy_id, "owner": owner_id}
        steps.mark_done(tx, cycle, step, owner_id, run_ids(), Event.POLICY_OWNER_CHANGED, **facts)
