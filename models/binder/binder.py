"""Gathering a binder: every sheet, every gap, every document and copy of a scope, from one look at the store."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from sqlmodel import Session

from models.binder import cases, incidents, integrity, policies, practice, retention, vendors, workforce
from models.binder.practice import cycles_of
from models.binder.scope import Scope
from models.binder.sheet import Gap, Sheet
from models.documents import text_of
from models.history_copies import copies
from models.people import clinic_named

_PARTS = (practice, policies, workforce, vendors, cases, incidents, integrity, retention)


@dataclass
class Binder:
    """What was gathered."""

    scope: Scope
    name: str
    """The clinic's name."""
    sheets: list[Sheet] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """Documents and copies of Prefect's history, byte for byte, by their paths in the binder."""

    def of_tab(self, number: str) -> list[Sheet]:
        """Return the sheets of a tab."""
        return [sheet for sheet in self.sheets if sheet.tab == number]


def gather(session: Session, scope: Scope) -> Binder:
    """Gather a binder. The session should see the store as it was at one moment."""
    binder = Binder(scope, clinic_named(session, scope.clinic).name)
    for part in _PARTS:
        binder.sheets += [sheet for sheet in part.sheets(session, scope) if scope.has_tab(sheet.tab)]
        binder.gaps += [gap for gap in part.gaps(session, scope) if scope.has_tab(gap.tab)]
    there = {sheet.tab for sheet in binder.sheets if sheet.rows}
    binder.gaps += [
        Gap(tab.number, f"{tab.title}: nothing is recorded here.") for tab in scope.tabs if tab.number not in there
    ]
    binder.gaps.sort(key=lambda gap: gap.tab)
    binder.files |= dict(_documents(session, scope))
    binder.files |= dict(_histories(session, scope))
    return binder


def _documents(session: Session, scope: Scope) -> Iterator[tuple[str, bytes]]:
    if scope.has_tab("01"):
        for policy, version in policies.versions(session, scope):
            text = text_of(session, version.sha256).encode()
            if sha256(text).hexdigest() == version.sha256:  # else it was deleted, or changed: a gap, or a finding
                yield f"documents/{_safe(policy.slug)}-version-{version.number}.md", text


def _histories(session: Session, scope: Scope) -> Iterator[tuple[str, bytes]]:
    for cycle in cycles_of(session, scope):
        for copy in copies(session, cycle.key):
            if scope.covers(copy.copied_at):
                yield f"prefect/{_safe(cycle.duty)}-{_safe(cycle.period)}/{copy.number:04}.json", copy.body


def _safe(name: str) -> str:
    """Return a name that is a file's name everywhere."""
    return re.sub(r"[^A-Za-z0-9-]", "-", name)
