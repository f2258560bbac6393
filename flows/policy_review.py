"""The annual policy review."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from flows.engine import Outcome, Reply, answer_to, ask, asked_by, current, cycle, do, once, together
from flows.engine.others import SECOND_LOOK_HOURS
from models import policies
from models.cover import second_pair_of_eyes
from models.duties import policy_review_questions as questions
from models.duties.policy_review import POLICY_REVIEW
from models.duties.policy_review_questions import InForce
from models.people import people_of
from models.requests import answer_of
from models.roles import Role
from models.standing import standing_of
from models.store import reading
from models.tables import Dropped
from models.words import count_in_words, list_in_words
from tasks.publishing import change_policy_owner, publish_policy


@dataclass
class Story:
    """What became of one policy."""

    title: str
    result: str
    attested: int = 0
    exceptions: list[str] = field(default_factory=list)


@cycle(POLICY_REVIEW)
async def policy_review(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same every year
    """Review every policy in force, publish what changed, have the workforce attest."""
    in_force = await once("policies in force", lambda session: _in_force(session, clinic))
    stories = await together(one_policy(InForce(**policy)) for policy in in_force)
    return _outcome(stories)


async def one_policy(policy: InForce) -> Story:
    """Take one policy its own way, whatever the others wait for: review, approval, publication, attestation."""
    owner, text, context, turn = policy.owner_id, policy.sha256, None, 0
    while True:
        review = await _review(policy, owner, text, context, turn)
        if review.excepted:
            return Story(policy.title, "not reviewed", exceptions=[f"{policy.title}: not reviewed"])
        if review.choice == questions.NO_CHANGE.value:
            return Story(policy.title, "unchanged")
        if review.choice == questions.HELP.value:
            owner, context = await _help(policy, review, owner, turn)
        else:
            policy = _as_shown(policy, review)
            approval = await _approval(policy, review, turn)
            if approval.excepted:
                what = f"{policy.title}: the new version was not decided on"
                return Story(policy.title, "not decided", exceptions=[what])
            if approval.choice == questions.REQUEST_CHANGES.value:
                owner, text = review.by_id, review.handed_in_sha256 or policy.sha256
                context = f"{approval.by_name} asks for changes: {approval.reason}"
            elif await _publish(policy, review, approval, turn):
                return await _attestations(policy, review)
            else:
                policy, context = await _overtaken(policy, turn)
                owner, text = policy.owner_id, policy.sha256
        turn += 1


async def _review(policy: InForce, owner: str, text: str, context: str | None, turn: int) -> Reply:
    previous = policy.sha256 if text != policy.sha256 else None
    question = questions.review(policy, asked_by(), context, text, previous)
    phase = "review" if turn == 0 else "approval"
    return await answer_to(await ask(f"review:{policy.slug}:{turn}", owner, question, phase))


async def _help(policy: InForce, review: Reply, owner: str, turn: int) -> tuple[str, str | None]:
    """Have the privacy official find a new owner, or help the one there is. Returns the owner and what to tell them."""
    question = questions.help_wanted(policy, review.by_name, review.reason)
    official = second_pair_of_eyes(current().people(), Role.PRIVACY_OFFICIAL, review.by_id, Role.PRACTICE_OWNER)
    reply = await answer_to(await ask(f"help:{policy.slug}:{turn}", official, question, "help"))
    if reply.choice != questions.NEW_OWNER.value or reply.picked_id is None:
        return owner, f"{reply.by_name}: {reply.reason}" if reply.by_name else None
    name = current().name_of(reply.picked_id)
    moved = {"policy_id": policy.policy_id, "owner_id": reply.picked_id}
    await do(f"owner:{policy.slug}:{turn}", change_policy_owner, title=policy.title, name=name, **moved)
    return reply.picked_id, f"{reply.by_name} gave this policy to {name}"


async def _approval(policy: InForce, review: Reply, turn: int) -> Reply:
    """Have somebody else approve; who is alone takes a second look a day later, with a reason."""
    approver = second_pair_of_eyes(current().people(), Role.PRIVACY_OFFICIAL, review.by_id, Role.PRACTICE_OWNER)
    alone = approver == review.by_id
    what_changed = f"{review.by_name} writes what changed: {review.reason}"
    author = None if alone else review.by_id
    question = questions.approve(policy, review.by_name, review.handed_in_sha256 or "", what_changed, author)
    hours = SECOND_LOOK_HOURS if alone else 0
    return await answer_to(await ask(f"approve:{policy.slug}:{turn}", approver, question, "approval", wait_hours=hours))


async def _publish(policy: InForce, review: Reply, approval: Reply, turn: int) -> bool:
    """Publish the approved version; False when the one it was made from is not in force any more."""
    published = await do(
        f"publish:{policy.slug}:{turn}",
        publish_policy,
        title=policy.title,
        number=policy.number + 1,
        policy_id=policy.policy_id,
        sha256=review.handed_in_sha256,
        author_id=review.by_id,
        approved_by_id=approval.by_id,
        effective_on=current().today() + timedelta(days=1),
    )
    return published is not None


async def _overtaken(policy: InForce, turn: int) -> tuple[InForce, str]:
    """Return the policy as it is in force by now, and what to tell its owner."""
    clinic = current().clinic
    in_force = await once(f"overtaken:{policy.slug}:{turn}", lambda session: _in_force(session, clinic))
    now = next(each for each in map(InForce.model_validate, in_force) if each.policy_id == policy.policy_id)
    while_ = f"while a change to version {policy.number} was being approved"
    return now, f"Version {now.number} came into force {while_}. The change was not published."


def _as_shown(policy: InForce, review: Reply) -> InForce:
    """Return the policy with the version that its reviewer was shown, which may have come into force since we asked."""
    with reading() as session:
        answer = answer_of(session, review.asked.request_id)
        version = policies.version_with(session, policy.policy_id, answer.shown_sha256 if answer else None)
    shown = {"number": version.number, "sha256": version.sha256} if version else {}
    return policy.model_copy(update=shown)


async def _attestations(policy: InForce, review: Reply) -> Story:
    """Have everybody attest to the version that was published."""
    workforce = await once(f"workforce:{policy.slug}", lambda session: sorted(people_of(session, current().clinic)))
    text = review.handed_in_sha256 or policy.sha256
    exceptions = await together(_attested(policy, person, text) for person in workforce)
    missing = [line for line in exceptions if line]
    return Story(policy.title, "changed", len(workforce) - len(missing), missing)


async def _attested(policy: InForce, person: str, text: str) -> str | None:
    """Have one person attest. Returns None, or the exception; its reason stays in the store, out of Prefect."""
    context, turn = None, 0
    while True:
        question = questions.attest(policy, asked_by(), text, context)
        reply = await answer_to(await ask(f"attest:{policy.slug}:{person}:{turn}", person, question, "attestation"))
        if reply.choice == questions.ATTEST.value:
            return None
        if reply.excepted:
            left = ", who has left" if reply.reason == Dropped.HAS_LEFT else ""
            return f"{policy.title}: not attested by {current().name_of(person)}{left}"
        settled = await _settled(policy, reply, text, f"{person}:{turn}")
        if settled.choice != questions.ASK_AGAIN.value:
            accepted = f", accepted by {settled.by_name}" if settled.by_name else ""
            return f"{policy.title}: not attested by {current().name_of(person)}{accepted}"
        context, turn = f"{settled.by_name} explains: {settled.reason}", turn + 1


async def _settled(policy: InForce, refusal: Reply, text: str, turn: str) -> Reply:
    """Have somebody else settle what stands in the way of attesting; who is alone looks at it again a day later."""
    settler = second_pair_of_eyes(current().people(), Role.PRIVACY_OFFICIAL, refusal.by_id, Role.PRACTICE_OWNER)
    alone = settler == refusal.by_id
    author = None if alone else refusal.by_id
    question = questions.settle(policy, refusal.by_name, refusal.reason, text, author)
    hours = SECOND_LOOK_HOURS if alone else 0
    return await answer_to(await ask(f"settle:{policy.slug}:{turn}", settler, question, "help", wait_hours=hours))


def _in_force(session: Session, clinic: str) -> list[dict[str, object]]:
    rows = [(policy, policies.version_in_force(session, policy.id)) for policy in policies.policies_of(session, clinic)]
    return [
        InForce(
            policy_id=policy.id,
            slug=policy.slug,
            title=policy.title,
            owner_id=policy.owner_id,
            number=version.number,
            sha256=version.sha256,
            citations=policy.citations,
        ).model_dump()
        for policy, version in rows
        if version is not None
    ]


def _outcome(stories: list[Story]) -> Outcome:
    with reading() as session:
        rows = standing_of(session, current().key)
    results = [story.result for story in stories]
    counts = [f"{results.count(result)} {result}" for result in dict.fromkeys(results)]
    attested = count_in_words(sum(story.attested for story in stories), "attestation")
    late = [row for row in rows if row.closed_after(current().due_on, current().time_zone)]
    why_late = [f"“{row.title}” was still open for {row.holder}" for row in late]
    return Outcome(
        summary=f"{count_in_words(len(stories), 'policy', 'policies')}: {', '.join(counts)}; {attested}",
        exceptions=[line for story in stories for line in story.exceptions],
        why_late=list_in_words(why_late) if why_late else "",
    )
