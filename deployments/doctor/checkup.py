"""All checks, in the order in which one would mend things."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from deployments.doctor.engine import check_engine
from deployments.doctor.machine import check_machine
from deployments.doctor.mail import check_mail
from deployments.doctor.result import Result
from deployments.doctor.store import check_store
from models.errors import WellkeptError
from models.settings import Settings


def checkup(settings: Settings, store_trouble: WellkeptError | None) -> Iterator[Result]:
    """Yield what every check finds. `settings` are those of the running stack where one runs.

    `store_trouble` says why there is no store to look into.
    """
    yield from check_machine(settings)
    yield from check_mail(settings)
    if store_trouble:
        yield Result("store", str(store_trouble.args[0]), store_trouble.help)
    else:
        yield from _guarded(settings)


def _guarded(settings: Settings) -> Iterator[Result]:
    """Look at the store and at Prefect; a store that refuses a question is itself a finding."""
    try:
        yield from check_store(settings)
        yield from check_engine(settings)
    except WellkeptError as error:
        yield Result("store", str(error.args[0]), error.help or "See the logs in the data folder.")
    except SQLAlchemyError as error:
        words = str(error).partition("\n")[0]
        yield Result(
            "store", f"it refuses a question: {words}", "Start `wellkept up` anew: it brings the store up to date."
        )
