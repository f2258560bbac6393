"""The incident: contained, found out, decided by two, everybody told whom the clocks name, and learned from."""

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from deployments.testing.casework import Casework
from deployments.testing.incident_said import CARD, DUE, FACTORS, KNOWN, MAIL, NOTICE, PEOPLE, people_listed
from flows.breach_list import breach_list
from flows.incident import incident
from models.addressees import add_addressees, addressees_of
from models.answering_errors import IncompleteError
from models.audit_record import check_record
from models.breach_board import Standing, board_of
from models.breaches import count_breach, notice_clocks
from models.cycles import begin, claim_run, cycle_named
from models.duties import duty_named
from models.events import Event
from models.gates.notice_content import Element
from models.seal_key import known_keys
from models.settings import load_settings
from models.sheets.addressee import read_list
from models.store import reading, snapshot, transaction
from models.tables import Disclosure

pytestmark = pytest.mark.usefixtures("offline")
CAME_BACK = "tell those whose letters of INC-0001 came back"
ELEMENTS = list(Element)


@pytest.fixture
def practice(tmp_path: Path) -> Casework:
    return Casework.at(tmp_path, KNOWN, *PEOPLE, duty="incident", number="INC-0001")


def contained(practice: Casework, verb: str = "ask for assurance") -> None:
    assurance = "they say in writing that it is destroyed or kept to themselves"
    practice.says(verb, "This is what we did", done="Called at 9:40; she deleted it.", assurance=assurance)


def decided(practice: Casework, label: str, **sheet: object) -> None:
    practice.says("find out what INC-0001 was", label, **sheet)
    practice.go_on(incident)
    practice.says("decide on INC-0001", "I decide so", reason="The facts show it.")
    practice.go_on(incident)
    practice.says("confirm the decision", "I confirm it")
    practice.go_on(incident)


def breach(practice: Casework, affected: int, residents: str) -> None:
    """Go on to where the notices are asked for."""
    practice.take_in(**CARD)
    practice.go_on(incident)
    contained(practice)
    decided(practice, "Notify without an assessment", why="We do not want to argue.")
    practice.says(
        "count INC-0001", "These are the counts and days", affected=affected, residents=residents, determined_on=KNOWN
    )
    practice.go_on(incident)


def learned(practice: Casework) -> None:
    practice.says("learn from INC-0001", "Nothing more is to be done", reason="Numbers are read back now.")


def listed(practice: Casework, number: int) -> None:
    """Bring the list of people on the incident's page, as for many."""
    with transaction() as tx:
        assert (
            add_addressees(tx, practice.case_id, read_list(people_listed(number)), practice.person("dana-kim"))
            == number
        )


def told(practice: Casework, number: int, **more: object) -> None:
    said = {
        "people": people_listed(number) if number else "",
        "covers": ELEMENTS,
        "by": MAIL,
        "sent_on": KNOWN,
    }
    practice.says("tell individuals", "It went out", text=NOTICE, **said | more)


def logged(practice: Casework, **more: object) -> None:
    said = {"went_out_on": KNOWN, "sent_to": "Somebody who read a mailbox", "what": "Messages about visits"}
    practice.says("disclosure log", "This went out", **said, **more)


def nothing_came_back(practice: Casework) -> None:
    practice.says("say what came back", "Nothing came back")


def filed(practice: Casework, verb: str) -> None:
    practice.says(verb, "It went out", text="Worksheet", sent_on=KNOWN, number="HHS-77")


def test_a_voicemail_for_the_wrong_person_is_contained_assessed_and_closed_as_no_breach(practice: Casework) -> None:
    assert practice.take_in(**CARD).cycle.due_on == DUE
    practice.go_on(incident)
    assert practice.titles() == ["ask for assurance in INC-0001", "find out what INC-0001 was"]
    contained(practice)
    decided(practice, "Here are the four factors", **FACTORS)
    assert practice.titles() == ["learn from INC-0001", "write INC-0001 into the disclosure log"]
    practice.says("disclosure log", "Nothing went out, or nobody can be named", reason="She heard no name.")
    learned(practice)
    outcome = practice.go_on(incident)
    assert outcome is not None
    assert outcome.summary == "No breach: low probability demonstrated"


