"""The Prefect server that runs is asked whether it keeps its history, and one that would lose it is refused."""

import dataclasses
from collections.abc import Iterator

import pytest

from deployments.doctor.engine import check_engine
from deployments.prefect_answer import EngineAwayError
from deployments.prefect_running import refuse_running_server, running_findings
from deployments.prefect_server import server_argv
from deployments.service import answers
from deployments.stack import WrongSettingsError
from deployments.testing.stack import Stack, running_stack
from models.settings import Settings
from notifications.testing import free_port

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(
        tmp_path_factory.mktemp("stack"), frozenset({"worker", "relay", "portal", "mailbox"})
    ) as running:
        yield running


@pytest.fixture(scope="module")
def forgetful(stack: Stack) -> Settings:
    """Run a second Prefect server beside ours, started by a hand that left its own defaults; return where it is."""
    where = stack.settings.replaced(prefect_port=free_port())
    ours = stack.services["prefect"]
    environment = dict(ours.env)
    for name in ("SERVICES_DB_VACUUM_ENABLED", "EVENTS_RETENTION_PERIOD"):
        del environment[f"PREFECT_SERVER_{name}"]
    ready = answers(f"{where.prefect_api_url}/health")
    other = dataclasses.replace(ours, name="other", argv=server_argv(where), env=environment, ready=ready)
    stack.supervisor.start([other])
    return where


def test_our_own_server_keeps_its_history(stack: Stack) -> None:
    assert running_findings(stack.settings) == []
    kept = [each for each in check_engine(stack.settings) if each.check == "Prefect's history"]
    assert [(each.well, "2557 days" in each.found) for each in kept] == [(True, True)]


def test_who_keeps_history_longer_than_the_server_that_runs_is_told(stack: Stack) -> None:
    (finding,) = running_findings(stack.settings.replaced(retention_days=3653))
    assert "3653 days are asked for" in finding.what
    assert "PREFECT_SERVER_EVENTS_RETENTION_PERIOD=P3653D" in finding.remedy


def test_a_server_that_forgets_is_refused_with_every_reason_and_its_remedy(forgetful: Settings) -> None:
    with pytest.raises(WrongSettingsError) as refused:
        refuse_running_server(forgetful)
    words = str(refused.value)
    assert "deletes its history (PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED is events)" in words
    assert "Set PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=[]" in words
    assert "Set PREFECT_SERVER_EVENTS_RETENTION_PERIOD=P2557D" in words
    found = [each for each in check_engine(forgetful) if each.check == "Prefect's history"]
    assert [each.well for each in found] == [False, False]


def test_a_server_that_is_away_is_told_as_such(stack: Stack) -> None:
    with pytest.raises(EngineAwayError, match="does not tell its settings"):
        running_findings(stack.settings.replaced(prefect_port=free_port()))
