"""The assessment of four factors, 45 CFR 164.402(2): each with facts, and with what it rests on."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.sheets.sheet import SHORTEST_FACT, Occasion, Refusal, Sheet, Text

FACTORS = ("nature", "recipient", "acquired", "mitigated")
WEAK = re.compile(
    r"\b(no harm|unlikely|low risk|no risk|probably|should be fine|no evidence|not a big|nothing happened)\b",
    re.IGNORECASE,
)


class Conclusion(StrEnum):
    """What the four factors show together."""

    LOW = "a low probability that it was compromised"
    NOT_LOW = "no low probability: it is a breach"


class Evidence(StrEnum):
    """What a factor rests on."""

    FILE = "a file attached to the case"
    ENTRY = "what the case's entries say"
    NOT_AVAILABLE = "asked, not available"


def _from() -> Any:  # noqa: ANN401 - pydantic's own
    return Field(title="What shows it?")


class FourFactors(Sheet):
    """The assessment of 45 CFR 164.402(2). It is presumed a breach unless a low probability is demonstrated."""

    TITLE: ClassVar[str] = "The four factors"
    TELLS = ("conclusion",)

    nature: Text = Field(
        title="1. What data, and how easily does it name somebody?",
        min_length=1,
        description="Kinds of identifiers, how sensitive, how likely somebody is recognized. Facts, not feelings.",
    )
    nature_from: Evidence = _from()
    recipient: Text = Field(
        title="2. Who used it, or got it?", min_length=1, description="Bound by confidentiality? How do you know?"
    )
    recipient_from: Evidence = _from()
    acquired: Text = Field(
        title="3. Was it really acquired or seen?",
        min_length=1,
        description="What shows it: logs, what they said, seals.",
    )
    acquired_from: Evidence = _from()
    mitigated: Text = Field(
        title="4. How far is the risk mitigated?",
        min_length=1,
        description="Assurance of destruction, its date, from whom.",
    )
    mitigated_from: Evidence = _from()
    not_available: Text = Field(
        default="", title="What did you ask for and not get?", description="Whom you asked, when, and what they said."
    )
    conclusion: Conclusion = Field(title="What do they show together?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield factors that hold an opinion in place of a fact, and evidence that is not there."""
        for name in FACTORS:
            words = str(getattr(self, name))
            if WEAK.search(words) and len(words) < SHORTEST_FACT:
                yield Refusal(
                    name, f"“{words}” is a conclusion. Write the fact behind it: who, what, when, how you know."
                )
        if self.conclusion is Conclusion.LOW and len(self.mitigated) < SHORTEST_FACT:
            yield Refusal("mitigated", "A low probability has to be demonstrated: write what was done, when, by whom.")
        rests = {name: getattr(self, f"{name}_from") for name in FACTORS}
        if not occasion.attachments:
            for name in (name for name, evidence in rests.items() if evidence is Evidence.FILE):
                yield Refusal(f"{name}_from", "No file is attached to the case. Attach it on the case's page first.")
        if Evidence.NOT_AVAILABLE in rests.values() and not self.not_available:
            yield Refusal("not_available", "Write whom you asked for what is not available, when, and what they said.")
        if self.conclusion is Conclusion.LOW and set(rests.values()) == {Evidence.NOT_AVAILABLE}:
            yield Refusal("conclusion", "Nothing was available for any factor: that demonstrates no low probability.")
