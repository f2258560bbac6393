"""The installation's own secrets: made once, kept in one file that only its owner may read."""

import json
import secrets
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from models.private_file import SecretFileError, refuse_open_file, write_once

FILE_NAME = "secrets.json"


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

    def as_json(self) -> bytes:
        """Return them as the file holds them."""
        return json.dumps({name: value.get_secret_value() for name, value in self}, indent=1).encode()


def load_secrets(data_dir: Path) -> Secrets:
    """Read `<data_dir>/secrets.json`, or make it on first use.

    Raises SecretFileError where others may read it, or where it is not what was written.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        write_once(path, Secrets.fresh().as_json())
    refuse_open_file(path)
    try:
        return Secrets.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SecretFileError(f"{path} is broken: {_first_reason(error)}.") from error


def _first_reason(error: OSError | ValidationError) -> str:
    """Return what is wrong without repeating a secret."""
    if isinstance(error, OSError):
        return str(error.strerror)
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}"
