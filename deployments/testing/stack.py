"""The whole stack for tests, ours and those of whoever adds a cycle: real servers, on loopback, in one folder."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prefect.events.worker import EventsWorker
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_SSL_CERT_FILE,
    PREFECT_API_URL,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)

from deployments.processes import Supervisor
from deployments.service import Service
from deployments.stack import chosen_settings, owner_url, service_environment, stack_services
from models.migrate import migrate
from models.secret_file import Secrets, load_secrets
from models.settings import Settings, load_settings
from models.store_kind import mark_kind
from notifications.mailfolder import MailFolder
from notifications.testing import free_port


@dataclass
class Stack:
    """A running stack."""

    settings: Settings
    secrets: Secrets
    supervisor: Supervisor
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def mails(self) -> MailFolder:
        """Return the mails that arrived."""
        return MailFolder(self.settings.data_dir / "mailbox")

    @property
    def portal(self) -> str:
        """Return the address of the portal."""
        return self.settings.portal_base_url

    def pid(self, name: str) -> int | None:
        """Return the process id of a service, or None while it is dead."""
        for child in self.supervisor.children:
            if child.service.name == name and child.process is not None and child.alive:
                return child.process.pid
        return None


@contextmanager
def running_stack(data_dir: Path, without: frozenset[str] = frozenset(), **settings: object) -> Iterator[Stack]:
    """Run the demo stack in a folder, without some services; this process talks to it like one of its own."""
    ports = {name: free_port() for name in ("portal_port", "prefect_port", "mailbox_smtp_port", "mailbox_page_port")}
    mark_kind(data_dir, demo=True)
    chosen = chosen_settings(Settings(_env_file=None, data_dir=data_dir, demo=True, **ports, **settings))  # type: ignore[arg-type]
    secrets = load_secrets(data_dir)
    services = {service.name: service for service in stack_services(chosen, secrets)}
    with Supervisor(data_dir) as supervisor:
        supervisor.start([services["postgres"], services["prefect"]])
        migrate(owner_url(chosen))
        make_work_pool(chosen, secrets)
        supervisor.start([each for name, each in services.items() if name not in without | {"postgres", "prefect"}])
        with as_its_own(chosen, secrets):
            yield Stack(chosen, secrets, supervisor, services)


def make_work_pool(settings: Settings, secrets: Secrets) -> None:
    """Make Prefect's work pool."""
    import anyio  # noqa: PLC0415 - Prefect must see the settings first

    from deployments.deploying import ensure_work_pool  # noqa: PLC0415 - the same

    with as_its_own(settings, secrets):
        anyio.run(ensure_work_pool)


@contextmanager
def as_its_own(settings: Settings, secrets: Secrets) -> Iterator[None]:
    """Give this process the environment of the stack's own processes."""
    environment = service_environment(settings, secrets)
    api = {
        PREFECT_API_URL: settings.prefect_api_url,
        PREFECT_API_SSL_CERT_FILE: environment["PREFECT_API_SSL_CERT_FILE"],
        PREFECT_API_AUTH_STRING: secrets.prefect_auth.get_secret_value(),
        PREFECT_LOGGING_TO_API_ENABLED: False,  # this process outlives the server, its log would not
    }
    with ExitStack() as stack:
        stack.enter_context(_variables(environment))
        stack.enter_context(temporary_settings(api))
        load_settings.cache_clear()
        stack.callback(load_settings.cache_clear)
        stack.callback(_forget_the_server)
        yield


def _forget_the_server() -> None:
    """End this process's line to the server's events, by which task runs are recorded: the next stack has another."""
    EventsWorker.drain_all(timeout=5, at_exit=False)


@contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
