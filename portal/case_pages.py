"""Case pages: the file of a case, its clocks and its letters, as pages show them to whoever may see them."""

from dataclasses import dataclass

from models import clock
from models.accountings import listed_for
from models.case_file import CaseFile, Entry, open_file
from models.case_letters import Sender, draft
from models.clocks.rule import Clock
from models.cover import official_of
from models.intakes import clocks_of_case, cycle_of_case
from models.people import people_of
from models.roles import Role
from models.store import Transaction, transaction
from models.tables import Case, Clinic, Cycle, Person
from portal.visits import Visit
from portal.words import moment_in_words

ACCOUNTING = "accounting"
"""The letter that lists what the disclosure log has about the person."""


@dataclass(frozen=True)
class Shown:
    """One thing a case was told, as a page shows it."""

    title: str
    said: str
    by: str
    at: str
    rows: list[tuple[str, str]]
    reason: str
    text: str
    attachment: int | None
    """The number of the file it tells of."""

    @classmethod
    def of(cls, entry: Entry, time_zone: str) -> "Shown":
        """Return an entry, its moment in the clinic's time."""
        at, told = moment_in_words(entry.at, time_zone), entry.told
        return cls(entry.title, told.said, entry.by, at, entry.rows, told.reason, told.text, entry.attachment)


def shown(file: CaseFile, time_zone: str) -> list[Shown]:
    """Return everything a case was told, oldest first."""
    return [Shown.of(entry, time_zone) for entry in file.entries]


def look_into(visit: Visit) -> tuple[CaseFile, list[Clock], str, str]:
    """Return the file of a visit's case, its clocks, the draft of the letter it asks for, and its desk page.

    That somebody looked is noted in the ledger.
    """
    question = visit.question
    assert question.case_id is not None  # noqa: S101 - asked by the caller
    with transaction() as tx:
        file = open_file(tx, question.case_id, visit.person.id, question.verb)
        cycle = cycle_of_case(tx.session, question.case_id)
        clocks, path = clocks_of_case(tx.session, cycle), f"/desk/case/{cycle.duty}/{cycle.period}"
        if question.letter is None:
            return file, clocks, "", path
        sender = sender_of(tx, visit.clinic, cycle, visit.person)
        case = tx.session.get_one(Case, question.case_id)
        listed = listed_for(tx, case, visit.person.id) if question.letter == ACCOUNTING else []
    return file, clocks, draft(question.letter, file, sender, listed), path


def sender_of(tx: Transaction, clinic: Clinic, cycle: Cycle, person: Person) -> Sender:
    """Return from whom a letter of a case comes."""
    people = people_of(tx.session, clinic.slug)
    official = people[official_of(people, Role.PRIVACY_OFFICIAL)].name
    case = tx.session.get_one(Case, cycle.case_id)
    return Sender(
        clinic=clinic.name,
        sites=clinic.sites,
        phone=clinic.phone,
        official=official,
        signer=person.name,
        now=clock.now(),
        today=clock.today(clinic.time_zone),
        number=cycle.period,
        received_on=case.received_on,
        due_on=cycle.due_on,
        wording=clinic.letters,
    )
