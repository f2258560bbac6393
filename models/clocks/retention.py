"""Retention: until when the law wants a document kept. Pure functions of civil dates; nothing here reads a clock."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from models.clocks.civil import years_after


class Kind(StrEnum):
    """What a document is evidence of, as far as retention tells them apart."""

    POLICY = "policy"
    DECISION = "decision"
    TRAINING = "training"
    """Somebody attested that they have read and will follow something."""
    BREACH_ASSESSMENT = "breach assessment"


class RetentionRule(BaseModel):
    """How long a paragraph of law wants documents kept, and how well that was checked."""

    model_config = ConfigDict(frozen=True)

    cite: str
    years: int = Field(description="Counted from creation, or from when it was last in effect, whichever is later.")
    kinds: frozenset[Kind] = Field(description="Which documents it is about.")
    state: str | None = Field(default=None, description="The state whose law it is; none for federal law.")
    verified: str = Field(description="R: read in the regulation; P: primary source; S: secondary; M: from memory.")


FEDERAL = RetentionRule(cite="45 CFR 164.316(b)(2)(i), 164.530(j)(2)", years=6, kinds=frozenset(Kind), verified="R")
STATE_RULES = (
    RetentionRule(cite="Tex. H&S 181.101", years=6, kinds=frozenset({Kind.TRAINING}), state="TX", verified="P"),
    RetentionRule(
        cite="N.Y. GBL 899-aa", years=5, kinds=frozenset({Kind.BREACH_ASSESSMENT}), state="NY", verified="P/S"
    ),
)
"""Only the rules of states that a clinic has chosen count for it."""


class Kept(NamedTuple):
    """Until when a document is kept, and which rule says so."""

    until: date
    """The last civil day on which it must be there."""
    rule: RetentionRule


def retain_until(
    created: date, last_in_effect: date | None = None, kind: Kind = Kind.DECISION, states: Collection[str] = ()
) -> Kept:
    """Return until when a document is kept, by the rule that keeps it longest; of two alike the federal one.

    Six years from the day it was made or the last day it was in effect, whichever is later; federal law, and that of
    the states given (two letters). What is in effect still has no such day: do not ask.
    """
    latest = max(created, last_in_effect or created)
    rules = [FEDERAL, *(rule for rule in STATE_RULES if rule.state in states)]
    return max((Kept(years_after(latest, rule.years), rule) for rule in rules if kind in rule.kinds), key=_until)


def _until(kept: Kept) -> date:
    return kept.until
