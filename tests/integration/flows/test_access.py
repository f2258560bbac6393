"""The access request: from intake to the record in the person's hands, with every turn the law has for it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from deployments.testing.casework import PATIENT, REQUEST, Casework
from flows.access import access
from models.answering_errors import IncompleteError
from models.binder.binder import gather
from models.binder.scope import Scope
from models.duties import duty_named
from models.events import Event
from models.intakes import note_second_receipt
from models.sheets.identity import Identity
from models.sheets.intake import AccessIntake
from models.sheets.sending import Released
from models.store import reading, snapshot, transaction
from models.tables import Answer, Case, Disclosure, Dropped, RequestState

pytestmark = pytest.mark.usefixtures("offline")
RECEIVED = date(2027, 1, 30)
DUE = date(2027, 3, 1)
LETTER = "A letter that went out."


@pytest.fixture
def practice(tmp_path: Path) -> Casework:
    return Casework.at(tmp_path, date(2027, 2, 1))


def established(practice: Casework) -> None:
    practice.says(
        "establish who asks", "We know who it is and what is wanted", proof="photo ID", scope="2026", form="paper"
    )


def gathered(practice: Casework, **special: object) -> None:
    said = {"where": "Chart and bills", "notes": "there are none", **special}
    practice.says("gather the records", "Everything is gathered", person="theo-park", **said)


def sent(day: date) -> dict[str, str]:
    return {"sent_on": str(day), "sent_by": "by letter", "sent_to": "44 Larkspur Court"}


def to_the_decision(practice: Casework, **special: object) -> None:
    """Go on to where the privacy official is asked."""
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    practice.says("acknowledge", "No letter: they know", reason="Told at the desk.")
    established(practice)
    practice.go_on(access)
    gathered(practice, **special)
    practice.go_on(access)


def test_goes_from_intake_to_release_and_leaves_a_line_in_the_disclosure_log(practice: Casework) -> None:
    opened = practice.take_in(**REQUEST, received_on=RECEIVED)
    assert (opened.cycle.due_on, opened.clocks[0].act_by) == (DUE, DUE)
    practice.go_on(access)
    assert practice.titles() == ["acknowledge ACC-0001", "establish who asks in ACC-0001, and for what"]
    practice.says("acknowledge", "It went out", text=LETTER, **sent(date(2027, 2, 1)))
    established(practice)
    practice.go_on(access)
    gathered(practice)
    practice.go_on(access)
    assert practice.asked("review ACC-0001 for safety").holder_id == practice.person("theo-park")
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on", "Give all of it")
    practice.stand_on(date(2027, 2, 9))
    practice.go_on(access)
    given = sent(date(2027, 2, 9))
    practice.says("send the answer", "It was given, with this letter", text=LETTER, what="12 pages", **given)
    outcome = practice.go_on(access)
    assert outcome is not None
    assert (outcome.summary, outcome.done_on) == ("Given", date(2027, 2, 9))
    with reading() as session:
        line = session.get_one(Disclosure, (practice.case_id, "answer"))
        assert (line.disclosed_on, line.basis, line.accountable) == (date(2027, 2, 9), "45 CFR 164.524", False)
        assert line.subject == session.get_one(Case, practice.case_id).subject
    file = practice.file()
    assert file.newest(Released) is not None
    assert [entry.key for entry in file.entries] == [
        "intake", "acknowledge", "identity:0:0", "gather:0", "safety:0", "decision:0", "answer"
    ]  # fmt: skip


def test_a_binder_tells_of_the_case_by_its_number_alone(practice: Casework) -> None:
    to_the_decision(practice)
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on", "Give all of it")
    practice.go_on(access)
    given = sent(date(2027, 2, 1))
    practice.says("send the answer", "It was given, with this letter", text=LETTER, what="12 pages", **given)
    outcome = practice.go_on(access)
    assert outcome is not None
    practice.close(outcome)
    scope = Scope("oak-lane", "America/New_York", date(2027, 1, 1), date(2027, 12, 31), "access")
    with snapshot() as session:
        binder = gather(session, scope)
    register, steps = binder.of_tab("10")
    assert register.rows == [
        ("ACC-0001", "Access request", "2027-01-30", "2027-03-01", "", "2027-02-01", "2", "", "Given")
    ]
    assert ("decide on ACC-0001", "Priya Raman") in [row[:2] for row in steps.rows]
    assert PATIENT not in str(binder)
    assert "days late" not in str(binder.gaps)


def test_keeps_what_is_written_about_the_case_out_of_the_answers(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    practice.says("establish who asks", "Not yet: something is missing", reason=f"{PATIENT} showed no ID")
    with reading() as session:
        (answer,) = session.query(Answer).all()
    assert (answer.reason, answer.told) == ("", None)
    assert practice.file().entries[-1].told.reason == f"{PATIENT} showed no ID"
    assert PATIENT not in str(practice.events(*Event))


def test_asks_again_who_it_is_and_the_clock_does_not_stop(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    practice.says("establish who asks", "Not yet: something is missing", reason="No ID")
    practice.go_on(access)
    again = practice.asked("establish who asks")
    assert again.due_on == DUE
    established(practice)
    practice.go_on(access)
    assert practice.asked("gather the records").due_on == DUE
    assert practice.file().newest(Identity) is not None


def test_withholds_psychotherapy_notes_only_where_they_are_kept_apart(practice: Casework) -> None:
    to_the_decision(practice, notes="kept apart from the rest of the record")
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    with pytest.raises(IncompleteError, match="kept apart: they are outside of access"):
        practice.says("decide on", "Give all of it")
    notes = {"grounds": ["psychotherapy notes"], "what": "Session notes", "basis": "They are kept apart."}
    with pytest.raises(IncompleteError, match="What no ground applies to must be given"):
        practice.says("decide on", "Give it but for a part", **notes)
    practice.says("decide on", "Give it but for a part", **notes, rest_given=True)


def test_has_mixed_notes_go_as_ordinary_record(practice: Casework) -> None:
    to_the_decision(practice, notes="mixed into the record")
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    notes = {"grounds": ["psychotherapy notes"], "what": "Notes", "basis": "x", "rest_given": True}
    with pytest.raises(IncompleteError, match="Notes that are not kept apart are ordinary record"):
        practice.says("decide on", "Give it but for a part", **notes)
    practice.says("decide on", "Give all of it")


def test_denies_for_safety_only_what_the_clinician_found_and_with_a_reviewer_who_took_no_part(
    practice: Casework,
) -> None:
    to_the_decision(practice)
    with pytest.raises(IncompleteError, match="Write why"):
        practice.says("safety", "This is my finding", licence="LMHC 1", grounds=["endangers life or physical safety"])
    found = {"grounds": ["endangers life or physical safety"], "reasoning": "Threats last week"}
    practice.says("safety", "This is my finding", licence="LMHC 1", **found)
    practice.go_on(access)
    with pytest.raises(IncompleteError, match="found a ground of safety"):
        practice.says("decide on", "Give all of it")
    denial = {"what": "March", "basis": "It could endanger somebody.", "rest_given": True, "reviewer_is_licensed": True}
    other = ["substantial harm to somebody named in it"]
    with pytest.raises(IncompleteError, match="did not find"):
        practice.says("decide on", "Deny it", **denial, grounds=other, reviewer="Dr. Outside")
    for took_part in ("Theo Park", "priya raman"):
        with pytest.raises(IncompleteError, match="took part in the denial"):
            practice.says("decide on", "Deny it", **denial, grounds=found["grounds"], reviewer=took_part)
    practice.says("decide on", "Deny it", **denial, grounds=found["grounds"], reviewer="Dr. Outside")
    practice.go_on(access)
    practice.says("send the answer", "It went out", text=LETTER, **sent(date(2027, 2, 1)))
    outcome = practice.go_on(access)
    assert outcome is not None
    assert outcome.summary == "Denied"
    with reading() as session:
        assert session.query(Disclosure).count() == 0


def test_tells_the_fee_in_advance_where_there_is_one(practice: Casework) -> None:
    to_the_decision(practice, copying="4.50", postage="1.20")
    assert practice.titles() == ["review ACC-0001 for safety", "tell the fee of ACC-0001"]
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.says("tell the fee", "No letter: they know", reason="Told at the desk")
    practice.go_on(access)
    assert practice.titles() == ["decide on ACC-0001"]
    with reading() as session:
        told = [answer.told for answer in session.exec(select(Answer))]
    assert {"notes": "there are none", "part_2": False, "proceedings": False, "fee": True} in told


def test_no_answer_waits_for_the_acknowledgment_which_the_law_does_not_want(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    established(practice)
    practice.go_on(access)
    gathered(practice)
    practice.go_on(access)
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on", "Give all of it")
    practice.go_on(access)
    given = sent(date(2027, 2, 1))
    practice.says("send the answer", "It was given, with this letter", text=LETTER, what="12 pages", **given)
    outcome = practice.go_on(access)
    assert outcome is not None
    assert practice.titles() == ["acknowledge ACC-0001"]
    practice.close(outcome)
    assert practice.titles() == []


def test_goes_back_when_something_is_missing(practice: Casework) -> None:
    to_the_decision(practice)
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on", "Send it back: something is missing", reason="The bills")
    practice.go_on(access)
    assert practice.titles() == ["establish who asks in ACC-0001, and for what"]
    assert "sends it back" in str(practice.asked("establish").question["context"])


def test_takes_the_extension_when_its_letter_went_out_in_time(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    assert practice.rounds(DUE - timedelta(days=8), access)
    assert "extension" not in " ".join(practice.titles())
    practice.rounds(DUE - timedelta(days=7), access)
    assert practice.asked("decide on an extension").holder_id == practice.person("priya-raman")
    practice.stand_on(DUE)
    too_far = {"because": "Records are with a vendor", "promised_on": date(2027, 4, 1)}
    with pytest.raises(IncompleteError, match="31 March 2027"):
        practice.says("decide on an extension", "Take the one extension", **too_far)
    practice.says("decide on an extension", "Take the one extension", **too_far | {"promised_on": date(2027, 3, 20)})
    practice.go_on(access)
    practice.says("send the extension", "It went out", text=LETTER, **sent(DUE))
    practice.go_on(access)
    assert practice.cycle().due_on == date(2027, 3, 20)
    assert practice.asked("establish who asks").due_on == date(2027, 3, 20)
    practice.rounds(date(2027, 3, 2), access)
    assert practice.events(Event.INCIDENT_OPENED) == []
    practice.rounds(date(2027, 3, 21), access)
    assert len(practice.events(Event.INCIDENT_OPENED)) == 1


def test_an_extension_that_an_earlier_receipt_shows_to_be_late_counts_no_more(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    practice.rounds(DUE, access)
    promised = {"because": "A vendor has it", "promised_on": date(2027, 3, 20)}
    practice.says("decide on an extension", "Take the one extension", **promised)
    practice.go_on(access)
    practice.says("send the extension", "It went out", text=LETTER, **sent(DUE))
    practice.go_on(access)
    assert practice.cycle().due_on == date(2027, 3, 20)
    earlier = AccessIntake.model_validate({**REQUEST, "received_on": "2027-01-28"})
    with transaction() as tx:
        note_second_receipt(tx, duty_named("access"), practice.case_id, earlier, practice.person("dana-kim"))
    assert practice.cycle().due_on == date(2027, 2, 27)
    practice.go_on(access)
    assert len(practice.events(Event.INCIDENT_OPENED)) == 1


def test_opens_an_incident_and_the_cure_clock_on_day_31_and_refuses_the_extension(practice: Casework) -> None:
    practice.take_in(**REQUEST, received_on=RECEIVED)
    practice.go_on(access)
    practice.rounds(DUE, access)
    assert practice.events(Event.INCIDENT_OPENED) == []
    practice.rounds(DUE + timedelta(days=1), access)
    (incident,) = practice.events(Event.INCIDENT_OPENED)
    assert incident["incident"] == "oak-lane/INC-0001"
    assert practice.asked("put right that ACC-0001 was late (INC-0001)").due_on == DUE + timedelta(days=31)
    with pytest.raises(IncompleteError, match="that is too late"):
        practice.says("decide on an extension", "Take the one extension", because="Late", promised_on=date(2027, 3, 20))
    assert practice.cycle().due_on == DUE


def test_stays_open_until_a_missed_deadline_is_put_right(practice: Casework) -> None:
    to_the_decision(practice)
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on", "Give all of it")
    practice.rounds(DUE + timedelta(days=3), access)
    late = sent(DUE + timedelta(days=3))
    practice.says("send the answer", "It was given, with this letter", text=LETTER, what="12 pages", **late)
    assert practice.go_on(access) is None
    practice.says("put right", "It is put right", reason="A deputy watches the clock now.")
    outcome = practice.go_on(access)
    assert outcome is not None
    assert outcome.done_on == DUE + timedelta(days=3)


def test_drops_the_question_of_the_extension_once_the_answer_went_out(practice: Casework) -> None:
    to_the_decision(practice)
    practice.rounds(DUE - timedelta(days=7), access)
    practice.says("safety", "This is my finding", licence="LMHC 1234")
    practice.go_on(access)
    practice.says("decide on ACC", "Give all of it")
    practice.go_on(access)
    today = sent(DUE - timedelta(days=7))
    practice.says("send the answer", "It was given, with this letter", text=LETTER, what="12 pages", **today)
    outcome = practice.go_on(access)
    assert outcome is not None
    practice.close(outcome)
    (dropped,) = practice.requests(RequestState.DROPPED)
    assert (dropped.title, dropped.closed_because) == ("decide on an extension of ACC-0001", Dropped.CLOSED_WITHOUT)
