"""What follows an incident once its clocks are met: what came back, what is learned, and what came of a complaint."""

from datetime import date

from flows.engine import answer_to, ask, asked_by, current, do, together, who
from flows.engine.by_clock import current_case
from flows.engine.casework import case_told
from flows.filing import filed_with_hhs
from models.breach_told import BREACH, breach_of
from models.clocks.breach import MANY_UNREACHED, web_notice
from models.cycles import cycle_named
from models.duties import incident_aftermath as questions
from models.duties.breach_list import FILE
from models.duties.incident_questions import ASSESSED
from models.incident_kinds import FOUND_BREACH, IncidentKind
from models.notices_done import is_left_out
from models.roles import Role
from models.sheets.lessons import Measure
from models.sheets.notices import Substitute
from models.store import reading
from models.tables import Case
from tasks.cases import log_went_out, note_came_back

NOT_PERMITTED = frozenset({FOUND_BREACH, ASSESSED.value})
"""Findings by which something was not permitted, be it a breach or not."""


async def aftermath() -> None:
    """Reach those who were not reached, learn from it, and answer whoever complained."""
    complaint, noted = case_told()["kind"] == IncidentKind.COMPLAINT, case_told().get(BREACH, {})
    paths = [_learned()]
    paths += [_unreached(), _left_out()] if "individuals_sent_on" in noted else []
    paths += [_logged()] if noted.get("finding") in NOT_PERMITTED else []
    paths += [_settled(), _guarded()] if complaint else []
    await together(paths)


async def _unreached() -> None:
    """Ask what came back, and have those told in another way; from ten on publicly, for ninety days."""
    office = who(Role.OFFICE_MANAGER)
    question = questions.returned(current_case(), asked_by())
    back = await answer_to(await ask("returned", office, question, "came-back"))
    if back.told.get("numbers"):
        returned_on = date.fromisoformat(back.told["returned_on"])
        about = {"numbers": back.told["numbers"], "returned_on": returned_on, "by": back.by_id}
        await do("came back", note_came_back, number=current().period, **about)
    returned = case_told()[BREACH].get("returned", 0)
    if not returned:
        return
    key = "substitute:public" if returned >= MANY_UNREACHED else "substitute:other"
    sent = await answer_to(await ask(key, office, questions.substitute(current_case(), asked_by()), "action"))
    up_until = web_notice(returned, date.fromisoformat(sent.told["sent_on"]))
    if up_until and sent.told["how"] != Substitute.OTHER:
        question = questions.stood(current_case(), asked_by())
        await answer_to(await ask("stood", office, question, "action", due_on=up_until.due_on))


async def _left_out() -> None:
    """File a small breach by itself where the list of its year is over: that is late, and is done all the same."""
    with reading() as session:
        left_out = is_left_out(session, cycle_named(session, current().key), current().today())
        year = breach_of(session.get_one(Case, current_case()).told).discovered_on.year
    if left_out or f"{FILE}:{current().period}" in current().seen.requests:
        await filed_with_hhs(current_case(), year, "action")


async def _learned() -> None:
    """Set corrective actions until nothing more is to be done, and have each done by whom it was given to."""
    number, actions, official = 0, [], who(Role.PRIVACY_OFFICIAL)
    while True:
        question = questions.lessons(current_case(), asked_by(Role.PRIVACY_OFFICIAL))
        reply = await answer_to(await ask(f"lessons:{number}", official, question, "assessment"))
        if reply.choice == questions.ENOUGH.value or reply.picked_id is None:
            break
        due_on, measure = date.fromisoformat(reply.told["due_on"]), Measure(reply.told["measure"])
        question = questions.action(current_case(), asked_by(), measure, reply.told.get("policy", ""))
        actions.append(await ask(f"action:{number}", reply.picked_id, question, "action", due_on=due_on))
        number += 1
    await together(answer_to(asked) for asked in actions)


async def _logged() -> None:
    """Have what went out written into the disclosure log."""
    question = questions.log(current_case(), asked_by())
    reply = await answer_to(await ask("log", who(Role.PRIVACY_OFFICIAL), question, "action"))
    if reply.choice == questions.WENT_OUT.value:
        await do("logged", log_went_out, number=current().period, fact=reply.asked.key)


async def _settled() -> None:
    """Have it documented what came of a complaint."""
    question = questions.settle(current_case(), asked_by())
    await answer_to(await ask("settle", who(Role.PRIVACY_OFFICIAL), question, "action"))


async def _guarded() -> None:
    """Have the owner see that nobody is treated worse after a complaint."""
    question = questions.guard(current_case(), asked_by())
    await answer_to(await ask("guard", who(Role.PRACTICE_OWNER), question, "action"))
