"""Forms: what a visitor typed, as it came, kept so that nothing has to be typed twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

from models.questions import Needs, Question
from models.submissions import LARGEST_TEXT, SHEET, Submission
from portal.sieve import sieved

HONEYPOT = "fax_confirmation"
"""A field people never see; programs that fill in forms do."""
TOO_LARGE = "That file is larger than 1 MB. Hand in plain text (.md or .txt) without pictures."
NEVER_SHOWN_AGAIN = frozenset({"pin", HONEYPOT})


@dataclass(frozen=True)
class Typed:
    """The fields of a form. Fields that belong to one choice end in `_` and its number: `reason_0`, `text_1`."""

    values: Mapping[str, str]
    unreadable: Mapping[str, str]
    """What is wrong with uploaded files, by the field of their text."""

    def of(self, name: str) -> str:
        """Return a field, or an empty text."""
        return self.values.get(name, "")

    @property
    def too_large(self) -> bool:
        """Tell whether a file came that was too large."""
        return TOO_LARGE in self.unreadable.values()

    def kept(self) -> dict[str, str]:
        """Return what may stand in a page again: everything but the PIN."""
        return {name: value for name, value in self.values.items() if name not in NEVER_SHOWN_AGAIN}

    def sheet(self, at: int | None = None) -> dict[str, str]:
        """Return the fields of a sheet by their own names: those under the answer with a number, or of a page's own."""
        end = "" if at is None else f"_{at}"
        mine = (name for name in self.values if name.startswith(SHEET) and name.endswith(end))
        return {name.removeprefix(SHEET).removesuffix(end): self.values[name] for name in mine}

    def chosen(self, question: Question) -> int:
        """Return the number of the chosen answer, or -1."""
        values = [choice.value for choice in question.choices]
        return values.index(self.of("choice")) if self.of("choice") in values else -1

    def submission(self, question: Question) -> Submission:
        """Return what was handed in: of the fields under the answers only those of the chosen one."""
        at = self.chosen(question)
        takes_text = at >= 0 and question.choices[at].text is not Needs.NOTHING
        return Submission(
            choice=self.of("choice"),
            name=self.of("name"),
            reason=self.of(f"reason_{at}"),
            text=self.of(f"text_{at}") if takes_text else None,
            person_id=self.of(f"person_{at}") or None,
            pin=self.of("pin").strip(),
            shown_sha256=self.of("shown") or None,
            sheet=self.sheet(at),
        )


EMPTY = Typed({}, {})


async def read_form(request: Request) -> Typed:
    """Read a posted form; an uploaded file takes the place of the text pasted beside it."""
    values: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    async with sieved(request) as form:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        values.update({name: _tidy(value) for name, value in fields})
        for name, upload in form.multi_items():
            if isinstance(upload, UploadFile) and upload.filename:
                await _take_upload(name.replace("upload", "text", 1), upload, values, unreadable)
    typed = Typed(values, unreadable)
    request.state.typed = typed
    return typed


Form = Annotated[Typed, Depends(read_form)]


async def _take_upload(field: str, upload: UploadFile, values: dict[str, str], unreadable: dict[str, str]) -> None:
    content = await upload.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        unreadable[field] = TOO_LARGE
        return
    try:
        values[field] = _tidy(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        unreadable[field] = "That file is not plain text. Save it as .md or .txt (UTF-8) and choose it again."


def _tidy(value: str) -> str:
    """Return a text with plain line ends and nothing that UTF-8 cannot write."""
    return value.replace("\r\n", "\n").replace("\r", "\n").encode(errors="replace").decode()
