"""Letters say what, why, by when and who asks, in words fit for a subject line, plain text and HTML."""

from datetime import date
from html.parser import HTMLParser

import pytest

from models.tables import NoticeKind
from notifications.batch import Batch
from notifications.item import Item
from notifications.rendering import TEMPLATES, Rendered, render

TODAY = date(2027, 3, 15)
SOON, LATER, PAST = date(2027, 3, 22), date(2027, 5, 14), date(2027, 3, 12)
LIST = "f" * 32


def item(kind: NoticeKind, due_on: date, number: int = 1, **changes: object) -> Item:
    given: dict[str, object] = {
        "verb": "review Sanctions policy",
        "why": "Every twelve months (45 CFR 164.316(b)(2)(iii)).",
        "asked_by": "Dana Kim, privacy official",
        "asked_name": "Omar Haddad",
        "holder_name": "Omar Haddad",
        "held_by_you": False,
        "link_id": f"{number:032x}",
    }
    return Item(request_id=f"r{number}", kind=kind, due_on=due_on, today=TODAY, **(given | changes))  # type: ignore[arg-type]


def letter(*items: Item, name: str = "Priya Raman", list_link_id: str | None = None) -> Batch:
    return Batch(name, "Maple Grove Counseling", TODAY, "Dana Kim", items, list_link_id).sorted()


SINGLE = [
    # kind, due, changes, letter, subject, a phrase of the body
    ("ask", LATER, {}, "ask", "Please review Sanctions policy (by 14 May)", "Asked by: Dana Kim, privacy official"),
    (
        "ask",
        date(2028, 1, 3),
        {},
        "ask",
        "Please review Sanctions policy (by 3 January 2028)",
        "Monday, 3 January 2028",
    ),
    (
        "cover",
        LATER,
        {"cover_until": SOON},
        "ask",
        "Covering for Omar Haddad: please review Sanctions policy (by 14 May)",
        "You are covering for Omar Haddad until Monday, 22 March 2027.",
    ),
    (
        "cover",
        LATER,
        {"own_work": True},
        "ask",
        "Covering for Omar Haddad: please review Sanctions policy (by 14 May)",
        "Omar Haddad may not decide on their own work.",
    ),
    (
        "return",
        PAST,
        {},
        "ask",
        "Back to you: please review Sanctions policy (was due 12 March)",
        "Back to you after your leave.",
    ),
    (
        "changed",
        LATER,
        {},
        "ask",
        "Changed: please review Sanctions policy (by 14 May)",
        "The text it is about has changed since our last letter, whose link decides nothing any more.",
    ),
    (
        "remind",
        SOON,
        {},
        "digest",
        "Reminder: review Sanctions policy (by 22 March)",
        "A reminder: this is due in 7 days.",
    ),
    (
        "remind",
        TODAY,
        {},
        "digest",
        "Reminder: review Sanctions policy (by 15 March)",
        "A reminder: this is due today.",
    ),
    (
        "remind",
        PAST,
        {},
        "digest",
        "Overdue: review Sanctions policy (was due 12 March)",
        "A reminder: this was due 3 days ago.",
    ),
    (
        "escalate",
        PAST,
        {"held_by_you": True},
        "digest",
        "Omar Haddad has not answered: review Sanctions policy (was due 12 March)",
        "it was due Friday, 12 March 2027. It is with you now, as deputy.",
    ),
    (
        "escalate",
        PAST,
        {},
        "digest",
        "Omar Haddad has not answered: review Sanctions policy (was due 12 March)",
        "As deputy you can answer it.",
    ),
    (
        "escalate",
        PAST,
        {"link_id": None},
        "digest",
        "Omar Haddad has not answered: review Sanctions policy (was due 12 March)",
        "It is with Omar Haddad. You cannot answer it yourself",
    ),
    (
        "not delivered",
        SOON,
        {},
        "digest",
        "Mail to Omar Haddad was not delivered: review Sanctions policy (due 22 March)",
        "Our mail to Omar Haddad was not delivered.",
    ),
    (
        "fresh link",
        SOON,
        {},
        "fresh_link",
        "Your fresh link: review Sanctions policy",
        "Here is the fresh link you asked for.",
    ),
]


