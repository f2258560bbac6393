"""Pages: templates rendered with everything escaped and nothing undefined."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from models.words import (
    count_in_words,
    day_in_words,
    days_in_words,
    due_in_words,
    list_in_words,
    long_date,
    sentence_case,
)
from portal.documents import as_html
from portal.place import place_of
from portal.words import how_sure, moment_in_words, short_hash

FILTERS = {
    "capital": sentence_case,
    "counted": count_in_words,
    "day": day_in_words,
    "days": days_in_words,
    "due": due_in_words,
    "listed": list_in_words,
    "long_date": long_date,
    "markdown": as_html,
    "moment": moment_in_words,
    "short_hash": short_hash,
    "sure": how_sure,
}

_templates = Environment(
    loader=PackageLoader("portal"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(FILTERS)


def render(template: str, prefix: str, **facts: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """Return a template as HTML; `prefix` is the path that the portal's addresses begin with."""
    return _templates.get_template(f"{template}.html").render(prefix=prefix, **facts)


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:  # noqa: ANN401 - the same
    """Return a page of the portal."""
    return HTMLResponse(render(template, place_of(request).prefix, **facts), status)
