"""The mailbox's pages show every mail and let none of them do anything."""

import asyncio
from pathlib import Path

import httpx
import pytest

from notifications.mailbox_pages import mailbox_app
from notifications.mailfolder import MailFolder

MAIL = (
    b"From: Wellkept <compliance@maple-grove.example>\r\nTo: Priya <b>Raman</b> <%b>\r\nSubject: Please <i>review</i>\r\n"
    b"Date: Mon, 15 Mar 2027 13:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
    b"Answer here:\r\nhttp://127.0.0.1:4280/l/a-b_c\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    b"<html><head></head><body><script>1</script></body></html>\r\n--b--\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> MailFolder:
    kept = MailFolder(tmp_path / "mails")
    for who in (b"priya@maple-grove.example", b"lee@maple-grove.example"):
        kept.keep(MAIL % who, "bounces@maple-grove.example", who.decode())
    return kept


def visit(folder: MailFolder, path: str, host: str = "127.0.0.1") -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(mailbox_app(folder))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.get(path)

    return asyncio.run(get())


def test_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    assert "No mail yet" in visit(MailFolder(tmp_path), "/").text


def test_the_list_stands_newest_first_and_escapes(folder: MailFolder) -> None:
    page = visit(folder, "/").text
    newest, oldest = folder.to("lee@maple-grove.example")[0], folder.to("PRIYA@maple-grove.example")[0]
    assert page.index(newest.id) < page.index(oldest.id)
    assert "Please &lt;i&gt;review&lt;/i&gt;" in page


def test_the_list_loads_itself_anew_for_those_who_ask_for_it_and_stops_again(folder: MailFolder) -> None:
    assert "refresh" not in visit(folder, "/").text
    page = visit(folder, "/?to=lee%40maple-grove.example&watch=1").text
    assert '<meta http-equiv="refresh" content="5">' in page
    assert '<a href="/?to=lee%40maple-grove.example">Stop that</a>' in page


def test_the_list_can_be_one_persons(folder: MailFolder) -> None:
    page = visit(folder, "/?to=lee%40maple-grove.example").text
    assert page.count('class="subject"') == 1


def test_a_mails_html_runs_nothing_and_its_button_takes_the_whole_window(folder: MailFolder) -> None:
    mail = folder.mails()[0]
    answer = visit(folder, f"/mails/{mail.id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert '<base target="_top">' in answer.text


def test_a_mail_shows_its_text_its_source_and_its_links(folder: MailFolder) -> None:
    mail = folder.mails()[0]
    assert mail.links == ["http://127.0.0.1:4280/l/a-b_c"]
    page = visit(folder, f"/mails/{mail.id}").text
    assert '<a href="http://127.0.0.1:4280/l/a-b_c"' in page
    assert "Subject: Please" in visit(folder, f"/mails/{mail.id}/source").text


@pytest.mark.parametrize(
    "path", ["/mails/none", "/mails/..%2f..%2fsecrets", "/mails/none/html", "/mails/none/calendar"]
)
def test_what_is_not_there_is_not_found(folder: MailFolder, path: str) -> None:
    assert visit(folder, path).status_code == 404


def test_another_host_name_gets_nothing(folder: MailFolder) -> None:
    assert visit(folder, "/", "evil.example").status_code == 400
