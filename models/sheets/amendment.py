"""The sheets of an amendment, 45 CFR 164.526: accepted and linked, or denied on one of four grounds."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from models.sheets.sheet import Line, Sheet, Text


class AmendmentGround(StrEnum):
    """Why an amendment may be denied, 45 CFR 164.526(a)(2). There are no others."""

    NOT_OURS = "we did not write it, and whoever did can still be asked"
    NOT_IN_RECORD = "it is not part of the designated record set"
    NOT_ACCESSIBLE = "the person may not see it either"
    ACCURATE = "it is accurate and complete as it stands"


class Linked(Sheet):
    """That it is accepted, and where it is linked."""

    TITLE: ClassVar[str] = "The amendment is accepted"

    where: Text = Field(
        title="Where is it linked?",
        min_length=1,
        description="Each entry it concerns gets a link to the amendment; nothing is erased.",
    )
    who_needs_it: Text = Field(
        default="",
        title="Who needs to know?",
        description="Whom the person names, and those who may rely on the old entry to the person's harm.",
    )


class AmendmentDenied(Sheet):
    """That it is denied, and why."""

    TITLE: ClassVar[str] = "The amendment is denied"
    TELLS = ("grounds",)

    grounds: frozenset[AmendmentGround] = Field(title="On what ground?", min_length=1)
    basis: Text = Field(title="Why, in plain words?", min_length=1, description="It goes into the letter.")


class OthersTold(Sheet):
    """That those who need an amendment were told of it."""

    TITLE: ClassVar[str] = "Others were told of the amendment"

    told: Text = Field(title="Whom did you tell, when and how?", min_length=1)
    agreed: Line = Field(default="", title="How did the person agree to that?", description="45 CFR 164.526(c)(2).")
