"""Every question of the cycles can be read and answered without barriers: axe-core, 320 px, the keyboard."""

from datetime import date

import pytest
from playwright.sync_api import Page

from deployments.testing.audit import complaints
from flows.engine.exceptions import CLOSE, WAIT
from models.clocks.breach import INDIVIDUALS
from models.clocks.retention import FEDERAL
from models.documents import hash_of
from models.documents_kept import KeptDocument
from models.duties import access_questions as access
from models.duties import accounting_questions as accounting
from models.duties import amendment_questions as amendment
from models.duties import breach_list
from models.duties import case_questions as cases
from models.duties import denial_review as review
from models.duties import incident_aftermath as aftermath
from models.duties import incident_questions as incident
from models.duties import policy_review_questions as asks
from models.duties import restriction_questions as restriction
from models.duties import retention_review as retention
from models.duties import third_party_questions as third_party
from models.incident_kinds import ACTS, IncidentKind
from models.purging import list_of
from models.questions import Choice, Question
from models.sheets.lessons import Measure
from portal.testing.grove import CHANGED, PIN, POLICY, Grove
from portal.testing.visitor import Visitor

pytestmark = pytest.mark.browser

IN_FORCE = asks.InForce(
    policy_id="p",
    slug="sanctions",
    title="Sanctions policy",
    owner_id="maple-grove/maya",
    number=3,
    sha256=hash_of(POLICY),
    citations=["45 CFR 164.530(e)(1)"],
)
NADIA = "Nadia Révész, privacy official"
NEW = hash_of(CHANGED)
FREE = [
    KeptDocument(hash_of(f"{number}"), what, date(2015, 1, 1), date(2027, 1, number), FEDERAL, frozenset())
    for number, what in enumerate(["Telehealth, version 1", "review Sanctions policy (handed in, 2015) and 2 more"], 1)
]
LIST = list_of("Maple Grove Counseling", FREE, 1, date(2033, 3, 1))
CLOCK = INDIVIDUALS.running(date(2027, 2, 1))
CASE = "maple-grove/ACC-0001"
ABOUT = {"sentence": "Maya Ortiz has not answered. What follows?", "why": "A duty was not done.", "asked_by": NADIA}
QUESTIONS: dict[str, tuple[Question, str]] = {
    # question: as its cycle asks it, and of whom
    "review": (asks.review(IN_FORCE, NADIA, None, hash_of(POLICY), None), "maya"),
    "review again": (asks.review(IN_FORCE, NADIA, "Please name the owner.", NEW, hash_of(POLICY)), "maya"),
    "approve": (asks.approve(IN_FORCE, NADIA, NEW, "Ten days to decide.", "maple-grove/maya"), "nadia"),
    "approve alone": (asks.approve(IN_FORCE, NADIA, NEW, "Ten days to decide.", None), "nadia"),
    "attest": (asks.attest(IN_FORCE, NADIA, NEW, None), "theo"),
    "help": (asks.help_wanted(IN_FORCE, "Maya Ortiz", "I do not know the law."), "nadia"),
    "settle": (asks.settle(IN_FORCE, "Theo Park", "The new step is not clear.", NEW, "maple-grove/theo"), "nadia"),
    "purge": (retention.purge(NADIA, 2, hash_of(LIST)), "nadia"),
    "acknowledge": (cases.acknowledge(CASE, NADIA), "theo"),
    "identity": (cases.identity(CASE, NADIA, "Something was missing.", "Identity"), "theo"),
    "gather": (access.gather(CASE, NADIA, None), "theo"),
    "fee": (access.fee(CASE, NADIA), "theo"),
    "safety": (access.safety(CASE, NADIA), "maya"),
    "access decision": (access.decision(CASE, NADIA), "nadia"),
    "give": (cases.answer(CASE, NADIA, access.GRANTING, "release", access.GIVEN), "theo"),
    "extend": (cases.extend(CASE, NADIA, "45 CFR 164.524(b)(2)"), "nadia"),
    "extension": (cases.extension(CASE, NADIA, "45 CFR 164.524(b)(2)"), "theo"),
    "cure": (cases.cure(CASE, NADIA, "INC-0001"), "nadia"),
    "judge": (amendment.judge(CASE, NADIA, None), "maya"),
    "amendment decision": (amendment.decision(CASE, NADIA), "nadia"),
    "others": (amendment.others(CASE, NADIA), "theo"),
    "accounting decision": (accounting.decision(CASE, NADIA), "nadia"),
    "accounting": (cases.answer(CASE, NADIA, accounting.CLOCK, "accounting"), "theo"),
    "restriction decision": (restriction.decision(CASE, NADIA), "nadia"),
    "in force": (restriction.force(CASE, NADIA), "theo"),
    "read": (third_party.read(CASE, NADIA, None), "theo"),
    "consent": (third_party.consent(CASE, NADIA), "theo"),
    "third-party decision": (third_party.decision(CASE, NADIA), "nadia"),
    "third-party release": (third_party.release(CASE, NADIA), "theo"),
    "refer": (review.refer(CASE, NADIA, "Theo Park took part in the denial."), "nadia"),
    "review of a denial": (review.review(CASE, NADIA), "maya"),
    "contain": (incident.contain(CASE, NADIA, ACTS[IncidentKind.FAX][0]), "theo"),
    "contain, of a complaint": (incident.contain(CASE, NADIA, ACTS[IncidentKind.COMPLAINT][0]), "nadia"),
    "contain, of a vendor": (incident.contain(CASE, NADIA, ACTS[IncidentKind.VENDOR][0]), "nadia"),
    "assess": (incident.assess(CASE, NADIA, "Something is missing.", complaint=True), "theo"),
    "incident decision": (incident.decision(CASE, NADIA), "nadia"),
    "second": (incident.second(CASE, NADIA), "maya"),
    "count": (incident.count(CASE, NADIA), "nadia"),
    "notice": (incident.notice(CASE, NADIA, CLOCK, "IndividualsTold", "breach_notice"), "theo"),
    "filed": (incident.notice(CASE, NADIA, CLOCK, "Filed", "breach_worksheet"), "nadia"),
    "media": (incident.notice(CASE, NADIA, CLOCK, "MediaTold", "breach_media"), "nadia"),
    "attorney general": (breach_list.attorney(CASE, NADIA, CLOCK), "nadia"),
    "returned": (aftermath.returned(CASE, NADIA), "theo"),
    "substitute": (aftermath.substitute(CASE, NADIA), "theo"),
    "stood": (aftermath.stood(CASE, NADIA), "theo"),
    "log": (aftermath.log(CASE, NADIA), "nadia"),
    "settle a complaint": (aftermath.settle(CASE, NADIA), "nadia"),
    "guard": (aftermath.guard(CASE, NADIA), "maya"),
    "lessons": (aftermath.lessons(CASE, NADIA), "nadia"),
    "action": (aftermath.action(CASE, NADIA, Measure.POLICY), "maya"),
    "sanction": (aftermath.action(CASE, NADIA, Measure.SANCTION), "maya"),
    "file": (breach_list.file(CASE, NADIA, 2026), "nadia"),
    "exception": (Question(choices=(CLOSE, WAIT), verb="explain in writing", **ABOUT), "nadia"),
}


