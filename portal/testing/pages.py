"""Pages as a browser without JavaScript sees them: their words, their form and its fields."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx

from portal.testing.grove import Asked


class _Form(HTMLParser):
    """The last form of a page and its fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.radios: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the tags that make a form."""
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self.action, self.fields, self.radios = given["action"], {}, []
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.radios += [given["value"]] if kind == "radio" else []
            if "checked" in given:
                self.fields[name] = given["value"]
        elif tag == "input" and kind != "file":
            self.fields[name] = given.get("value", "")
        elif tag in ("textarea", "select"):
            self.fields[name], self._open = "", name if tag == "textarea" else ""
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given["value"]

    def handle_data(self, data: str) -> None:
        """Read the text of a textarea."""
        if self._open:
            self.fields[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        """Close a textarea; its first line end is not part of it."""
        if tag == "textarea":
            self.fields[self._open] = self.fields[self._open].removeprefix("\n")
            self._open = ""


@dataclass
class Page:
    """An answer of the portal and what can be done with it."""

    client: httpx.Client
    response: httpx.Response

    @property
    def text(self) -> str:
        """Return the page's HTML."""
        return self.response.text

    @property
    def words(self) -> str:
        """Return the page's words with single spaces."""
        return " ".join(unescape(re.sub(r"<[^>]+>", "", self.text)).split())

    @property
    def form(self) -> _Form:
        """Return the page's last form."""
        form = _Form()
        form.feed(self.text)
        return form

    @property
    def fields(self) -> dict[str, str]:
        """Return the form's fields as they stand."""
        return self.form.fields

    def send(
        self,
        changed: dict[str, str] | None = None,
        files: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> "Page":
        """Submit the form as it stands but for what is changed."""
        form = self.form
        data = form.fields | (changed or {})
        parts = files or {"nothing": ("", b"")}
        return Page(self.client, self.client.post(form.action, data=data, files=parts, headers=headers))


def opened(client: httpx.Client, asked: Asked) -> Page:
    """Open a request by its link."""
    return Page(client, client.get(f"/l/{asked.token}"))
