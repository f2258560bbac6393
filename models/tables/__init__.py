"""The tables of the store, one noun a file. Importing this package makes all of them known."""

from sqlalchemy.orm import configure_mappers

from models.tables.answer import Answer
from models.tables.case import Case, CaseFact
from models.tables.clinic import Clinic
from models.tables.cycle import Climb, Cycle, Step
from models.tables.demo_clock import DemoClock
from models.tables.disclosure import Disclosure
from models.tables.document import Document
from models.tables.history_copy import HistoryCopy
from models.tables.hold import Hold
from models.tables.ledger_entry import LedgerEntry
from models.tables.letter import Letter, LetterState
from models.tables.link import Link
from models.tables.notice import Notice, NoticeKind
from models.tables.person import Leave, Person
from models.tables.policy import Policy, PolicyVersion
from models.tables.request import Delivery, Dropped, Request, RequestState, Tier
from models.tables.seal import Seal
from models.tables.sign_in import SignIn
from models.tables.tombstone import Tombstone
from models.tables.vendor import Vendor

__all__ = [
    "Answer",
    "Case",
    "CaseFact",
    "Climb",
    "Clinic",
    "Cycle",
    "Delivery",
    "DemoClock",
    "Disclosure",
    "Document",
    "Dropped",
    "HistoryCopy",
    "Hold",
    "Leave",
    "LedgerEntry",
    "Letter",
    "LetterState",
    "Link",
    "Notice",
    "NoticeKind",
    "Person",
    "Policy",
    "PolicyVersion",
    "Request",
    "RequestState",
    "Seal",
    "SignIn",
    "Step",
    "Tier",
    "Tombstone",
    "Vendor",
]

configure_mappers()  # now, so that a forked process finds it done