def check(page: Page) -> None:
    """Look at the page of a question."""
    found = complaints(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_questions_page_has_no_barrier_whatever_is_chosen_and_whatever_is_missing(
    grove: Grove, page: Page, portal: str, name: str
):
    question, slug = QUESTIONS[name]
    grove.enrol(slug)
    cycle = grove.take_in().cycle.key if question.case_id else None
    Visitor(grove, page, portal).open(grove.put(slug, question, POLICY, CHANGED, LIST, cycle=cycle))
    if question.case_id:
        page.fill("#pin", PIN)
        page.click("text=Open it")
    page.wait_for_selector(f"legend:has-text({question.sentence!r})")
    check(page)
    for number in range(len(question.choices)):
        page.check(f"#choice_{number}")
        page.click("button[value=send]")
        page.wait_for_selector("#errors")
        check(page)


def test_the_arrow_keys_reach_every_answer(grove: Grove, page: Page, portal: str):
    Visitor(grove, page, portal).open(grove.ask())
    page.focus("#choice_0")
    for number in (1, 2, 0):
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.id") == f"choice_{number}"
        assert page.is_checked(f"#choice_{number}")


def test_every_answer_of_the_cycles_and_of_exceptions_is_among_them():
    asked = {choice.value for question, _ in QUESTIONS.values() for choice in question.choices}
    known = [*vars(asks).values(), *vars(retention).values(), CLOSE, WAIT]
    assert asked >= {each.value for each in known if isinstance(each, Choice)}
