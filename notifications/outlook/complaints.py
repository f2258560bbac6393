"""Complaints about a letter: what classic Outlook could not follow in it, or would show otherwise than meant."""

import re
from itertools import pairwise

from notifications.outlook.support import ATTRIBUTES, CORE, FONTS, GENERIC, HEAD, HIDDEN, LOST, PLAIN, TAKES
from notifications.outlook.word import Node, Word, declarations

READABLE = 4.5
"""Least contrast of text, by WCAG 1.4.3."""
NEARLY_BLACK = 0.04045
"""Below it sRGB is linear."""
_SIX_DIGITS = re.compile(r"#[0-9a-f]{6}")
_LENGTH = re.compile(r"-?[\d.]+([a-z%]*)")
_LINES = frozenset({"a", "div", "h1", "h2", "h3", "p", "td"})
"""Elements whose lines Word would stretch unless told to keep them exactly."""


def complaints(html: str) -> list[str]:
    """Return what Word's engine cannot follow in a letter, or would show otherwise than meant."""
    word = Word(html)
    found = [wrong for node in word.nodes for check in _CHECKS for wrong in check(node)]
    return sorted({*found, *_of_css(word.css), *_of_page(word), *word.wrong})


def _of_element(node: Node) -> list[str]:
    """Look at an element and its attributes."""
    if node.tag not in {*TAKES, *HEAD, "html"}:
        return [f"<{node.tag}> is not for mail"]
    if node.tag in {"meta", "title"}:
        return []
    unknown = node.attributes.keys() - ATTRIBUTES.get(node.tag, PLAIN)
    return [f"<{node.tag} {name}> does nothing in Word" for name in unknown]


def _of_style(node: Node) -> list[str]:
    """Look at the properties that stand on an element, and at their values."""
    found = []
    for name, value in node.style.items():
        if not (name in TAKES.get(node.tag, ()) or name in LOST or name.startswith("mso-") or _excused(node, name)):
            found.append(f"{name} on <{node.tag}> does nothing in Word")
        units = {unit for unit in _LENGTH.findall(re.sub("#[0-9a-f]*", "", value)) if unit not in {"", "px", "%"}}
        if units or re.search(r"!important|calc|var\(|rgb|hsl|url|auto|(^|\s)-\d", value):
            found.append(f"{name}:{value} is not understood by Word")
        if "color" in name and not _SIX_DIGITS.fullmatch(value):
            found.append(f"{name}:{value} is no colour of six digits")
    return found


def _excused(node: Node, name: str) -> bool:
    """Tell whether something else does in Word what a property does elsewhere."""
    cell = node.above
    if name in {"padding", "display"} and node.tag == "a" and cell is not None:
        return "mso-padding-alt" in cell.style and node.style.get("display") == "inline-block"
    if name == "max-width" and node.tag == "table":
        limit = node.style[name].removesuffix("px")
        return any(each.tag == "table" and each.attributes.get("width") == limit for each in node.line[1:])
    return node.style.get("mso-hide") == "all" and (name in HIDDEN or node.style.get("display") == "none")


def _of_table(node: Node) -> list[str]:
    """Look at a layout table: told as one, without gaps of its own, and with a width where it has columns to share."""
    if node.tag != "table":
        return []
    wanted = {"role": "presentation", "cellpadding": "0", "cellspacing": "0", "border": "0"}
    found = [f"<table> without {name}={value}" for name, value in wanted.items() if node.attributes.get(name) != value]
    width = node.attributes.get("width", "")
    if not re.fullmatch(r"\d+|100%", width) and node.cells != 1:
        found.append("<table> without a width in pixels or per cent")
    return found


def _of_background(node: Node) -> list[str]:
    """Look whether a background stands as an attribute too, and nowhere as a picture."""
    style, attribute = node.style.get("background-color"), node.attributes.get("bgcolor")
    same = style == attribute or node.tag not in {"table", "td", "body"}
    return [] if same else [f"<{node.tag}> has bgcolor {attribute} and background-color {style}"]


def _of_text(node: Node) -> list[str]:
    """Look whether text says its font, size, line and colour itself, and can be read on what lies behind it."""
    if not node.text or node.hidden or node.tag in HEAD:
        return []
    names = ("font-family", "font-size", "line-height", "color")
    found = [f"text in <{node.tag}> has no {name} of its own" for name in names if not node.given(name)]
    fonts = [font.strip("'\" ") for font in node.given("font-family").split(",")]
    if fonts[0] not in FONTS or fonts[-1] not in GENERIC:
        found.append(f"text in <{node.tag}> may be set in Times New Roman: {fonts}")
    colours = (node.given("color"), node.given("background-color", to_cell=False))
    if not all(map(_SIX_DIGITS.fullmatch, colours)) or _contrast(*colours) < READABLE:
        found.append(f"text in <{node.tag}> is hard to read: {colours}")
    return found


def _of_link(node: Node) -> list[str]:
    """Look whether a link has a colour of its own: Word's is blue."""
    return ["<a> without a colour"] if node.tag == "a" and not {"color", "text-decoration"} <= node.style.keys() else []


def _of_image(node: Node) -> list[str]:
    """Look whether a picture has its width as an attribute, and words."""
    missing = {"width", "alt"} - node.attributes.keys() if node.tag == "img" else ()
    return [f"<img> without {name}" for name in missing]


_CHECKS = (_of_element, _of_style, _of_table, _of_background, _of_text, _of_link, _of_image)


def _of_css(css: str) -> list[str]:
    """Look at the rules outside of @media, which Word passes over, and at lines that Word would stretch."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", css))
    found = [
        f"{name} in the style sheet does nothing in Word"
        for _, body in rules
        for name in declarations(body)
        if name not in CORE | LOST.keys() and not name.startswith("mso-")
    ]
    exact = {
        tag.strip()
        for tags, body in rules
        if declarations(body).get("mso-line-height-rule") == "exactly"
        for tag in tags.split(",")
    }
    return found + [f"lines of <{tag}> are stretched" for tag in _LINES - exact]


def _of_page(word: Word) -> list[str]:
    """Look at the page as a whole."""
    found = ["no language"] if word.nodes[0].attributes.get("lang") != "en" else []
    dots = any(node.tag == "o:pixelsperinch" for node in word.nodes)
    return found if dots else [*found, "widths do not grow on screens of 120 dots an inch and more"]


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG reckons it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour in six digits, by WCAG."""
    red, green, blue = (_linear(int(colour[at:end], 16) / 255) for at, end in pairwise((1, 3, 5, 7)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= NEARLY_BLACK else ((part + 0.055) / 1.055) ** 2.4
