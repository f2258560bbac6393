"""How a binder's pages look: fonts, styles, tables, footers, contents and bookmarks."""

from functools import cache
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph, TableStyle

from portal.fonts import BOLD, PLAIN, register_fonts

PAGE = landscape(LETTER)
MARGIN = 0.75 * inch
WIDTH = PAGE[0] - 2 * MARGIN
_PADDING = 9
_WIDEST_WORD = 0.9 * inch
"""A longer word, such as a hash, is broken."""
_LONGEST = 60
"""A longer cell wraps, and asks for no more room."""


@cache
def styles() -> dict[str, ParagraphStyle]:
    """Return the styles by name."""
    register_fonts()
    text = ParagraphStyle("text", fontName=PLAIN, fontSize=9.5, leading=13.5, spaceAfter=6)
    return {
        "text": text,
        "title": ParagraphStyle("title", text, fontName=BOLD, fontSize=26, leading=32, spaceAfter=12),
        "tab": ParagraphStyle("tab", text, fontName=BOLD, fontSize=18, leading=23, spaceAfter=4),
        "sheet": ParagraphStyle("sheet", text, fontName=BOLD, fontSize=12, leading=16, spaceBefore=12, spaceAfter=3),
        "note": ParagraphStyle("note", text, fontSize=8.5, leading=12, textColor=colors.HexColor("#444444")),
        "cell": ParagraphStyle("cell", text, fontSize=7.5, leading=10, spaceAfter=0),
        "head": ParagraphStyle("head", text, fontName=BOLD, fontSize=7.5, leading=10, spaceAfter=0),
        "contents": ParagraphStyle("contents", text, fontSize=10, leading=15, spaceAfter=0),
        "contents-sheet": ParagraphStyle("contents-sheet", text, leftIndent=22, fontSize=8.5, leading=12, spaceAfter=0),
    }


def paragraph(words: str, style: str = "text") -> Paragraph:
    """Return a paragraph of words as they are, never read as markup."""
    return Paragraph(escape(words, quote=False), styles()[style])


def table(columns: tuple[str, ...], rows: Any) -> LongTable:  # noqa: ANN401 - sequences of sequences of str
    """Return a table whose heading stands on each of its pages, as wide as the page, with cells that wrap."""
    heading = [paragraph(column, "head") for column in columns]
    cells = [[paragraph(cell, "cell") for cell in row] for row in rows]
    made = LongTable([heading, *cells], colWidths=_widths(columns, rows), repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#bbbbbb")),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return made


def _widths(columns: tuple[str, ...], rows: Any) -> list[float]:  # noqa: ANN401 - as above
    """Give each column room for its longest word, and share out what is left by how much the columns hold."""
    cells = [[name, *(row[at] for row in rows)] for at, name in enumerate(columns)]
    words = [max((word for cell in column for word in cell.split()), key=len, default="") for column in cells]
    least = [min(pdfmetrics.stringWidth(word, BOLD, 7.5), _WIDEST_WORD) + _PADDING for word in words]
    longest = [max(min(len(cell), _LONGEST) for cell in column) for column in cells]
    left = WIDTH - sum(least)
    return [room + left * each / sum(longest) for room, each in zip(least, longest, strict=True)]


class Pages(BaseDocTemplate):  # type: ignore[misc]
    """A document that tells its contents and bookmarks as it is laid out."""

    def __init__(self, file: Any, footer: str, **about: str) -> None:  # noqa: ANN401 - reportlab takes any file
        """Take where to write, what stands at the foot of each page, and the document's title and author."""
        super().__init__(file, pagesize=PAGE, leftMargin=MARGIN, rightMargin=MARGIN, **about)
        frame = Frame(MARGIN, MARGIN, WIDTH, PAGE[1] - 2 * MARGIN, leftPadding=0, rightPadding=0)
        self.addPageTemplates(PageTemplate(frames=[frame]))
        self._footer, self._seen, self._total = footer, 0, 0

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Note a heading in the contents and as a bookmark."""
        level = {"tab": 0, "sheet": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is not None:
            words, key = flowable.getPlainText(), f"at-{self.page}-{id(flowable)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(words, key, level, closed=level == 0)
            self.notify("TOCEntry", (level, escape(words, quote=False), self.page, key))

    def handle_documentBegin(self) -> None:  # noqa: N802 - reportlab's name
        """Take the number of pages from the layout before this one: it lays out until the contents are right."""
        self._total = self._seen
        super().handle_documentBegin()

    def afterPage(self) -> None:  # noqa: N802 - reportlab's name
        """Write the foot of a page."""
        self._seen = self.page
        self.canv.setFont(PLAIN, 7.5)
        self.canv.drawString(MARGIN, 0.45 * inch, self._footer)
        self.canv.drawRightString(PAGE[0] - MARGIN, 0.45 * inch, f"page {self.page} of {self._total}")
