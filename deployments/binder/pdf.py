"""The PDF of a binder: cover, contents, what is missing, how to read it, and a tab after the other."""

import io
from collections.abc import Iterator

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer
from reportlab.platypus.tableofcontents import TableOfContents

from deployments.binder.layout import Pages, paragraph, styles, table
from deployments.binder.words import CHECKING, GAPS, READING
from models.binder.binder import Binder
from models.binder.tabs import Tab
from models.words import count_in_words

ROOM_FOR_A_SHEET = 96
"""Points that must be left on a page for a sheet to begin there: its heading, its note and a first row."""


def make_pdf(binder: Binder, made_at: str, made_by: str) -> tuple[bytes, int]:
    """Return the PDF and its number of pages. `made_at` is a local time in words."""
    file = io.BytesIO()
    scope = binder.scope
    footer = f"{binder.name} · {scope.in_words}" + (f" · {scope.topic}" if scope.topic else "")
    pages = Pages(file, footer, title=f"Compliance binder of {binder.name}", author=binder.name)
    contents = TableOfContents(levelStyles=[styles()["contents"], styles()["contents-sheet"]], dotsMinLevel=0)
    story = [*_cover(binder, made_at, made_by), PageBreak(), paragraph("Contents", "title"), contents]
    for part in (_gaps(binder), _reading()):
        story += [PageBreak(), *part]
    empty_before = False
    for tab in scope.tabs:
        empty = not binder.of_tab(tab.number)
        story += [Spacer(0, 24) if empty and empty_before else PageBreak(), *_tab(binder, tab)]
        empty_before = empty
    pages.multiBuild(story)
    return file.getvalue(), pages.page


def _cover(binder: Binder, made_at: str, made_by: str) -> Iterator[Flowable]:
    scope = binder.scope
    yield Spacer(0, 60)
    yield paragraph("Compliance binder", "title")
    rows = [
        ("Practice", binder.name),
        ("Period", f"{scope.in_words}, days of {scope.time_zone}"),
        ("Topic", scope.topic or "everything"),
        ("Made", f"{made_at}, by {made_by}"),
        ("Case facts", "reasons that people wrote are included" if scope.with_case_facts else "none are included"),
        ("Holds", _counts(binder)),
        ("Not here", f"{count_in_words(len(binder.gaps), 'gap')}, listed after the contents"),
    ]
    yield table(("This binder", ""), rows)
    yield Spacer(0, 14)
    for sheet in binder.of_tab("00"):
        if sheet.name == "officials" and sheet.rows:
            yield table(sheet.columns, sheet.rows)
    yield Spacer(0, 14)
    yield paragraph(
        "Every file of this binder stands with its hash in manifest.json; the hash of that one was sealed.", "note"
    )


def _counts(binder: Binder) -> str:
    documents = sum(path.startswith("documents/") for path in binder.files)
    copies = sum(path.startswith("prefect/") for path in binder.files)
    rows = sum(len(sheet.rows) for sheet in binder.sheets)
    told = (count_in_words(rows, "line") + " in tables", count_in_words(documents, "document"))
    return f"{', '.join(told)}, {count_in_words(copies, 'copy', 'copies')} of the workflow engine's history"


def _gaps(binder: Binder) -> Iterator[Flowable]:
    yield paragraph("What is not in this binder", "tab")
    yield paragraph(GAPS, "note")
    if binder.gaps:
        yield table(("tab", "what"), [(gap.tab, gap.what) for gap in binder.gaps])
    else:
        yield paragraph("Nothing was found to be missing.")


def _reading() -> Iterator[Flowable]:
    yield paragraph("How to read this binder", "tab")
    yield table(("word", "what it means here"), READING)


def _tab(binder: Binder, tab: Tab) -> Iterator[Flowable]:
    heading = [paragraph(tab.heading, "tab"), paragraph(tab.cites, "note")]
    if not binder.of_tab(tab.number):
        yield KeepTogether([*heading, paragraph("Nothing is recorded here for this period.")])
        return
    yield from heading
    for sheet in binder.of_tab(tab.number):
        yield CondPageBreak(ROOM_FOR_A_SHEET)
        yield paragraph(sheet.title, "sheet")
        if sheet.note:
            yield paragraph(sheet.note, "note")
        yield table(sheet.columns, sheet.rows) if sheet.rows else paragraph("None in this period.")
    if tab.number == "16":
        yield paragraph("How to check this binder", "sheet")
        yield from map(paragraph, CHECKING)
