"""The policies of a clinic folder: Markdown below YAML front matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from models.clinic_folder.files import listed, read_text
from models.clinic_folder.kinds import SLUG
from models.clinic_folder.mistakes import Mistake, one_of
from models.clinic_folder.schema import PolicyFile, PolicyFront
from models.clinic_folder.sheets import Sheet, read_sheet
from models.clinic_folder.wording import check

FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<front>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
RUNS = re.compile(r"</?\s*(?:script|iframe|object|embed)\b|[\s\"'/]on[a-z]+\s*=|javascript:", re.IGNORECASE)


@dataclass
class PolicyReading:
    """The policies that could be read, and every mistake in the others."""

    policies: list[PolicyFile] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read_policies(root: Path, people: list[str] | None) -> PolicyReading:
    """Read every policy; owners are looked up among `people`, or not at all if that is none."""
    names, mistake = listed(root, root / "policies")
    if not names and mistake is None:
        mistake = Mistake("policies", None, "There are no policies.", "Put one .md file per policy there.")
    reading = PolicyReading(mistakes=[mistake] if mistake else [])
    for path in names:
        policy, mistakes = _read_policy(root, path, people)
        reading.policies += [policy] if policy else []
        reading.mistakes += mistakes
    return reading


def _read_policy(root: Path, path: Path, people: list[str] | None) -> tuple[PolicyFile | None, list[Mistake]]:
    name = path.relative_to(root).as_posix()
    if path.suffix != ".md" or not SLUG.fullmatch(path.stem):
        remedy = "Save it as Markdown, named with small letters, digits and hyphens, e.g. `telehealth.md`."
        return None, [Mistake(name, None, "The file's name is not that of a policy.", remedy)]
    file = read_text(root, path)
    if file.mistake:
        return None, [file.mistake]
    return _parse(name, path.stem, file.text, people)


def _parse(name: str, slug: str, text: str, people: list[str] | None) -> tuple[PolicyFile | None, list[Mistake]]:
    match = FRONT_MATTER.match(text)
    if match is None:
        remedy = "Begin the file with `---`, then title, owner, version, effective_on and citations, then `---`."
        return None, [Mistake(name, 1, "The policy has no front matter.", remedy)]
    sheet = read_sheet(match["front"], name, first_line=2)
    front, faults = check(PolicyFront, sheet) if sheet.data is not None else (None, [])
    body = text[match.end() :]
    first_line = match[0].count("\n") + 1
    mistakes = [*sheet.mistakes, *faults, *_unknown_owner(sheet, people), *_bad_text(name, body, first_line)]
    if front is None or mistakes:
        return None, mistakes
    digest = sha256(body.encode()).hexdigest()
    return PolicyFile(**front.model_dump(), slug=slug, text=body, sha256=digest), []


def _unknown_owner(sheet: Sheet, people: list[str] | None) -> Iterator[Mistake]:
    owner = sheet.data.get("owner") if isinstance(sheet.data, dict) else None
    if people is not None and isinstance(owner, str) and owner not in people:
        yield sheet.mistake(("owner",), f"Nobody in clinic.yaml has the id `{owner}`.", one_of(owner, people))


def _bad_text(name: str, body: str, first_line: int) -> Iterator[Mistake]:
    if not body.strip():
        yield Mistake(name, None, "The policy has no text.", "Write it below the front matter.")
    if "\0" in body:
        line = first_line + body.count("\n", 0, body.index("\0"))
        yield Mistake(name, line, "The text holds a NUL character.", "Remove it; it often comes from pasting.")
    for line in sorted({line for line, html in _raw_html(body) if RUNS.search(html)}):
        remedy = "Remove the HTML; Markdown is enough for a policy."
        yield Mistake(name, first_line + line, "The text holds HTML that could run in a reader's browser.", remedy)


def _raw_html(body: str) -> Iterator[tuple[int, str]]:
    """Give each piece of raw HTML with its line in the body, counted from 0; code samples are none."""
    for token in MarkdownIt("commonmark").parse(body) if "<" in body else []:
        start = token.map[0] if token.map else 0
        if token.type == "html_block":
            yield from ((start + offset, line) for offset, line in enumerate(token.content.split("\n")))
        elif token.type == "inline":
            yield from _inline_html(start, token)


def _inline_html(line: int, token: Token) -> Iterator[tuple[int, str]]:
    seen = 0
    for child in token.children or []:
        if child.type == "html_inline":
            at = max(token.content.find(child.content, seen), seen)
            line += token.content.count("\n", seen, at)
            yield line, child.content
            seen = at
