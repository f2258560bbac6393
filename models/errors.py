"""What can go wrong, in words a person can act on.

One base class. The docstring of each error is its default message, and every error carries a remedy.
"""

from typing import ClassVar


class WellkeptError(Exception):
    """Something went wrong in Wellkept."""

    remedy: ClassVar[str] = "Run `wellkept doctor`; it checks the installation and says how to mend it."

    def __init__(self, message: str | None = None, *, remedy: str | None = None) -> None:
        """Take a message, or the class's docstring, and a remedy, or the class's own."""
        super().__init__(message or (self.__doc__ or "").strip())
        self.help = remedy or self.remedy

    def __str__(self) -> str:
        """Return the message and what to do about it."""
        return f"{self.args[0]} {self.help}".strip()
