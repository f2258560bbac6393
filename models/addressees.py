"""Addressees: the people who are told of a breach, one encrypted fact each; what went to whom, when, what came back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from models.case_file import ADDRESSEE
from models.case_told import Told
from models.cases import case_named, read_versions, write_facts
from models.names import plain
from models.sheets.addressee import Addressee
from models.store import Transaction

_FACT = ADDRESSEE + "{number:05}"


def add_addressees(tx: Transaction, case_id: str, people: Iterable[Addressee], by: str) -> int:
    """Write people to a case's list, each once; return how many are new. Raises as `write_fact` does."""
    case_named(tx.session, case_id, lock=True)
    listed = addressees_of(tx, case_id, by, "the list of people")
    new = _new(listed, people)
    _write(tx, case_id, dict(enumerate(new, len(listed) + 1)), by)
    return len(new)


def addressees_of(tx: Transaction, case_id: str, by: str, why: str) -> dict[int, Addressee]:
    """Return a case's list by number; who looked and why goes into the ledger. Raises as `read_versions` does."""
    found: dict[int, Addressee] = {}
    for each in read_versions(tx, case_id, by, why, only=ADDRESSEE):
        sheet = Told.from_json(each.value).sheet
        if isinstance(sheet, Addressee):
            found[int(each.name.removeprefix(ADDRESSEE))] = sheet
    return found


def note_sent(tx: Transaction, case_id: str, typed: Iterable[Addressee], sent_on: date, by: str) -> None:
    """Take those who were typed in with the notice to the list, and note the day on everybody who has none yet."""
    listed = addressees_of(tx, case_id, by, "the day the notices went out")
    sent = {at: who.model_copy(update={"sent_on": sent_on}) for at, who in listed.items() if who.sent_on is None}
    _write(tx, case_id, sent | dict(enumerate(_new(listed, typed), len(listed) + 1)), by)


def note_returned(tx: Transaction, case_id: str, numbers: Collection[int], returned_on: date, by: str) -> int:
    """Note whose notices came back, by their numbers on the list; return how many came back so far, of all."""
    listed = addressees_of(tx, case_id, by, "which notices came back")
    back = {at: listed[at] for at in sorted(numbers) if at in listed and listed[at].returned_on is None}
    _write(tx, case_id, {at: who.model_copy(update={"returned_on": returned_on}) for at, who in back.items()}, by)
    return len(back) + sum(who.returned_on is not None for who in listed.values())


def _new(listed: Mapping[int, Addressee], people: Iterable[Addressee]) -> list[Addressee]:
    """Return those who are not on the list yet: a list that is brought twice adds nobody."""
    known = {(plain(who.name), plain(who.address)) for who in listed.values()}
    found = {(plain(who.name), plain(who.address)): who for who in people}
    return [who for key, who in found.items() if key not in known]


def _write(tx: Transaction, case_id: str, people: dict[int, Addressee], by: str) -> None:
    if people:
        kept = {_FACT.format(number=at): Told(said="Listed", sheet=who).as_json() for at, who in people.items()}
        write_facts(tx, case_id, kept, by)
