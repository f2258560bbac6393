"""Gates: every element of an authorization and a consent, subpoenas, revocations and restrictions."""

from datetime import UTC, date, datetime

import pytest

from models.gates import authorization, consent, denial, disclosure_notice, restriction, subpoena
from models.gates.authorization import Authorization
from models.gates.consent import Consent, Purpose
from models.gates.denial import Denial, Ground
from models.gates.restriction import SelfPaid
from models.gates.subpoena import Demand, Issuer

NOW, TODAY = datetime(2027, 4, 10, 15, 0, tzinfo=UTC), date(2027, 4, 10)
WHOLE = Authorization(
    description="The progress notes of 2026.",
    discloser="The practice",
    recipient="An attorney",
    purpose="At the request of the individual",
    expires_on=TODAY,
    signed_by="The patient",
    signed_on=date(2027, 1, 1),
    right_to_revoke=True,
    conditioning=True,
    redisclosure=True,
)
CONSENT = Consent(
    patient="The patient",
    discloser="The program",
    description="The treatment record of 2026.",
    recipient="The patient's doctor",
    purposes=frozenset({Purpose.TPO}),
    recipient_under_hipaa=True,
    says_may_be_redisclosed=True,
    right_to_revoke=True,
    expiry_event="none",
    signed_by="The patient",
    signed_on=date(2027, 1, 1),
    says_consequences=True,
)


def of(given: Authorization | Consent, **changes: object) -> list[str]:
    """Return the paragraphs that a document, changed in some things, does not satisfy."""
    changed = given.model_copy(update=changes)
    if isinstance(changed, Authorization):
        return [defect.cite for defect in authorization.defects(changed, NOW, TODAY)]
    return [defect.cite for defect in consent.defects(changed, NOW, TODAY)]


def test_a_whole_authorization_has_no_defect():
    assert of(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "cite"),
    [
        ({"description": ""}, "(c)(1)(i)"),
        ({"discloser": ""}, "(c)(1)(ii)"),
        ({"recipient": ""}, "(c)(1)(iii)"),
        ({"purpose": ""}, "(c)(1)(iv)"),
        ({"expires_on": None}, "(c)(1)(v)"),
        ({"signed_by": ""}, "(c)(1)(vi)"),
        ({"signed_on": None}, "(c)(1)(vi)"),
        ({"by_representative": True}, "(c)(1)(vi)"),
        ({"right_to_revoke": False}, "(c)(2)(i)"),
        ({"conditioning": False}, "(c)(2)(ii)"),
        ({"redisclosure": False}, "(c)(2)(iii)"),
        ({"plain_language": False}, "(c)(3)"),
        ({"expires_on": date(2027, 4, 9)}, "(b)(2)(i)"),
        ({"expires_on": None, "expiry_event": "end of the case", "event_has_happened": True}, "(b)(2)(i)"),
        ({"signed_on": date(2027, 4, 11)}, "(b)(2)(ii)"),
        ({"revoked_at": NOW}, "(b)(2)(iii)"),
        ({"known_false": True}, "(b)(2)(v)"),
        ({"psychotherapy_notes": True}, "(b)(3)(ii)"),
    ],
)
def test_each_element_of_an_authorization_is_missed(change: dict[str, object], cite: str):
    assert of(WHOLE, **change) == [f"45 CFR 164.508{cite}"]


def test_an_authorization_for_psychotherapy_notes_alone_is_whole():
    assert of(WHOLE, psychotherapy_notes=True, anything_else=False) == []


def test_every_fault_is_told_at_once():
    assert len(of(Authorization())) == 10


def test_a_whole_consent_has_no_defect():
    assert of(CONSENT) == []


@pytest.mark.parametrize(
    ("change", "cite"),
    [
        ({"patient": ""}, "(a)(1)"),
        ({"discloser": ""}, "(a)(2)"),
        ({"description": ""}, "(a)(3)"),
        ({"recipient": ""}, "(a)(4)"),
        ({"says_may_be_redisclosed": False}, "(a)(4)(iii)"),
        ({"purposes": frozenset()}, "(a)(5)"),
        ({"right_to_revoke": False}, "(a)(6)"),
        ({"expiry_event": ""}, "(a)(7)"),
        ({"purposes": frozenset({Purpose.OTHER})}, "(a)(7)"),  # T50
        ({"purposes": frozenset({Purpose.TPO, Purpose.OTHER})}, "(a)(7)"),  # T50
        ({"signed_by": ""}, "(a)(8)"),
        ({"signed_on": None}, "(a)(9)"),
        ({"says_consequences": False}, "(a)(10)"),
        ({"counseling_notes": True}, "(b)"),
        ({"expires_on": date(2027, 4, 9)}, "(c)"),
        ({"revoked_at": NOW}, "(c)"),
        ({"known_false": True}, "(c)"),
        ({"purposes": frozenset({Purpose.TPO, Purpose.PROCEEDINGS}), "expires_on": date(2028, 1, 1)}, "(d)"),
    ],
)
def test_each_element_of_a_consent_is_missed(change: dict[str, object], cite: str):
    assert of(CONSENT, **change) == [f"42 CFR 2.31{cite}"]


def test_a_revocation_counts_from_its_moment():  # T49
    revoked = CONSENT.model_copy(update={"revoked_at": datetime(2027, 4, 10, 14, 0, tzinfo=UTC)})
    at = [datetime(2027, 4, 10, hour, 0, tzinfo=UTC) for hour in (13, 15)]
    assert [[each.cite for each in consent.defects(revoked, moment, TODAY)] for moment in at] == [
        [],
        ["42 CFR 2.31(c)"],
    ]


