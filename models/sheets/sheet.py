"""Sheets: what an answer or an intake wants to know, field by field. A pydantic model each; its fields are the form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.gates.defect import Defect
from models.names import same_name

SHORTEST_FACT = 40
"""Characters of what is wanted as a fact: what is shorter is an opinion, or a slip."""
LONGEST_LINE = 200
LONGEST_TEXT = 5000
"""Characters."""
DEFECTS = "defects"
"""What `Sheet.tell` calls the paragraphs that something in it falls short of."""


@dataclass(frozen=True)
class Occasion:
    """When and on what a sheet is filled in. All days are civil days of the clinic."""

    now: datetime
    today: date
    time_zone: str
    by: str = ""
    """Id of whoever fills it in."""
    received_on: date | None = None
    """When the case's request was received, if there is a case."""
    due_on: date | None = None
    """When the case is due, with any extension."""
    law_due_on: date | None = None
    """When its federal clock ran out, or will, without an extension."""
    right: str = ""
    """The right it is about, if the law has a clock for it: `access`, `amendment`, `accounting`."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of the clinic's active people by id."""
    states: tuple[str, ...] = ()
    text: str = ""
    """The letter that is handed in with it."""
    case_told: Mapping[str, Any] = field(default_factory=dict)
    """What the intake of the case told, and what was noted of it since."""
    attachments: int = 0
    """How many files are attached to the case."""
    addressees: int = 0
    """How many people are on the case's list of those to be told."""
    numbers: frozenset[str] = frozenset()
    """Numbers of the clinic's cases."""
    policies: frozenset[str] = frozenset()
    """Titles of the clinic's policies."""
    self_paid: tuple[str, ...] = ()
    """Numbers of the patient's cases that keep something from the insurer that was paid in full."""
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What earlier answers of the case told, by the key of their request."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What they chose, by the same keys."""
    by_whom: Mapping[str, str] = field(default_factory=dict)
    """Who gave them, by the same keys."""

    def id_of(self, name: str) -> str:
        """Return the id of whom a name means, or the name itself for somebody outside."""
        return next((id_ for id_, known in self.people.items() if same_name(known, name)), name.strip())


class Refusal(NamedTuple):
    """Why a sheet is not taken as it is: the field at fault, and what to do."""

    field: str
    words: str


class Sheet(BaseModel):
    """What somebody filled in. It is a case's fact and encrypted; the engine learns only what `TELLS` names."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, str_strip_whitespace=True)

    TITLE: ClassVar[str] = ""
    """What the page that shows it calls it."""
    FIRST: ClassVar[tuple[str, ...]] = ()
    """Fields that its form asks for before all others."""
    TELLS: ClassVar[tuple[str, ...]] = ()
    """Fields that hold no more than a code, a day or a number, which the cycle needs to find its way."""

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:  # noqa: ARG002 - for the kinds that override it
        """Yield why it is not taken: impossible days, what the law refuses."""
        yield from ()

    def defects(self, occasion: Occasion) -> Iterator[Defect]:  # noqa: ARG002 - as above
        """Yield what the law finds wanting in what it describes; it is taken, and the case goes on from that."""
        yield from ()

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return what the cycle may know of it, as plain JSON."""
        filled = self.model_dump(mode="json", include=set(self.TELLS))
        told = {name: sorted(value) if isinstance(value, list) else value for name, value in filled.items()}
        found = list(dict.fromkeys(defect.cite for defect in self.defects(occasion)))
        return {**told, DEFECTS: found} if found else told


def plain(value: str) -> str:
    """Return a text that can be stored as it is; pydantic tells of others."""
    if "\0" in value:
        raise PydanticCustomError("unstorable", "holds a character that cannot be stored")
    return value


Line = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(plain)]
"""A text of one line."""
Text = Annotated[str, Field(max_length=LONGEST_TEXT, json_schema_extra={"rows": 4}), AfterValidator(plain)]
"""A text of several lines."""
