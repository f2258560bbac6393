#!/usr/bin/env python3
"""Check a binder, offline, with nothing but Python's standard library (3.8 or newer).

    python3 verify.py [FOLDER OR ZIP] [--key HEX OR FILE]

Without an argument the folder is the one this file lies in. It checks that every file is the one the manifest names and
that there is no other; that the manifest is the one the last entry of the ledger extract names; that the entries of the
extract stand in the sealed log as they say (RFC 6962); that the seal over it is signed (Ed25519, RFC 8032); and that
the copies of the workflow engine's history are those the entries name. The exit code is 0 when all of it holds, else 1.

It is written for reading: nothing in it comes from the program that made the binder.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTED = "binder:binder:exported"
COPIED = "history:run:copied"
MANIFEST, PROOF = "manifest.json", "proof/"
ENTRIES, PLACES, SEAL, KEYS = (PROOF + name for name in ("entries.jsonl", "proof.json", "seal.txt", "keys.json"))
PROOFS = {ENTRIES, PLACES, SEAL, KEYS}
LARGEST = 1 << 31
"""Bytes of one file; a larger one in a zip is not unpacked."""


class NotABinderError(Exception):
    """This cannot be checked at all."""


# --- the files


def read_binder(path: Path) -> dict[str, bytes]:
    """Return the files of a folder or a zip by their paths. Raises NotABinderError."""
    try:
        files = _read_zip(path) if path.is_file() else _read_folder(path)
    except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, ValueError, NotImplementedError) as error:
        raise NotABinderError(f"{path} cannot be read: it is no folder and no whole zip file.") from error
    if MANIFEST not in files:
        raise NotABinderError(f"{path} holds no {MANIFEST}: it is no binder, or a part is missing.")
    return files


def _read_folder(path: Path) -> dict[str, bytes]:
    found = (each for each in path.rglob("*") if each.is_file() and "__pycache__" not in each.parts)
    return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}


def _read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        inside = [each for each in archive.infolist() if not each.is_dir()]
        if any(each.file_size > LARGEST for each in inside):
            raise ValueError("too large")
        names = [each.filename for each in inside]
        top = names[0].split("/")[0] + "/" if names and all("/" in name for name in names) else ""
        top = top if all(name.startswith(top) for name in names) else ""
        return {each.filename[len(top) :]: archive.read(each) for each in inside}


# --- the checks


def findings(files: dict[str, bytes], trusted: str | None = None) -> Iterator[str]:
    """Yield everything that is wrong with a binder; `trusted` is a public key (hex) that was got another way."""
    yield from _wrong_files(files)
    missing = sorted(PROOFS - set(files))
    if missing:
        yield from (f"{name} is missing" for name in missing)
        return
    try:
        bodies, proof = _entries(files), _read_json(files[PLACES])
        log, size, root = _seal_says(files[SEAL])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        yield f"the proof cannot be read: {error}"
        return
    yield from _wrong_places(bodies, proof, log, size, root)
    yield from _wrong_signature(files, trusted)
    yield from _wrong_manifest(files, bodies)
    yield from _wrong_copies(files, bodies)


def _wrong_files(files: dict[str, bytes]) -> Iterator[str]:
    try:
        listed = _read_json(files[MANIFEST])["files"]
        hashes = {name: facts["sha256"] for name, facts in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"{MANIFEST} cannot be read: {error}"
        return
    for name, expected in sorted(hashes.items()):
        if name not in files:
            yield f"{name} is missing"
        elif hashlib.sha256(files[name]).hexdigest() != expected:
            yield f"{name} was changed"
    for name in sorted(set(files) - set(hashes) - PROOFS - {MANIFEST}):
        yield f"{name} was put in: the manifest does not name it"


def _wrong_places(bodies: list[bytes], proof: dict[str, Any], log: str, size: int, root: bytes) -> Iterator[str]:
    """Yield what is wrong with the entries: whether they lead, with the hashes of all others, to the sealed root."""
    if proof.get("log") != log or proof.get("size") != size:
        yield "the proof is of {} entries of {}, the seal of {} of {}".format(
            proof.get("size"), proof.get("log"), size, log
        )
        return
    numbers = proof.get("entries")
    if not isinstance(numbers, list) or len(numbers) != len(bodies):
        told = len(numbers) if isinstance(numbers, list) else 0
        yield f"the extract holds {len(bodies)} entries, the proof tells of {told}"
        return
    for number, body in zip(numbers, bodies):
        entry = _entry(body)
        if (entry.get("seq"), entry.get("log")) != (number, log):
            yield "entry {} says that it is entry {} of {}".format(number, entry.get("seq"), entry.get("log"))
    leaves = {number: hashlib.sha256(b"\x00" + body).digest() for number, body in zip(numbers, bodies)}
    try:
        made = root_of(leaves, size, [bytes.fromhex(each) for each in proof["hashes"]])
    except (ValueError, KeyError, TypeError, IndexError):
        made = b""
    if made != root:
        yield "the entries of the extract are not those that were sealed"


def _wrong_signature(files: dict[str, bytes], trusted: str | None) -> Iterator[str]:
    try:
        told = _read_json(files[KEYS])
        key, led_to = bytes.fromhex(told["ed25519"]), _led_to(told["ed25519"], told["changes"])
        text, signatures = _signatures(files[SEAL])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"the seal or its keys cannot be read: {error}"
        return
    if trusted is not None and trusted not in led_to:
        yield "the key you gave is not the one that came with the binder, nor one before it: it is another's"
        return
    ours = [each[4:] for each in signatures if each[:4] == key_id(key)]
    if not ours:
        yield "the seal was signed with another key"
    elif not all(is_signed(key, text, signature) for signature in ours):
        yield "the seal's signature does not fit its text"


def _led_to(key: str, changes: list[dict[str, str]]) -> set[str]:
    """Return a key and those before it (hex), as far as each change, the last first, was signed by both of its keys."""
    found = {key}
    for change in changes:
        statement = "wellkept key\n{old}\n{new}\n{at}\n".format(**change).encode()
        both = [(bytes.fromhex(change[which]), bytes.fromhex(change["by_" + which])) for which in ("old", "new")]
        if change["new"] != key or not all(is_signed(signer, statement, signature) for signer, signature in both):
            break
        key = change["old"]
        found.add(key)
    return found


def _wrong_manifest(files: dict[str, bytes], bodies: list[bytes]) -> Iterator[str]:
    told = [_entry(body) for body in bodies]
    made = [entry for entry in told if entry.get("event") == EXPORTED]
    if not made:
        yield "no entry tells that this binder was made"
        return
    facts = made[-1].get("facts")
    if not isinstance(facts, dict) or facts.get("manifest_sha256") != hashlib.sha256(files[MANIFEST]).hexdigest():
        yield f"{MANIFEST} is not the one that was sealed: it was changed, or is another binder's"


def _wrong_copies(files: dict[str, bytes], bodies: list[bytes]) -> Iterator[str]:
    """Yield the copies that an entry names and that are not here; a binder on one day may lack what came before."""
    there = {hashlib.sha256(content).hexdigest() for name, content in files.items() if name.startswith("prefect/")}
    named = set()
    for entry in map(_entry, bodies):
        facts = entry.get("facts")
        if entry.get("event") == COPIED and isinstance(facts, dict):
            named.add(facts.get("sha256"))
            if facts.get("sha256") not in there:
                yield "copy {} of {}, of which entry {} tells, is not here".format(
                    facts.get("number"), entry.get("cycle"), entry.get("seq")
                )
    if there - named:
        yield f"{len(there - named)} copies in prefect/ are named by no entry"


# --- reading


def _read_json(content: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _entries(files: dict[str, bytes]) -> list[bytes]:
    content = files[ENTRIES]
    if not content.endswith(b"\n"):
        raise ValueError(f"{ENTRIES} does not end where a line ends: it was cut off")
    return content[:-1].split(b"\n")


def _entry(body: bytes) -> dict[str, Any]:
    """Return an entry; an empty one where the line is none, which the root shows."""
    try:
        read = _read_json(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _seal_says(note: bytes) -> tuple[str, int, bytes]:
    """Return the log, the number of entries and the root that a seal names (C2SP tlog-checkpoint)."""
    found = re.match(
        r"wellkept/([a-z0-9-]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\nsealed [0-9TZ:.-]+\n\n", note.decode("utf-8")
    )
    if not found:
        raise ValueError(f"{SEAL} is not a seal")
    return found.group(1), int(found.group(2)), base64.b64decode(found.group(3))


def _signatures(note: bytes) -> tuple[bytes, list[bytes]]:
    """Return the signed text and the signatures, each with the four bytes that name its key before it."""
    text, _, lines = note.decode("utf-8").partition("\n\n")
    found = re.findall("^\u2014 wellkept ([A-Za-z0-9+/=]+)$", lines, re.MULTILINE)
    return (text + "\n").encode(), [base64.b64decode(each) for each in found]


# --- the hashes of RFC 6962


def root_of(leaves: dict[int, bytes], size: int, hashes: list[bytes]) -> bytes:
    """Return the root of a log of so many entries, of which some leaves are known and hashes stand for the others."""
    left = list(reversed(hashes))
    root = _root(leaves, sorted(leaves), 0, size, left)
    if left or (leaves and not 0 <= min(leaves) <= max(leaves) < size):
        raise ValueError("hashes are left over")
    return root


def _root(leaves: dict[int, bytes], kept: list[int], first: int, end: int, left: list[bytes]) -> bytes:
    if not kept:
        return left.pop()
    if end - first == 1:
        return leaves[first]
    middle = first + (1 << ((end - first - 1).bit_length() - 1))
    below = _root(leaves, [number for number in kept if number < middle], first, middle, left)
    above = _root(leaves, [number for number in kept if number >= middle], middle, end, left)
    return hashlib.sha256(b"\x01" + below + above).digest()


# --- the signature of RFC 8032, section 5.1; slow, and made for checking only

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


class Point(NamedTuple):
    """A point in extended coordinates."""

    x: int
    y: int
    z: int
    t: int


def key_id(key: bytes) -> bytes:
    """Return the four bytes by which a signature names its key (C2SP signed-note)."""
    return hashlib.sha256(b"wellkept\n\x01" + key).digest()[:4]


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a text was made with the private half of a public key."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or s >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return _same(_times(s, BASE), _plus(commitment, _times(challenge, public)))


def _x_of(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else Point(x, y, 1, x * y % P)


def _plus(p: Point, q: Point) -> Point:
    a, b = (p.y - p.x) * (q.y - q.x) % P, (p.y + p.x) * (q.y + q.x) % P
    c, d = 2 * p.t * q.t * D % P, 2 * p.z * q.z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    result = Point(0, 1, 1, 0)
    while number:
        if number & 1:
            result = _plus(result, point)
        point = _plus(point, point)
        number >>= 1
    return result


def _same(p: Point, q: Point) -> bool:
    return (p.x * q.z - q.x * p.z) % P == 0 and (p.y * q.z - q.y * p.z) % P == 0


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x_of(_BASE_Y, 0) or 0
BASE = Point(_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


# --- the command


def main(arguments: list[str] | None = None) -> int:
    """Check a binder and say what came of it."""
    parser = argparse.ArgumentParser(description="Check a binder, offline.")
    parser.add_argument(
        "binder", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="its folder or zip"
    )
    parser.add_argument("--key", help="the practice's public key in hex, or a file that holds it, got another way")
    given = parser.parse_args(arguments)
    try:
        files = read_binder(given.binder)
        found = list(findings(files, _trusted(given.key)))
    except NotABinderError as error:
        print(error)
        return 1
    for each in found:
        print(f"- {each}.")
    if found:
        print("This binder is NOT as it was made: {} finding{}.".format(len(found), "" if len(found) == 1 else "s"))
        return 1
    log, size, _ = _seal_says(files[SEAL])
    print(f"This binder is as it was made: {len(files)} files, {len(_entries(files))} of {size} entries of {log}.")
    if given.key is None:
        print(
            "The key that signed it came with it. Give --key with one that you got another way to be sure whose it is."
        )
    return 0


def _trusted(key: str | None) -> str | None:
    """Return the key somebody gave, as hex. Raises NotABinderError."""
    if key is None:
        return None
    try:
        text = Path(key).read_text(encoding="utf-8") if Path(key).is_file() else key
    except (OSError, ValueError) as error:
        raise NotABinderError(f"{key} cannot be read.") from error
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise NotABinderError("A public key has 64 hexadecimal digits; this is none.")
    return text.strip().lower()


if __name__ == "__main__":
    sys.exit(main())
