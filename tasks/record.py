"""The page "Record" of a closed cycle: its story in time order, and the seal over it."""

from zoneinfo import ZoneInfo

from models.checkpoints import Checkpoint
from models.events import Event
from models.ledger_lookup import latest_entry
from models.sealing import first_seal_over
from models.store import reading
from models.story import Told, story_of
from models.tables import Cycle, Seal
from models.words import count_in_words


def record_page(cycle: Cycle, zone: str) -> str:
    """Return the page as Markdown; times are local to the IANA zone."""
    with reading() as session:
        told = story_of(session, cycle)
        closed = latest_entry(session, cycle.clinic, Event.CYCLE_CLOSED, cycle=cycle.key)
        seal = first_seal_over(session, cycle.clinic, closed.seq) if closed else None
    lines = ["## Record", "", f"{count_in_words(len(told), 'entry', 'entries')} in the record of {cycle.clinic}.", ""]
    lines += [f"| entry | when ({zone}) | who | what |", "|---|---|---|---|", *(_row(each, zone) for each in told)]
    return "\n".join([*lines, "", "### Seal", "", *_seal(cycle, seal)]) + "\n"


def _row(told: Told, zone: str) -> str:
    at = f"{told.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
    return f"| {told.seq} | {at} | {_cell(told.who)} | {_cell(told.what)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _seal(cycle: Cycle, seal: Seal | None) -> list[str]:
    if seal is None:
        return ["None yet: the key could not be used when the cycle was closed. The next rounds seals it."]
    size, at = count_in_words(seal.size, "entry", "entries"), Checkpoint.of(seal.note).at
    told = f"The first {size} of {cycle.clinic}, these among them, were sealed at {at} (UTC)."
    whole = "`wellkept audit verify` tells whether they are as they were."
    return [f"{told} {whole}", "", "```", seal.note.rstrip("\n"), "```"]
