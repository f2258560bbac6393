"""The incident: contained within the hour, found out by two pairs of eyes, and every notice that a clock wants."""

from collections.abc import Collection
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
from flows.incident_aftermath import aftermath
from models.breach_told import BREACH
from models.breaches import notice_clocks
from models.clocks.breach import HHS_LARGE, INDIVIDUALS, MEDIA
from models.clocks.rule import Clock
from models.cycles import cycle_named
from models.duties import incident_questions as questions
from models.duties.case_questions import BACK
from models.duties.incident import INCIDENT
from models.incident_kinds import ACTS, FOUND_BREACH, Act, IncidentKind
from models.notices_done import NOTIFY, clock_wanting
from models.roles import Role
from models.sheets.four_factors import Conclusion
from models.sheets.incident import INVOLVED
from models.store import reading
from models.tables import RequestState
from tasks.cases import count_case, note_told

RESULTS = {
    questions.UNFOUNDED.value: "No breach: the complaint is unfounded, documented",
    questions.FOUNDED.value: "No breach: the complaint is founded, documented",
    questions.PERMITTED.value: "No breach: permitted or incidental, documented",
    questions.EXCEPTED.value: "No breach: an exception applies, documented",
    questions.SECURED.value: "No breach: it was secured, documented",
    questions.ASSESSED.value: "No breach: low probability demonstrated",
}
TECHNICAL = frozenset({IncidentKind.DEVICE, IncidentKind.PHISHING, IncidentKind.SNOOPING})
FORMS = {
    INDIVIDUALS.clock: ("IndividualsTold", "breach_notice"),
    MEDIA.clock: ("MediaTold", "breach_media"),
    HHS_LARGE.clock: ("Filed", "breach_worksheet"),
}
"""The sheet and the letter of a notice, by the name of its clock; all others go to attorneys general."""
ATTORNEY_GENERAL = ("Filed", "breach_attorney_general")


@cycle(INCIDENT)
async def incident(clinic: str, period: str) -> Outcome:  # noqa: ARG001 - the procedure is the same for every case
    """Contain it, find out what it was, decide with two pairs of eyes, tell whom the clocks name, and learn from it."""
    return await by_its_clock(_dealt_with(), aftermath)


async def _dealt_with() -> Outcome:
    """Do what the law has a clock for, and note on what day that was done."""
    kind = IncidentKind(case_told()["kind"])
    _, (found, confirmed) = await both(_contained(kind), _found(kind))
    breach = found.choice == questions.NOTIFY.value or found.told.get("conclusion") == Conclusion.NOT_LOW
    if breach:
        await _counted()
        outcome = await _notices()
    else:
        outcome = Outcome(RESULTS[str(found.choice)], done_on=confirmed.answered_on)
    told = {"met_on": str(outcome.done_on), "finding": FOUND_BREACH if breach else found.choice}
    await do("met", count_case, number=current().period, told=told, by=confirmed.by_id)
    return outcome


async def _contained(kind: IncidentKind) -> list[Reply]:
    return await together(_act(number, act) for number, act in enumerate(ACTS[kind]))


async def _act(number: int, act: Act) -> Reply:
    """Have one thing done at once; what a vendor told of its days goes into the clocks."""
    question = questions.contain(current_case(), asked_by(), act)
    done = await answer_to(await ask(f"contain:{number}", who(act.role, _involved()), question, "containment"))
    days = {name: value for name, value in done.told.items() if name.startswith("vendor_")}
    if days:
        await do(f"contained:{number}", count_case, number=current().period, told=days, by=done.by_id)
    return done


async def _found(kind: IncidentKind) -> tuple[Reply, Reply]:
    """Have it drafted by one, decided by the privacy official and confirmed by another; return both ends.

    Nobody judges what they had a part in.
    """
    context, turn = None, 0
    while True:
        draft = await _drafted(kind, context, turn)
        agreed = await _agreed(draft, turn)
        if agreed.choice != BACK.value:
            return draft, agreed
        context, turn = f"{agreed.by_name} sends it back. What is missing stands in the case.", turn + 1


