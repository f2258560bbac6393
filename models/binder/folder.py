"""The binder as a folder: tables, documents, copies, their manifest, and the proof; `verify.py` in it checks all."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.binder.binder import Binder
from models.binder.extract import Extract
from models.key_change import KeyChange

MANIFEST = "manifest.json"
PROOF = "proof"
READ_ME = """This is a binder of {name}: what its record holds for {period}{topic}.

binder.pdf      everything to read and print, with an index
data/           the tables of the PDF as CSV and JSON
documents/      policies, each version as it was in force
prefect/        raw copies of what the workflow engine wrote down, as the record keeps them
proof/          entries of the record's ledger, and the seal over it
manifest.json   the SHA-256 of every file outside proof/
verify.py       checks all of it

To check it, with nothing but Python 3.8 or newer and no network:

    python3 verify.py

It tells whether a file was changed, taken away or put in after the binder was made, whether the entries in
proof/entries.jsonl are those that were sealed, and whether the seal is good. The public key in proof/keys.json came
with the binder; better compare with one that you got another way: python3 verify.py --key HEX. Where the practice has
changed its key since then, proof/keys.json holds the changes, each signed by the key before and the one after.

By hand: `sha256sum` of a file is the one in manifest.json. `sha256sum manifest.json` is the one in the last line of
proof/entries.jsonl. The text of proof/seal.txt above its blank line is signed with Ed25519 (RFC 8032); the signature
is the base64 in its last line without the first four bytes. The hashes are those of RFC 6962 over the lines of
proof/entries.jsonl, without their ends.
"""


def write_contents(folder: Path, binder: Binder, pdf: bytes) -> str:
    """Write everything that the manifest vouches for, and the manifest; return the manifest's SHA-256 (hex)."""
    contents = {**binder.files, **_data(binder), "binder.pdf": pdf}
    topic = f", on {binder.scope.topic}" if binder.scope.topic else ""
    contents["READ ME.txt"] = READ_ME.format(name=binder.name, period=binder.scope.in_words, topic=topic).encode()
    contents["verify.py"] = files("models.binder").joinpath("verify.py").read_bytes()
    for path, content in contents.items():
        _write(folder / path, content)
    listed = {
        path: {"sha256": sha256(contents[path]).hexdigest(), "bytes": len(contents[path])} for path in sorted(contents)
    }
    manifest = _json({"binder": _about(binder), "files": listed})
    _write(folder / MANIFEST, manifest)
    return sha256(manifest).hexdigest()


def write_proof(folder: Path, extract: Extract, key: Ed25519PublicKey, changes: Sequence[KeyChange]) -> None:
    """Write the entries, the proof, the seal, the public key that signed it and the changes that led to that key."""
    proof = folder / PROOF
    _write(proof / "entries.jsonl", b"".join(body + b"\n" for _, body in extract.kept))
    _write(proof / "proof.json", _json(extract.proof()))
    _write(proof / "seal.txt", extract.seal.note.encode())
    _write(proof / "keys.json", _json(_keys(key, changes)))


def _keys(key: Ed25519PublicKey, changes: Sequence[KeyChange]) -> dict[str, Any]:
    return {"ed25519": key.public_bytes_raw().hex(), "changes": [asdict(change) for change in changes]}


def _about(binder: Binder) -> dict[str, Any]:
    scope = binder.scope
    period = {"from": str(scope.first), "to": str(scope.last), "time_zone": scope.time_zone}
    return {
        "clinic": scope.clinic,
        "name": binder.name,
        **period,
        "topic": scope.topic,
        "case_facts": scope.with_case_facts,
    }


def _data(binder: Binder) -> dict[str, bytes]:
    made = {}
    for sheet in binder.sheets:
        rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
        told = {"tab": sheet.tab, "title": sheet.title, "note": sheet.note, "rows": rows}
        made[f"data/{sheet.tab}-{sheet.name}.json"] = _json(told)
        lines = io.StringIO()
        csv.writer(lines).writerows([sheet.columns, *(map(_harmless, row) for row in sheet.rows)])
        made[f"data/{sheet.tab}-{sheet.name}.csv"] = lines.getvalue().encode("utf-8-sig")  # so that Excel reads it
    made["data/gaps.json"] = _json([{"tab": gap.tab, "what": gap.what} for gap in binder.gaps])
    return made


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _json(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
