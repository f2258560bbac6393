"""What changes on the way of an incident: who may not judge it, complaints, vendors, holds, counts that shrink, sanctions."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from deployments.testing.casework import Casework
from deployments.testing.incident_said import CARD, DUE, FACTORS, KNOWN, MAIL, NOTICE, PEOPLE, people_listed
from deployments.testing.practice import Colleague
from flows.incident import incident
from models.accountings import listed_for
from models.answerers import may_answer
from models.answering_errors import IncompleteError
from models.breach_board import Standing, board_of
from models.breach_changes import changes_of
from models.breaches import ClosedIncidentError, change_breach, count_breach
from models.cover import People
from models.cycles import cycle_named
from models.gates.notice_content import Element
from models.incident_kinds import IncidentKind
from models.incidents import incidents_of
from models.occasions import occasion_of
from models.people import people_of
from models.sheets.breach import ClockSheet, Hold, VendorTold
from models.store import reading, transaction
from models.tables import Case, Dropped, RequestState

pytestmark = pytest.mark.usefixtures("offline")


@pytest.fixture
def practice(tmp_path: Path) -> Casework:
    return Casework.at(tmp_path, KNOWN, *PEOPLE, duty="incident", number="INC-0001")


def counted(practice: Casework, affected: int, residents: str) -> None:
    """Go on to where the notices are asked for."""
    practice.take_in(**CARD)
    practice.go_on(incident)
    assurance = "they say so, and not in writing"
    practice.says("ask for assurance", "This is what we did", done="Called.", assurance=assurance)
    practice.says("find out", "Notify without an assessment", why="To be safe")
    practice.go_on(incident)
    practice.says("decide on", "I decide so", reason="Yes")
    practice.go_on(incident)
    practice.says("confirm", "I confirm it")
    practice.go_on(incident)
    counts = {"affected": affected, "residents": residents, "determined_on": KNOWN}
    practice.says("count INC-0001", "These are the counts and days", **counts)
    practice.go_on(incident)


def told(practice: Casework, number: int, **more: object) -> None:
    said = {
        "people": people_listed(number),
        "covers": list(Element),
        "by": MAIL,
        "sent_on": KNOWN,
        "text": NOTICE,
        **more,
    }
    practice.says("tell individuals", "It went out", **said)


def count(practice: Casework, **told: object) -> None:
    with transaction() as tx:
        count_breach(tx, cycle_named(tx.session, practice.cycle_key), told, practice.person("priya-raman"), {})


def change(practice: Casework, sheet: ClockSheet, why: str = "They called.") -> None:
    with transaction() as tx:
        cycle = cycle_named(tx.session, practice.cycle_key)
        occasion = occasion_of(tx.session, cycle, practice.person("priya-raman"))
        change_breach(tx, cycle.key, sheet, occasion, why)


def stands(practice: Casework, today: date = KNOWN) -> dict[str, Standing]:
    with reading() as session:
        return {line.name: line.standing for line in board_of(session, practice.cycle(), today)}


def test_who_had_a_part_in_it_judges_nothing_of_it(practice: Casework) -> None:
    practice.take_in(**CARD | {"involved": "Dana Kim, priya raman, Somebody Outside"})
    practice.go_on(incident)
    with reading() as session:
        assert session.get_one(Case, practice.case_id).told["involved"] == ["oak-lane/dana-kim", "oak-lane/priya-raman"]
    drafter = practice.asked("find out").holder_id
    assert drafter not in {practice.person("dana-kim"), practice.person("priya-raman")}
    practice.says("find out", "Here are the four factors", **FACTORS)
    practice.go_on(incident)
    decider = practice.asked("decide on").holder_id
    assert {drafter, decider} == {practice.person("mara-lind"), practice.person("theo-park")}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"nature_from": "a file attached to the case"}, "No file is attached to the case"),
        ({"acquired_from": "asked, not available"}, "Write whom you asked for what is not available"),
        (
            {f"{factor}_from": "asked, not available" for factor in ("nature", "recipient", "acquired", "mitigated")}
            | {"not_available": "Everything, from everybody, on 1 February: no answer."},
            "that demonstrates no low probability",
        ),
    ],
)
def test_each_factor_rests_on_evidence_or_on_what_was_asked_and_not_given(
    practice: Casework, changed: dict[str, str], says: str
) -> None:
    practice.take_in(**CARD)
    practice.go_on(incident)
    with pytest.raises(IncompleteError, match=says):
        practice.says("find out", "Here are the four factors", **FACTORS | changed)


def test_a_complaint_may_be_unfounded_is_answered_and_nobody_is_treated_worse(practice: Casework) -> None:
    practice.take_in(**CARD | {"kind": IncidentKind.COMPLAINT})
    practice.go_on(incident)
    practice.says("take up the complaint", "This is what we did", wants="The door of room 2", said="Thanked her today.")
    looked = "The schedule, the door, and everybody who worked that day, on 1 February."
    practice.says("find out", "The complaint is unfounded", looked=looked)
    practice.go_on(incident)
    practice.says("decide on", "I decide so", reason="Yes")
    practice.go_on(incident)
    practice.says("confirm", "I confirm it")
    practice.go_on(incident)
    assert practice.titles() == [
        "learn from INC-0001",
        "see that nobody is treated worse after INC-0001",
        "settle the complaint of INC-0001",
    ]
    assert practice.asked("treated worse").holder_id == practice.person("theo-park")
    practice.says("learn from", "Nothing more is to be done", reason="Nothing.")
    practice.says("settle the complaint", "This is what came of it", came_of_it="She was told why.", answered_on=KNOWN)
    assert practice.go_on(incident) is None
    practice.says("treated worse", "Somebody was treated worse", what="Her visits were moved.", undone="Moved back.")
    outcome = practice.go_on(incident)
    assert outcome is not None
    assert outcome.summary == "No breach: the complaint is unfounded, documented"


def test_only_a_complaint_can_be_unfounded(practice: Casework) -> None:
    practice.take_in(**CARD)
    practice.go_on(incident)
    assert "unfounded" not in str(practice.asked("find out").question["choices"])


def test_nobody_is_sanctioned_for_reporting(practice: Casework) -> None:
    counted(practice, 1, "NJ=1")
    told(practice, 1)
    practice.go_on(incident)
    action = {"measure": "a sanction by the sanctions policy", "action": "As written", "due_on": DUE}
    practice.says("learn from", "Something is to be done", person="priya-raman", **action)
    practice.go_on(incident)
    sanction = {"sanction": "A written warning to the person who reported", "reported": True}
    with pytest.raises(IncompleteError, match="Nobody is sanctioned for reporting"):
        practice.says("apply the sanctions policy after INC-0001", "The sanctions policy was applied", **sanction)
    apart = "They read forty charts on three evenings, as the log of 30 January shows."
    practice.says("apply the sanctions policy", "The sanctions policy was applied", **sanction, apart=apart)


def test_a_vendors_days_move_the_clocks_while_it_is_found_out(practice: Casework) -> None:
    practice.take_in(**CARD | {"kind": IncidentKind.VENDOR})
    practice.go_on(incident)
    discovered_on = KNOWN - timedelta(days=20)
    said = {"vendor": "CloudFax", "what": "A server", "discovered_on": discovered_on, "told_on": KNOWN}
    practice.says("ask the vendor about INC-0001", "This is what we did", **said, contract_days=10, is_agent=True)
    practice.go_on(incident)
    assert practice.cycle().due_on == discovered_on + timedelta(days=60)
    assert stands(practice)["vendor tells us"] is Standing.MET_LATE
    with reading() as session:
        (row,) = incidents_of(session, practice.slug, KNOWN)
    assert row.discovered_on == discovered_on


def test_a_contractor_that_told_us_earlier_than_the_card_says_counts_from_that_day(practice: Casework) -> None:
    counted(practice, 3, "NJ=3")
    days = {"discovered_on": KNOWN - timedelta(days=9), "told_on": KNOWN - timedelta(days=2)}
    change(practice, VendorTold(vendor="CloudFax", what="A server", **days))
    assert practice.cycle().due_on == DUE - timedelta(days=2)


def test_nothing_goes_out_while_the_police_ask_to_wait(practice: Casework) -> None:
    counted(practice, 3, "NJ=3")
    change(practice, Hold(official="Det. Rowe", stated_on=KNOWN, said="It would warn them."))
    assert stands(practice)["law-enforcement hold"] is Standing.RUNS
    with pytest.raises(IncompleteError, match="The police asked not to tell until 3 March 2027"):
        told(practice, 3)
    after = KNOWN + timedelta(days=31)
    practice.stand_on(after)
    told(practice, 3, sent_on=after)
    practice.go_on(incident)
    assert stands(practice, after)["individuals"] is Standing.MET
    assert practice.cycle().due_on == DUE, "no day is added to what is due later"


def test_a_written_hold_that_ends_later_moves_the_day(practice: Casework) -> None:
    counted(practice, 3, "NJ=3")
    until = DUE + timedelta(days=12)
    change(practice, Hold(official="Det. Rowe", stated_on=KNOWN, said="It would warn them.", until=until))
    assert practice.cycle().due_on == practice.asked("tell individuals").due_on == until


def test_a_count_that_shrinks_drops_the_notice_and_one_that_grows_again_asks_anew(practice: Casework) -> None:
    counted(practice, 510, "NJ=510")
    assert practice.titles() == ["tell HHS of INC-0001", "tell individuals of INC-0001", "tell media of INC-0001"]
    count(practice, affected=40, residents="NJ=40")
    practice.go_on(incident)
    assert practice.titles() == ["tell individuals of INC-0001"]
    dropped = practice.requests(RequestState.DROPPED)
    assert {request.closed_because for request in dropped} == {Dropped.NO_CLOCK}
    count(practice, affected=505, residents="NJ=505")
    practice.go_on(incident)
    assert practice.titles() == ["tell HHS of INC-0001", "tell individuals of INC-0001", "tell media of INC-0001"]
    with reading() as session:
        told = [change.clocks for change in changes_of(session, practice.cycle())]
    assert any("media runs no more" in each for each in told)
    assert any(any(words.startswith("media runs, due") for words in each) for each in told)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"covers": list(Element)[:4]}, "It has to say besides: whom to ask"),
        (
            {"text": "We learned of it on 1 February 2027. Call 555-010-0100."},
            "the day of the breach, Friday, 29 January",
        ),
        ({"text": "On 29 January 2027 it happened, learned of on February 1, 2027."}, "a telephone number"),
        ({"people": "Person 1"}, "Line 1: the address is missing"),
    ],
)
def test_a_notice_says_what_the_law_wants_or_is_not_taken(
    practice: Casework, changed: dict[str, object], says: str
) -> None:
    counted(practice, 1, "NJ=1")
    with pytest.raises(IncompleteError, match=says):
        told(practice, 1, **changed)


def test_fewer_than_ten_that_came_back_are_told_in_another_way(practice: Casework) -> None:
    counted(practice, 12, "NJ=12")
    told(practice, 12)
    practice.go_on(incident)
    assert practice.asked("what came back").due_on == KNOWN + timedelta(days=21)
    practice.says("what came back", "Some came back", numbers="1, 2, 3, 4, 5, 6, 7, 8, 9", returned_on=KNOWN)
    practice.go_on(incident)
    other = {"sent_on": KNOWN, "how": "by telephone, e-mail or another letter", "where": "By telephone", "text": NOTICE}
    practice.says("letters of INC-0001 came back", "It went out", **other)
    practice.says("disclosure log", "Nothing went out, or nobody can be named", reason="A look from inside.")
    practice.says("learn from", "Nothing more is to be done", reason="Addresses are checked at each visit.")
    assert practice.go_on(incident) is not None


def test_learning_takes_its_time_after_the_clocks_are_met_and_nothing_is_late(practice: Casework) -> None:
    counted(practice, 1, "NJ=1")
    told(practice, 1)
    practice.go_on(incident)
    practice.says("what came back", "Nothing came back")
    practice.says("disclosure log", "Nothing went out, or nobody can be named", reason="A look from inside.")
    action = {"measure": "the risk analysis, and what is done about a risk", "action": "Look at it"}
    practice.says(
        "learn from", "Something is to be done", person="mara-lind", **action, due_on=DUE + timedelta(days=30)
    )
    practice.rounds(DUE + timedelta(days=10), incident)
    assert [title for title in practice.titles() if "put right" in title] == []
    practice.says("learn from", "Nothing more is to be done", reason="That was it.")
    practice.says("update the risk analysis after INC-0001", "It is done", reason="Version 4.")
    outcome = practice.go_on(incident)
    assert outcome is not None
    practice.close(outcome)
    assert practice.cycle().outcome["days_late"] == 0
    with pytest.raises(ClosedIncidentError, match="as an entry of its own"):
        change(practice, Hold(official="Det. Rowe", stated_on=KNOWN, said="Too late."))


def test_what_is_new_of_a_closed_incident_is_an_entry_that_names_it(practice: Casework) -> None:
    practice.take_in(**CARD)
    with pytest.raises(AssertionError, match="There is no incident INC-0009 here"):
        practice.take_in(**CARD | {"earlier": "INC-0009"})
    assert practice.take_in(**CARD | {"earlier": "INC-0001"}).case.told["earlier"] == "INC-0001"


def test_what_went_out_stands_in_the_patients_accounting(practice: Casework) -> None:
    counted(practice, 2, "NJ=2")
    told(practice, 2)
    practice.go_on(incident)
    out = {"went_out_on": KNOWN, "sent_to": "A namesake", "what": "The hour of a visit"}
    with pytest.raises(IncompleteError, match="Line 2 cannot be read"):
        practice.says("disclosure log", "This went out", **out, people="Ana Lee; 1980-02-01\nBo Ray")
    with pytest.raises(IncompleteError, match="Write whose data it was"):
        practice.says("disclosure log", "This went out", **out)
    practice.says("disclosure log", "This went out", **out, people="ána  lee; 1980-02-01\nBo Ray; 1981-02-01")
    practice.go_on(incident)
    other = Casework("oak-lane", practice.folder, "NY", "accounting", "ACT-0001")
    asked = {"asker": "the patient", "patient": "Ana Lee", "born_on": "1980-02-01", "reach": "4 Elm St", "wants": "All"}
    case = other.take_in(**asked, received_on=KNOWN, channel="by letter").case
    with transaction() as tx:
        (line,) = listed_for(tx, case, practice.person("dana-kim"))
    assert (line.on, line.to, line.what) == (KNOWN, "A namesake", "The hour of a visit")


def test_whoever_had_a_part_in_it_covers_for_nobody_in_it_and_cannot_answer(practice: Casework) -> None:
    leave = (KNOWN, KNOWN + timedelta(days=9))
    dana, priya, *others = PEOPLE
    practice.staffed_by(Colleague(dana.slug, dana.roles, deputy=priya.slug, leave=leave), priya, *others)
    practice.take_in(**CARD | {"involved": "Priya Raman"})
    practice.go_on(incident)
    request = practice.asked("find out")
    assert request.holder_id == practice.person("dana-kim"), "her deputy had a part in it, so it waits for her"
    assert not may_answer(current_people(practice), request, practice.person("priya-raman"))


def current_people(practice: Casework) -> People:
    with reading() as session:
        return people_of(session, practice.slug)


def test_a_corrective_action_about_a_policy_says_which(practice: Casework) -> None:
    counted(practice, 1, "NJ=1")
    told(practice, 1)
    practice.go_on(incident)
    action = {"measure": "a policy or a procedure", "action": "Numbers are read back", "due_on": DUE}
    with pytest.raises(IncompleteError, match="Write which one: Telehealth"):
        practice.says("learn from", "Something is to be done", person="dana-kim", policy="Telephone", **action)
    practice.says("learn from", "Something is to be done", person="dana-kim", policy="telehealth", **action)
    practice.go_on(incident)
    assert practice.asked("change the policy").title == "change the policy Telehealth after INC-0001"


@pytest.mark.parametrize("number", ["Ana Lee", "told by telephone", "4 Elm Street", "x" * 41])
def test_what_is_no_submission_number_is_not_taken_for_one(practice: Casework, number: str) -> None:
    counted(practice, 500, "NJ=500")
    with pytest.raises(IncompleteError, match="Write the number alone"):
        practice.says("tell HHS", "It went out", text="Worksheet", sent_on=KNOWN, number=number)


def test_a_complaint_may_be_founded_without_any_data_astray(practice: Casework) -> None:
    practice.take_in(**CARD | {"kind": IncidentKind.COMPLAINT})
    practice.go_on(incident)
    practice.says("take up the complaint", "This is what we did", wants="No notice was given", said="Sent it today.")
    wrong = "No notice of privacy practices was handed out on 29 January (45 CFR 164.520(c)(2))."
    practice.says("find out", "The complaint is founded, and no data went astray", wrong=wrong, right="It was sent.")
    practice.go_on(incident)
    practice.says("decide on", "I decide so", reason="Yes")
    practice.go_on(incident)
    practice.says("confirm", "I confirm it")
    practice.go_on(incident)
    assert "write INC-0001 into the disclosure log" not in practice.titles()
    with reading() as session:
        (row,) = incidents_of(session, practice.slug, KNOWN)
    assert row.found == "founded complaint, no data astray"
