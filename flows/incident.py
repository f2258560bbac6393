"""The incident: contained within the hour, found out by two pairs of eyes, and every notice that a clock wants."""

from datetime import date

from flows.engine import (
    Outcome,
    Reply,
    answer_to,
    ask,
    ask_somebody_else,
    asked_by,
    both,
    current,
    cycle,
    do,
    together,
    who,
)
from flows.engine.by_clock import by_its_clock, current_case
from flows.engine.casework import case_told
from models.breaches import NOTIFY, notice_clocks
from models.clocks.rule import Clock
from models.cycles import cycle_named
from models.duties import incident_questions as questions
from models.duties.case_questions import BACK
from models.duties.incident import INCIDENT
from models.incident_kinds import ACTS, Act, IncidentKind
from models.roles import Role
from models.sheets.incident import Conclusion
from models.store import reading
from tasks.cases import count_case

RESULTS = {
    questions.PERMITTED.value: "No breach: permitted or incidental, documented",
    questions.EXCEPTED.value: "No breach: an exception applies, documented",
    questions.SECURED.value: "No breach: it was secured, documented",
    questions.ASSESSED.value: "No breach: low probability demonstrated",
}
TECHNICAL = frozenset({IncidentKind.DEVICE, IncidentKind.PHISHING, IncidentKind.SNOOPING})
INDIVIDUALS, HHS, MEDIA = "individuals", "HHS", "media"
TELLS = {INDIVIDUALS: "individuals_sent_on", HHS: "hhs_told_on"}
"""What the day of a notice is called among the days that clocks look at."""


@cycle(INCIDENT)
async def incident(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Contain it, find out what it was, decide with two pairs of eyes, tell whom the clocks name, and learn from it."""
    return await by_its_clock(_ended())


async def _ended() -> Outcome:
    kind = IncidentKind(case_told()["kind"])
    _, (found, confirmed) = await both(_contained(kind), _found(kind))
    breach = found.choice == questions.NOTIFY.value or found.told.get("conclusion") == Conclusion.NOT_LOW
    if not breach:
        await _learned()
        return Outcome(RESULTS[str(found.choice)], done_on=confirmed.answered_on)
    await _counted()
    last = await _notices()
    await _learned()
    return Outcome(f"Breach of {case_told()['breach']['affected']}: everybody told", done_on=last)


async def _contained(kind: IncidentKind) -> list[Reply]:
    return await together(_act(number, act) for number, act in enumerate(ACTS[kind]))


async def _act(number: int, act: Act) -> Reply:
    question = questions.contain(current_case(), asked_by(), act)
    return await answer_to(await ask(f"contain:{number}", who(act.role), question, "containment"))


async def _found(kind: IncidentKind) -> tuple[Reply, Reply]:
    """Have it drafted by one, decided by the privacy official and confirmed by another; return both ends."""
    drafter = who(Role.SECURITY_OFFICIAL if kind in TECHNICAL else Role.OFFICE_MANAGER)
    context, turn = None, 0
    while True:
        question = questions.assess(current_case(), asked_by(), context)
        draft = await answer_to(await ask(f"assess:{turn}", drafter, question, "assessment"))
        question = questions.decision(current_case(), asked_by(Role.PRIVACY_OFFICIAL))
        decided = await answer_to(
            await ask_somebody_else(f"decision:{turn}", Role.PRIVACY_OFFICIAL, draft.by_id, question, "assessment")
        )
        if decided.choice != BACK.value:
            question = questions.second(current_case(), asked_by())
            decided = await answer_to(
                await ask_somebody_else(f"second:{turn}", Role.PRACTICE_OWNER, decided.by_id, question, "assessment")
            )
            if decided.choice != BACK.value:
                return draft, decided
        context, turn = f"{decided.by_name} sends it back. What is missing stands in the case.", turn + 1


async def _counted() -> None:
    question = questions.count(current_case(), asked_by(Role.PRIVACY_OFFICIAL))
    reply = await answer_to(await ask("count", who(Role.PRIVACY_OFFICIAL), question, "assessment"))
    await do("counted", count_case, number=current().period, told=dict(reply.told), by=reply.by_id)


async def _notices() -> date:
    """Have everything sent that a clock wants, and what follows from that; return the last day something went out."""
    done: dict[str, date] = {}
    while wanted := [clock for clock in _clocks() if clock.clock not in done]:
        sent = await together(_notice(clock) for clock in wanted)
        done |= {clock.clock: day for clock, day in zip(wanted, sent, strict=True)}
    return max(done.values())


def _clocks() -> list[Clock]:
    with reading() as session:
        return notice_clocks(session, cycle_named(session, current().key))


async def _notice(clock: Clock) -> date:
    """Have one notice sent, and note its day where other clocks count from it."""
    name = clock.clock
    sheet, letter = _form(name)
    question = questions.notice(current_case(), asked_by(), clock, sheet, letter)
    official = Role.OFFICE_MANAGER if name == INDIVIDUALS else Role.PRIVACY_OFFICIAL
    sent = await answer_to(await ask(f"{NOTIFY}:{name}", who(official), question, "notices", due_on=clock.due_on))
    if name in TELLS:
        told = {TELLS[name]: sent.told["sent_on"]}
        await do(f"told:{name}", count_case, number=current().period, told=told, by=sent.by_id)
    if sent.told.get("undeliverable"):
        question = questions.substitute(current_case(), asked_by())
        await answer_to(await ask("substitute", who(Role.OFFICE_MANAGER), question, "action"))
    return date.fromisoformat(sent.told["sent_on"])


def _form(name: str) -> tuple[str, str]:
    """Return the sheet and the letter of a notice, by the name of its clock."""
    if name == INDIVIDUALS:
        return "IndividualsTold", "breach_notice"
    if name == MEDIA:
        return "MediaTold", "breach_media"
    return "Filed", "breach_worksheet"


async def _learned() -> None:
    """Set corrective actions until nothing more is to be done, and have each done by whom it was given to."""
    number, actions = 0, []
    while True:
        question = questions.lessons(current_case(), asked_by(Role.PRIVACY_OFFICIAL))
        reply = await answer_to(await ask(f"lessons:{number}", who(Role.PRIVACY_OFFICIAL), question, "assessment"))
        if reply.choice == questions.ENOUGH.value or reply.picked_id is None:
            break
        due_on = date.fromisoformat(reply.told["due_on"])
        question = questions.action(current_case(), asked_by())
        actions.append(await ask(f"action:{number}", reply.picked_id, question, "action", due_on=due_on))
        number += 1
    await together(answer_to(asked) for asked in actions)
