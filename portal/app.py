"""The portal: answers come in here."""

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from models.settings import load_settings
from portal import answers, links, lists, plain, receipts
from portal.body_limit import BodyLimit
from portal.desk import board, files, front, incidents, intake, people, register, report, signing_in
from portal.headers import SafeHeaders
from portal.pages import render
from portal.place import Place
from portal.throttle import Throttle
from portal.troubles import answer_troubles


def create_app(base_url: str | None = None, throttle: Throttle | None = None) -> FastAPI:
    """Make the portal for a base URL (without one: the settings' own) and its limits."""
    app = FastAPI(title="Wellkept", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    settings = load_settings()
    place = Place(base_url or settings.portal_base_url)
    app.state.place = place
    app.state.throttle = throttle or Throttle(per_address=f"{settings.portal_per_minute}/minute")
    app.add_middleware(BodyLimit, refusal=HTMLResponse(render("honest/too_large", place.prefix), 413))
    app.add_middleware(SafeHeaders, https=place.https)
    desk = (signing_in, front, intake, register, incidents, files, board, people, report)
    for module in (plain, links, lists, receipts, answers, *desk):
        app.include_router(module.router)
    answer_troubles(app)
    return app
