"""Accountings of disclosures: the lines of the log that a case's accounting lists, with what the log's cases say."""

from dataclasses import dataclass
from datetime import date

from models.case_file import open_file
from models.clocks.requests import accounting_window
from models.disclosures import disclosures_about
from models.sheets.sending import Released
from models.sheets.went_out import WentOut
from models.store import Transaction
from models.tables import Case


@dataclass(frozen=True)
class Listed:
    """One disclosure as an accounting lists it, 45 CFR 164.528(b)(2)."""

    on: date
    to: str
    what: str
    why: str


def listed_for(tx: Transaction, case: Case, by: str) -> list[Listed]:
    """Return what the accounting of a case lists: six years back. Every case looked into is in the ledger."""
    if case.received_on is None:
        return []
    rows = disclosures_about(tx.session, case, accounting_window(case.received_on), case.received_on)
    why = f"the accounting of {case.named}"
    files = {row.case_id: open_file(tx, row.case_id, by, why) for row in rows}
    found = []
    for row in rows:
        keys = {row.fact, row.fact.rpartition(":")[0]}
        sheets = [entry.told.sheet for entry in files[row.case_id].entries if entry.key in keys]
        sent = next((sheet for sheet in sheets if isinstance(sheet, Released | WentOut)), None)
        if sent is not None:
            found.append(Listed(row.disclosed_on, sent.sent_to, sent.what, sent.purpose or row.basis))
    return found
