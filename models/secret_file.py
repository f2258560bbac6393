"""The installation's own secrets: made once, kept in one file that only its owner may read."""

import json
import os
import secrets
import stat
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from models.errors import WellkeptError

FILE_NAME = "secrets.json"


class SecretFileError(WellkeptError):
    """The file of secrets cannot be used."""

    remedy = "Bring secrets.json back from your backup, or move it away and start again: new secrets are then made."


class Secrets(BaseModel):
    """What nobody but this installation may know. All values are random ASCII text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefect_auth: SecretStr = Field(min_length=20, description="Prefect's shared login, `admin:<random>`.")
    link_pepper: SecretStr = Field(min_length=20, description="Mixed into the hash of every link, kept out of backups.")

    @classmethod
    def fresh(cls) -> Self:
        """Return new random secrets, 256 bits each."""
        return cls(
            prefect_auth=SecretStr(f"admin:{secrets.token_urlsafe(32)}"),
            link_pepper=SecretStr(secrets.token_urlsafe(32)),
        )


def load_secrets(data_dir: Path) -> Secrets:
    """Read `<data_dir>/secrets.json`, or make it on first use.

    Raises SecretFileError where others may read it, or where it is not what was written.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        _write(path, Secrets.fresh())
    _refuse_open_file(path)
    try:
        return Secrets.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SecretFileError(f"{path} is broken: {_first_reason(error)}.") from error


def _write(path: Path, fresh: Secrets) -> None:
    """Write secrets so that two first starts at once end with one file, complete."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({name: value.get_secret_value() for name, value in fresh}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _refuse_open_file(path: Path) -> None:
    """Refuse a file that the group or others may read or write."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SecretFileError(f"{path} can be read by others.", remedy=f"Run `chmod 600 {path}`.")


def _first_reason(error: OSError | ValidationError) -> str:
    """Return what is wrong without repeating a secret."""
    if isinstance(error, OSError):
        return str(error.strerror)
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}"
