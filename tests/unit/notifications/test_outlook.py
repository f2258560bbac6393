"""Every letter asks of classic Outlook for Windows only what it can show, as far as that is published."""

import re

import pytest

from models.tables import NoticeKind
from notifications.outlook.complaints import complaints
from notifications.rendering import TEMPLATES, Rendered, render
from notifications.samples import samples

CLIPPED = 102_000
"""Bytes of HTML above which Gmail shows the rest of a mail only on a click."""


@pytest.fixture(params=samples())
def letter(request: pytest.FixtureRequest) -> Rendered:
    """Return each letter in turn."""
    return render(samples()[request.param])


def test_word_can_follow_everything_in_a_letter(letter: Rendered) -> None:
    found = complaints(letter.html)
    assert not found, "\n".join(found)


def test_a_letter_is_short_enough_for_gmail_and_there_in_plain_text(letter: Rendered) -> None:
    assert len(letter.html.encode()) < CLIPPED
    assert "Hello Priya Raman," in letter.text
    assert set(re.findall("@@link:[0-9a-f]+@@", letter.html)) <= set(re.findall("@@link:[0-9a-f]+@@", letter.text))


TEXT = "font-family:Arial,sans-serif;font-size:16px;line-height:24px;color:#17211f"
GOOD = """<html lang="en"><head><!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml>
<style>td, p, div, h1, h2, h3, a { mso-line-height-rule: exactly; }</style><![endif]--></head>
<body bgcolor="#ffffff" style="background-color:#ffffff;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td style="TEXT">HERE</td>
</tr></table></body></html>""".replace("TEXT", TEXT)


def test_a_plain_letter_has_nothing_to_complain_of() -> None:
    assert complaints(GOOD.replace("HERE", "Hello")) == []


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        # what somebody might write, and what is said about it
        ('<div style="display:flex;">x</div>', "display on <div> does nothing"),
        ('<p style="padding:9px;">x</p>', "padding on <p> does nothing"),
        ('<div style="height:9px;">x</div>', "height on <div> does nothing"),
        ('<p style="position:absolute;">x</p>', "position on <p> does nothing"),
        ('<p style="background-image:url(x.png);">x</p>', "background-image on <p> does nothing"),
        ('<p style="font-size:1rem;">x</p>', "font-size:1rem is not understood"),
        ('<p style="margin:0 auto;">x</p>', "margin:0 auto is not understood"),
        ('<p style="margin:-4px 0;">x</p>', "margin:-4px 0 is not understood"),
        ('<p style="color:#111111 !important;">x</p>', "is not understood"),
        ('<p style="color:#111;">x</p>', "color:#111 is no colour of six digits"),
        ('<p style="color:#999999;">x</p>', "text in <p> is hard to read"),
        ('<p style="font-family:Inter,Arial,sans-serif;">x</p>', "may be set in Times New Roman"),
        ("<section>x</section>", "<section> is not for mail"),
        ('<p onclick="x">x</p>', "<p onclick> does nothing"),
        ('<img src="x.png" alt="">', "<img> without width"),
        ('<a href="x">x</a>', "<a> without a colour"),
        ('<a href="x" style="color:#17211f;text-decoration:none;padding:9px;">x</a>', "padding on <a> does nothing"),
        ("<table><tr><td></td><td></td></tr></table>", "<table> without role=presentation"),
        ("<table><tr><td></td><td></td></tr></table>", "<table> without a width"),
        ('<table style="max-width:600px;"><tr><td></td></tr></table>', "max-width on <table> does nothing"),
        ('<table style="margin:9px 0;"><tr><td></td></tr></table>', "margin on <table> does nothing"),
        ("<table><tr><td>x</td></tr></table>", "text in <td> has no font-family of its own"),
        ('<table><tr><td bgcolor="#ffffff">x</td></tr></table>', "<td> has bgcolor #ffffff and background-color None"),
        ("<p>x", "</td> stands in the wrong place"),
    ],
)
def test_what_word_cannot_follow_is_complained_of(html: str, complaint: str) -> None:
    assert complaint in "\n".join(complaints(GOOD.replace("HERE", html)))


@pytest.mark.parametrize(
    ("cut", "complaint"),
    [
        (' lang="en"', "no language"),
        ("<o:PixelsPerInch>96</o:PixelsPerInch>", "120 dots"),
        ("mso-line-height-rule: exactly;", "lines of <p> are stretched"),
        ("mso-line-height-rule: exactly", "lines of <td> are stretched"),
    ],
)
def test_what_a_page_lacks_for_word_is_complained_of(cut: str, complaint: str) -> None:
    assert complaint in "\n".join(complaints(GOOD.replace(cut, "")))


def test_every_template_and_every_reason_to_write_is_among_the_samples() -> None:
    batches = samples().values()
    assert {batch.letter for batch in batches} == {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert {item.kind for batch in batches for item in batch.items} == set(NoticeKind)
