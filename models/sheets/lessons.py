"""The sheets of what is learned from an incident: corrective actions, and a sanction that hits nobody for reporting."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from models.names import same_name
from models.sheets.sheet import SHORTEST_FACT, Line, Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class Measure(StrEnum):
    """What kind of thing a corrective action is."""

    RISK = "the risk analysis, and what is done about a risk"
    POLICY = "a policy or a procedure"
    TRAINING = "training or a reminder"
    SANCTION = "a sanction by the sanctions policy"
    TECHNICAL = "a technical safeguard"
    VENDOR = "a vendor or its contract"
    OTHER = "something else"

    @property
    def cite(self) -> str:
        """Return the paragraph it is owed to."""
        return _CITES[self]

    def verb(self, policy: str = "") -> str:
        """Return what whoever does it is asked to do, as the request's title goes on; of a policy, which."""
        verb = _VERBS.get(self, "do what {number} taught")
        return verb.replace("the policy", f"the policy {policy}") if self is Measure.POLICY and policy else verb


_VERBS = {
    Measure.RISK: "update the risk analysis after {number}",
    Measure.POLICY: "change the policy after {number}",
    Measure.TRAINING: "hold the training after {number}",
    Measure.SANCTION: "apply the sanctions policy after {number}",
    Measure.TECHNICAL: "put in the safeguard after {number}",
    Measure.VENDOR: "settle it with the vendor after {number}",
}
_CITES = {
    Measure.RISK: "45 CFR 164.308(a)(1)(ii)(A), (B)",
    Measure.POLICY: "45 CFR 164.530(i), 164.316",
    Measure.TRAINING: "45 CFR 164.530(b), 164.308(a)(5)",
    Measure.SANCTION: "45 CFR 164.530(e), (g), 164.308(a)(1)(ii)(C)",
    Measure.TECHNICAL: "45 CFR 164.312",
    Measure.VENDOR: "45 CFR 164.504(e), 164.308(b)",
    Measure.OTHER: "45 CFR 164.530(f)",
}


class Corrective(Sheet):
    """Something that is to keep it from happening again."""

    TITLE: ClassVar[str] = "A corrective action"
    TELLS = ("measure", "due_on")

    measure: Measure = Field(title="What does it change?")
    policy: Line = Field(default="", title="Which policy, if it is one?", description="Its title, as it is kept here.")
    action: Text = Field(title="What is to be done?", min_length=1)
    due_on: date = Field(title="By when?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield a day that is over."""
        if self.due_on < occasion.today:
            yield Refusal("due_on", f"{day_in_words(self.due_on)} is over. Give a day to come.")
        if self.measure is Measure.POLICY and occasion.policies and not self.title_of(occasion):
            yield Refusal("policy", f"Write which one: {', '.join(sorted(occasion.policies))}.")

    def title_of(self, occasion: Occasion) -> str:
        """Return the title of the policy that is meant, as it is kept; empty where none is."""
        return next((title for title in occasion.policies if same_name(self.policy, title)), "")

    def tell(self, occasion: Occasion) -> dict[str, Any]:
        """Return besides the policy's own title, and nothing that was only typed."""
        return {**super().tell(occasion), "policy": self.title_of(occasion)}


class Sanctioned(Sheet):
    """That the sanctions policy was applied, 45 CFR 164.530(e)(2), and nobody was hit for reporting, 164.530(g)."""

    TITLE: ClassVar[str] = "The sanctions policy, applied"

    sanction: Text = Field(
        title="Who, for what, and which sanction?", min_length=1, description="As your sanctions policy has it."
    )
    reported: bool = Field(default=False, title="It is somebody who reported this incident, or complained")
    apart: Text = Field(
        default="",
        title="If so: what did they do, apart from reporting?",
        description="45 CFR 164.530(g): nobody is treated worse for reporting or complaining.",
    )

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:  # noqa: ARG002 - the same on every occasion
        """Yield a sanction that looks like one for reporting."""
        if self.reported and len(self.apart) < SHORTEST_FACT:
            words = "Nobody is sanctioned for reporting (45 CFR 164.530(g)). Write what they did apart from that"
            yield Refusal("apart", f"{words}, and how you know, or apply no sanction.")
