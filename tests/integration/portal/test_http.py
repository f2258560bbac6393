"""Headers, bodies and texts that mean harm."""

import resource
import tempfile
from typing import IO

import httpx
import pytest

from portal.headers import CSP
from portal.testing.grove import POLICY, Grove
from portal.testing.pages import Page, opened

WANTED_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def test_every_answer_carries_the_headers(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    opened(browser, asked)
    assert CSP == WANTED_CSP
    for path in ("/", "/health", "/portal.css", "/nothing", "/l/unknown", asked.page, f"{asked.page}/document"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"] == WANTED_CSP, path
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-robots-tag"] == "noindex"
        assert "strict-transport-security" not in headers, "only over TLS"


def test_the_token_leaves_the_address_for_a_cookie_of_its_letter(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    for method in ("GET", "HEAD"):
        answer = browser.request(method, f"/l/{asked.token}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, asked.page)
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=lax", f"path=/a/{asked.letter_id.lower()}"))
        assert answer.content == b""


def test_no_page_holds_a_script_or_anything_from_elsewhere(grove: Grove, browser: httpx.Client):
    page = opened(browser, grove.ask())
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "http://" not in page.text.replace(str(browser.base_url), "")


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        "<iframe src=https://elsewhere.example></iframe>",
        "<style>body{display:none}</style>",
        "{{ 7 * 7 }}",
    ],
)
def test_a_policy_that_means_harm_is_shown_and_not_executed(grove: Grove, browser: httpx.Client, harm: str):
    page = opened(browser, grove.ask(text=f"# Policy\n\n{harm}\n\nThe end."))
    shown = page.text.split('<article class="document"')[1].split("</article>")[0]
    assert "The end." in shown
    assert not any(tag in shown for tag in ("<script", "<img", "<iframe", "<style", 'href="javascript'))
    assert "49" not in shown
    assert harm in browser.get(f"{page.response.url.path}/document").text


def test_the_exact_text_that_is_hashed_can_be_downloaded(grove: Grove, browser: httpx.Client):
    asked = grove.ask()
    opened(browser, asked)
    answer = browser.get(f"{asked.page}/document")
    assert answer.content == POLICY.encode()
    assert answer.headers["content-disposition"].startswith("attachment")


def test_a_twenty_megabyte_upload_is_refused_and_what_was_typed_beside_it_comes_back(
    grove: Grove, browser: httpx.Client
):
    asked = grove.ask()
    form = {"choice": "changed", "name": "Maya Ortiz", "reason_1": "See the file."}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = opened(browser, asked).send(form, {"upload_1": ("big.md", _zeros(20_000_000))})
    assert answer.response.status_code == 413
    assert "larger than 1 MB" in answer.words
    assert answer.fields["reason_1"] == "See the file."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000, "kilobytes: it is not held in memory"
    assert grove.answer(asked) is None


def _zeros(size: int) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - its reader closes it
    file.truncate(size)
    return file


@pytest.mark.parametrize("said", [True, False])
def test_a_body_no_form_can_be_is_refused_at_once(grove: Grove, browser: httpx.Client, said: bool):
    asked = grove.ask()
    opened(browser, asked)
    pieces = (b"x" * 1_000_000 for _ in range(70))
    headers = {"Content-Type": "multipart/form-data; boundary=x"} | ({"Content-Length": "70000000"} if said else {})
    answer = Page(browser, browser.post(asked.page, content=pieces, headers=headers))
    assert answer.response.status_code in ({413} if said else {400, 413})
    assert "nothing was recorded" in answer.words


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x" * 1_500_000, "larger than 1 MB"),
        (b"\xff\xfe\x00\x01\x80", "not plain text"),
        (b"plain\x00text", "not plain text"),
        (b"\n" * 20_001, "more than 20,000 lines"),
        ("a\u2028".encode() * 20_001, "more than 20,000 lines"),
        (b"", "needs the new text"),
    ],
)
def test_a_file_that_cannot_be_read_keeps_everything_else(
    grove: Grove, browser: httpx.Client, content: bytes, message: str
):
    asked = grove.ask()
    form = {"choice": "changed", "name": "Maya Ortiz", "reason_1": "See the file."}
    again = opened(browser, asked).send(form, {"upload_1": ("new.md", content)})
    assert again.response.status_code in (413, 422)
    assert message in again.words
    assert again.fields["reason_1"] == "See the file."


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
        (b"choice=%00&name=%FF&reason_0=%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"choice=keep&name=Maya+Ortiz&reason_0=a%00b", "application/x-www-form-urlencoded"),
    ],
)
def test_a_garbled_form_is_refused_without_a_fault(grove: Grove, browser: httpx.Client, content: bytes, kind: str):
    asked = grove.ask()
    opened(browser, asked)
    answer = Page(browser, browser.post(asked.page, content=content, headers={"Content-Type": kind}))
    assert answer.response.status_code in (400, 422)
    assert grove.answer(asked) is None


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/a/%00/x", 403), ("/docs", 404), ("/l/", 404)])
def test_an_address_that_is_not_there_has_a_page(browser: httpx.Client, path: str, status: int):
    answer = browser.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
