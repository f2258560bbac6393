"""The one extension of a request."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from pydantic import Field

from models.clocks.requests import Extension, ExtensionError, Right, clocks_of, longest_due_on
from models.sheets.sheet import Occasion, Refusal, Sheet, Text
from models.words import day_in_words


class Extending(Sheet):
    """The one extension, 45 CFR 164.524(b)(2)(ii), .526(b)(2)(ii), .528(c)(1)(ii): in writing, before the due date."""

    TITLE: ClassVar[str] = "The extension"
    TELLS = ("promised_on",)

    because: Text = Field(title="Why does it take longer?", min_length=1, description="It goes into the letter.")
    promised_on: date = Field(title="By when will it be done?")

    def refusals(self, occasion: Occasion) -> Iterator[Refusal]:
        """Yield why the law knows no such extension."""
        right = Right(occasion.right)
        assert occasion.received_on is not None  # noqa: S101 - every case of a right has a day of receipt
        try:
            extension = Extension(occasion.today, self.promised_on, self.because)
            clocks_of(right, occasion.received_on, extensions=[extension])
        except ExtensionError as error:
            latest = day_in_words(longest_due_on(right, occasion.received_on))
            yield Refusal("promised_on", f"{error.args[0]} The last day that may be promised is {latest}.")
