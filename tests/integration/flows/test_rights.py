"""Amendment, accounting, restriction: the other rights a patient has, each by its own clock."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from deployments.testing.casework import PATIENT, REQUEST, Casework
from flows.access import access
from flows.accounting import accounting
from flows.amendment import amendment
from flows.restriction import restriction
from flows.third_party import third_party
from models.accountings import Listed, listed_for
from models.answering_errors import IncompleteError
from models.case_file import open_file
from models.duties import duty_named
from models.events import Event
from models.intakes import note_second_receipt, open_of_the_same
from models.sheets.intake import AccessIntake
from models.store import reading, transaction
from models.tables import Case

pytestmark = pytest.mark.usefixtures("offline")
TODAY = date(2027, 2, 1)
ASKED = {key: value for key, value in REQUEST.items() if key != "kind"}
SENT = {"sent_on": TODAY, "sent_by": "by letter", "sent_to": "44 Larkspur Court"}
KNOWN = "We know who it is and what is wanted"
CANNOT = "Answer that it cannot be given: not held, or not theirs to ask for"


def a_practice(folder: Path, duty: str, number: str, state: str = "NY") -> Casework:
    return Casework.at(folder, TODAY, duty=duty, number=number, state=state)


def test_an_amendment_is_judged_confirmed_by_somebody_else_answered_and_told(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "amendment", "AMD-0001")
    assert practice.take_in(**ASKED, received_on=TODAY).cycle.due_on == TODAY + timedelta(days=60)
    practice.go_on(amendment)
    practice.says("acknowledge", "No letter: they know", reason="Told")
    practice.says("establish who asks", KNOWN, proof="photo ID", person="theo-park")
    practice.go_on(amendment)
    practice.says("judge what AMD-0001 wants changed", "Accept it", where="Entry of 3 March")
    practice.go_on(amendment)
    assert practice.asked("confirm the answer").question["author_id"] == practice.person("theo-park")
    practice.says("confirm the answer", "So be it")
    practice.go_on(amendment)
    assert practice.asked("send the answer").question["letter"] == "amendment_accepted"
    practice.says("send the answer", "It went out", text="Done.", **SENT)
    practice.go_on(amendment)
    practice.says("tell others", "There is nobody to tell", reason="They named nobody")
    outcome = practice.go_on(amendment)
    assert outcome is not None
    assert outcome.summary == "Accepted"


def test_a_denied_amendment_says_on_which_of_the_four_grounds(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "amendment", "AMD-0001")
    practice.take_in(**ASKED, received_on=TODAY)
    practice.go_on(amendment)
    practice.says("acknowledge", "No letter: they know", reason="Told")
    practice.says("establish who asks", KNOWN, proof="photo ID", person="theo-park")
    practice.go_on(amendment)
    with pytest.raises(IncompleteError, match="On what ground"):
        practice.says("judge", "Deny it", basis="It is right as it is.")
    accurate = ["it is accurate and complete as it stands"]
    practice.says("judge", "Deny it", basis="It is right as it is.", grounds=accurate)
    practice.go_on(amendment)
    practice.says("confirm the answer", "So be it")
    practice.go_on(amendment)
    practice.says("send the answer", "It went out", text="No.", **SENT)
    outcome = practice.go_on(amendment)
    assert outcome is not None
    assert outcome.summary == "Denied"


def test_a_clinic_in_washington_has_ten_days_for_an_amendment(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "amendment", "AMD-0001", state="WA")
    opened = practice.take_in(**ASKED, received_on=TODAY)
    assert opened.cycle.due_on == TODAY + timedelta(days=10)
    assert [clock.state for clock in opened.clocks] == [None, "WA"]


def test_an_accounting_lists_what_the_log_wrote_by_itself_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    subpoenaed = a_practice(tmp_path, "third-party", "TPR-0001")
    for patient in (PATIENT, "Somebody Else"):
        number = f"TPR-000{1 if patient == PATIENT else 2}"
        given = Casework("oak-lane", tmp_path, "NY", "third-party", number)
        given.take_in(
            patient=patient,
            born_on="1988-04-17",
            reach="1 Court Square",
            channel="by fax",
            wants="x",
            received_on=TODAY,
            requester="a subpoena, a court or an agency",
            requester_name="County Court",
            answer_by=date(2027, 2, 9),
        )
        given.go_on(third_party)
        order = {"issuer": "court or tribunal", "is_order": True, "within_order": True}
        given.says("read what", "A subpoena, discovery request or order", **order)
        given.go_on(third_party)
        given.says("decide on", "Release it", minimum="Dates")
        given.go_on(third_party)
        out = {**SENT, "sent_to": "County Court", "what": "Dates of service", "purpose": "an order"}
        given.says("send TPR", "It went out, with this letter", text="Here.", **out)
        given.go_on(third_party)
    assert subpoenaed.number == "TPR-0001"
    asked = Casework("oak-lane", tmp_path, "NY", "accounting", "ACT-0001")
    asked.take_in(**ASKED, received_on=TODAY)
    with transaction() as tx:
        case = tx.session.get_one(Case, asked.case_id)
        listed = listed_for(tx, case, asked.person("dana-kim"))
    assert listed == [Listed(TODAY, "County Court", "Dates of service", "an order")]
    (seen,) = [each for each in asked.events(Event.CASE_VIEWED) if "accounting" in each["why"]]
    assert (seen["case"], seen["why"]) == ("oak-lane/TPR-0001", "the accounting of ACT-0001")


def test_an_accounting_goes_to_nobody_without_a_right_and_waits_no_longer_than_an_oral_hold(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "accounting", "ACT-0001")
    practice.take_in(**ASKED, received_on=TODAY)
    practice.go_on(accounting)
    practice.says("acknowledge", "No letter: they know", reason="Told")
    practice.says("establish who asks", "Whoever asks has no right to it", reason="An ex-partner")
    practice.go_on(accounting)
    with pytest.raises(IncompleteError, match="no right to it"):
        practice.says("check the accounting", "It may go out")
    practice.says("check the accounting", CANNOT, reason="No right", basis="You may not ask for this.")
    practice.go_on(accounting)
    assert practice.asked("send the answer").question["letter"] == "cannot_give"


def test_an_oral_hold_lasts_thirty_days_and_no_fee_comes_as_a_surprise(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "accounting", "ACT-0001")
    practice.take_in(**ASKED, received_on=TODAY)
    practice.go_on(accounting)
    practice.says("acknowledge", "No letter: they know", reason="Told")
    practice.says("establish who asks", KNOWN, proof="photo ID")
    practice.go_on(accounting)
    hold = {"suspended_by": "Sheriff", "said_on": TODAY, "suspended_until": TODAY + timedelta(days=31)}
    with pytest.raises(IncompleteError, match="until 3 March 2027"):
        practice.says("check the accounting", "It may go out", **hold)
    with pytest.raises(IncompleteError, match="before they were told of it"):
        practice.says("check the accounting", "It may go out", fee="12.50")
    practice.says("check the accounting", "It may go out", **hold | {"suspended_until": TODAY + timedelta(days=30)})
    practice.go_on(accounting)
    practice.says("send the answer", "It went out", text="The list.", **SENT)
    outcome = practice.go_on(accounting)
    assert outcome is not None
    assert outcome.summary == "Accounting sent"


def test_what_was_paid_in_full_cannot_be_declined_and_is_set_before_the_next_claims(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "restriction", "RES-0001")
    wish = {"wish": "the insurer is not told of something that was paid in full", "paid_on": TODAY}
    opened = practice.take_in(**ASKED, received_on=TODAY, **wish, next_claim_on=TODAY + timedelta(days=2))
    assert opened.cycle.due_on == TODAY + timedelta(days=1)
    practice.go_on(restriction)
    assert practice.titles() == ["decide on RES-0001", "put RES-0001 in force"]
    with pytest.raises(IncompleteError, match="nobody may refuse it"):
        practice.says("decide on", "Decline", basis="We bill everything.")
    practice.says("decide on", "Agree", what="The visit of 1 February")
    practice.says("put RES-0001 in force", "It is in force", done_on=TODAY, where="Billing", proof="Test claim held")
    practice.go_on(restriction)
    practice.says("send the answer", "It went out", text="Agreed.", **SENT)
    outcome = practice.go_on(restriction)
    assert outcome is not None
    assert outcome.summary == "Agreed and in force"


def test_another_way_of_reaching_somebody_is_declined_only_as_unreasonable(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "restriction", "RES-0001")
    wish = {"wish": "the practice reaches them another way or at another place"}
    practice.take_in(**ASKED, received_on=TODAY, **wish)
    practice.go_on(restriction)
    assert practice.titles() == ["decide on RES-0001"]
    with pytest.raises(IncompleteError, match="reasonable wish"):
        practice.says("decide on", "Decline", basis="We use e-mail.")
    practice.says("decide on", "Decline", basis="By carrier pigeon.", unreasonable=True)
    practice.go_on(restriction)
    practice.says("send the answer", "It went out", text="No.", **SENT)
    outcome = practice.go_on(restriction)
    assert outcome is not None
    assert outcome.summary == "Declined"


def test_of_two_receipts_the_earlier_counts_and_clarifying_moves_nothing(tmp_path: Path) -> None:
    practice = a_practice(tmp_path, "access", "ACC-0001")
    practice.take_in(**REQUEST, received_on=TODAY)
    practice.go_on(access)
    duty = duty_named("access")
    again = AccessIntake.model_validate({**REQUEST, "received_on": "2027-01-29", "channel": "by e-mail"})
    with reading() as session:
        (same,) = open_of_the_same(session, duty, again, "oak-lane")
    with transaction() as tx:
        due_on = note_second_receipt(tx, duty, same.id, again, practice.person("dana-kim"))
    assert due_on == practice.cycle().due_on == date(2027, 2, 28)
    assert practice.asked("establish who asks").due_on == date(2027, 2, 28)
    later = again.model_copy(update={"received_on": date(2027, 2, 1)})
    with transaction() as tx:
        assert note_second_receipt(tx, duty, same.id, later, practice.person("dana-kim")) == date(2027, 2, 28)
    practice.stand_on(date(2027, 2, 12))
    practice.says("establish who asks", "Not yet: something is missing", reason="Which bills?")
    practice.go_on(access)
    assert practice.cycle().due_on == date(2027, 2, 28)
    with transaction() as tx:
        assert len(open_file(tx, practice.case_id, "test", "a test").entries) == 4
