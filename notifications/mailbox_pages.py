"""The mailbox's pages: what a demo's people find in their mail. Read only, no JavaScript, on loopback."""

from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware

from notifications.mailfolder import Mail, MailFolder

PAGES = Path(__file__).with_name("pages")
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
"""What a mail may do: its button opens in the whole window, and nothing else."""
_OURS = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
_A_MAILS = f"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox {SANDBOX}"


def mailbox_app(folder: MailFolder) -> FastAPI:
    """Return the pages of a mail folder."""
    app = FastAPI(title="Mailbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.middleware("http")(_guard)
    app.mount("/static", StaticFiles(directory=PAGES / "static"))
    app.get("/", response_class=HTMLResponse)(partial(_list, folder))
    app.get("/mails/{mail_id}", response_class=HTMLResponse)(partial(_mail, folder))
    app.get("/mails/{mail_id}/html", response_class=HTMLResponse)(partial(_html, folder))
    app.get("/mails/{mail_id}/source")(partial(_source, folder))
    app.get("/mails/{mail_id}/calendar")(partial(_calendar, folder))
    return app


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Set the headers that keep a mail in its frame and everything out of caches."""
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", f"{_OURS}; frame-ancestors 'none'")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _list(folder: MailFolder, to: str = "", *, watch: bool = False) -> str:
    """Show the mails, of everybody or of one person. A page that loads itself anew is for those who ask for it."""
    mails = folder.to(to) if to else folder.mails()
    people = {mail.to: mail.name for mail in folder.mails()}
    return _page(
        "list.html", mails=mails[::-1], people=sorted(people.items(), key=lambda item: item[1]), to=to, watch=watch
    )


def _mail(folder: MailFolder, mail_id: str) -> str:
    return _page("mail.html", mail=_found(folder, mail_id), sandbox=SANDBOX)


def _html(folder: MailFolder, mail_id: str) -> HTMLResponse:
    html = _found(folder, mail_id).html.replace("<head>", '<head><base target="_top">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": f"{_A_MAILS}; frame-ancestors 'self'"})


def _source(folder: MailFolder, mail_id: str) -> PlainTextResponse:
    return PlainTextResponse(_found(folder, mail_id).source)


def _calendar(folder: MailFolder, mail_id: str) -> Response:
    if calendar := _found(folder, mail_id).calendar:
        headers = {"Content-Disposition": 'attachment; filename="due-dates.ics"'}
        return Response(calendar, media_type="text/calendar", headers=headers)
    raise HTTPException(404, "This mail brought no due dates.")


def _found(folder: MailFolder, mail_id: str) -> Mail:
    if mail := folder.mail(mail_id):
        return mail
    raise HTTPException(404, "There is no such mail.")


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)


def _page(template: str, **words: object) -> str:
    return _environment().get_template(template).render(words)
