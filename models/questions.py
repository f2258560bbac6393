"""Questions: what a request asks, what each answer means, and what it needs."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from models.tables.request import Tier

_QUIET = ConfigDict(frozen=True, hide_input_in_errors=True)
"""What a question holds may quote people; an error about it ends in logs and in Prefect."""


class Needs(StrEnum):
    """How much an answer wants of something."""

    NOTHING = "nothing"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Choice(BaseModel):
    """One way to answer."""

    model_config = _QUIET

    value: str = Field(description="What the flow reads.")
    label: str = Field(description="What the person reads.")
    meaning: str = Field(description="What happens next, in one sentence.")
    past: str = Field(description="The answer as the record tells it: 'Approved', 'No change needed'.")
    reason: Needs = Needs.OPTIONAL
    reason_label: str = "Reason"
    text: Needs = Needs.NOTHING
    """A new text, pasted or uploaded."""
    person: Needs = Needs.NOTHING
    """Somebody of the clinic, picked from a list."""
    sheet: str | None = None
    """The class of models.sheets that it asks to be filled in."""


class Question(BaseModel):
    """What one request asks."""

    model_config = _QUIET

    verb: str = Field(description="What is asked, for lists and run names: 'review Sanctions policy'.")
    sentence: str = Field(description="The question on the page.")
    why: str = Field(description="Why it is asked, with the citation.")
    asked_by: str = Field(description="In whose name: a person's name and title.")
    choices: tuple[Choice, ...]
    tier: Tier = Tier.ACKNOWLEDGE
    document_title: str | None = None
    document_sha256: str | None = Field(default=None, description="The text shown and signed.")
    compare_sha256: str | None = Field(default=None, description="The text it is compared with in a diff.")
    context: str | None = Field(default=None, description="What led here, such as an earlier answer's reason.")
    subject_id: str | None = Field(default=None, description="What it is about, such as a policy's id.")
    personal: bool = Field(default=False, description="Nobody can answer it for the person asked: no cover.")
    case_id: str | None = Field(
        default=None, description="The case whose facts the page shows, and its answer adds to."
    )
    letter: str | None = Field(default=None, description="The letter to the person that the page drafts from the case.")
    author_id: str | None = Field(default=None, description="Whose work is decided on; that person may not answer.")
    involved: tuple[str, ...] = Field(default=(), description="Who had a part in it; they may not answer.")

    @property
    def barred(self) -> tuple[str, ...]:
        """Return the ids of people who may not answer it."""
        return (self.author_id, *self.involved) if self.author_id else self.involved

    def choice(self, value: str) -> Choice | None:
        """Return the choice with this value, if there is one."""
        return next((choice for choice in self.choices if choice.value == value), None)
