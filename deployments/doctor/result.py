"""What one check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One check: what was looked at, what is so, and how to mend it; no remedy means that it is well."""

    check: str
    found: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        """True when there is nothing to mend."""
        return not self.remedy
