"""Requests by somebody else: defective papers, subpoenas, Part 2, restrictions, and what is taken back meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from deployments.testing.casework import PATIENT, Casework
from flows.third_party import third_party
from models import clock
from models.answering_errors import IncompleteError
from models.gates.disclosure_notice import STATEMENT_1, STATEMENT_2
from models.revocations import note_revocation
from models.sheets.third_party import Requester
from models.store import reading, transaction
from models.tables import Answer, Disclosure

pytestmark = pytest.mark.usefixtures("offline")
RECEIVED = date(2027, 2, 1)
ASKED = {
    "patient": PATIENT,
    "born_on": "1988-04-17",
    "reach": "1 Court Square",
    "channel": "by fax",
    "wants": "The whole record",
    "requester_name": "Lowell & Stone LLP",
    "received_on": RECEIVED,
}
VALID = {
    "description": "Notes of 2026",
    "discloser": "Oak Lane",
    "recipient": "Lowell & Stone LLP",
    "purpose": "a claim",
    "expires_on": "2027-02-10",
    "signed_by": PATIENT,
    "signed_on": "2027-01-20",
    "right_to_revoke": True,
    "conditioning": True,
    "redisclosure": True,
    "plain_language": True,
    "anything_else": True,
}
CONSENT = {
    "patient": PATIENT,
    "discloser": "Oak Lane",
    "description": "Treatment summary",
    "recipient": "Lowell & Stone LLP",
    "purposes": ["other"],
    "right_to_revoke": True,
    "expires_on": "2027-12-31",
    "signed_by": PATIENT,
    "signed_on": "2027-01-20",
    "anything_else": True,
}
OUT = {"sent_on": RECEIVED, "sent_by": "by certified mail", "sent_to": "Lowell & Stone LLP", "what": "12 pages"}


@pytest.fixture
def practice(tmp_path: Path) -> Casework:
    return Casework.at(tmp_path, RECEIVED, duty="third-party", number="TPR-0001")


def asked_by(practice: Casework, requester: Requester, **more: object) -> None:
    practice.take_in(**ASKED, requester=requester, **more)
    practice.go_on(third_party)


def send(practice: Casework, text: str = "Here it is.", **more: object) -> None:
    said = {**OUT, "purpose": "a claim", **more}
    practice.says("send TPR-0001", "It went out, with this letter", text=text, **said)


def test_an_authorization_that_lacks_an_element_opens_nothing(practice: Casework) -> None:
    asked_by(practice, Requester.ATTORNEY)
    defective = {**VALID, "expires_on": None, "redisclosure": False}
    practice.says("read what", "An authorization of the patient's", **defective)
    with reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert answer.told is not None
    assert answer.told["defects"] == ["45 CFR 164.508(c)(2)(iii)", "45 CFR 164.508(c)(1)(v)"]
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"falls short of 45 CFR 164\.508\(c\)\(2\)\(iii\)"):
        practice.says("decide on", "Release it", minimum="Notes")
    refusal = "Answer that it cannot be given: not held, or not theirs to ask for"
    practice.says("decide on", refusal, reason="Defective", basis="It lacks two elements.")
    practice.go_on(third_party)
    assert practice.asked("send the answer").question["letter"] == "authorization_defective"
    practice.says("send the answer", "It went out", text="No.", **{k: v for k, v in OUT.items() if k != "what"})
    outcome = practice.go_on(third_party)
    assert outcome is not None
    assert outcome.summary == "Refused"


def test_a_valid_authorization_is_released_and_logged(practice: Casework) -> None:
    asked_by(practice, Requester.ATTORNEY)
    practice.says("read what", "An authorization of the patient's", **VALID)
    practice.go_on(third_party)
    practice.says("decide on", "Release it", minimum="Notes of 2026")
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match="for what purpose"):
        send(practice, purpose="")
    send(practice)
    outcome = practice.go_on(third_party)
    assert outcome is not None
    assert outcome.summary == "Released"
    with reading() as session:
        (line,) = session.exec(select(Disclosure)).all()
    assert (line.basis, line.accountable, line.part_2_consent) == ("45 CFR 164.508", False, False)


@pytest.mark.parametrize("why", ["revoked", "expired"])
def test_what_is_taken_back_or_expires_between_decision_and_sending_stays_here(practice: Casework, why: str) -> None:
    asked_by(practice, Requester.ATTORNEY)
    practice.says("read what", "An authorization of the patient's", **VALID)
    practice.go_on(third_party)
    practice.says("decide on", "Release it", minimum="Notes of 2026")
    practice.go_on(third_party)
    if why == "revoked":
        with transaction() as tx:
            note_revocation(tx, practice.case_id, clock.now() - timedelta(minutes=1), practice.person("dana-kim"))
    else:
        practice.stand_on(date(2027, 2, 11))
    with pytest.raises(IncompleteError, match="taken back since" if why == "revoked" else "expired on 10 February"):
        send(practice)
    practice.says("send TPR-0001", "Stop: it was taken back, or something else is in the way", reason="Stopped")
    practice.go_on(third_party)
    assert practice.titles() == ["read what TPR-0001 rests on"]
    with reading() as session:
        assert session.exec(select(Disclosure)).all() == []


def test_a_subpoena_wants_its_return_date_and_assurance(practice: Casework) -> None:
    with pytest.raises(AssertionError, match="return date"):
        practice.take_in(**ASKED, requester=Requester.SUBPOENA)
    asked_by(practice, Requester.SUBPOENA, answer_by=date(2027, 2, 9))
    assert practice.cycle().due_on == date(2027, 2, 9)
    practice.says("read what", "A subpoena, discovery request or order", issuer="attorney or party")
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"falls short of 45 CFR 164\.512\(e\)\(1\)\(ii\)"):
        practice.says("decide on", "Release it", minimum="Notes")


def test_a_subpoena_alone_opens_no_part_2_record_and_with_assurance_the_rest_is_accountable(
    practice: Casework,
) -> None:
    asked_by(practice, Requester.SUBPOENA, answer_by=date(2027, 2, 9))
    assured = {"issuer": "attorney or party", "notice_given": True, "objections_over": True}
    practice.says("read what", "A subpoena, discovery request or order", **assured, part_2=True)
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"falls short of 42 CFR 2\.61"):
        practice.says("decide on", "Release it", minimum="Notes")
    practice.says("decide on", "Send it back: something is missing", reason="Leave the program's records out")
    practice.go_on(third_party)
    practice.says("read what", "A subpoena, discovery request or order", **assured)
    practice.go_on(third_party)
    practice.says("decide on", "Release it", minimum="Notes without the program's")
    practice.go_on(third_party)
    send(practice)
    practice.go_on(third_party)
    with reading() as session:
        (line,) = session.exec(select(Disclosure)).all()
    assert (line.basis, line.accountable) == ("45 CFR 164.512(e)", True)


def test_a_general_authorization_does_not_open_part_2_records_and_a_consent_sends_its_notice_along(
    practice: Casework,
) -> None:
    asked_by(practice, Requester.ATTORNEY)
    practice.says("read what", "An authorization of the patient's", **VALID, part_2=True)
    practice.go_on(third_party)
    practice.says("second paper", "There is none", reason="Asked for one")
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"Without a consent under 42 CFR 2\.31"):
        practice.says("decide on", "Release it", minimum="Summary", scope_explained=True)
    practice.says("decide on", "Send it back: something is missing", reason="A consent came")
    practice.go_on(third_party)
    practice.says("read what", "An authorization of the patient's", **VALID, part_2=True)
    practice.go_on(third_party)
    practice.says("second paper", "There is one", **CONSENT)
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"42 CFR 2\.32\(b\)"):
        practice.says("decide on", "Release it", minimum="Summary")
    practice.says("decide on", "Release it", minimum="Summary", scope_explained=True)
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match="neither of the two statements"):
        send(practice, STATEMENT_2.replace("use or ", ""))
    send(practice, STATEMENT_1)
    practice.go_on(third_party)
    with reading() as session:
        (line,) = session.exec(select(Disclosure)).all()
    assert line.part_2_consent


def test_a_consent_that_mixes_proceedings_with_anything_else_opens_nothing(practice: Casework) -> None:
    asked_by(practice, Requester.ATTORNEY)
    practice.says("read what", "An authorization of the patient's", **VALID, part_2=True)
    practice.go_on(third_party)
    mixed = {**CONSENT, "purposes": ["legal proceedings", "treatment, payment and operations"]}
    practice.says("second paper", "There is one", **mixed, says_consequences=True)
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"consent falls short of 42 CFR 2\.31\(d\)"):
        practice.says("decide on", "Release it", minimum="Summary", scope_explained=True)


def test_an_insurer_gets_nothing_before_somebody_has_looked_for_what_was_paid_in_full(
    practice: Casework, tmp_path: Path
) -> None:
    kept = Casework("oak-lane", tmp_path, "NY", "restriction", "RES-0001")
    kept.take_in(
        asker="the patient",
        patient=f"  {PATIENT.upper()} ",
        born_on="1988-04-17",
        reach="x",
        channel="by letter",
        wants="x",
        received_on=RECEIVED,
        wish="the insurer is not told of something that was paid in full",
        paid_on=RECEIVED,
    )
    asked_by(practice, Requester.INSURER)
    paying = {"purpose": "to pay for care", "known": "Payer's portal"}
    practice.says("read what", "It is for treatment or payment", **paying)
    practice.go_on(third_party)
    with pytest.raises(IncompleteError, match=r"kept from the insurer\. Look at RES-0001"):
        practice.says("decide on", "Release it", minimum="Dates of service")
    practice.says("decide on", "Release it", minimum="Dates of service", nothing_restricted=True)


def test_what_an_order_opens_under_part_2_is_not_logged_as_resting_on_a_consent(practice: Casework) -> None:
    asked_by(practice, Requester.SUBPOENA, answer_by=date(2027, 2, 9))
    order = {"issuer": "court or tribunal", "is_order": True, "within_order": True, "part_2_order": True}
    practice.says("read what", "A subpoena, discovery request or order", **order, part_2=True)
    practice.go_on(third_party)
    practice.says("decide on", "Release it", minimum="What the order names")
    practice.go_on(third_party)
    send(practice)
    practice.go_on(third_party)
    with reading() as session:
        (line,) = session.exec(select(Disclosure)).all()
    assert (line.accountable, line.part_2_consent) == (True, False)
