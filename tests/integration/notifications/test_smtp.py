"""Whatever a mail server does, handing a letter over ends with a verdict and never with an exception."""

import asyncio
from contextlib import suppress

import pytest

from models.settings import Settings
from notifications.message import Parcel
from notifications.smtp import hand_over
from notifications.testing import free_port
from notifications.verdict import Fate

PARCEL = Parcel("a" * 32, "bounces@maple-grove.example", "priya@maple-grove.example", b"Subject: x\r\n\r\nx\r\n")
HELLO, EHLO, OK = "220 mx", "250 mx", "250 ok"

RUDE = [
    # what the server says in turn before it hangs up; what that means
    ([], Fate.AWAY),
    (["rubbish"], Fate.AWAY),
    (["421 too busy"], Fate.AWAY),
    (["554 not you"], Fate.MISCONFIGURED),
    ([HELLO, "502 what", "502 what"], Fate.MISCONFIGURED),
    ([HELLO, EHLO], Fate.AWAY),
    ([HELLO, EHLO, "550 not your domain"], Fate.MISCONFIGURED),
    ([HELLO, EHLO, OK, "450 greylisted", OK], Fate.LATER),
    ([HELLO, EHLO, OK, "550 5.1.1 unknown", OK], Fate.REFUSED),
    ([HELLO, EHLO, OK, OK, "354 go"], Fate.AWAY),  # gone in the middle of the letter: it may have been taken
    ([HELLO, EHLO, OK, OK, "354 go", "452 disk full", OK], Fate.LATER),
    ([HELLO, EHLO, OK, OK, "354 go", "554 spam", OK], Fate.REFUSED),
    ([HELLO, EHLO, OK, OK, "354 go", "250 taken"], Fate.ACCEPTED),  # and gone before goodbye
    ([HELLO, EHLO, OK, OK, "354 go", "250 taken", "rubbish"], Fate.ACCEPTED),
]


@pytest.mark.parametrize(("script", "fate"), RUDE, ids=[" / ".join(script) or "silence" for script, _ in RUDE])
def test_every_way_to_break_off_has_its_meaning(script: list[str], fate: Fate) -> None:
    assert asyncio.run(_try(script)) is fate


def test_without_the_starttls_we_insist_on_nothing_is_said() -> None:
    assert asyncio.run(_try([HELLO, EHLO, OK, OK, "354 go", OK], starttls=True)) is Fate.MISCONFIGURED


def test_a_port_nobody_listens_on_means_away() -> None:
    assert asyncio.run(hand_over(PARCEL, _settings(free_port()))).fate is Fate.AWAY


async def _try(script: list[str], *, starttls: bool = False) -> Fate:
    over = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in script:
            writer.write(f"{line}\r\n".encode())
            await reader.readuntil(b"\r\n.\r\n" if line.startswith("354") else b"\r\n")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The visitor leaves early where that is what a case is about.
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await speak(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        over.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        verdict = await hand_over(PARCEL, _settings(port, starttls=starttls))
        await over.wait()
        return verdict.fate


def _settings(port: int, *, starttls: bool = False) -> Settings:
    return Settings(_env_file=None, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=starttls)
