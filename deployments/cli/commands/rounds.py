"""Make a clinic's rounds now; in a demo, on any later day."""

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deployments.cli.apps import command_app
from deployments.cli.engine import engine_errors, use_engine
from deployments.cli.folder import use_store
from deployments.cli.options import ClinicOption, a_day
from deployments.cli.showing import say
from deployments.prefect_answer import need_prefect
from models.demo_day import move_to, need_demo
from models.errors import WellkeptError
from models.people import clinic_named
from models.settings import Settings, load_settings
from models.store import reading, transaction
from models.words import day_in_words

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

app = command_app()


class RoundsFailedError(WellkeptError):
    """The rounds did not end well."""

    remedy = "What they did stays done. The flow run in Prefect says why; run them again, that is harmless."


@app.command()
def rounds(
    clinic: ClinicOption,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Demo only: move the clock to this day first.")
    ] = None,
) -> None:
    """Make a clinic's rounds now: wake what is due, take up what broke off, post the day's letters.

    A demo may stand on another day: --as-of moves its clock to the clinic's hour of rounds on that day. It never
    goes back, and days that are skipped are made up.

    Examples:
        wellkept rounds --clinic maple-grove
        wellkept rounds --clinic maple-grove --as-of 2027-03-01
    """
    day = a_day(as_of) if as_of else None
    if day:
        need_demo(load_settings().data_dir)
    settings = use_store()
    with reading() as session:
        name = clinic_named(session, clinic).name
    if day:
        with transaction() as tx:
            move_to(tx, clinic, day)
            need_prefect(settings)  # without it the clock stays where it is
        say(f"The demo stands on {day_in_words(day)}.")
    need_prefect(settings)
    say("Cycles that wake get up to three minutes to look.")
    say(f"Rounds at {name}: {_make_rounds(settings, clinic)}")


def _make_rounds(settings: Settings, clinic: str) -> str:
    """Run the flow in this process and return how it ended. Raises RoundsFailedError, EngineAwayError."""
    use_engine(settings)
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "WARNING"  # the run's page has the rest
    from flows.rounds import rounds as flow  # noqa: PLC0415 - Prefect reads its settings when imported

    with engine_errors():
        state = asyncio.run(_state_of(flow, clinic))
    if not state.is_completed():
        raise RoundsFailedError(f"The rounds ended as {state.name}: {state.message}.")
    return str(state.message)


async def _state_of(flow: Callable[..., Any], clinic: str) -> "State[Any]":
    state: State[Any] = await flow(clinic, return_state=True)
    return state
