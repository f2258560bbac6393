"""The documents are true: links lead somewhere, commands and settings exist, and nothing names a place of its own."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from deployments.cli import app
from models.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PACKAGES = ("models", "notifications", "tasks", "flows", "portal", "deployments")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s/|\"])wellkept((?: +(?:--data-dir [^\s\"]+|[^\s\"`]+))+)")
VARIABLE = re.compile(rf"{PREFIX}[A-Z_]*[A-Z]")
HOSTS = re.compile(
    r"(?:index-url|find-links|trusted-host)\s*[=\s]\s*\S|pypi\.org|pythonhosted\.org|file://", re.IGNORECASE
)
PLACES = re.compile(r"(?<![\w.:/<-])/(?:home|root|Users|work|workspace|mnt)/\w")

by_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def code_of(document: Path) -> Iterator[str]:
    """Yield what stands as code: the lines of fenced blocks, and inline code outside of them."""
    text = document.read_text()
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from INLINE.findall(FENCE.sub("", text))


def calls_in(document: Path) -> set[tuple[str, ...]]:
    """Return the `wellkept` command lines a document names, without comments and without the data folder."""
    found: set[tuple[str, ...]] = set()
    for code in code_of(document):
        for match in CALL.finditer(code.partition(" #")[0]):
            words = re.sub(r"--data-dir \S+", "", match.group(1)).split()
            found.add(tuple(words[: words.index("<")] if "<" in words else words))
    return {words for words in found if words and re.match(r"-|[a-z]+$", words[0])}


@cache
def commands() -> dict[str, set[str]]:
    """Return every command of the command line, such as `cycles start`, with its options; "" is the root."""
    root = get_command(app)
    found = {"": options_of(root)}
    with root.make_context("wellkept", ["version"], resilient_parsing=True) as context:
        for name in root.list_commands(context):  # type: ignore[attr-defined]
            _, command, _ = root.resolve_command(context, [name])  # type: ignore[attr-defined]
            parts = getattr(command, "commands", None)
            found |= {f"{name} {part}": options_of(each) for part, each in parts.items()} if parts else {}
            found |= {} if parts else {name: options_of(command)}
    return found


def options_of(command: Any) -> set[str]:  # noqa: ANN401 - typer keeps its own kind of command
    return {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}


def what_is_wrong(words: tuple[str, ...]) -> str | None:
    """Return what the command line would refuse about a call, or None. A group alone, such as `cycles`, is well."""
    candidates = ("",) if words[0].startswith("-") else (" ".join(words[:2]), words[0])
    name = next((each for each in candidates if each in commands()), None)
    if name is None:
        groups = {each.split()[0] for each in commands() if " " in each}
        return None if len(words) == 1 and words[0] in groups else "no such command"
    unknown = {word for word in words if word.startswith("--")} - commands()[name]
    return f"no option {', '.join(sorted(unknown))}" if unknown else None


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Yield every tracked file that is text; without git, every document."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    for name in filter(None, listed.stdout.split("\0")) if listed.returncode == 0 else map(str, DOCUMENTS):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".ico", ".woff2"}:
            yield path, path.read_text()


@by_document
def test_every_link_in_a_document_leads_to_a_file_that_is_there(document: Path):
    relative = [link for link in LINK.findall(document.read_text()) if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in relative if not (document.parent / link.partition("#")[0]).exists()] == []


@by_document
def test_every_command_a_document_names_is_there_with_its_options(document: Path):
    wrong = {words: problem for words in calls_in(document) if (problem := what_is_wrong(words))}
    assert wrong == {}


def test_the_readme_names_every_command():
    named = {" ".join(words[:2]) for words in calls_in(ROOT / "README.md")} | {
        words[0] for words in calls_in(ROOT / "README.md")
    }
    assert set(commands()) - {""} <= named


@by_document
def test_every_setting_a_document_names_is_there(document: Path):
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(VARIABLE.findall(document.read_text())) <= known


def test_the_table_of_settings_says_what_the_class_says():
    rows = re.findall(
        rf"^\| `{PREFIX}([A-Z_]+)` \| [^|]+ \| ([^|]+) \|$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    assert rows == [(name.upper(), field.description) for name, field in Settings.model_fields.items()]


@by_document
def test_every_file_of_ours_a_document_names_is_there(document: Path):
    named = {code for code in code_of(document) if re.fullmatch(rf"(?:{'|'.join(PACKAGES)}|tests|docs)/[\w./-]+", code)}
    shown = set(re.findall(r"`([\w./]+)`:\n\n```python", document.read_text()))  # recipes for files to be written
    assert {name for name in named - shown if not (ROOT / name).exists() and "NAME" not in name} == set()


def test_no_tracked_text_names_a_package_index_or_a_place_of_one_machine():
    own = Path(__file__).name
    found = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in tracked_texts()
        for pattern in (HOSTS, PLACES)
        for match in pattern.finditer(text)
        if path.name not in {own, "Makefile"}
    }
    assert found == set()


def test_no_other_distribution_owns_the_names_of_our_packages():
    taken = {
        (str(distribution.metadata["Name"]), file.parts[0])
        for distribution in distributions()
        if distribution.metadata["Name"] != "wellkept"
        for file in distribution.files or []
        if file.parts[0].removesuffix(".py") in PACKAGES
    }
    assert taken == set()
