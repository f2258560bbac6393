"""What an installation is told: one typed class, read from WELLKEPT_ variables and `<data_dir>/settings.env`."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from models.errors import WellkeptError
from models.store_kind import read_kind

PREFIX = "WELLKEPT_"
FILE_NAME = "settings.env"
_RIGHTS = "Give yourself the right to read it."
_PHRASES = {
    "extra_forbidden": "is no setting; docs/operations.md lists them",
    "int_parsing": "must be a whole number",
    "float_parsing": "must be a number",
    "bool_parsing": "must be true or false",
    "string_pattern_mismatch": "must be an address such as https://keep.example, without a slash at its end",
}
"""pydantic's kinds of mistake, in words for whoever wrote the setting."""


class SettingsError(WellkeptError):
    """A setting is wrong."""

    remedy = "Correct it in the environment or in settings.env of the data folder."


class WrongStoreError(WellkeptError):
    """A demo store and a practice's store never mix."""

    remedy = "Point WELLKEPT_DATA_DIR at another folder, or leave WELLKEPT_DEMO unset to use the store as it is."


def _address_for(driver: str) -> BeforeValidator:
    """Return a check that an address is a database URL for a driver; nothing written is none."""

    def check(url: str | None) -> str | None:
        if url and not _is_address(url, driver):
            raise ValueError(f"must be a database address such as {driver}://user:password@host/database")
        return url or None

    return BeforeValidator(check)


def _is_address(url: str, driver: str) -> bool:
    try:
        return make_url(url).drivername == driver
    except (ArgumentError, ValueError):
        return False


StoreUrl = Annotated[str | None, _address_for("postgresql+psycopg")]
PrefectUrl = Annotated[str | None, _address_for("postgresql+asyncpg")]


class Settings(BaseSettings):
    """Every setting of an installation. Frozen: a changed port is a new copy."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    data_dir: Path = Field(Path(".wellkept"), description="Folder that holds everything this installation writes.")
    demo: bool = Field(default=False, description="A demo clinic: local mailbox, a clock that may be moved.")
    database_url: StoreUrl = Field(
        None, description="SQLAlchemy psycopg URL of our store as its owner, for migrations; none means embedded."
    )
    store_url: StoreUrl = Field(
        None, description="The same database as the role with few rights; none means database_url is used for all."
    )
    prefect_database_url: PrefectUrl = Field(
        None, description="SQLAlchemy asyncpg URL of Prefect's database; none means embedded."
    )
    portal_host: str = Field("127.0.0.1", description="Address the portal listens on.")
    portal_port: int = Field(4280, ge=1, le=65535, description="Port the portal listens on.")
    portal_base_url: str = Field(
        default_factory=lambda given: f"http://127.0.0.1:{given.get('portal_port', 4280)}",
        pattern=r"^https?://[^/\s]+(/[^\s]*[^/\s])?$",
        description="How people reach the portal. Links in mail are made from this, never from a request.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses of the TLS proxy before the portal, by commas; only theirs may say who a visitor is. "
        "Without it everybody behind a proxy shares one rate limit.",
    )
    portal_per_minute: int = Field(
        120, gt=0, description="Requests a minute that the portal takes from one address; a practice shares one."
    )
    prefect_port: int = Field(4200, ge=1, le=65535, description="Port of the Prefect server, on loopback.")
    mailbox_smtp_port: int = Field(4225, ge=1, le=65535, description="SMTP port of the demo mailbox.")
    mailbox_page_port: int = Field(4281, ge=1, le=65535, description="Port of the demo mailbox's page.")
    smtp_host: str = Field("127.0.0.1", description="The mail server that letters are handed to.")
    smtp_port: int = Field(
        default_factory=lambda given: given.get("mailbox_smtp_port", 4225) if given.get("demo") else 587,
        ge=1,
        le=65535,
        description="Its port; a demo hands letters to its own mailbox.",
    )
    smtp_username: str | None = Field(None, description="Login at the mail server, if it wants one.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_starttls: bool = Field(
        default_factory=lambda given: not given.get("demo"), description="Insist on STARTTLS before anything is said."
    )
    mail_from: str = Field("Wellkept <compliance@maple-grove.example>", description="Sender people see.")
    bounce_domain: str = Field("maple-grove.example", description="Domain of the return path that bounces come to.")
    worker_query_seconds: float = Field(
        5, gt=0, description="Seconds between the worker's looks for work; Wellkept's own wakings ring a bell besides."
    )
    stalled_after_seconds: int = Field(
        300, gt=0, description="Seconds without a heartbeat after which a running cycle is taken up again."
    )
    witness_dir: Path | None = Field(
        None, description="A folder outside, such as a network share, to which rounds writes each day's seal as a file."
    )
    retention_days: int = Field(
        2557,
        ge=2192,
        le=36525,
        description="Days that Prefect must keep its history; 2557 are seven years, less than six are refused.",
    )
    link_days: int = Field(45, gt=0, description="Calendar days a link in a letter stays good.")

    @property
    def prefect_url(self) -> str:
        """Return where the Prefect UI is."""
        return f"http://127.0.0.1:{self.prefect_port}"

    @property
    def prefect_api_url(self) -> str:
        """Return where the Prefect API is."""
        return f"{self.prefect_url}/api"

    def replaced(self, **changes: Any) -> "Settings":  # noqa: ANN401 - any field
        """Return a copy with some fields changed; what follows from a changed field follows again."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return Settings(_env_file=None, **{**given, **changes})

    def environment(self) -> dict[str, str]:
        """Return the settings as variables for a child process. Passwords stay where they were read from."""
        shown = self.model_dump(mode="json", exclude_none=True, exclude={"smtp_password"})
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in shown.items()}


def read_settings(data_dir: Path | None = None) -> Settings:
    """Read the settings of a data folder; without one, of WELLKEPT_DATA_DIR or `.wellkept` here.

    Raises SettingsError naming each wrong variable, WrongStoreError where demo and practice would mix.
    """
    folder = (data_dir or Path(os.environ.get(f"{PREFIX}DATA_DIR", ".wellkept"))).absolute()
    file = folder / FILE_NAME
    try:
        settings = Settings(_env_file=file if file.is_file() else None, data_dir=folder)
    except ValidationError as error:
        raise SettingsError("\n".join(_complaints(error))) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not UTF-8 text.", remedy="Save it again as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.", remedy=_RIGHTS) from error
    return _of_its_kind(settings)


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Return the settings of this process, read once."""
    return read_settings()


def _of_its_kind(settings: Settings) -> Settings:
    """Take the kind from the store where nobody said one, and refuse the other kind."""
    kind = read_kind(settings.data_dir)
    if kind is None or kind == settings.demo:
        return settings
    if "demo" not in settings.model_fields_set:
        return settings.replaced(demo=kind)
    raise WrongStoreError(f"{settings.data_dir} holds a {'demo' if kind else 'practice'} store.")


def _complaints(error: ValidationError) -> list[str]:
    """Return one sentence a wrong variable, without the value: it may be a password."""
    found = error.errors(include_input=False, include_url=False)
    return [
        f"{PREFIX}{'.'.join(map(str, each['loc'])).upper().removeprefix(PREFIX)} {_words(each)}."
        for each in found
        if each["type"] != "default_factory_not_called"  # it only follows from another that is wrong
    ]


def _words(details: ErrorDetails) -> str:
    plain = details["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return _PHRASES.get(details["type"], plain)
