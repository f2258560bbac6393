"""Bad input to every command, and servers that are away: told in words with a remedy, quickly, and nothing is lost.

The commands and what they take are found by walking the command line: a new one without a row here fails.
"""

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import anyio
import pytest
import typer
from sqlalchemy import text
from sqlmodel import Session
from typer.core import TyperArgument, TyperGroup, TyperOption

from deployments.cli import commands, main
from deployments.demo_clinic import demo_clinic_path
from deployments.testing.clinic import carry_wakings_once
from deployments.testing.stack import Stack, running_stack
from models.applying import apply_clinic
from models.clinic_folder import read_clinic_folder
from models.settings import load_settings
from models.store import URL_VARIABLE, engine_for, reading, transaction
from models.store_kind import mark_kind
from models.tables import Cycle
from notifications.testing import free_port

pytestmark = pytest.mark.stack
CLINIC = "maple-grove"
DANA = "maple-grove/dana-whitfield"
JARGON = re.compile(r"Traceback|httpx|psycopg\.|sqlalche|pydantic|HTTPStatus|Errno|developer\.mozilla|JSONDecode")


@dataclass(frozen=True)
class Said:
    """What a call of the command line came to."""

    code: int
    out: str
    err: str

    def refused(self, words: str, code: int = 1) -> None:
        """Assert that it was refused in these words, for people, within what was promised to scripts."""
        assert (self.code, words in self.err) == (code, True), self
        assert not JARGON.search(self.out + self.err), self
        if self.out.strip():
            json.loads(self.out)


