"""What the annual policy review asks, and what each answer means."""

from pydantic import BaseModel

from models.questions import Choice, Needs, Question
from models.tables.request import Tier

_PERIODIC = (
    "45 CFR 164.316(b)(2)(iii) wants policies reviewed periodically and updated as needed; twelve months is this "
    "practice's own cadence."
)
_DOCUMENTED = (
    "45 CFR 164.530(i)(2) wants a revised policy documented before it takes effect, and nobody approves their own work."
)
_TRAINED = (
    "45 CFR 164.530(b)(2)(i)(C): people whose work a changed policy touches learn of it within a reasonable time."
)

NO_CHANGE = Choice(
    value="no_change",
    label="No change needed",
    meaning="The policy stays in force as it is, and the record says that you looked and why it still fits.",
    past="No change needed",
    reason=Needs.REQUIRED,
    reason_label="Why does it still fit?",
)
CHANGED = Choice(
    value="changed",
    label="I have changed it",
    meaning="You hand in the new text. Somebody else approves it before it takes effect.",
    past="Changed",
    reason=Needs.REQUIRED,
    reason_label="What did you change, and why?",
    text=Needs.REQUIRED,
)
HELP = Choice(
    value="help",
    label="Not mine, or I need help",
    meaning="The privacy official finds another owner or helps you. Nothing changes until then.",
    past="Asked for help",
    reason=Needs.REQUIRED,
    reason_label="What is missing?",
)
APPROVE = Choice(
    value="approve",
    label="Approve",
    meaning="The new version takes effect tomorrow and goes to everybody for attestation.",
    past="Approved",
)
REQUEST_CHANGES = Choice(
    value="request_changes",
    label="Request changes",
    meaning="It goes back to whoever wrote it, with your reason. The old version stays in force.",
    past="Changes requested",
    reason=Needs.REQUIRED,
    reason_label="What has to change?",
)
ATTEST = Choice(
    value="attest",
    label="I have read it and will follow it",
    meaning="Your name, the time and this exact text stand in the record.",
    past="Attested",
)
CANNOT_ATTEST = Choice(
    value="cannot_attest",
    label="I cannot attest to it",
    meaning="The privacy official reads your reason and gets back to you. You are not blamed for asking.",
    past="Could not attest",
    reason=Needs.REQUIRED,
    reason_label="What stands in the way?",
)
NEW_OWNER = Choice(
    value="new_owner",
    label="Give it to somebody else",
    meaning="The person you pick owns the policy from now on and is asked to review it.",
    past="New owner chosen",
    person=Needs.REQUIRED,
)
HELPED = Choice(
    value="helped",
    label="I have helped; ask the same person again",
    meaning="The owner is asked again and sees what you write here.",
    past="Helped",
    reason=Needs.REQUIRED,
    reason_label="What should the owner know?",
)
ASK_AGAIN = Choice(
    value="ask_again",
    label="I have explained it; ask again",
    meaning="The person is asked to attest once more and sees what you write here.",
    past="Explained",
    reason=Needs.REQUIRED,
    reason_label="Your explanation",
)
ACCEPT = Choice(
    value="accept",
    label="Record it as an exception",
    meaning="The cycle goes on; the exception and your reason stand in the record.",
    past="Accepted as an exception",
    reason=Needs.REQUIRED,
    reason_label="Why is that acceptable, and what is done instead?",
)


class InForce(BaseModel):
    """A policy as it was in force when the cycle began."""

    policy_id: str
    slug: str
    title: str
    owner_id: str
    number: int
    sha256: str
    citations: list[str]


def _why(policy: InForce, rule: str) -> str:
    return f"{rule} The policy itself rests on {', '.join(policy.citations)}." if policy.citations else rule


def review(policy: InForce, asked_by: str, context: str | None, text: str, previous: str | None) -> Question:
    """Ask a policy's owner to review it: the text in force, or the draft that came back."""
    return Question(
        verb=f"review {policy.title}",
        sentence=f"Does “{policy.title}” (version {policy.number}) still describe what the practice does?",
        why=_why(policy, _PERIODIC),
        asked_by=asked_by,
        choices=(NO_CHANGE, CHANGED, HELP),
        document_title=policy.title,
        document_sha256=text,
        compare_sha256=previous,
        context=context,
        subject_id=policy.policy_id,
    )


def approve(policy: InForce, asked_by: str, new: str, what_changed: str, author_id: str | None) -> Question:
    """Ask for approval of a changed version. Without an author it is the second look of a solo practice."""
    alone = {"reason": Needs.REQUIRED, "reason_label": "What did you check on this second look?"}
    return Question(
        verb=f"approve the new version of {policy.title}",
        sentence=f"May version {policy.number + 1} of “{policy.title}” take effect?",
        why=_why(policy, _DOCUMENTED),
        asked_by=asked_by,
        choices=(APPROVE if author_id else APPROVE.model_copy(update=alone), REQUEST_CHANGES),
        tier=Tier.ATTEST,
        document_title=policy.title,
        document_sha256=new,
        compare_sha256=policy.sha256,
        context=what_changed,
        subject_id=policy.policy_id,
        author_id=author_id,
    )


def attest(policy: InForce, asked_by: str, new: str, context: str | None) -> Question:
    """Ask one person to attest to a published version; nobody else can do that for them."""
    return Question(
        verb=f"attest to {policy.title}",
        sentence=f"Have you read version {policy.number + 1} of “{policy.title}”, and will you follow it?",
        why=_why(policy, _TRAINED),
        asked_by=asked_by,
        choices=(ATTEST, CANNOT_ATTEST),
        document_title=policy.title,
        document_sha256=new,
        compare_sha256=policy.sha256,
        context=context,
        subject_id=policy.policy_id,
        personal=True,
    )


def help_wanted(policy: InForce, who: str, reason: str) -> Question:
    """Ask the privacy official to find a policy a new owner, or to help the one it has."""
    return Question(
        verb=f"find an owner for {policy.title}",
        sentence=f"{who} was asked to review “{policy.title}” and cannot. Who should?",
        why=_why(policy, _PERIODIC),
        asked_by=who,
        choices=(NEW_OWNER, HELPED),
        document_title=policy.title,
        document_sha256=policy.sha256,
        context=f"{who} wrote: {reason}",
        subject_id=policy.policy_id,
    )


def settle(policy: InForce, who: str, reason: str, new: str, author_id: str | None) -> Question:
    """Ask what follows when somebody cannot attest. Without an author it is the second look of a solo practice."""
    return Question(
        verb=f"settle {who}'s question on {policy.title}",
        sentence=f"{who} cannot attest to “{policy.title}”. What follows?",
        why=_why(policy, _TRAINED),
        asked_by=who,
        choices=(ASK_AGAIN, ACCEPT),
        document_title=policy.title,
        document_sha256=new,
        context=f"{who} wrote: {reason}",
        subject_id=policy.policy_id,
        author_id=author_id,
    )
