"""Rounds: the daily flow of a clinic. Wakes what is due, takes up what broke off, posts the day's letters."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import anyio
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from models import clock
from models.cycles import open_cycles, want_waking
from models.due import why_due
from models.errors import WellkeptError
from models.events import Event
from models.people import clinic_named
from models.settings import load_settings
from models.store import reading, transaction
from models.tables import Cycle, Seal
from models.words import count_in_words
from tasks.board import show_board, show_register
from tasks.engine_task import run_ids
from tasks.post import post_what_is_written
from tasks.reconciling import reconcile
from tasks.reviving import take_up
from tasks.seal import hand_out, seal_record, show_seal
from tasks.waking import wake_cycle

log = logging.getLogger("wellkept.rounds")
SETTLE_SECONDS = 180
"""How long rounds waits for woken cycles to look and sleep again; later ones are in tomorrow's letters."""


def _run_name() -> str:
    clinic = flow_run.parameters["clinic"]
    with reading() as session:
        return f"{clinic} rounds {clock.today(clinic_named(session, clinic).time_zone)}"


@flow(name="rounds", flow_run_name=_run_name, persist_result=False, retries=2, retry_delay_seconds=30)
async def rounds(clinic: str) -> State[Any]:
    """Wake every cycle that has something to do, take up what broke off, and post one letter a person."""
    made = await make_rounds(clinic)
    await show_board(clinic)
    await show_register(clinic)
    if made.seal:
        await show_seal(clinic, made.seal)
    told = f"{count_in_words(len(made.woken), 'cycle')} woken, {made.still_open} still open."
    if made.troubles:
        return Failed(name="RoundsIncomplete", message=" ".join([*made.troubles, told]))
    return Completed(name="RoundsMade", message=told)


@dataclass
class Made:
    """What rounds came to."""

    woken: list[str] = field(default_factory=list)
    still_open: int = 0
    troubles: list[str] = field(default_factory=list)
    """A sentence and its remedy for each cycle that could not be looked after, and for a record in trouble."""
    seal: Seal | None = None


async def make_rounds(clinic: str) -> Made:
    """Do what rounds does, and return what it came to. A cycle in trouble keeps nobody else from what is due."""
    made = Made()
    for cycle in _open(clinic):
        try:
            made.woken += [cycle.key] if await _look_after(cycle) else []
        except Exception as error:
            log.exception("%s could not be looked after", cycle.key)
            made.troubles.append(f"{cycle.key}: {_in_words(error)}")
    await _settled(clinic, made.woken)
    post_what_is_written(clinic)
    made.still_open = len(_open(clinic))
    with transaction() as tx:
        ids = run_ids()
        tx.record(clinic, Event.ROUNDS_MADE, actor="rounds", run=ids, woken=made.woken, open=made.still_open)
    try:
        made.troubles += await reconcile(clinic)
    except Exception as error:
        log.exception("%s could not be compared with Prefect", clinic)
        made.troubles.append(f"Prefect was not held against the record: {_in_words(error)}")
    try:
        made.seal = seal_record(clinic)
        made.troubles += hand_out(clinic, made.seal) if made.seal else []
    except Exception as error:
        log.exception("%s could not be sealed", clinic)
        made.troubles.append(f"The record was not sealed: {_in_words(error)}")
    return made


def _in_words(error: Exception) -> str:
    """Return an error with its remedy; of one that is not ours only its kind, for Prefect is to learn no more."""
    return str(error) if isinstance(error, WellkeptError) else f"{type(error).__name__}. {WellkeptError.remedy}"


def _open(clinic: str) -> list[Cycle]:
    with reading() as session:
        clinic_named(session, clinic)
        return open_cycles(session, clinic)


async def _look_after(cycle: Cycle) -> bool:
    """Wake a cycle if anything is due, or take it up if its run broke off. True when it was made to look."""
    taken_up = await take_up(cycle, timedelta(seconds=load_settings().stalled_after_seconds))
    with reading() as session:
        why = why_due(session, cycle)
    if why is None:
        return taken_up
    with transaction() as tx:
        want_waking(tx, cycle.key)
    await wake_cycle(f"{cycle.duty} {cycle.period}", why, cycle)
    return True


async def _settled(clinic: str, keys: list[str]) -> None:
    """Wait, bounded, until the woken cycles have looked: what they wrote goes into today's letters."""
    for _ in range(SETTLE_SECONDS * 5):
        if not any(cycle.key in keys and cycle.wake_wanted_at is not None for cycle in _open(clinic)):
            return
        await anyio.sleep(0.2)
