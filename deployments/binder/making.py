"""Making a binder as a folder or a zip: all of it, or nothing."""

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deployments.binder.pdf import make_pdf
from models import clock
from models.binder.binder import Binder, gather
from models.binder.extract import Extract, extract
from models.binder.folder import write_contents, write_proof
from models.binder.scope import Scope
from models.errors import WellkeptError
from models.events import Event
from models.seal_key import key_changes, load_seal_key
from models.settings import load_settings
from models.store import snapshot, transaction
from models.tables import Seal


class NoRoomForBinderError(WellkeptError):
    """The binder cannot be written."""

    remedy = "Name another place with --out, one that does not exist yet and where there is room."


@dataclass(frozen=True)
class Made:
    """A binder that was made."""

    path: Path
    pages: int
    entries: int
    gaps: int
    files: int


def make_binder(scope: Scope, out: Path, actor: str, *, zipped: bool) -> Made:
    """Make a binder at a path that does not exist yet.

    Raises NoRoomForBinderError, SealKeyError; then nothing is left behind but, perhaps, the entry that tells of it.
    """
    if out.exists():
        raise NoRoomForBinderError(f"{out} is there already.")
    key, changes = load_seal_key(load_settings().data_dir), key_changes(load_settings().data_dir)
    with snapshot() as session:
        binder = gather(session, scope)
    made_at = f"{clock.now().astimezone(ZoneInfo(scope.time_zone)):%Y-%m-%d %H:%M}"
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".binder-", dir=out.absolute().parent) as temporary:
            folder = Path(temporary) / out.stem
            pdf, pages = make_pdf(binder, made_at, actor)
            manifest = write_contents(folder, binder, pdf)
            with transaction() as tx:
                tx.record(scope.clinic, Event.BINDER_EXPORTED, actor=actor, **_facts(scope, manifest))
                tx.seal(scope.clinic, actor=actor, key=key)
            found = _extracted(scope, tx.sealed[scope.clinic])
            write_proof(folder, found, key.public_key(), changes)
            _put(folder, out, zipped=zipped)
    except OSError as error:
        raise NoRoomForBinderError(f"The binder cannot be written to {out}: {error.strerror}.") from error
    return Made(out, pages, len(found.kept), len(binder.gaps), _count(binder))


def _facts(scope: Scope, manifest: str) -> dict[str, Any]:
    period = {"from": str(scope.first), "to": str(scope.last), "topic": scope.topic}
    return {"manifest_sha256": manifest, **period, "case_facts": scope.with_case_facts}


def _extracted(scope: Scope, seal: Seal) -> Extract:
    with snapshot() as session:
        return extract(session, scope, seal, always=seal.size - 1)


def _put(folder: Path, out: Path, *, zipped: bool) -> None:
    """Move what was made to its place, in one step."""
    if not zipped:
        folder.rename(out)
        return
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_DEFLATED) as into:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            into.write(path, Path(out.stem) / path.relative_to(folder))
    shutil.move(archive, out)


def _count(binder: Binder) -> int:
    return len(binder.files) + 2 * len(binder.sheets) + 4
