"""What a case was told: one answer or intake, as the fact that is kept of it."""

import json
from dataclasses import dataclass
from typing import Self

from models.sheets import Sheet, sheet_named


@dataclass(frozen=True)
class Told:
    """One thing a case was told: the answer in words, and what came with it."""

    said: str
    reason: str = ""
    text: str = ""
    """A letter as it went out."""
    sheet: Sheet | None = None

    def as_json(self) -> str:
        """Return it as a fact keeps it."""
        name = type(self.sheet).__name__ if self.sheet else None
        filled = self.sheet.model_dump(mode="json") if self.sheet else None
        kept = {"said": self.said, "reason": self.reason, "text": self.text, "sheet": name, "filled": filled}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, kept: str) -> Self:
        """Read it back. Raises UnknownSheetError for a sheet this version does not know."""
        told = json.loads(kept)
        sheet = sheet_named(told["sheet"]).model_validate(told["filled"]) if told["sheet"] else None
        return cls(told["said"], told["reason"], told["text"], sheet)
