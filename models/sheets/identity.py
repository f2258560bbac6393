"""Who asks, and by what right: 45 CFR 164.514(h)."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from models.sheets.sheet import Line, Sheet, Text


class Proof(StrEnum):
    """How somebody showed who they are, 45 CFR 164.514(h)."""

    KNOWN = "known to us in person"
    PHOTO_ID = "photo ID"
    SIGNATURE = "signature compared with the chart"
    CALL_BACK = "called back at the number in the chart"
    LOGIN = "came through the patient portal's own login"


class WhoAsks(Sheet):
    """Who asks and by what right."""

    TITLE: ClassVar[str] = "Who asks, and by what right"

    proof: Proof = Field(title="How do we know who it is?")
    authority: Line = Field(
        default="",
        title="By what right do they act for the patient?",
        description="Only if it is not the patient: the document, such as a guardianship order.",
    )
    minor_consented_alone: bool = Field(
        default=False,
        title="The patient is a minor who consented to this care alone",
        description="Then the parent may have no right to this part: 45 CFR 164.502(g)(3). Ask the privacy official.",
    )


class Identity(WhoAsks):
    """Who asks, by what right, and for what exactly."""

    scope: Text = Field(title="What exactly do they want?", min_length=1, description="Which part, from when to when.")
    form: Line = Field(title="In what form?", min_length=1, description="Such as paper, PDF, on a USB stick.")