async def _drafted(kind: IncidentKind, context: str | None, turn: int) -> Reply:
    involved = _involved()
    drafter = who(Role.SECURITY_OFFICIAL if kind in TECHNICAL else Role.OFFICE_MANAGER, involved)
    question = questions.assess(current_case(), asked_by(), context, complaint=kind is IncidentKind.COMPLAINT)
    theirs = question.model_copy(update={"involved": () if drafter in involved else tuple(involved)})
    return await answer_to(await ask(f"assess:{turn}", drafter, theirs, "assessment"))


async def _agreed(draft: Reply, turn: int) -> Reply:
    """Return the confirmation of the decision on a draft, or whichever of the two sent it back."""
    question, role, involved = questions.decision(current_case(), asked_by()), Role.PRIVACY_OFFICIAL, _involved()
    key = f"decision:{turn}"
    decided = await answer_to(await ask_somebody_else(key, role, draft.by_id, question, "assessment", involved))
    if decided.choice == BACK.value:
        return decided
    question, role, key = questions.second(current_case(), asked_by()), Role.PRACTICE_OWNER, f"second:{turn}"
    apart = _apart(involved, draft.by_id, decided.by_id)
    return await answer_to(await ask_somebody_else(key, role, decided.by_id, question, "assessment", apart))


def _apart(involved: Collection[str], drafter: str, decider: str) -> Collection[str]:
    """Return who does not confirm a decision: whoever drafted it neither, where there is a third."""
    third = set(current().people()) - {drafter, decider, *involved}
    return [*involved, drafter] if third else involved


def _involved() -> Collection[str]:
    """Return the ids of those who had a part in it."""
    return [str(id_) for id_ in case_told().get(INVOLVED, ())]


async def _counted() -> None:
    question = questions.count(current_case(), asked_by(Role.PRIVACY_OFFICIAL))
    reply = await answer_to(await ask("count", who(Role.PRIVACY_OFFICIAL), question, "assessment"))
    await do("counted", count_case, number=current().period, told=dict(reply.told), by=reply.by_id)


async def _notices() -> Outcome:
    """Have everything sent that a clock wants, and what follows from that; return when the last of it went out.

    It is late by the clock that was missed by most.
    """
    done: dict[str, date] = {}
    while wanted := [clock for clock in _clocks() if clock.clock not in done]:
        sent = await together(_notice(clock) for clock in wanted)
        done |= {clock.clock: day for clock, day in zip(wanted, sent, strict=True)}
    late = max((done[clock.clock] - clock.due_on).days for clock in _clocks())
    affected = case_told()[BREACH]["affected"]
    return Outcome(f"Breach of {affected}: everybody told", done_on=max(done.values()), days_late=max(0, late))


def _clocks() -> list[Clock]:
    with reading() as session:
        return notice_clocks(session, cycle_named(session, current().key))


async def _notice(clock: Clock) -> date:
    """Have one notice sent, and note its day where other clocks count from it."""
    name = clock.clock
    sheet, letter = FORMS.get(name, ATTORNEY_GENERAL)
    question = questions.notice(current_case(), asked_by(), clock, sheet, letter)
    official = Role.OFFICE_MANAGER if name == INDIVIDUALS.clock else Role.PRIVACY_OFFICIAL
    sent = await answer_to(await ask(_key(name), who(official), question, "notices", due_on=clock.due_on))
    sent_on = date.fromisoformat(sent.told["sent_on"])
    about = {"number": current().period, "by": sent.by_id}
    if name == INDIVIDUALS.clock:
        await do("told:individuals", note_told, sent_on=sent_on, **about)
    else:
        told = {"hhs_told_on": str(sent_on)} if name == HHS_LARGE.clock else {}
        await do(f"told:{name}", count_case, told=told, **about)
    return sent_on


def _key(name: str) -> str:
    """Return the key under which a clock's notice is asked for: another one after no clock wanted it for a while."""
    requests = current().seen.requests.items()
    dropped = sum(clock_wanting(key) == name and each.state == RequestState.DROPPED for key, each in requests)
    return f"{NOTIFY}:{name}:{dropped}" if dropped else f"{NOTIFY}:{name}"
