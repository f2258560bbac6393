"""The kind of a data folder: a demo's or a practice's. Written once, never changed."""

import json
from pathlib import Path

from models.errors import WellkeptError

FILE_NAME = "store.json"


class StoreKindError(WellkeptError):
    """The data folder does not say whether it is a demo's or a practice's."""

    remedy = 'Write {"demo": true} or {"demo": false} into store.json of the data folder.'


def read_kind(data_dir: Path) -> bool | None:
    """Return True for a demo's folder, False for a practice's, None for a fresh one. Raises StoreKindError."""
    path = data_dir / FILE_NAME
    if not path.exists():
        return None
    try:
        return _kind(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        raise StoreKindError(f"{path} cannot be read.") from error


def mark_kind(data_dir: Path, *, demo: bool) -> None:
    """Write the kind at the first start; a folder that has one keeps it."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / FILE_NAME
    if not path.exists():
        path.write_text(json.dumps({"demo": demo}) + "\n")


def _kind(written: object) -> bool:
    """Return the kind that was written. Raises ValueError where it is anything but true or false."""
    match written:
        case {"demo": bool(demo)}:
            return demo
        case _:
            raise ValueError(written)
