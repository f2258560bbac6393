"""YAML text as plain data that remembers its lines.

The text is only composed into nodes, never constructed into objects, so nothing in it can run. Every scalar stays
the text that was written: `no` is no boolean, `07:00` no number.
"""

from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from models.clinic_folder.mistakes import Mistake

Location = tuple[str | int, ...]
PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
}
NULL = "tag:yaml.org,2002:null"


@dataclass
class Sheet:
    """What one YAML text says, and on which lines; data is none when it cannot be read at all."""

    file: str
    first_line: int = 1
    data: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    refused: set[Location] = field(default_factory=set)
    """Places whose value was not taken; saying that they are empty would be a second mistake for one."""

    def line(self, at: Location) -> int:
        """Return the line of a place, or of the nearest place around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, self.first_line)

    def mistake(self, at: Location, problem: str, remedy: str) -> Mistake:
        """Return a mistake that stands at a place of this sheet."""
        return Mistake(self.file, self.line(at), problem, remedy)

    def refuse(self, at: Location, problem: str, remedy: str) -> None:
        """Keep a mistake for a place whose value is not taken."""
        self.refused.add(at)
        self.mistakes.append(self.mistake(at, problem, remedy))

    def line_of(self, node: Node) -> int:
        """Return the line of a node in the file, counted from 1."""
        return int(node.start_mark.line) + self.first_line


def read_sheet(text: str, file: str, first_line: int = 1) -> Sheet:
    """Return what a YAML text says; `first_line` is the line of the file on which the text begins."""
    sheet = Sheet(file, first_line)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        sheet.data = None if root is None else _value(sheet, root, (), set())
    except MarkedYAMLError as error:
        _cannot_read(sheet, _line_of(error), str(error.problem))
    except ReaderError as error:
        _cannot_read(sheet, text.count("\n", 0, error.position), "a character is not allowed in it")
    except RecursionError:
        _cannot_read(sheet, None, "it is nested too deeply")
    except (YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, AssertionError) as error:
        # The library itself stumbles over some texts; to the person who wrote one it is a mistake like another.
        _cannot_read(sheet, None, str(error).partition("\n")[0] or type(error).__name__)
    if sheet.data is None and not sheet.mistakes:
        sheet.mistakes.append(Mistake(file, None, "Nothing is written here.", "See the demo clinic's file."))
    return sheet


def _line_of(error: MarkedYAMLError) -> int | None:
    # A quote or bracket left open is mended where it opens, not where the parser gave up.
    is_left_open = "quoted" in str(error.context) or "flow" in str(error.context)
    mark = (is_left_open and error.context_mark) or error.problem_mark
    return None if mark is None else int(mark.line)


def _cannot_read(sheet: Sheet, line: int | None, problem: str) -> None:
    remedy = "Look at this line and the one above: indent with spaces, close quotes and brackets, write `key: value`."
    where = None if line is None else line + sheet.first_line
    sheet.data = None
    sheet.mistakes.append(Mistake(sheet.file, where, f"This is not YAML: {problem}.", remedy))


def _value(sheet: Sheet, node: Node, at: Location, seen: set[int]) -> object:
    if id(node) in seen:
        sheet.refuse(at, "Something is repeated with `&` and `*`.", "Write it out in both places.")
        return None
    seen.add(id(node))
    if node.tag not in PLAIN_TAGS:
        sheet.refuse(at, f"The tag `{node.tag}` is not used here.", "Write the value alone.")
        return None
    if isinstance(node, MappingNode):
        return _mapping(sheet, node, at, seen)
    if isinstance(node, SequenceNode):
        return _sequence(sheet, node, at, seen)
    if not _is_text(node):
        sheet.refuse(at, "The text holds half a character.", "Type this line anew, without `\\u`.")
        return None
    return None if node.tag == NULL else str(node.value)


def _is_text(node: Node) -> bool:
    """Say whether a node is a text that can be stored; YAML's escapes can write halves of characters."""
    return isinstance(node, ScalarNode) and not any(0xD800 <= ord(char) <= 0xDFFF for char in node.value)  # noqa: PLR2004 - the surrogates of Unicode


def _sequence(sheet: Sheet, node: SequenceNode, at: Location, seen: set[int]) -> list[object]:
    items = []
    for index, item in enumerate(node.value):
        sheet.lines[(*at, index)] = sheet.line_of(item)
        items.append(_value(sheet, item, (*at, index), seen))
    return items


def _mapping(sheet: Sheet, node: MappingNode, at: Location, seen: set[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not _is_text(key_node):
            sheet.mistakes.append(sheet.mistake(at, "A key must be a plain word.", "Write `key: value`."))
            continue
        key = str(key_node.value)
        if key in found:
            remedy = f"Keep one of them; the first is on line {sheet.lines[(*at, key)]}."
            line = sheet.line_of(key_node)
            sheet.mistakes.append(Mistake(sheet.file, line, f"`{key}` is written twice.", remedy))
            continue
        sheet.lines[(*at, key)] = sheet.line_of(key_node)
        found[key] = _value(sheet, value_node, (*at, key), seen)
    return found
