"""What can stand against recording an answer."""

from models.errors import WellkeptError


class AnsweringError(WellkeptError):
    """The answer was not recorded."""

    remedy = "Open the link in your mail again; the page says what it needs."


class IncompleteError(AnsweringError):
    """Something is missing in the answer."""


class SupersededError(AnsweringError):
    """The document changed after this page was opened, so nothing was recorded."""

    remedy = "Ask for a fresh link; it shows the document as it is now."


class NotYetError(AnsweringError):
    """The second look has not opened yet."""

    remedy = "Come back at the moment the page names."


class OwnWorkError(AnsweringError):
    """Nobody approves their own work."""

    remedy = "Somebody else of the clinic has to answer."


class PersonalError(AnsweringError):
    """Only the person asked can answer this."""

    remedy = "Nobody can attest for somebody else."


class ClosedError(AnsweringError):
    """This was closed without an answer."""

    remedy = "Nothing is left to do here."


class LinkSpentError(AnsweringError):
    """This link was used or locked."""

    remedy = "Ask for a fresh link."


class LinkLockedError(AnsweringError):
    """This link was locked after too many wrong PINs. The request itself is still open."""

    remedy = "Ask for a fresh link; it comes to the same address."


class NoPinError(AnsweringError):
    """No PIN has been enrolled for you yet."""

    remedy = "Ask your administrator to enrol one in person: `wellkept people pin`."


class PinRefusedError(AnsweringError):
    """That is not your PIN."""

    remedy = "Try again, or ask your administrator to enrol a new one in person."

    def __init__(self, tries_left: int) -> None:
        """Take how many tries are left before the link is locked."""
        self.tries_left = tries_left
        many = f"{tries_left} tries are left" if tries_left != 1 else "One try is left"
        super().__init__(f"That is not your PIN. {many} before this link is locked.")
