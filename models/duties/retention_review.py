"""The yearly retention review, and what it asks."""

from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_CAL
from models.purging import APPROVED
from models.questions import Choice, Needs, Question
from models.roles import Role
from models.tables.request import Tier
from models.words import count_in_words

RETENTION_REVIEW = Duty(
    name="retention-review",
    title="Yearly retention review",
    summary="What was kept for as long as the law wants is put to the privacy official as a list; what is approved is "
    "deleted and leaves a tombstone.",
    citations=(
        Citation(
            cite="45 CFR 164.316(b)(2)(i)",
            says="Retain documentation six years from its creation or from when it was last in effect, whichever is "
            "later. Nothing says that it must go then; keeping no more than is needed is the practice's own rule.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.530(j)(2)", says="The same six years under the Privacy Rule.", verified="R"),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    starts_on="03-01",
    phases={"approval": Phase(days=30, ladder=L_CAL)},
    asks=frozenset({"purge"}),
    evidence="The list of what was free to go, who decided and why, and a tombstone for each document that went.",
)

DELETE = Choice(
    value=APPROVED,
    label="Delete everything on the list",
    meaning="The texts are gone for good. The list, its hashes and your approval stay in the record.",
    past="Deletion approved",
    reason=Needs.REQUIRED,
    reason_label="Why may they go? Say that no dispute, audit or investigation needs them.",
)
KEEP = Choice(
    value="keep",
    label="Keep everything for another year",
    meaning="Nothing is deleted. The next retention review asks again.",
    past="Kept for another year",
    reason=Needs.REQUIRED,
    reason_label="Why are they still needed?",
)


def purge(asked_by: str, number: int, list_sha256: str) -> Question:
    """Ask whether the documents on a list may be deleted."""
    documents = count_in_words(number, "document")
    return Question(
        verb=f"decide on the deletion of {documents}",
        sentence=f"May the {documents} on this list be deleted for good?",
        why="45 CFR 164.316(b)(2)(i) and 164.530(j)(2) want documentation kept for six years from its creation or from "
        "when it was last in effect. For these that time is over.",
        asked_by=asked_by,
        choices=(DELETE, KEEP),
        tier=Tier.ATTEST,
        document_title="What may be deleted",
        document_sha256=list_sha256,
    )
