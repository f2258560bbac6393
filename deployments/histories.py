"""The relay's part that copies what Prefect has of cycles, so that Prefect may lose all of it."""

import asyncio
import logging

import httpx
from prefect.exceptions import PrefectHTTPStatusError

from tasks.history import MOST_AT_ONCE, copy_due

log = logging.getLogger("wellkept.histories")
LOOK_SECONDS = 5.0


async def copy_histories() -> None:
    """Copy for ever what is due. While Prefect is away it stays due."""
    while True:
        try:
            while await copy_due() == MOST_AT_ONCE:
                pass
        except (httpx.HTTPError, PrefectHTTPStatusError) as error:
            log.warning("Prefect's history could not be copied and is tried again: %s", error)
        await asyncio.sleep(LOOK_SECONDS)
