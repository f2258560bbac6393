"""Letters on paper: a letter's Markdown as a PDF in US Letter, without anything loaded or run."""

import io
from collections.abc import Iterator
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from portal.fonts import BOLD, PLAIN, register_fonts

MARGIN = inch
_INLINE = {"strong_open": "<b>", "strong_close": "</b>", "softbreak": "<br/>", "hardbreak": "<br/>"}
_markdown = MarkdownIt("commonmark", {"html": False})


def letter_pdf(text: str, number: str) -> bytes:
    """Return a letter as PDF; `number` is the case's, and all that its file says of itself."""
    file = io.BytesIO()
    pages = SimpleDocTemplate(
        file, pagesize=LETTER, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN
    )
    pages.title, pages.author, pages.creator = number, "", "Wellkept"
    pages.build(list(_flowables(_markdown.parse(text))))
    return file.getvalue()


def _flowables(tokens: list[Token]) -> Iterator[Flowable]:
    """Yield a paragraph for each block that holds words; items of lists get a mark."""
    style, mark = "text", ""
    for token in tokens:
        if token.type == "heading_open":
            style = "heading"
        elif token.type == "list_item_open":
            style, mark = "item", f"{token.info}." if token.info else "•"
        elif token.type in ("heading_close", "list_item_close"):
            style, mark = "text", ""
        elif token.type == "inline":
            yield Paragraph(_inline(token), _styles()[style], bulletText=mark or None)
            mark = ""
        elif token.type in ("fence", "code_block"):
            yield Paragraph(escape(token.content, quote=False).replace("\n", "<br/>"), _styles()["text"])


def _inline(token: Token) -> str:
    parts = token.children or []
    return "".join(_INLINE.get(each.type) or escape(each.content, quote=False) for each in parts)


@cache
def _styles() -> dict[str, ParagraphStyle]:
    register_fonts()
    text = ParagraphStyle("text", fontName=PLAIN, fontSize=11, leading=16, spaceAfter=10)
    return {
        "text": text,
        "heading": ParagraphStyle("heading", text, fontName=BOLD, fontSize=13, leading=18, spaceBefore=6),
        "item": ParagraphStyle("item", text, leftIndent=18, bulletIndent=4, spaceAfter=4),
    }