def test_the_three_who_stand_for_a_decision_are_three(practice: Casework) -> None:
    practice.take_in(**CARD)
    practice.go_on(incident)
    assert practice.asked("find out").holder_id == practice.person("dana-kim")
    practice.says("find out", "Notify without an assessment", why="To be safe")
    practice.go_on(incident)
    assert practice.asked("decide on").holder_id == practice.person("priya-raman")
    practice.says("decide on", "I decide so", reason="Yes")
    practice.go_on(incident)
    assert practice.asked("confirm").holder_id == practice.person("theo-park")
    practice.says("confirm", "Send it back: something is missing", reason="What about the letter?")
    practice.go_on(incident)
    assert "sends it back" in str(practice.asked("find out").question["context"])


@pytest.mark.parametrize("weak", ["No harm likely.", "Low risk", "nothing happened", "It is unlikely"])
def test_an_opinion_is_asked_for_the_fact_behind_it(practice: Casework, weak: str) -> None:
    practice.take_in(**CARD)
    practice.go_on(incident)
    with pytest.raises(IncompleteError, match="is a conclusion"):
        practice.says("find out", "Here are the four factors", **FACTORS | {"acquired": weak})
    with pytest.raises(IncompleteError, match="has to be demonstrated"):
        practice.says("find out", "Here are the four factors", **FACTORS | {"mitigated": "Deleted."})


