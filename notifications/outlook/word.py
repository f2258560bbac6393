"""A letter as Word reads it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from notifications.outlook.support import VOID

_DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*([^;]+?)\s*(?:;|$)")
_FOR_WORD = re.compile(r"<!--\[if mso\]>|<!\[endif\]-->")


def declarations(style: str) -> dict[str, str]:
    """Return the properties of a style attribute or of a rule."""
    return dict(_DECLARATION.findall(style))


@dataclass
class Node:
    """One element as Word finds it."""

    tag: str
    attributes: dict[str, str]
    above: "Node | None"
    text: bool = False
    cells: int = 0
    style: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> list["Node"]:
        """Return the element and those it stands in, from the inside out."""
        return [self, *(self.above.line if self.above else [])]

    @property
    def hidden(self) -> bool:
        """Tell whether Word leaves it out."""
        return any(each.style.get("mso-hide") == "all" for each in self.line)

    def given(self, name: str, *, to_cell: bool = True) -> str:
        """Return a property of the text in it. Word begins anew in each cell, so it does not look beyond."""
        for each in self.line:
            if name in each.style:
                return each.style[name]
            if to_cell and each.tag == "td":
                break
        return ""


class Word(HTMLParser):
    """A letter as Word reads it: with what stands in comments for it."""

    def __init__(self, html: str) -> None:
        """Read a letter."""
        super().__init__()
        self.nodes: list[Node] = []
        self.css = ""
        self._open: list[Node] = []
        self.wrong: list[str] = []
        """Elements that are not closed where they should be."""
        self.feed(_FOR_WORD.sub("", html))
        self.close()
        self.wrong += [f"<{node.tag}> is never closed" for node in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        node = Node(tag, given, self._open[-1] if self._open else None, style=declarations(given.get("style", "")))
        self.nodes.append(node)
        if tag == "td":
            table = next((each for each in node.line if each.tag == "table"), node)
            table.cells += 1
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if not self._open or self._open.pop().tag != tag:
            self.wrong.append(f"</{tag}> stands in the wrong place")

    def handle_data(self, data: str) -> None:
        """Note that an element holds text."""
        if self._open and data.strip():
            self._open[-1].text = True
        if self._open and self._open[-1].tag == "style":
            self.css += data
