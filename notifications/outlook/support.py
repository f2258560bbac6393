"""What classic Outlook for Windows can show of a letter, as far as it is published.

It shows mail with Word's engine. The tables follow

- Microsoft, "Word 2007 HTML and CSS Rendering Capabilities in Outlook 2007", parts 1 and 2 (aa338201 and aa338200), the
  last that Microsoft published: the elements, and the groups of properties that each of them takes;
- caniemail.com, Outlook for Windows 2007 to 2019, as it stood in June 2026, for what turned out otherwise in practice;
- the button of MJML, whose `mso-padding-alt` on the cell is in wide use.
"""

CORE = frozenset(
    {
        "background-color",
        "color",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "line-height",
        "text-align",
        "text-decoration",
        "vertical-align",
        "white-space",
    }
)
"""What every element takes."""
BLOCK = CORE | {"margin", "text-indent"}
BOX = BLOCK | {"width", "height", "border", "border-top", "border-bottom"}
TAKES: dict[str, frozenset[str]] = {
    # element: CSS properties that Word follows on it
    "body": CORE | {"margin", "padding"},  # both 0 everywhere: Word has none to begin with
    "span": CORE,
    "strong": CORE,
    "a": CORE,
    "div": BLOCK,  # no height: a spacer is as high as its line; borders on div and p are unreliable
    "p": BLOCK,
    "h1": BLOCK,
    "h2": BLOCK,
    "h3": BLOCK,
    "table": CORE | {"width", "border"},  # no margin above and below; its place is made by a cell's padding
    "tr": CORE,
    "td": BOX | {"padding"},  # of all elements only cells are padded
}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "html": frozenset({"lang", "xmlns:o"}),
    "body": frozenset({"class", "style", "lang", "bgcolor"}),
    "table": frozenset({"role", "class", "width", "align", "cellpadding", "cellspacing", "border", "bgcolor", "style"}),
    "td": frozenset({"class", "width", "align", "valign", "bgcolor", "style"}),
    "a": frozenset({"class", "href", "style"}),
    "img": frozenset({"src", "alt", "width", "height", "border", "style"}),
}
PLAIN = frozenset({"class", "style"})
HEAD = frozenset({"head", "meta", "title", "style", "xml", "o:officedocumentsettings", "o:pixelsperinch", "br", "img"})
LOST = {
    # property: why it is no harm that Word does not know it
    "border-radius": "corners are square",
    "color-scheme": "Outlook has its own dark mode",
    "supported-color-schemes": "the same",
}
HIDDEN = frozenset({"max-height", "overflow", "opacity"})
"""What else hides an element from other programs; Word takes `mso-hide:all`."""
FONTS = frozenset({"Arial", "Calibri", "Courier New", "Georgia", "Segoe UI", "Tahoma", "Times New Roman", "Verdana"})
"""On every Windows. Word sets anything else in Times New Roman, whatever comes after it."""
GENERIC = frozenset({"sans-serif", "serif", "monospace"})
VOID = frozenset({"br", "img", "meta"})
"""Elements without an end."""