@pytest.mark.parametrize(
    ("field", "day", "says"),
    [
        ("happened_on", KNOWN + timedelta(days=1), "It cannot have happened on"),
        ("received_on", KNOWN + timedelta(days=1), "Nobody can know of it on"),
        ("received_on", KNOWN - timedelta(days=4), "before it happened"),
    ],
)
def test_days_that_cannot_be_are_told(practice: Casework, field: str, day: date, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        practice.take_in(**CARD | {field: day})


@pytest.mark.parametrize(
    ("residents", "affected", "says"),
    [
        ("NY=40", 0, "is 1 at least"),
        ("XX=4", 40, "is not a state"),
        ("NY=41", 40, "more than the 40 affected"),
        ("NY", 40, "is no count"),
    ],
)
def test_counts_that_cannot_be_are_told(practice: Casework, residents: str, affected: int, says: str) -> None:
    practice.take_in(**CARD)
    practice.go_on(incident)
    contained(practice)
    decided(practice, "Notify without an assessment", why="To be safe")
    with pytest.raises(IncompleteError, match=says):
        practice.says(
            "count", "These are the counts and days", affected=affected, residents=residents, determined_on=KNOWN
        )


def test_a_small_breach_tells_individuals_by_the_states_clock_and_waits_for_the_years_list(practice: Casework) -> None:
    breach(practice, 40, "NY=40")
    assert practice.titles() == ["tell individuals of INC-0001"]
    assert practice.asked("tell individuals").due_on == practice.cycle().due_on == KNOWN + timedelta(days=30)
    with pytest.raises(IncompleteError, match="It concerns 40, and 39 are on the list"):
        told(practice, 39)
    told(practice, 40)
    practice.go_on(incident)
    nothing_came_back(practice)
    logged(practice, people="Person 1; 1980-02-02")
    learned(practice)
    outcome = practice.go_on(incident)
    assert outcome is not None
    assert (outcome.summary, outcome.done_on) == ("Breach of 40: everybody told", KNOWN)


@pytest.mark.parametrize(
    ("affected", "residents", "wanted"),
    [
        (499, "NJ=499", ["individuals"]),
        (500, "NJ=500", ["HHS", "individuals"]),
        (501, "NJ=501", ["HHS", "individuals", "media"]),
        (620, "NY=300, NJ=200, CT=120", ["HHS", "individuals"]),
    ],
)
def test_each_count_wants_its_notices(practice: Casework, affected: int, residents: str, wanted: list[str]) -> None:
    breach(practice, affected, residents)
    assert practice.titles() == sorted(f"tell {name} of INC-0001" for name in wanted)


def test_a_mailbox_of_620_in_three_states_ends_with_everybody_told(practice: Casework) -> None:
    breach(practice, 620, "NY=300, NJ=200, CT=120")
    listed(practice, 620)
    told(practice, 0)
    practice.go_on(incident)
    assert practice.asked("tell HHS").due_on == KNOWN
    filed(practice, "tell HHS")
    practice.go_on(incident)
    assert practice.titles() == ["tell NY attorney general of INC-0001"]
    assert practice.asked("attorney general").due_on == date(2027, 2, 8)
    filed(practice, "attorney general")
    practice.go_on(incident)
    with pytest.raises(IncompleteError, match="there is no number 621 on it"):
        practice.says("say what came back", "Some came back", numbers="3, 621", returned_on=KNOWN)
    back = ", ".join(str(each) for each in range(1, 13))
    practice.says("say what came back", "Some came back", numbers=back, returned_on=KNOWN)
    logged(practice, everybody=True)
    practice.go_on(incident)
    again = {"text": NOTICE, "sent_on": KNOWN, "where": "birch.example"}
    with pytest.raises(IncompleteError, match="12 came back, and from 10 on the notice has to be public"):
        practice.says(CAME_BACK, "It went out", how="by telephone, e-mail or another letter", **again)
    practice.says(CAME_BACK, "It went out", how="on our home page for 90 days, with a toll-free number", **again)
    practice.go_on(incident)
    assert practice.asked("how long the public notice").due_on == KNOWN + timedelta(days=90)
    practice.says("how long the public notice", "It stood, and the number was answered", reason="Screenshots of it.")
    action = {"measure": "a technical safeguard", "action": "Two factors at every login"}
    due_on = KNOWN + timedelta(days=20)
    practice.says("learn from", "Something is to be done", person="mara-lind", due_on=due_on, **action)
    practice.go_on(incident)
    learned(practice)
    assert practice.go_on(incident) is None
    practice.says("put in the safeguard after INC-0001", "It is done", reason="Every account has it.")
    outcome = practice.go_on(incident)
    assert outcome is not None
    assert (outcome.summary, outcome.done_on) == ("Breach of 620: everybody told", KNOWN)
    with transaction() as tx:
        kept = addressees_of(tx, practice.case_id, practice.person("priya-raman"), "a test")
    assert (len(kept), sum(who.returned_on is not None for who in kept.values())) == (620, 12)
    assert {who.sent_on for who in kept.values()} == {KNOWN}
    with reading() as session:
        assert len(session.exec(select(Disclosure)).all()) == 620
    with snapshot() as session:
        assert check_record(session, "oak-lane", known_keys(load_settings().data_dir)).findings == []


def test_counts_that_grow_move_what_is_due_and_want_more(practice: Casework) -> None:
    breach(practice, 40, "NJ=40")
    assert practice.asked("tell individuals").due_on == DUE
    with transaction() as tx:
        cycle = cycle_named(tx.session, practice.cycle_key)
        count_breach(tx, cycle, {"affected": 510, "residents": "NJ=505, NY=5"}, practice.person("priya-raman"), {})
    with reading() as session:
        assert {clock.clock for clock in notice_clocks(session, cycle)} == {"individuals", "HHS", "media"}
    assert practice.asked("tell individuals").due_on == practice.cycle().due_on == KNOWN + timedelta(days=30)
    practice.go_on(incident)
    assert practice.titles() == [f"tell {whom} of INC-0001" for whom in ("HHS", "individuals", "media")]
    assert practice.asked("tell media").due_on == DUE


def test_a_missed_day_is_late_opens_the_cure_clock_and_stays_open(practice: Casework) -> None:
    breach(practice, 40, "NJ=40")
    practice.rounds(DUE + timedelta(days=1), incident)
    (late,) = practice.events(Event.INCIDENT_OPENED)
    assert late["incident"] == "oak-lane/INC-0001"
    assert practice.asked("put right that INC-0001 was late").due_on == DUE + timedelta(days=31)
    assert stands(practice, DUE + timedelta(days=1)) is Standing.LATE
    after = DUE + timedelta(days=3)
    practice.stand_on(after)
    told(practice, 40, sent_on=after)
    practice.go_on(incident)
    assert stands(practice, after) is Standing.MET_LATE
    nothing_came_back(practice)
    practice.says("disclosure log", "Nothing went out, or nobody can be named", reason="A look from inside.")
    learned(practice)
    assert practice.go_on(incident) is None, "it stays open until it is put right"
    practice.says(
        "put right that INC-0001", "It is put right", reason="The list lay in a drawer; now two look after it."
    )
    outcome = practice.go_on(incident)
    assert outcome is not None
    practice.close(outcome)
    assert practice.cycle().outcome["days_late"] == 3


def stands(practice: Casework, today: date) -> Standing:
    with reading() as session:
        lines = {line.name: line for line in board_of(session, practice.cycle(), today)}
    return lines["individuals"].standing


@pytest.mark.parametrize(("year", "due"), [(2026, date(2027, 3, 1)), (2027, date(2028, 2, 29))])
def test_small_breaches_of_a_year_are_filed_with_hhs_one_by_one(tmp_path: Path, year: int, due: date) -> None:
    practice = Casework.at(tmp_path, date(year, 11, 2), *PEOPLE, duty="incident", number="INC-0001")
    for number, affected in enumerate((40, 499, 500), 1):
        each = Casework("oak-lane", tmp_path, "NY", "incident", f"INC-{number:04}")
        each.take_in(**CARD | {"happened_on": date(year, 11, 1), "received_on": date(year, 11, 2)})
        with transaction() as tx:
            cycle = cycle_named(tx.session, each.cycle_key)
            counts = {"affected": affected, "residents": f"NY={affected}"}
            count_breach(tx, cycle, counts, each.person("priya-raman"), {})
    start = date(year + 1, 1, 5)
    practice.stand_on(start)
    listed = Casework("oak-lane", tmp_path, "NY", "breach-list", str(year + 1))
    with transaction() as tx:
        begun = begin(tx, duty_named("breach-list"), "oak-lane", str(year + 1), start, "test")
        assert begun.due_on == due
        claim_run(tx, begun, uuid4())
    listed.go_on(breach_list)
    assert listed.titles() == ["file INC-0001 with HHS", "file INC-0002 with HHS"]
    assert listed.asked("INC-0001").due_on == due
    for number in (1, 2):
        listed.says(f"file INC-000{number}", "It is filed", sent_on=start, number=f"HHS-{number}")
    assert listed.go_on(breach_list) is None
    for number in (1, 2):
        attorney = f"tell NY attorney general of INC-000{number}"
        assert listed.asked(attorney).due_on == start + timedelta(days=7), (
            "five business days after HHS, no holiday between"
        )
        listed.says(attorney, "It is filed", sent_on=start, number=f"NY-{number}")
    assert listed.go_on(breach_list) is None, "until the last day another may be found out about"
    with transaction() as tx:
        third = cycle_named(tx.session, "oak-lane/incident/INC-0003")
        count_breach(tx, third, {"affected": 450, "residents": "NJ=450"}, practice.person("priya-raman"), {})
    assert listed.cycle().wake_wanted_at is not None
    listed.go_on(breach_list)
    listed.says("file INC-0003", "It is filed", sent_on=start, number="HHS-3")
    listed.stand_on(due)
    outcome = listed.go_on(breach_list)
    assert outcome is not None
    assert (outcome.summary, outcome.done_on) == (f"3 small breaches of {year} filed", start)
    assert practice.number == "INC-0001"


def test_a_year_without_a_small_breach_says_so_on_the_last_day(tmp_path: Path) -> None:
    listed = Casework.at(tmp_path, date(2027, 1, 5), *PEOPLE, duty="breach-list", number="2027")
    with transaction() as tx:
        claim_run(tx, begin(tx, duty_named("breach-list"), "oak-lane", "2027", date(2027, 1, 5), "test"), uuid4())
    assert listed.go_on(breach_list) is None
    listed.stand_on(date(2027, 3, 1))
    outcome = listed.go_on(breach_list)
    assert outcome is not None
    assert (outcome.summary, outcome.late_by(listed.cycle().due_on, date(2027, 3, 1))) == ("No small breach in 2026", 0)


def test_a_small_breach_found_out_about_after_the_list_is_filed_by_itself(practice: Casework) -> None:
    practice.stand_on(date(2028, 3, 8))
    breach(practice, 2, "NJ=2")
    told(practice, 2, sent_on=date(2028, 3, 8))
    practice.go_on(incident)
    assert "file INC-0001 with HHS" in practice.titles()
    practice.says("file INC-0001", "It is filed", sent_on=date(2028, 3, 8), number="HHS-9")
    practice.go_on(incident)
    with reading() as session:
        lines = {line.name: line for line in board_of(session, practice.cycle(), date(2028, 3, 8))}
    line = lines["HHS, list of the year"]
    assert (line.standing, line.number, line.days_late) == (Standing.MET_LATE, "HHS-9", 8)
