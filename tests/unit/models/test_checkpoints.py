"""A checkpoint is read back only when a known key has signed exactly this text; OpenSSL agrees."""

import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from models.checkpoints import (
    BrokenSealError,
    Checkpoint,
    ForeignSealError,
    NotACheckpointError,
    known,
    note_in,
    read_note,
)
from models.errors import WellkeptError
from models.merkle import EMPTY_ROOT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = known([KEY.public_key()])
SEALED = Checkpoint("maple-grove", 42, EMPTY_ROOT, "2027-01-15T12:00:00.000000Z")
NOTE = SEALED.signed(KEY)


def test_the_note_is_written_as_c2sp_says():
    assert (
        "wellkept/maple-grove\n"
        "42\n"
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        "sealed 2027-01-15T12:00:00.000000Z\n"
        "\n"
        "— wellkept " + NOTE.rsplit(" ", 1)[1]
    ) == NOTE
    assert len(b64decode(NOTE.rsplit(" ", 1)[1])) == 4 + 64


def test_a_note_is_read_back_also_after_a_mail_program_has_changed_its_line_ends():
    assert read_note(NOTE, KEYS) == SEALED
    assert read_note(NOTE.replace("\n", "\r\n"), KEYS) == SEALED


def test_a_note_with_a_witness_beside_us_is_ours_all_the_same():
    witness = "— witness.example " + b64encode(bytes(68)).decode() + "\n"
    assert read_note(NOTE + witness, KEYS) == SEALED


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_no_character_can_be_changed(where: int, character: str):
    changed = NOTE[:where] + character + NOTE[where + 1 :]
    if changed != NOTE:
        with pytest.raises(WellkeptError):
            read_note(changed, KEYS)


@pytest.mark.parametrize(("note", "error"), [
    ("", NotACheckpointError),
    ("Dear Dana,\n\nhere it is.\n", NotACheckpointError),
    (SEALED.text(), NotACheckpointError),
    (SEALED.text() + "\n", NotACheckpointError),
    (NOTE[:-2], NotACheckpointError),
    (NOTE.replace("wellkept/", "another/"), NotACheckpointError),
    (NOTE.replace("\n42\n", "\n042\n"), NotACheckpointError),
    (SEALED.signed(OTHER), ForeignSealError),
    (NOTE.replace("\n42\n", "\n41\n"), BrokenSealError),
    (NOTE.replace("maple-grove", "elm-street"), BrokenSealError),
    (NOTE.replace("2027-01-15", "2027-01-16"), BrokenSealError),
])  # fmt: skip
def test_what_is_refused_and_why(note: str, error: type[WellkeptError]):
    with pytest.raises(error):
        read_note(note, KEYS)


def test_openssl_verifies_it_with_nothing_of_ours(tmp_path: Path):
    text, _, signature = NOTE.partition("\n\n")
    (tmp_path / "text").write_text(text + "\n")
    (tmp_path / "signature").write_bytes(b64decode(signature.split()[-1])[4:])
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature"
    found = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in found.stdout


@pytest.mark.parametrize("made", [str, lambda note: note.replace("\n", "\r\n"), lambda note: "> " + note.replace("\n", "\n> "), lambda note: f"Dear keeper,\n\n{note}\nRegards\n", lambda note: f"{note}\n\n{note}"])  # fmt: skip
def test_a_seal_is_found_in_the_mail_that_brought_it(made: Callable[[str], str]):
    note = Checkpoint("elm-street", 5, b"\x01" * 32, "2027-01-15T12:00:00.000000Z").signed(Ed25519PrivateKey.generate())
    assert note_in(made(note)) == note


def test_of_two_seals_in_one_text_none_is_picked():
    two = [Checkpoint("elm-street", size, b"\x01" * 32, "2027-01-15T12:00:00.000000Z") for size in (5, 6)]
    text = "".join(each.signed(Ed25519PrivateKey.generate()) for each in two)
    assert note_in(text) == text