ATTORNEY = Demand(issuer=Issuer.ATTORNEY)
ASSURED = Demand(issuer=Issuer.ATTORNEY, notice_given=True, objections_over=True)
ORDER = Demand(issuer=Issuer.COURT, is_order=True, within_order=True)


@pytest.mark.parametrize(
    ("demand", "part_2", "notes", "cites"),
    [
        (ATTORNEY, False, False, ["45 CFR 164.512(e)(1)(ii)"]),
        (ATTORNEY.model_copy(update={"notice_given": True}), False, False, ["45 CFR 164.512(e)(1)(ii)"]),
        (ASSURED, False, False, []),
        (ATTORNEY.model_copy(update={"protective_order": True}), False, False, []),
        (ASSURED, False, True, ["45 CFR 164.508(a)(2)"]),
        (ASSURED, True, False, ["42 CFR 2.61"]),
        (ASSURED.model_copy(update={"part_2_consent": True}), True, False, []),
        (ORDER, False, True, []),
        (ORDER, True, False, ["42 CFR 2.61"]),
        (ORDER.model_copy(update={"part_2_order": True}), True, False, []),
        (ORDER.model_copy(update={"within_order": False}), False, False, ["45 CFR 164.512(e)(1)(i)"]),
        (Demand(issuer=Issuer.AGENCY), False, False, []),
        (Demand(issuer=Issuer.AGENCY), True, False, ["42 CFR 2.61"]),
        (ATTORNEY, True, True, ["45 CFR 164.512(e)(1)(ii)", "45 CFR 164.508(a)(2)", "42 CFR 2.61"]),
    ],
)
def test_what_a_subpoena_opens(demand: Demand, part_2: bool, notes: bool, cites: list[str]):
    assert [each.cite for each in subpoena.defects(demand, part_2=part_2, psychotherapy_notes=notes)] == cites


def test_what_was_paid_in_full_is_kept_from_the_plan_before_the_next_claims():  # T48
    paid = [SelfPaid("session of 3 May", date(2027, 5, 3), date(2027, 5, 3))]
    sent = ["session of 3 May", "session of 1 April"]
    assert list(restriction.defects(paid, sent, date(2027, 5, 2))) == []
    (defect,) = restriction.defects(paid, sent, date(2027, 5, 4))
    assert defect.cite == "45 CFR 164.522(a)(1)(vi)"
    assert list(restriction.defects(paid, ["session of 1 April"], date(2027, 5, 4))) == []


DENIAL = Denial(
    grounds=frozenset({Ground.ENDANGERS_LIFE}),
    rest_given=True,
    decided_by="elm-street/ana",
    decider_is_licensed=True,
    reviewer="elm-street/outside",
    reviewer_is_licensed=True,
)


@pytest.mark.parametrize(
    ("change", "cites"),
    [
        ({}, []),
        ({"grounds": frozenset()}, ["(d)(2)(i)"]),
        ({"rest_given": False}, ["(d)(1)"]),
        ({"decider_is_licensed": False}, ["(a)(3)"]),
        ({"reviewer": ""}, ["(a)(4)"]),
        ({"reviewer_is_licensed": False}, ["(a)(4)"]),
        ({"reviewer": "elm-street/ana"}, ["(a)(4)"]),
        ({"took_part": frozenset({"elm-street/outside"})}, ["(a)(4)"]),
    ],
)
def test_each_fault_of_a_denial_is_told(change: dict[str, object], cites: list[str]):
    found = [defect.cite for defect in denial.defects(DENIAL.model_copy(update=change))]
    assert found == [f"45 CFR 164.524{cite}" for cite in cites]


def test_a_ground_that_nobody_reviews_wants_no_reviewer():
    plain = Denial(grounds=frozenset({Ground.INMATE}), rest_given=True, decided_by="elm-street/ana")
    assert list(denial.defects(plain)) == []


def test_notes_that_are_mixed_in_are_ordinary_record():
    mixed = Denial(grounds=frozenset({Ground.PSYCHOTHERAPY_NOTES}), rest_given=True, decided_by="elm-street/ana")
    (defect,) = denial.defects(mixed)
    assert defect.cite == "45 CFR 164.501"
    assert list(denial.defects(mixed.model_copy(update={"notes_kept_separate": True}))) == []


def test_every_ground_of_the_closed_list_has_its_paragraph():
    assert set(denial.RULES) == set(Ground)
    assert {ground for ground, rule in denial.RULES.items() if rule.reviewable} == {
        Ground.ENDANGERS_LIFE,
        Ground.HARMS_SOMEBODY_NAMED,
        Ground.HARM_BY_REPRESENTATIVE,
    }


@pytest.mark.parametrize(
    ("letter", "attached", "explained", "cites"),
    [
        (disclosure_notice.STATEMENT_1, True, False, []),
        (disclosure_notice.STATEMENT_2, False, True, []),
        (f"Dear colleague,\n\n{disclosure_notice.STATEMENT_1.replace(' ', chr(10))}\n\nYours", True, True, []),
        (disclosure_notice.STATEMENT_2, False, False, ["42 CFR 2.32(b)"]),
        ("42 CFR part 2 prohibits unauthorized disclosure of these records.", True, False, ["42 CFR 2.32(a)"]),
        (disclosure_notice.STATEMENT_1.replace("or 2.65", ""), True, False, ["42 CFR 2.32(a)"]),
        ("", False, False, ["42 CFR 2.32(a)", "42 CFR 2.32(b)"]),
    ],
)
def test_a_disclosure_brings_a_statement_of_today_and_the_consent(
    letter: str, attached: bool, explained: bool, cites: list[str]
):
    found = disclosure_notice.defects(letter, consent_attached=attached, scope_explained=explained)
    assert [defect.cite for defect in found] == cites
