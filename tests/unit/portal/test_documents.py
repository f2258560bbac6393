"""Documents as safe HTML."""

from datetime import date

import pytest

from models.clocks.retention import FEDERAL
from models.documents_kept import KeptDocument
from models.purging import list_of
from portal.documents import as_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h3>Title</h3>"),  # below the page's own headings
        ("###### Deep", "<h6>Deep</h6>"),
        ("*so* **much**", "<p><em>so</em> <strong>much</strong></p>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("[law](https://www.ecfr.gov)", '<p><a href="https://www.ecfr.gov" rel="noopener noreferrer">law</a></p>'),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
    ],
)
def test_markdown_becomes_plain_html(text: str, html: str):
    assert as_html(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hello)",
        "![x](https://elsewhere.example/x.png)",
        '[x](https://a.example "a\\" onclick=\\"alert(1)")',
        "<svg onload=alert(1)>",
    ],
)
def test_nothing_in_a_text_runs_or_loads(text: str):
    html = as_html(text)
    assert not any(tag in html for tag in ("<script", "<img", "<svg", 'href="javascript', 'href="data', '" onclick'))


def test_a_wide_table_is_scrolled_by_the_keyboard_too():
    assert '<table tabindex="0">' in as_html("| a | b |\n| --- | --- |\n| 1 | 2 |\n")


def test_a_list_of_what_may_be_deleted_shows_titles_as_they_are():
    title = "*All* of `it` [here](https://elsewhere.example) <b>"
    document = KeptDocument("0" * 64, title, date(2015, 1, 1), date(2021, 1, 1), FEDERAL, frozenset())
    page = as_html(list_of("Elm", [document], 0, date(2033, 1, 1)))
    assert "<strong>*All* of `it` [here](https://elsewhere.example) &lt;b&gt;</strong>" in page
    assert "<a" not in page