@pytest.mark.parametrize(("kind", "due_on", "changes", "name", "subject", "phrase"), SINGLE)
def test_one_thing_is_told_in_the_words_of_its_kind(
    kind: str, due_on: date, changes: dict[str, object], name: str, subject: str, phrase: str
) -> None:
    batch = letter(item(NoticeKind(kind), due_on, **changes))
    rendered = render(batch)
    assert (batch.letter, rendered.subject) == (name, subject)
    assert phrase in " ".join(rendered.text.split())
    linked = batch.items[0].link_id is not None
    assert [f"@@link:{1:032x}@@" in body for body in (rendered.text, rendered.html)] == [linked, linked]


def digest() -> Rendered:
    return render(
        letter(
            item(NoticeKind.ASK, LATER, 1),
            item(NoticeKind.REMIND, SOON, 2, verb="approve Telehealth policy"),
            item(NoticeKind.REMIND, PAST, 3, verb="attest Access policy"),
            item(NoticeKind.ESCALATE, PAST, 4, verb="review Device policy", link_id=None),
            item(NoticeKind.REMIND, LATER, 5, verb="review Training policy"),
            list_link_id=LIST,
        )
    )


def test_a_digest_stands_by_urgency() -> None:
    parts = ["OVERDUE", "Attest Access", "DUE SOON", "Approve Telehealth", "NEW", "Review Sanctions", "COMING UP"]
    parts += ["Review Training", "FOR YOUR INFORMATION", "Review Device"]
    places = [digest().text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_digest_has_one_button_to_the_list_and_every_full_link_in_its_plain_text() -> None:
    rendered = digest()
    assert rendered.subject == "4 things for you at Maple Grove Counseling, 1 overdue"
    assert rendered.html.count('class="button"') == 1
    assert rendered.html.count(f"@@link:{LIST}@@") == 1
    assert rendered.text.count("@@link:") == 5


def test_a_digest_without_anything_late_names_the_first_date() -> None:
    batch = letter(item(NoticeKind.ASK, LATER, 1), item(NoticeKind.REMIND, SOON, 2), list_link_id=LIST)
    assert render(batch).subject == "2 things for you at Maple Grove Counseling, the first by 22 March"


def test_a_digest_with_nothing_to_answer_has_no_button() -> None:
    told = [item(NoticeKind.ESCALATE, PAST, number, link_id=None) for number in (1, 2)]
    rendered = render(letter(*told))
    assert rendered.subject == "2 things to know at Maple Grove Counseling"
    assert 'class="button"' not in rendered.html
    assert "yours alone" not in rendered.text


def test_names_and_titles_are_text_in_html() -> None:
    bad = '<script>alert("1")</script>'
    asked = {"verb": bad, "why": bad, "asked_by": bad, "asked_name": bad, "cover_until": SOON}
    for kind in NoticeKind:
        html = render(letter(item(kind, LATER, **asked), name=bad)).html
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_line_break_in_a_title_makes_no_second_header() -> None:
    rendered = render(letter(item(NoticeKind.ASK, LATER, verb="review\r\nBcc: x@y.example")))
    assert rendered.subject == "Please review Bcc: x@y.example (by 14 May)"


class Checker(HTMLParser):
    """Collects what a mail program would fetch, and tags left open."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it fetches."""
        self.fetched += [value or "" for name, value in attrs if name in {"src", "background", "srcset"}]
        if tag not in {"meta", "br", "img", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        assert self.open.pop() == tag


def test_the_html_is_whole_and_fetches_nothing() -> None:
    checker = Checker()
    checker.feed(digest().html)
    assert (checker.fetched, checker.open) == ([], [])
    assert "url(" not in digest().html


def test_every_letter_has_its_three_templates() -> None:
    for folder in (path for path in TEMPLATES.iterdir() if path.is_dir()):
        assert sorted(path.name for path in folder.iterdir()) == ["body.html", "body.txt", "subject.txt"]
