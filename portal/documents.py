"""Documents on a page: Markdown as safe HTML. Nothing of the text runs and nothing is loaded from elsewhere."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = frozenset(
    [
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "br",
        "hr",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
    ],
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "table": {"tabindex"}}
LOWEST_HEADING = 6
LEVELS_DOWN = 2
"""The page has its own title and section headings above a document's."""

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_broken = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def as_html(text: str, *, breaks: bool = False) -> Markup:
    """Return a Markdown text as HTML cleaned of scripts, styles, images and every tag that is not on the list.

    With `breaks` a line that ends in the text ends on the page too, as in an address.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        _lower(token)
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide one scrolls, also by the keyboard
    markdown = _broken if breaks else _markdown
    rendered = str(markdown.renderer.render(tokens, markdown.options, {}))
    return Markup(  # noqa: S704 - cleaned by nh3 in this expression
        nh3.clean(rendered, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"https", "http", "mailto"})
    )


def _lower(token: Token) -> None:
    """Put a heading below the page's own headings."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(LOWEST_HEADING, int(token.tag[1]) + LEVELS_DOWN)}"
