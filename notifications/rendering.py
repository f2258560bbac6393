"""Rendering: a batch becomes a subject, a plain text and an HTML page. Nothing is sent here."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.words import one_line
from notifications.batch import Batch
from notifications.letters import context_of

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Rendered:
    """A letter in words. Bodies hold placeholders where links belong."""

    subject: str
    text: str
    html: str


@cache
def environment() -> Environment:
    """Return the templates: HTML is escaped, and a name the context lacks is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(batch: Batch) -> Rendered:
    """Return the letter that suits a batch."""
    letter = batch.letter
    words = {**context_of(letter, batch), "batch": batch}
    subject = one_line(_fill(f"{letter}/subject.txt", words))
    words["subject"] = subject
    return Rendered(subject, _fill(f"{letter}/body.txt", words), _fill(f"{letter}/body.html", words))


def _fill(template: str, words: dict[str, object]) -> str:
    return environment().get_template(template).render(words)
