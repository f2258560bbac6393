"""Handing in answers through the pages."""

import hashlib
import html
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import event

from models.checkpoints import read_note
from models.events import Event
from models.seal_key import known_keys
from models.sealing import first_seal_over
from models.settings import load_settings
from models.store import engine_for, reading
from models.tables import Answer, Cycle, Document, Link, Person, Request, RequestState, Tier
from portal.testing.grove import APPROVAL, CHANGED, PIN, POLICY, Grove
from portal.testing.pages import Page, opened

KEEP = {"choice": "keep", "reason_0": "Nothing in the law changed.", "name": "maya  ORTIZ"}


def test_an_answer_is_recorded_with_time_identity_reason_and_hash(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    page = opened(browser, asked)
    receipt = page.send(KEEP)
    assert receipt.response.url.path == f"{asked.page}/receipt"
    assert "No change needed" in receipt.text
    assert "Maya Ortiz" in receipt.text
    answer = grove.answer(asked)
    assert answer is not None
    assert (answer.choice, answer.reason, answer.by_id) == ("keep", KEEP["reason_0"], "maple-grove/maya")
    assert answer.shown_sha256 == hashlib.sha256(POLICY.encode()).hexdigest()
    assert grove.row(Request, asked.request_id).state == RequestState.ANSWERED
    assert grove.row(Cycle, grove.cycle).wake_wanted_at is not None
    assert grove.row(Link, asked.link_id).used_at is not None


def test_the_ledger_says_what_was_decided_but_not_the_reasons_words(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    receipt = opened(browser, asked).send(KEEP)
    (entry,) = grove.entries(Event.ANSWER_RECORDED)
    facts = entry["facts"]
    assert entry["actor"] == facts["by"] == facts["for"] == "maple-grove/maya"
    assert (facts["request"], facts["choice"], facts["tier"]) == (asked.request_id, "keep", "acknowledge")
    answer = grove.row(Answer, asked.request_id)
    assert facts["reason_commitment"] == hashlib.sha256(answer.reason_salt + KEEP["reason_0"].encode()).hexdigest()
    assert len(answer.reason_salt) == 32
    assert KEEP["reason_0"] not in str(entry)
    assert f"No. {entry['seq']} " in receipt.text


def test_the_receipt_holds_a_seal_over_the_answer(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    receipt = opened(browser, asked).send(KEEP)
    (entry,) = grove.entries(Event.ANSWER_RECORDED)
    with reading() as session:
        seal = first_seal_over(session, "maple-grove", entry["seq"])
    assert seal is not None
    assert seal.size == entry["seq"] + 1
    checkpoint = read_note(seal.note, known_keys(load_settings().data_dir))
    assert checkpoint.text().strip() in html.unescape(receipt.text)


def test_an_answer_is_not_lost_when_the_key_cannot_be_used(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    load_settings().data_dir.joinpath("seal-key.pem").write_text("not a key")
    receipt = opened(browser, asked).send(KEEP)
    assert "It is recorded" in receipt.words
    (entry,) = grove.entries(Event.ANSWER_RECORDED)
    with reading() as session:
        assert first_seal_over(session, "maple-grove", entry["seq"]) is None


def test_who_covers_answers_in_both_names(grove: Grove, browser: httpx.Client):
    grove.on_leave("maya", 5)
    asked = grove.ask("maya")
    page = opened(browser, asked)
    assert "You are answering as Omar Haddad, for Maya Ortiz who is on leave until" in page.words
    page.send(KEEP | {"name": "Omar Haddad"})
    answer = grove.answer(asked)
    assert answer is not None
    assert (answer.by_id, answer.for_id) == ("maple-grove/omar", "maple-grove/maya")


def test_a_late_answer_counts_and_says_how_late(grove: Grove, browser: httpx.Client):
    asked = grove.ask(days=-6)
    page = opened(browser, asked)
    assert "the record will say it was 6 days late" in page.words
    assert "(6 days late)" in page.send(KEEP).words
    answer = grove.answer(asked)
    assert answer is not None
    assert answer.days_late == 6


def test_a_changed_text_is_previewed_before_it_is_handed_in(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    form = {"choice": "changed", "text_1": CHANGED, "name": "Maya Ortiz"}
    preview = opened(browser, asked).send(form)
    assert "Nothing is recorded yet." in preview.text
    assert "1 line added, 1 line removed" in preview.words
    assert grove.answer(asked) is None
    assert "Thank you" in preview.send({"step": "send"}).text
    answer = grove.answer(asked)
    assert answer is not None
    assert answer.handed_in_sha256 == hashlib.sha256(CHANGED.encode()).hexdigest()
    assert grove.row(Document, answer.handed_in_sha256).text == CHANGED


def test_an_uploaded_file_takes_the_place_of_the_pasted_text_and_can_be_edited_again(
    grove: Grove, browser: httpx.Client
):
    asked = grove.ask()
    files = {"upload_1": ("new.md", b"\xef\xbb\xbf" + CHANGED.replace("\n", "\r\n").encode(), "text/markdown")}
    preview = opened(browser, asked).send({"choice": "changed", "text_1": "old", "name": "Maya Ortiz"}, files)
    again = preview.send({"step": "edit"})
    assert again.fields["text_1"] == CHANGED
    assert grove.answer(asked) is None


def test_two_clicks_at_once_record_one_answer_and_the_other_is_told(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    page = opened(browser, asked)
    other = {"choice": "not-mine", "reason_2": "I left that team.", "name": "Maya Ortiz"}
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(page.send, [KEEP, other] * 4))
    recorded = [each for each in results if each.response.history]
    told = [each for each in results if not each.response.history]
    assert len(recorded) == 1
    assert all(each.response.status_code == 409 and "answered already" in each.text for each in told)
    assert all("Maya Ortiz decided it on" in each.words for each in told)
    assert len(grove.entries(Event.ANSWER_RECORDED)) == 1


def test_two_links_of_one_request_record_one_answer(grove: Grove, portal: str):
    first = grove.ask()
    second = grove.link(first.request_id, "maya", grove.letter("maya"))
    with httpx.Client(base_url=portal, follow_redirects=True, timeout=30) as one:
        pages = [opened(one, each) for each in (first, second)]
        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(lambda page: page.send(KEEP).response.status_code, pages))
    assert statuses == [200, 409]
    assert len(grove.entries(Event.ANSWER_RECORDED)) == 1


def test_an_attestation_wants_the_pin_and_says_so_in_the_record(grove: Grove, browser: httpx.Client):
    grove.enrol("nadia")
    asked = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST, text=CHANGED, compare=POLICY, author="maya")
    page = opened(browser, asked)
    form = {"choice": "approve", "name": "nadia revesz"}
    assert "Enter your PIN." in page.send(form).text
    assert "Attested" in page.send(form | {"pin": PIN}).text
    assert grove.entries(Event.ANSWER_RECORDED)[0]["facts"]["tier"] == "attest"


def test_five_wrong_pins_lock_the_link_and_leave_the_request_open(grove: Grove, browser: httpx.Client):
    grove.enrol("nadia")
    asked = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST)
    page = opened(browser, asked)
    form = {"choice": "approve", "name": "Nadia Révész", "pin": "000001"}
    left = [page.send(form).text for _ in range(4)]
    assert "4 tries are left" in left[0]
    assert "One try is left" in left[3]
    assert "000001" not in "".join(left)
    assert "This link is locked" in page.send(form).text
    assert "This link is locked" in page.send(form | {"pin": PIN}).text
    assert len(grove.entries(Event.PIN_REFUSED)) == 5
    assert len(grove.entries(Event.LINK_LOCKED)) == 1
    assert grove.row(Request, asked.request_id).state == RequestState.OPEN
    fresh = grove.link(asked.request_id, "nadia", grove.letter("nadia"))
    assert "Thank you" in opened(browser, fresh).send(form | {"pin": PIN}).text


def test_pins_tried_at_once_are_counted_one_by_one(grove: Grove, browser: httpx.Client):
    grove.enrol("nadia")
    asked = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST)
    page = opened(browser, asked)
    wrong = [{"choice": "approve", "name": "Nadia Révész", "pin": f"10000{n}"} for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(page.send, wrong))
    assert len(grove.entries(Event.PIN_REFUSED)) == 5
    assert grove.row(Link, asked.link_id).pin_failures == 5


def test_without_a_pin_the_page_says_where_to_get_one(grove: Grove, browser: httpx.Client):
    asked = grove.ask("nadia", choices=APPROVAL, tier=Tier.ATTEST)
    page = opened(browser, asked)
    assert "wellkept people pin" in page.text
    sent = page.send({"choice": "approve", "name": "Nadia Révész", "pin": PIN})
    assert "No PIN has been enrolled" in sent.words
    assert grove.answer(asked) is None


@pytest.mark.parametrize(
    ("form", "message", "anchor"),
    [
        ({}, "Choose one of the answers.", "choice_0"),
        ({"choice": "nonsense"}, "Choose one of the answers.", "choice_0"),
        (KEEP | {"reason_0": "  "}, "“No change needed” needs a reason.", "reason_0"),
        (KEEP | {"reason_0": "x" * 5001}, "The reason is too long", "reason_0"),
        (KEEP | {"name": "Maya"}, "Sign by typing your full name: Maya Ortiz.", "name"),
        (KEEP | {"name": ""}, "Sign by typing your full name: Maya Ortiz.", "name"),
        ({"choice": "changed", "name": "Maya Ortiz"}, "needs the new text", "text_1"),
        (
            {"choice": "not-mine", "reason_2": "No", "person_2": "elsewhere/eve", "name": "Maya Ortiz"},
            "Choose a person from the list.",
            "person_2",
        ),
        (KEEP | {"reason_0": "Called 555-123-4567"}, "looks as if it holds a phone number", "reason_0"),
        (KEEP | {"fax_confirmation": "x"}, "like a program", "name"),
    ],
)
def test_the_form_comes_back_with_what_is_missing_and_all_that_was_typed(
    grove: Grove, browser: httpx.Client, form: dict[str, str], message: str, anchor: str
):
    asked = grove.ask()
    again = opened(browser, asked).send(form)
    assert again.response.status_code == 422
    assert message in again.words
    assert f'<a href="#{anchor}">' in again.text
    assert f'id="{anchor}"' in again.text
    for name in {"reason_0", "name", "reason_2"} & form.keys():
        assert again.fields[name] == form[name]
    assert grove.answer(asked) is None


def test_a_reason_that_looks_like_an_identifier_counts_once_it_is_confirmed(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    again = opened(browser, asked).send(KEEP | {"reason_0": "Front desk is 555-123-4567"})
    assert "Thank you" in again.send({"no_patient": "yes"}).text


def test_a_colleague_who_leaves_while_the_form_is_on_its_way_is_asked_for_again(
    grove: Grove, browser: httpx.Client, store: str
):
    asked = grove.ask()
    page = opened(browser, asked)
    theo, form = grove.person("theo"), {"choice": "not-mine", "reason_2": "I left that team.", "name": "Maya Ortiz"}

    def leave(*_: object) -> None:
        grove.change(Person, theo, active=False)

    event.listen(engine_for(store), "checkin", leave, once=True)
    again = page.send(form | {"person_2": theo})
    assert again.response.status_code == 422
    assert "Choose a person from the list." in again.words
    assert "Theo Park" not in again.text
    assert again.fields["reason_2"] == form["reason_2"]
    assert "Thank you" in again.send({"person_2": grove.person("nadia")}).text


def test_a_text_is_looked_through_for_identifiers_only_once_nothing_else_is_wrong(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    form = {"choice": "changed", "name": "Maya Ortiz", "reason_1": "See the file."}
    too_large = b"For example MRN 12345." * 100_000
    again = opened(browser, asked).send(form, {"upload_1": ("new.md", too_large[:1_000_001])})
    assert "no_patient" not in again.send({"text_1": too_large[:1_000_001].decode()}).text
    warned = again.send({"text_1": "For example MRN 12345."})
    assert "looks as if it holds a record number" in warned.words
    assert 'id="no_patient"' in warned.text


def test_nobody_reads_a_page_in_under_two_seconds(grove: Grove, browser: httpx.Client):
    asked = grove.ask(read=False)
    again = opened(browser, asked).send(KEEP)
    assert "take a moment to read" in again.words
    assert again.fields["reason_0"] == KEEP["reason_0"]
    assert grove.answer(asked) is None


def test_a_form_from_another_site_is_not_recorded(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    page = opened(browser, asked)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert page.send(KEEP, headers=headers).response.status_code == 403
    assert grove.answer(asked) is None


def test_a_cookie_opens_only_its_own_letter(grove: Grove, browser: httpx.Client):
    mine, other = grove.ask(), grove.ask("theo")
    opened(browser, mine)
    browser.cookies.set("wellkept_link", mine.token, path="/")
    for path in (other.page, f"/a/{mine.letter_id}/{other.request_id}", f"/a/{other.letter_id}"):
        assert browser.get(path).status_code == 404


def test_one_letters_link_opens_all_its_things(grove: Grove, browser: httpx.Client):
    letter = grove.letter("maya")
    first, second = grove.ask(letter=letter), grove.ask(letter=letter, verb="review the Access policy")
    listing = browser.get(f"/l/{grove.list_link('maya', letter)}")
    assert listing.url.path == f"/a/{letter}"
    assert "Review the Access policy" in listing.text
    receipt = Page(browser, browser.get(first.page)).send(KEEP)
    assert "1 more thing for you" in receipt.words
    assert f'href="{second.page}"' in receipt.text
    assert "No change needed" in browser.get(f"/a/{letter}").text
