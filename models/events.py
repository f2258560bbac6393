"""What can happen, as the ledger names it.

Grammar: `source:subject:action`. These strings are part of the record for ever; add, never change.
"""

from enum import StrEnum


class Event(StrEnum):
    """A kind of ledger entry."""

    CLINIC_APPLIED = "clinic:folder:applied"
    CLOCK_MOVED = "clinic:clock:moved"
    """Only a demo's clock moves."""
    LEAVE_CHANGED = "clinic:leave:changed"
    PIN_ENROLLED = "clinic:pin:enrolled"
    CYCLE_BEGUN = "cycle:cycle:begun"
    CYCLE_RUN_STARTED = "cycle:run:started"
    CYCLE_CLOSED = "cycle:cycle:closed"
    CYCLE_REVIVED = "cycle:run:revived"
    STEP_DONE = "cycle:step:done"
    REQUEST_ASKED = "cycle:request:asked"
    REQUEST_HANDED_OVER = "cycle:request:handed-over"
    REQUEST_SUPERSEDED = "clinic:request:superseded"
    """The document it shows was replaced; its open links decide nothing any more."""
    REQUEST_EXCEPTED = "cycle:request:excepted"
    REQUEST_DROPPED = "cycle:request:dropped"
    """No answer is needed, or possible, any more."""
    HOLDER_NOT_REACHED = "cycle:request:holder-not-reached"
    """Mail to whoever has it was not delivered; somebody else was told, if there is anybody."""
    RUNG_CLIMBED = "cycle:rung:climbed"
    ANSWER_NOTED = "cycle:answer:noted"
    POLICY_PUBLISHED = "cycle:policy:published"
    POLICY_OVERTAKEN = "cycle:policy:overtaken"
    """An approved version was not published: its base is not in force any more."""
    POLICY_OWNER_CHANGED = "cycle:policy:owner-changed"
    LETTER_QUEUED = "post:letter:queued"
    LETTER_ACCEPTED = "post:letter:accepted"
    LETTER_NOT_DELIVERED = "post:letter:not-delivered"
    LINK_VIEWED = "portal:link:viewed"
    """Somebody or something opened the page: an unconfirmed visitor."""
    LINK_LOCKED = "portal:link:locked"
    PIN_REFUSED = "portal:pin:refused"
    FRESH_LINK_SENT = "portal:link:renewed"
    ANSWER_RECORDED = "portal:answer:recorded"
    RECORD_SEALED = "seal:record:sealed"
    ROUNDS_MADE = "rounds:rounds:made"
