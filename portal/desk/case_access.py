"""Who may see what of a case at the desk: its standing everybody, its facts its people, and only after their PIN."""

from sqlmodel import Session

from models.case_people import works_on
from models.cycles import UnknownCycleError, cycle_key, cycle_named
from models.intakes import duties_with_intake
from models.roles import Role
from models.tables import Cycle
from portal.desk.guest import Guest
from portal.honest_pages import HonestPageError

OFFICES = frozenset({Role.PRIVACY_OFFICIAL, Role.PRACTICE_OWNER, Role.OFFICE_MANAGER})
"""Roles that may see the file of every case; others see those of cases they were asked about."""


def cycle_at(session: Session, duty: str, number: str, guest: Guest) -> Cycle:
    """Return the cycle of a case of the guest's clinic. Raises HonestPageError 404 where there is none."""
    if duty not in {each.name for each in duties_with_intake()}:
        raise HonestPageError("not_found", 404)
    try:
        return cycle_named(session, cycle_key(guest.clinic.slug, duty, number))
    except UnknownCycleError as error:
        raise HonestPageError("not_found", 404) from error


def is_of_the_case(session: Session, cycle: Cycle, guest: Guest) -> bool:
    """Tell whether somebody is of the people of a case: an office that answers for all, or works on this one."""
    return bool(OFFICES & set(guest.person.roles)) or works_on(session, cycle, guest.person.id)


def need_facts(session: Session, cycle: Cycle, guest: Guest) -> None:
    """Raise HonestPageError 404 for whoever may not see the facts of a case, or has not proved who they are."""
    if not (guest.sees_facts and is_of_the_case(session, cycle, guest)):
        raise HonestPageError("not_found", 404)
