"""What was asked of people and what came of it, as rows."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.binder.scope import Scope
from models.questions import Question
from models.standing import standing_of
from models.tables import Request
from models.words import days_in_words

_COLUMNS = ("what", "asked of", "due", "who answered", "what they said", "when", "late", "proof")
PROOF = {"acknowledge": "link and name", "attest": "link, name and PIN"}


def asked_rows(
    session: Session, scope: Scope, cycle_keys: Sequence[str], *, personal: bool
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of what was asked in cycles: what only the person asked could do, or all else."""
    columns: tuple[str, ...] = (*_COLUMNS, "reason") if scope.with_case_facts else _COLUMNS
    rows: list[tuple[str, ...]] = []
    for key in cycle_keys:
        only = {each.id for each in _requests(session, key) if _is_personal(each) == personal}
        for row in standing_of(session, key):
            if row.request_id in only:
                late = days_in_words(row.days_late) if row.days_late else ""
                who, said = (row.answered_by, row.said) if not row.open else ("", "not answered yet")
                at, proof = scope.local(row.at), PROOF.get(row.tier, "")
                told = (row.title, row.asked, str(row.due_on), who, said, at, late, proof)
                rows.append((*told, row.reason) if scope.with_case_facts else told)
    return columns, rows


def _requests(session: Session, cycle_key: str) -> list[Request]:
    return list(session.exec(select(Request).where(Request.cycle_key == cycle_key).order_by(col(Request.asked_at))))


def _is_personal(request: Request) -> bool:
    return Question.model_validate(request.question).personal
