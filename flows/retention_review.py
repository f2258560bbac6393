"""The yearly retention review."""

from typing import Any

from sqlmodel import Session

from flows.engine import Outcome, answer_to, ask, current, cycle, do, once
from models.cover import official_of
from models.documents import keep
from models.duties import retention_review as questions
from models.duties.retention_review import RETENTION_REVIEW
from models.people import clinic_named
from models.purging import list_of, may_go
from models.roles import Role
from models.words import count_in_words
from tasks.purging import purge_documents


@cycle(RETENTION_REVIEW)
async def retention_review(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same every year
    """Have the privacy official decide on what was kept long enough, and delete what is approved."""
    listed = await once("what may go", lambda session: _listed(session, clinic))
    documents = count_in_words(len(listed["documents"]), "document")
    held = f"; {count_in_words(listed['held'], 'document')} kept by a hold" if listed["held"] else ""
    if not listed["documents"]:
        return Outcome(f"Nothing is past its retention{held}")
    official = official_of(current().people(), Role.PRIVACY_OFFICIAL)
    question = questions.purge("Wellkept, for the practice", len(listed["documents"]), listed["sha256"])
    decision = await answer_to(await ask("purge", official, question, "approval"))
    if decision.choice != questions.DELETE.value:
        decided = "nobody decided" if decision.excepted else f"{decision.by_name} decided"
        undecided = [f"Nobody decided on {documents}"] if decision.excepted else []
        return Outcome(f"{documents} kept, as {decided}{held}", exceptions=undecided)
    purged = await do(
        "purge:done",
        purge_documents,
        title=documents,
        request_id=decision.asked.request_id,
        listed=listed["documents"],
    )
    spared = f", {len(purged['spared'])} spared because they are needed or held by now" if purged["spared"] else ""
    return Outcome(f"{count_in_words(purged['gone'], 'document')} deleted{spared}{held}")


def _listed(session: Session, clinic: str) -> dict[str, Any]:
    """Write down the list of what may go; return its hash, the documents on it and how many are held."""
    row, today = clinic_named(session, clinic), current().today()
    free, held = may_go(session, clinic, today)
    text = list_of(row.name, free, len(held), today) if free else ""
    return {
        "sha256": keep(session, text) if free else None,
        "documents": [document.sha256 for document in free],
        "held": len(held),
    }
