"""Every question of the cycles can be read and answered without barriers: axe-core, 320 px, the keyboard."""

from datetime import date

import pytest
from playwright.sync_api import Page

from deployments.testing.audit import complaints
from flows.engine.exceptions import CLOSE, WAIT
from models.clocks.retention import FEDERAL
from models.documents import hash_of
from models.documents_kept import KeptDocument
from models.duties import policy_review_questions as asks
from models.duties import retention_review as retention
from models.purging import list_of
from models.questions import Choice, Question
from portal.testing.grove import CHANGED, POLICY, Grove
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
    Visitor(grove, page, portal).open(grove.put(slug, question, POLICY, CHANGED, LIST))
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
