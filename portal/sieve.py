"""Sieve: reading a form whose files may be far too large, so that what was typed beside them is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

LARGEST_PART = 4_000_000
"""Bytes of one field or file that are kept: more than any text may have, so that the form can say what is wrong."""
MOST_FIELDS = 200
MOST_FILES = 20


class Sieve(MultiPartParser):
    """A multipart parser that lets what is too large fall through; files beyond 1 MB wait on disk, not in memory."""

    _seen = 0

    def on_part_begin(self) -> None:
        """Count each part from its beginning."""
        self._seen = 0
        super().on_part_begin()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Keep of a part as much as is kept of any: whoever reads it sees that it was too large."""
        left = LARGEST_PART - self._seen
        self._seen += end - start
        if left > 0:
            super().on_part_data(data, start, min(end, start + left))


@asynccontextmanager
async def sieved(request: Request) -> AsyncIterator[FormData]:
    """Open a posted form; its files are closed at the end. Raises HTTPException 400 for one that cannot be read."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        limits = {"max_files": 0, "max_fields": MOST_FIELDS, "max_part_size": LARGEST_PART}
        async with request.form(**limits) as form:
            yield form
        return
    form = await _parsed(request)
    try:
        yield form
    finally:
        await form.close()


async def _parsed(request: Request) -> FormData:
    limits = {"max_files": MOST_FILES, "max_fields": MOST_FIELDS, "max_part_size": LARGEST_PART}
    try:
        return await Sieve(request.headers, request.stream(), **limits).parse()
    except MultiPartException as error:
        raise HTTPException(400) from error
