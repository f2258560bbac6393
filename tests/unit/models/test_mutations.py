"""Whatever is changed in a log and its seals is found: random mutations of what the database holds."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from models import ledger
from models.audit import verify
from models.checkpoints import Checkpoint, NotACheckpointError, known
from models.events import Event
from models.ledger import Entry
from models.merkle import Frontier, leaf_hash
from models.seals_seen import SealsSeen
from models.tables import Seal

LOG, OTHER = "elm-street", "oak-street"
KEY, FOREIGN = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SEALED_OVER = (3, 7, 12, 13)
"""After so many entries there is a seal; the next entry tells of it, as the last one does."""
MOMENT = datetime(2027, 1, 15, 12, tzinfo=UTC)
Record = tuple[list[Entry], list[tuple[int, str]]]


@cache
def _written() -> Record:
    entries: list[Entry] = []
    seals: list[tuple[int, str]] = []
    frontier, prev = Frontier(), ledger.FIRST_PREV
    for seq in range(SEALED_OVER[-1] + 1):
        told = {"v": ledger.FORMAT, "log": LOG, "seq": seq, "prev": prev, "at": ledger.stamp(MOMENT), "actor": "engine"}
        facts = {"size": seq, "root": frontier.root().hex()} if seq in SEALED_OVER else {"step": f"step {seq}"}
        event = Event.RECORD_SEALED if seq in SEALED_OVER else Event.STEP_DONE
        body = ledger.canonical({**told, "cycle": None, "run": {}, "event": str(event), "facts": facts})
        entries.append(Entry(LOG, seq, body, leaf_hash(body)))
        frontier.add(entries[-1].leaf)
        prev = entries[-1].leaf.hex()
        if frontier.size in SEALED_OVER:
            note = Checkpoint(LOG, frontier.size, frontier.root(), ledger.stamp(MOMENT)).signed(KEY)
            seals.append((frontier.size, note))
    return entries, seals


def findings(record: Record) -> list[str]:
    entries, seals = record
    rows = [Seal(log=LOG, size=size, note=note, peaks=b"", sealed_at=MOMENT) for size, note in sorted(seals)]
    seen = SealsSeen(LOG, rows, known([KEY.public_key()]))
    return [each.problem for each in verify(LOG, sorted(entries, key=lambda entry: entry.seq), seen).findings]


def _altered(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    how = draw(st.sampled_from(["replace", "insert", "remove", "cut"]))
    byte = draw(st.binary(min_size=1, max_size=3))
    return {
        "replace": content[:at] + byte + content[at + len(byte) :],
        "insert": content[:at] + byte + content[at:],
        "remove": content[:at] + content[at + 1 :],
        "cut": content[:at],
    }[how]


def _edit_body(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    entries[at] = entries[at]._replace(body=_altered(draw, entries[at].body))


def _edit_body_and_leaf(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    _edit_body(draw, entries, at)
    entries[at] = entries[at]._replace(leaf=leaf_hash(entries[at].body))


def _edit_leaf(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    entries[at] = entries[at]._replace(leaf=_altered(draw, entries[at].leaf))


def _renumber(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    entries[at] = entries[at]._replace(seq=draw(st.integers(-5, 40)))


def _drop(_: st.DrawFn, entries: list[Entry], at: int) -> None:
    del entries[at]


def _cut_off(_: st.DrawFn, entries: list[Entry], at: int) -> None:
    del entries[at:]


def _swap(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    other = draw(st.integers(0, len(entries) - 1))
    one, two = entries[at], entries[other]
    entries[at], entries[other] = one._replace(body=two.body, leaf=two.leaf), two._replace(body=one.body, leaf=one.leaf)


def _repeat(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    entries.append(entries[at]._replace(seq=draw(st.integers(len(entries), len(entries) + 3))))


def _forge(draw: st.DrawFn, entries: list[Entry], at: int) -> None:
    """Put an entry in as the last, which follows and has its right hash; nothing but its content can give it away."""
    last = entries[-1]
    told = {"v": draw(st.sampled_from([0, 2, "1"])), "log": draw(st.sampled_from([LOG, OTHER])), "seq": last.seq + 1}
    body = ledger.canonical({**told, "prev": last.leaf.hex(), "at": ledger.stamp(MOMENT), "event": "x", "facts": {}})
    entries.append(Entry(LOG, last.seq + 1, body, leaf_hash(body)))


ON_ENTRIES: list[Callable[[st.DrawFn, list[Entry], int], None]] = [
    _edit_body, _edit_body_and_leaf, _edit_leaf, _renumber, _drop, _cut_off, _swap, _repeat, _forge,
]  # fmt: skip


def _edit_note(draw: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    size, note = seals[at]
    seals[at] = (size, _altered(draw, note.encode()).decode("utf-8", "replace"))


def _sign_anew(_: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    with suppress(NotACheckpointError):
        seals[at] = (seals[at][0], Checkpoint.of(seals[at][1]).signed(FOREIGN))


def _resize(draw: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    seals[at] = (draw(st.integers(-3, 40)), seals[at][1])


def _drop_seal(_: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    del seals[at]


def _swap_notes(draw: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    other = draw(st.integers(0, len(seals) - 1))
    (one, first), (two, second) = seals[at], seals[other]
    seals[at], seals[other] = (one, second), (two, first)


def _drop_all(_: st.DrawFn, seals: list[tuple[int, str]], at: int) -> None:
    del seals[:]


ON_SEALS: list[Callable[[st.DrawFn, list[tuple[int, str]], int], None]] = [
    _edit_note, _sign_anew, _resize, _drop_seal, _swap_notes, _drop_all,
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> Record:
    """Return the record with one to three mutations."""
    entries, seals = (list(each) for each in _written())
    for _ in range(draw(st.integers(1, 3))):
        if entries and draw(st.booleans()):
            draw(st.sampled_from(ON_ENTRIES))(draw, entries, draw(st.integers(0, len(entries) - 1)))
        elif seals:
            draw(st.sampled_from(ON_SEALS))(draw, seals, draw(st.integers(0, len(seals) - 1)))
    return entries, seals


def test_what_was_written_is_whole():
    assert findings(_written()) == []


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_no_mutation_is_unseen(record: Record):
    if not behind_the_last_seal(record):
        assert findings(record) != []


def behind_the_last_seal(record: Record) -> bool:
    """Tell whether everything that is sealed is as it was, by the seals that are left and told of.

    What comes after the last seal is protected by none yet, and an end that was cut off together with its seals shows only
    against a seal that somebody else holds.
    """
    written, sealed = _written()
    entries, seals = sorted(record[0], key=lambda entry: entry.seq), sorted(record[1])
    covered = seals[-1][0] if seals else 0
    of_gone_seals = {entry.body for entry in written if entry.seq in SEALED_OVER and entry.seq > covered}
    tail = {entry.body for entry in entries[covered:]}
    return seals == sealed[: len(seals)] and entries[:covered] == written[:covered] and not tail & of_gone_seals