Call = Callable[..., Said]
World = Callable[[dict[str, str]], None]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run PostgreSQL and Prefect, and apply the demo clinic."""
    without = frozenset({"worker", "relay", "portal", "mailbox"})
    with running_stack(tmp_path_factory.mktemp("stack"), without) as running:
        with transaction() as tx:
            apply_clinic(tx, read_clinic_folder(demo_clinic_path()).need(), "test")
        yield running


@pytest.fixture
def world(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a way to say what the command line meets; without more, the stack that runs."""

    def meet(given: dict[str, str]) -> None:
        for name in [name for name in os.environ if name.startswith("WELLKEPT_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv(URL_VARIABLE, "")  # what a command sets is undone afterwards
        monkeypatch.setenv("WELLKEPT_DATA_DIR", str(stack.settings.data_dir))
        for name, value in given.items():
            monkeypatch.setenv(f"WELLKEPT_{name}", value)
        load_settings.cache_clear()

    folders(tmp_path)
    monkeypatch.chdir(tmp_path)
    return meet


@pytest.fixture
def call(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Return a way to call `wellkept` in this process."""
    world({})

    def run(*arguments: str) -> Said:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Subject: hello\n\nhello\n")))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    yield run
    load_settings.cache_clear()


def folders(place: Path) -> None:
    """Make the broken clinic folders that the rows name."""
    (place / "file").write_text("no folder\n")
    (place / "empty").mkdir()
    for name in ("yaml", "zone", "latin", "list"):
        shutil.copytree(demo_clinic_path(), place / name)
    clinic = (place / "yaml" / "clinic.yaml").read_text()
    (place / "yaml" / "clinic.yaml").write_text(clinic + ": : [\n")
    (place / "zone" / "clinic.yaml").write_text(clinic.replace("America/New_York", "New York"))
    (place / "latin" / "clinic.yaml").write_bytes(clinic.encode() + b"# \xe9t\xe9\n")
    (place / "list" / "clinic.yaml").write_text("- maple-grove\n")


@pytest.fixture
def ledger(stack: Stack) -> Callable[[], int]:
    """Return a way to count the entries of the record."""

    def count() -> int:
        with Session(engine_for(str(stack.settings.store_url))) as session:
            return int(session.execute(text("SELECT count(*) FROM ledger_entry")).scalar_one())

    return count


def walked() -> dict[str, set[str]]:
    """Return every command of the tree, with the names of what it takes a value for."""
    found: dict[str, set[str]] = {}
    for info in iter_modules(commands.__path__):
        root = typer.main.get_command(import_module(f"{commands.__name__}.{info.name}").app)
        inner = root.commands if isinstance(root, TyperGroup) else {"": root}
        for name, command in inner.items():
            valued = [each for each in command.params if not (isinstance(each, TyperOption) and each.is_flag)]
            found[f"{info.name} {name}".strip()] = {_called(each) for each in valued}
    return found


def _called(parameter: object) -> str:
    assert isinstance(parameter, TyperArgument | TyperOption)
    return str(parameter.metavar if isinstance(parameter, TyperArgument) else parameter.opts[0])


START = ("policy-review", "--clinic", CLINIC)
LEAVE = ("--from", "2027-03-01", "--to", "2027-03-05")
RECEIVED = ("--received", "2027-01-30")
FOUND = ("--discovered", "2027-02-01", "--affected", "40")
WHY = ("--reason", "A complaint.")
YEAR = ("--clinic", CLINIC, "--from", "2026-01-01", "--to", "2026-12-31")
GOOD: dict[str, tuple[str, ...]] = {
    "audit compare": ("a.seal",),
    "audit export": YEAR,
    "audit missing": (),
    "audit new-key": (),
    "audit verify": (),
    "backup": ("a-backup",),
    "cases list": ("--clinic", CLINIC),
    "cases rotate-key": (),
    "clock access": RECEIVED,
    "clock accounting": RECEIVED,
    "clock amendment": RECEIVED,
    "clock breach": FOUND,
    "clock cadence": ("--anchor", "2027-01-31", "--months", "1"),
    "clock retention": ("--created", "2024-05-01"),
    "clock training": ("--hired", "2026-12-07"),
    "clinics apply": (str(demo_clinic_path()),),
    "clinics check": (str(demo_clinic_path()),),
    "clinics list": (),
    "cycles list": (),
    "cycles show": ("maple-grove/policy-review/2027",),
    "cycles start": START,
    "doctor": (),
    "ladder preview": (*START, "--start", "2027-01-15"),
    "letters list": (),
    "letters show": ("acknowledgment",),
    "mail bounce": (),
    "people leave": (DANA, *LEAVE),
    "people pin": (DANA,),
    "restore": ("a-backup",),
    "retention hold": ("--clinic", CLINIC, *WHY),
    "retention holds": ("--clinic", CLINIC),
    "retention lift": ("maple-grove/1", *WHY),
    "retention list": ("--clinic", CLINIC),
    "rounds": ("--clinic", CLINIC),
    "status": (),
    "up": (),
    "version": (),
}
"""Every command with what it takes when all is well."""
TAKE_MANY = {"audit compare", "audit missing"}
"""Commands that take any number of files."""
NEED_NO_STORE = {"clinics check", "letters list", "letters show", "restore", "up", "version"} | {
    each for each in GOOD if each.startswith("clock ")
}
JSON = {"audit export", "audit verify", "clinics apply", "clinics list", "cycles list", "cycles show"}
JSON |= {"audit compare", "cases list", "audit missing", "ladder preview", "retention holds", "retention list"}
"""Commands that promise JSON and need the store; the doctor and the status have tests of their own."""

FAR = ("--from", "2027-03-01", "--to", "9999-12-31")
BREACH_DAYS = ("--discovered", "--individuals-notified", "--determined", "--hhs-told", "--vendor-discovered")
BREACH_DAYS += ("--vendor-told", "--hold-oral", "--hold-until")
WRONG: list[tuple[str, str, tuple[str, ...], str]] = [
    ("audit compare", "SEAL_FILE", ("nowhere",), "nowhere cannot be read as a seal.\nHand in the whole file"),
    ("audit compare", "SEAL_FILE", ("empty",), "empty holds no seal: no file there ends in"),
    ("audit compare", "SEAL_FILE", ("file",), "This is not a seal of Wellkept's.\nHand in the whole file"),
    ("audit export", "--clinic", ("--clinic", "elm", *YEAR[2:]), "There is no clinic called “elm”."),
    ("audit export", "--from", (*YEAR, "--from", "last year"), "“last year” is no day of the calendar.\nWrite"),
    (
        "audit export",
        "--from",
        (*YEAR, "--from", "2026-12-31", "--to", "2026-01-01"),
        "before it begins on 2026-12-31.\nGive",
    ),
    (
        "audit export",
        "--from",
        (*YEAR, "--from", "2099-01-01", "--to", "2099-01-02"),
        "The period begins on 2099-01-01, and today",
    ),
    ("audit export", "--to", (*YEAR, "--to", "2026-02-30"), "“2026-02-30” is no day of the calendar."),
    (
        "audit export",
        "--topic",
        (*YEAR, "--topic", "astrology"),
        "There is no topic called “astrology”.\nTopics: access",
    ),
    ("audit export", "--out", (*YEAR, "--out", "empty"), "empty is there already.\nName another place with --out"),
    ("audit export", "--out", (*YEAR, "--out", "file/x"), "The binder cannot be written to file/x"),
    ("audit missing", "SEALS", ("nowhere",), "nowhere cannot be read as a seal.\nHand in the whole file"),
    ("audit missing", "SEALS", ("empty",), "empty holds no seal: no file there ends in .eml, .seal, .txt."),
    ("audit verify", "--clinic", ("--clinic", "elm"), "There is no clinic called “elm”.\n`wellkept clinics list`"),
    ("backup", "FOLDER", ("empty",), "empty is there already.\nName a folder that is not there yet."),
    ("backup", "FOLDER", ("file/x",), "file/x cannot be written: Not a directory.\nSee that the place has room"),
    ("cases list", "--clinic", ("--clinic", "elm"), "There is no clinic called “elm”."),
    ("letters show", "NAME", ("nope",), "There is no letter called “nope”.\nKnown: _complain,"),
    (
        "cycles start",
        "DUTY",
        ("access", "--clinic", CLINIC),
        "begun by somebody who asks for it.\nSomebody takes it in",
    ),
    ("clinics apply", "PATH", ("nowhere",), "nowhere: There is no such folder. Name a folder"),
    ("clinics apply", "PATH", ("file",), "file: This is a file, not a folder. Name a folder"),
    ("clinics apply", "PATH", ("empty",), "clinic.yaml: The file is missing. Create it"),
    ("clinics apply", "PATH", ("yaml",), "This is not YAML"),
    ("clinics apply", "PATH", ("zone",), "clinic.yaml:7: `New York` is not a time zone. Write Area/City"),
    ("clinics apply", "PATH", ("latin",), "The file is not UTF-8 text. Save it again as UTF-8."),
    ("clinics apply", "PATH", ("list",), "The file must hold `key: value` lines."),
    ("clinics apply", "PATH", ("a" * 300,), "There is no such folder."),
    ("clock access", "--received", ("--received", "soon"), "“soon” is no day of the calendar.\nWrite year-month-day"),
    (
        "clock access",
        "--received",
        ("--received", "2027-01-30T25:00Z"),
        "“2027-01-30T25:00Z” is no moment.\nWrite a day",
    ),
    (
        "clock access",
        "--extended-on",
        (*RECEIVED, "--extended-on", "2027-09-01", "--promised", "2027-09-20"),
        "that is too late.\nOne extension, in writing",
    ),
    ("clock access", "--promised", (*RECEIVED, "--promised", "2027-03-20"), "--extended-on is missing.\nAn ext"),
    ("clock access", "--time-zone", (*RECEIVED, "--time-zone", "Boston"), "`Boston` is not a time zone.\nWrite"),
    ("clock access", "--state", (*RECEIVED, "--state", "Ohio"), "`Ohio` is not a state.\nWrite its two capital"),
    ("clock access", "--state-delay", (*RECEIVED, "--state-delay", "x"), "`x` is not a state.\nWrite its two capital"),
    *(
        ("clock breach", option, (*FOUND, option, "soon"), "“soon” is no day of the calendar.")
        for option in BREACH_DAYS
    ),
    ("clock breach", "--residents", (*FOUND, "--residents", "XX=3"), "`XX` is not a state.\nWrite its two capital"),
    ("clock breach", "--residents", (*FOUND, "--residents", "NY=many"), "“NY=many” is no count.\nWrite them as NY=300"),
    ("clock breach", "--residents", (*FOUND, "--residents", "NY=41"), "41 residents are more than the 40 affected."),
    ("clock breach", "--discovered", ("--affected", "40"), "It is not known when it was discovered.\nGive"),
    (
        "clock breach",
        "--determined",
        (*FOUND, "--determined", "2027-01-31"),
        "before it was discovered on 2027-02-01.\nCorrect",
    ),
    (
        "clock accounting",
        "--received",
        ("--received", "soon"),
        "“soon” is no day of the calendar.\nWrite year-month-day",
    ),
    (
        "clock accounting",
        "--received",
        ("--received", "2027-01-30T25:00Z"),
        "“2027-01-30T25:00Z” is no moment.\nWrite a day",
    ),
    (
        "clock accounting",
        "--extended-on",
        (*RECEIVED, "--extended-on", "2027-09-01", "--promised", "2027-09-20"),
        "that is too late.\nOne extension, in writing",
    ),
    ("clock accounting", "--promised", (*RECEIVED, "--promised", "2027-03-20"), "--extended-on is missing.\nAn ext"),
    ("clock accounting", "--time-zone", (*RECEIVED, "--time-zone", "Boston"), "`Boston` is not a time zone.\nWrite"),
    (
        "clock amendment",
        "--received",
        ("--received", "soon"),
        "“soon” is no day of the calendar.\nWrite year-month-day",
    ),
    (
        "clock amendment",
        "--received",
        ("--received", "2027-01-30T25:00Z"),
        "“2027-01-30T25:00Z” is no moment.\nWrite a day",
    ),
    (
        "clock amendment",
        "--extended-on",
        (*RECEIVED, "--extended-on", "2027-09-01", "--promised", "2027-09-20"),
        "that is too late.\nOne extension, in writing",
    ),
    ("clock amendment", "--promised", (*RECEIVED, "--promised", "2027-03-20"), "--extended-on is missing.\nAn ext"),
    ("clock amendment", "--time-zone", (*RECEIVED, "--time-zone", "Boston"), "`Boston` is not a time zone.\nWrite"),
    ("clock amendment", "--state", (*RECEIVED, "--state", "Ohio"), "`Ohio` is not a state.\nWrite its two capital"),
    (
        "clock amendment",
        "--state-delay",
        (*RECEIVED, "--state-delay", "x"),
        "`x` is not a state.\nWrite its two capital",
    ),
    ("clock cadence", "--anchor", ("--anchor", "soon", "--months", "1"), "“soon” is no day of the calendar."),
    ("clock cadence", "--months", ("--anchor", "2027-01-31", "--months", "0"), "Every 0 months is no cadence.\nSay"),
    ("clock retention", "--created", ("--created", "soon"), "“soon” is no day of the calendar."),
    (
        "clock retention",
        "--last-in-effect",
        ("--created", "2024-05-01", "--last-in-effect", "never"),
        "“never” is no day of the calendar.",
    ),
    ("clock retention", "--state", ("--created", "2024-05-01", "--state", "Ohio"), "`Ohio` is not a state."),
    ("clock training", "--hired", ("--hired", "soon"), "“soon” is no day of the calendar."),
    ("clock training", "--state", ("--hired", "2026-12-07", "--state", "Ohio"), "`Ohio` is not a state."),
    ("cycles show", "KEY", ("maple-grove/policy-review/1999",), "There is no cycle called"),
    ("cycles show", "KEY", ("\udcff",), "A word of the command is not UTF-8 text.\nType it anew"),
    ("cycles start", "DUTY", ("dusting", "--clinic", CLINIC), "no duty called “dusting”.\nKnown: access, "),
    ("cycles start", "--clinic", ("policy-review", "--clinic", "elm"), "There is no clinic called “elm”."),
    ("cycles start", "--period", (*START, "--period", "a/b"), "“a/b” is no period.\nUse up to 20 letters"),
    (
        "ladder preview",
        "DUTY",
        ("dusting", *START[1:], "--start", "2027-01-15"),
        "Known: access, accounting, amendment, breach-list, denial-review, incident, policy-review, restriction, retention-review, third-party.",
    ),
    ("ladder preview", "--clinic", ("policy-review", "--clinic", "elm", "--start", "2027-01-15"), "no clinic called"),
    ("ladder preview", "--start", (*START, "--start", "15 January"), "“15 January” is no day of the calendar.\nWrite"),
    ("ladder preview", "--start", (*START, "--start", "9999-12-31"), "is not between 2000 and 2100.\nWrite year-"),
    ("people leave", "CLINIC/PERSON", ("maple-grove/nobody", *LEAVE), "There is nobody with the id"),
    ("people leave", "CLINIC/PERSON", ("dana", *LEAVE), "`wellkept clinics list --people` shows who"),
    ("people leave", "--from", (DANA, "--from", "March", "--to", "2027-03-05"), "“March” is no day"),
    ("people leave", "--from", (DANA, "--from", "2027-02-29", "--to", "2027-03-05"), "“2027-02-29” is no day"),
    ("people leave", "--to", (DANA, "--from", "2027-03-05", "--to", "2027-03-01"), "is before 2027-03-05.\nName the"),
    ("people leave", "--to", (DANA, *FAR), "“9999-12-31” is not between 2000 and 2100."),
    ("people leave", "--to", (DANA, *LEAVE, "--remove"), "has no leave from 2027-03-01 to 2027-03-05.\nNoted: none."),
    ("people pin", "CLINIC/PERSON", ("maple-grove/nobody",), "There is nobody with the id"),
    ("restore", "FOLDER", ("nowhere",), "nowhere is no backup: backup.json is missing.\nName a folder that"),
    ("restore", "FOLDER", ("file",), "file cannot be read as a backup."),
    ("retention hold", "--clinic", ("--clinic", "elm", *WHY), "There is no clinic called “elm”."),
    (
        "retention hold",
        "--policy",
        ("--clinic", CLINIC, "--policy", "knitting", *WHY),
        "maple-grove has no policy called “knitting”.\nKnown: ",
    ),
    ("retention hold", "--reason", ("--clinic", CLINIC, "--reason", " "), "A hold wants a reason.\nSay why with"),
    ("retention holds", "--clinic", ("--clinic", "elm"), "There is no clinic called “elm”."),
    ("retention lift", "HOLD", ("maple-grove/99", *WHY), "No hold “maple-grove/99” is in place.\n`wellkept ret"),
    ("retention lift", "--reason", ("maple-grove/99", "--reason", ""), "No hold “maple-grove/99” is in place."),
    ("retention list", "--clinic", ("--clinic", "elm"), "There is no clinic called “elm”."),
    ("rounds", "--clinic", ("--clinic", "elm"), "There is no clinic called “elm”."),
    ("rounds", "--as-of", ("--clinic", CLINIC, "--as-of", "soon"), "“soon” is no day of the calendar."),
    ("rounds", "--as-of", ("--clinic", CLINIC, "--as-of", "2020-01-01"), "The demo stands on"),
    ("rounds", "--as-of", ("--clinic", CLINIC, "--as-of", "9999-12-31"), "is not between 2000 and 2100."),
]
"""Command, what of it is wrong, its words, and what it says to that."""
MISUSED: list[tuple[str, str, tuple[str, ...], str]] = [
    ("clock access", "--kind", (*RECEIVED, "--kind", "photo"), "'photo' is not one of 'copy', 'inspect', 'summary'"),
    ("clock breach", "--affected", (*FOUND, "--affected", "0"), "greater than or equal to 1"),
    ("clock breach", "--undeliverable", (*FOUND, "--undeliverable", "-1"), "greater than or equal to 0"),
    ("clock cadence", "--count", (*GOOD["clock cadence"], "--count", "0"), "greater than or equal to 1"),
    ("clock retention", "--kind", ("--created", "2024-05-01", "--kind", "cake"), "'cake' is not one of 'policy',"),
]
"""The same, where the list of what can be said stands in the help."""


def test_every_command_is_tried_here() -> None:
    assert set(GOOD) == set(walked())


def test_every_value_a_command_takes_has_a_row_in_which_it_is_wrong() -> None:
    takes = {(command, name) for command, names in walked().items() for name in names}
    told = {(command, wrong) for command, wrong, *_ in [*WRONG, *MISUSED]}
    assert told | {("clinics check", "PATH")} == takes


@pytest.mark.parametrize(("command", "wrong", "arguments", "says"), MISUSED)
def test_what_is_not_on_a_list_is_told_with_the_list(
    call: Call, command: str, wrong: str, arguments: tuple[str, ...], says: str
) -> None:
    said = call(*command.split(), *arguments)
    assert (said.code, said.out) == (2, ""), wrong
    assert says in " ".join(said.err.replace("│", " ").split())


@pytest.mark.parametrize(("command", "wrong", "arguments", "says"), WRONG)
def test_a_wrong_value_is_told_with_its_remedy_and_changes_nothing(
    call: Call, ledger: Callable[[], int], command: str, wrong: str, arguments: tuple[str, ...], says: str
) -> None:
    before = ledger()
    json_too = [("--json",)] if command in JSON else []
    for more in [(), *json_too]:
        said = call(*command.split(), *arguments, *more)
        said.refused(says)
        assert (said.out, ledger()) == ("", before), wrong


@pytest.mark.parametrize("folder", ["nowhere", "file", "empty", "yaml", "zone", "latin", "list"])
def test_a_broken_folder_is_checked_in_full_on_standard_output(call: Call, folder: str) -> None:
    said = call("clinics", "check", folder)
    assert (said.code, said.err, said.out.endswith("Nothing was changed.\n")) == (1, "", True)
    assert not JARGON.search(said.out)
    assert all(mistake["remedy"] for mistake in json.loads(call("clinics", "check", folder, "--json").out))


@pytest.mark.parametrize("command", GOOD)
def test_an_option_nobody_knows_and_a_word_too_many_are_told(call: Call, command: str) -> None:
    for extra in ("--nonsense", *([] if command in TAKE_MANY else ["one-too-many"])):
        said = call(*command.split(), *GOOD[command], extra)
        assert (said.code, said.out) == (2, "")
        assert extra in said.err
        assert "-h" in said.err


@pytest.mark.parametrize("command", [name for name, words in GOOD.items() if words])
def test_what_is_missing_is_named(call: Call, command: str) -> None:
    said = call(*command.split())
    assert (said.code, said.out) == (2, "")
    assert "Missing" in said.err


@pytest.mark.parametrize("command", sorted(set(GOOD) - NEED_NO_STORE - {"doctor", "status"}))
def test_without_a_store_a_command_says_what_to_do(
    call: Call, world: World, tmp_path: Path, command: str, silent_port: int
) -> None:
    away = {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"postgresql+psycopg://u:planted@127.0.0.1:{free_port()}/x",
    }
    silent = {"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": away["DATABASE_URL"].replace("u:", "v:")}
    silent["DATABASE_URL"] = f"postgresql+psycopg://u:planted@127.0.0.1:{silent_port}/x?connect_timeout=2"
    trouble = {
        "Nothing runs on": {"DATA_DIR": str(tmp_path / "data")},
        "The store cannot be reached: connection to server": away,
        "The store cannot be reached: connection timeout expired": silent if command == "cycles list" else away,
        "must be a database address such as postgresql+psycopg://": {"DATABASE_URL": "planted"},
        "is not UTF-8 text": {"DATA_DIR": str(tmp_path / "latin-settings")},
    }
    (tmp_path / "latin-settings").mkdir()
    (tmp_path / "latin-settings" / "settings.env").write_bytes(b"WELLKEPT_MAIL_FROM=\xe9\n")
    if command != "cycles list":
        del trouble["The store cannot be reached: connection timeout expired"]
    for words, given in trouble.items():
        world(given)
        said = call(*command.split(), *GOOD[command], *(["--json"] if command in JSON else []))
        said.refused(words, code=75 if command == "mail bounce" else 1)
        assert "planted" not in said.err
    assert not (tmp_path / "data").exists()


def test_a_delivery_report_is_left_with_the_mail_server_until_the_store_is_back(
    call: Call, world: World, tmp_path: Path
) -> None:
    world({"DATA_DIR": str(tmp_path / "data")})
    call("mail", "bounce").refused("The report is not lost: exit code 75 asks the mail server to keep it.", code=75)


def test_a_database_that_never_answers_is_given_up_after_ten_seconds(
    call: Call, world: World, silent_port: int
) -> None:
    world({"DATABASE_URL": f"postgresql+psycopg://u@127.0.0.1:{silent_port}/x"})
    began = time.monotonic()
    call("clinics", "list").refused("The store cannot be reached: connection timeout expired.")
    assert time.monotonic() - began < 15


def test_a_database_that_holds_no_store_is_told(call: Call, world: World, stack: Stack) -> None:
    place = stack.settings.data_dir / "socket"
    world({"DATABASE_URL": f"postgresql+psycopg://postgres@/postgres?host={place}"})
    call("cycles", "list", "--json").refused("The database holds no store, or that of another version.")


@pytest.mark.parametrize("command", ["doctor", "status"])
def test_doctor_and_status_tell_what_they_know_without_a_store(call: Call, world: World, command: str) -> None:
    world({"DATABASE_URL": f"postgresql+psycopg://u:planted@127.0.0.1:{free_port()}/x"})
    said = call(command, "--json")
    assert (said.code, "planted" in said.out + said.err) == (1, False)
    found = json.loads(said.out)
    if command == "doctor":
        assert "cannot be reached" in next(each["found"] for each in found if each["check"] == "store")
    else:
        assert found["store"] is False
        said.refused("The store cannot be reached")


def test_a_pin_that_nobody_types_changes_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_words: str, **_options: bool) -> str:
        raise typer.Abort

    monkeypatch.setattr("typer.prompt", nobody)
    call("people", "pin", DANA).refused("No PIN was typed, so nothing was changed.\nRun it in a terminal")
    monkeypatch.setattr("typer.prompt", lambda *_words, **_options: "111111")
    assert call("people", "pin", DANA).code == 1


@pytest.mark.parametrize("command", ["status", "up", "cycles list"])
def test_a_data_folder_that_is_a_file_is_told(call: Call, command: str) -> None:
    call("--data-dir", "file", *command.split()).refused(
        "file is a file, not a folder.\nName a folder with --data-dir."
    )


UP: list[tuple[dict[str, str], str]] = [
    ({}, "already runs"),
    ({"DATA_DIR": "file/below"}, "cannot be made: Not a directory."),
    ({"PORTAL_PORT": "http"}, "WELLKEPT_PORTAL_PORT must be a whole number.\nCorrect it in"),
    (
        {"DATABASE_URL": "postgresql+psycopg://u:planted@127.0.0.1:1/x"},
        "Prefect has no database.\nNothing was started.",
    ),
    ({"PREFECT_DATABASE_URL": "postgresql+asyncpg://u:planted@127.0.0.1:1/x"}, "_URL cannot be reached: connection to"),
    ({"PREFECT_DATABASE_URL": "sqlite+aiosqlite:///x"}, "must be a database address such as postgresql+asyncpg://"),
]


@pytest.mark.parametrize(("given", "words"), UP)
def test_a_start_that_cannot_go_well_is_refused_before_anything_runs(
    call: Call, world: World, stack: Stack, tmp_path: Path, given: dict[str, str], words: str
) -> None:
    folder = given.get("DATA_DIR", str(tmp_path / "new") if given else str(stack.settings.data_dir))
    world({name: value for name, value in given.items() if name != "DATA_DIR"})
    said = call("--data-dir", folder, "up")
    assert (said.code, words in said.err) == (1, True), said
    assert not JARGON.search(said.out + said.err)
    assert "planted" not in said.out + said.err
    assert not (tmp_path / "new" / "logs").exists()


# --- Prefect is away, is something else, or does not let us in


@pytest.fixture(scope="module")
def silent_port() -> Iterator[int]:
    """Listen, and never say a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[dict[str, int]]:
    """Run servers that are not Prefect, by what they answer to everything."""
    answers = {"page": (200, b"<html>"), "json": (200, b'{"a": [1]}'), "fault": (500, b"boom"), "nothing": (404, b"")}
    servers = {name: ThreadingHTTPServer(("127.0.0.1", 0), _answering(*answer)) for name, answer in answers.items()}
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {name: server.server_port for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


def _answering(status: int, body: bytes) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    return Answering


AWAY = {
    "closed": "Prefect does not answer at http://127.0.0.1:",
    "page": "is not Prefect.",
    "json": "is not Prefect.",
    "nothing": "is not Prefect.",
    "fault": "is in trouble: it answers 500.",
    "other login": "refuses our login.",
}


@pytest.fixture(params=AWAY)
def trouble(
    request: pytest.FixtureRequest, world: World, stack: Stack, elsewhere: dict[str, int], tmp_path: Path
) -> str:
    """Meet the store that runs, and a Prefect that does not answer as it should; return what is said of it."""
    ports = {"closed": free_port(), "other login": stack.settings.prefect_port, **elsewhere}
    folder = tmp_path / "beside"
    mark_kind(folder, demo=True)
    shutil.copy(stack.settings.data_dir / "secrets.json", folder / "secrets.json")
    if request.param == "other login":
        (folder / "secrets.json").write_text(json.dumps({"prefect_auth": "admin:" + "x" * 30, "link_pepper": "y" * 30}))
    given = {"DATA_DIR": str(folder), "DATABASE_URL": str(stack.settings.store_url)}
    world({**given, "PREFECT_PORT": str(ports[request.param])})
    return AWAY[request.param]


def test_while_prefect_is_away_what_needs_it_says_so_and_what_was_typed_stands(
    call: Call, ledger: Callable[[], int], trouble: str, tmp_path: Path
) -> None:
    began, before = time.monotonic(), ledger()
    rounds = ("rounds", "--clinic", CLINIC)
    for words in ((*rounds, "--as-of", "2099-01-01"), rounds):  # nor does the demo's clock move
        said = call(*words)
        said.refused(trouble)
        assert (said.out, ledger()) == ("", before)
    found = {each["check"]: each for each in json.loads(call("doctor", "--json").out)}
    assert trouble in found["Prefect server"]["found"]
    assert found["Prefect server"]["remedy"]
    slug = f"elm-{tmp_path.name[-12:].strip('_').replace('_', '-').lower()}"
    shutil.copytree(demo_clinic_path(), tmp_path / "elm")
    file = tmp_path / "elm" / "clinic.yaml"
    file.write_text(file.read_text().replace("slug: maple-grove", f"slug: {slug}"))
    said = call("clinics", "apply", "elm", "--json")
    said.refused(f"{trouble} The store says what the folder says;" if trouble.endswith(".") else "The store says what")
    assert "Apply the folder again when Prefect answers" in said.err
    applied = json.loads(said.out)
    assert (applied["deployed"], applied["clinic"], ledger() > before) == ([], slug, True)
    started = call("cycles", "start", "policy-review", "--clinic", slug, "--period", "2031")
    assert (started.code, trouble in started.out) == (0, True)
    assert "starts in Prefect as soon as it answers. Type nothing again." in started.out
    assert time.monotonic() - began < 5 * 15


def test_a_prefect_that_never_answers_is_given_up_after_five_seconds(
    call: Call, world: World, stack: Stack, silent_port: int
) -> None:
    world({"DATABASE_URL": str(stack.settings.store_url), "PREFECT_PORT": str(silent_port), "DATA_DIR": "beside"})
    began = time.monotonic()
    call("rounds", "--clinic", CLINIC).refused("takes longer than 5 seconds to answer.")
    assert time.monotonic() - began < 12


def test_what_was_typed_while_prefect_was_away_is_done_once_it_is_back(
    call: Call, world: World, stack: Stack, tmp_path: Path
) -> None:
    folder = tmp_path / "beside"
    mark_kind(folder, demo=True)
    given = {"DATA_DIR": str(folder), "DATABASE_URL": str(stack.settings.store_url), "PREFECT_PORT": str(free_port())}
    world(given)
    apply = ("clinics", "apply", str(demo_clinic_path()))
    assert call(*apply).code == 1
    assert call("cycles", "start", *START, "--period", "2032").code == 0
    world({})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    program = [sys.executable, "-c", "from deployments.cli import main; main()", *apply]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=120, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "Deployed: maple-grove access, maple-grove accounting, maple-grove amendment, maple-grove breach-list,"
        in done.stdout
    )
    os.environ[URL_VARIABLE] = str(stack.settings.store_url)
    anyio.run(carry_wakings_once)
    with reading() as session:
        assert session.get_one(Cycle, "maple-grove/policy-review/2032").flow_run_id is not None
