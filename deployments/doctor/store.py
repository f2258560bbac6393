"""Checks of the store: tables, rights, clock, time zones, and steps the code no longer knows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import Session, select

from deployments.doctor.result import Result
from deployments.stack import owner_url
from models import clock, ledger
from models.cycles import open_cycles, open_requests
from models.duties import catalogue
from models.errors import WellkeptError
from models.migrate import differences
from models.questions import Question
from models.seal_key import FILE_NAME, known_keys
from models.sealing import need_seal_key
from models.settings import Settings
from models.store import reading
from models.tables import Clinic, Cycle, DemoClock, Person, Request
from models.words import count_in_words
from notifications.witness import trouble_with_witness

FURTHEST_APART = timedelta(seconds=5)
APPEND_ONLY = ("ledger_entry", "seal", "history_copy", "tombstone", "casefact", "disclosure")
"""Tables the record stands in."""
TRIGGERS_EACH = 2
"""One against changes of rows, one against TRUNCATE."""
_RIGHTS = ("INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE")


def check_store(settings: Settings) -> Iterator[Result]:
    """Yield what is found in the store. Raises NoStoreError."""
    yield _migrated(settings)
    with reading() as session:
        yield _ledger_rights(session)
        yield _triggers(session)
        yield from _seal_key(session, settings)
        yield from _witness(session, settings)
        yield _clock(session)
        yield from _demo_clock(session, settings)
        yield from _time_zones(session)
        yield from unknown_steps(session)


def _migrated(settings: Settings) -> Result:
    found = differences(owner_url(settings))
    words = (
        f"{count_in_words(len(found), 'difference')} from what the code expects: {found[0]}" if found else "up to date"
    )
    return Result("tables", words, "Start `wellkept up` anew: it brings the store up to date." if found else "")


def _ledger_rights(session: Session) -> Result:
    """Look whether the role we work as may add to the ledger, its seals and copies, and do nothing else to them."""
    has = text("SELECT has_table_privilege(current_user, :table, :right)")
    role = session.execute(text("SELECT current_user")).scalar()
    for table in APPEND_ONLY:
        held = [right for right in _RIGHTS if session.execute(has, {"table": table, "right": right}).scalar()]
        if set(held) != {"INSERT", "SELECT"}:
            remedy = "Let WELLKEPT_STORE_URL name the role wellkept_app, not the owner; migrations give it its rights."
            return Result("ledger", f"{role} may {', '.join(held) or 'do nothing'} in {table}", remedy)
    return Result("ledger", f"{role} may read and add, never change")


def _triggers(session: Session) -> Result:
    """Look whether the triggers that refuse changes to the record are there and on."""
    on = text(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal AND tgenabled = 'O'"
    )
    guarded = (*APPEND_ONLY, "document")
    off = [table for table in guarded if session.execute(on, {"table": table}).scalar_one() < TRIGGERS_EACH]
    if off:
        remedy = "Somebody with the owner's rights took them off: run `wellkept audit verify`, and bring back a backup."
        return Result("append-only", f"nothing refuses changes to {', '.join(off)}", remedy)
    return Result("append-only", "the database refuses changes to entries, seals and copies")


def _witness(session: Session, settings: Settings) -> Iterator[Result]:
    for clinic in session.exec(select(Clinic)):
        if trouble := trouble_with_witness(session, clinic.slug):
            yield Result("witness", f"{clinic.slug}: {trouble}", "Mend it; the next rounds sends another seal.")
        elif clinic.witness and _is_inside(session, clinic):
            words = f"{clinic.witness} has the mail domain of people of {clinic.slug}, so it is not outside"
            yield Result("witness", words, "Name somebody outside, such as a law office, as `witness` in clinic.yaml.")
        elif clinic.witness or settings.witness_dir:
            yield Result("witness", f"{clinic.witness or settings.witness_dir} keeps the seals of {clinic.slug}")
        else:
            yield Result(
                "witness", f"nobody outside keeps the seals of {clinic.slug}; clinic.yaml may name a `witness`"
            )


def _is_inside(session: Session, clinic: Clinic) -> bool:
    """Tell whether a clinic's witness has the mail domain of somebody who works there."""
    addresses = session.exec(select(Person.email).where(Person.clinic == clinic.slug, Person.active))
    return _domain(clinic.witness or "") in {_domain(address) for address in addresses}


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _seal_key(session: Session, settings: Settings) -> Iterator[Result]:
    """Look whether the key for seals is here, and the one the record was sealed with."""
    try:
        need_seal_key(session, ledger.logs(session), settings.data_dir)
        keys = known_keys(settings.data_dir)
    except WellkeptError as error:
        yield Result("key for seals", str(error.args[0]), error.help)
        return
    if keys:
        ids = ", ".join(id_.hex() for id_ in keys)
        yield Result("key for seals", f"{ids}; keep a copy of {FILE_NAME} outside, apart from the database's backups")


def _clock(session: Session) -> Result:
    theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(theirs - clock.real_now())
    remedy = "Set both clocks by NTP: deadlines and the record rest on them." if apart > FURTHEST_APART else ""
    return Result("clock", f"{apart.total_seconds():.1f} s between us and the database", remedy)


def _demo_clock(session: Session, settings: Settings) -> Iterator[Result]:
    moved = session.get(DemoClock, 1)
    if moved is None:
        return
    words = f"it stands on {clock.now().date()}, {moved.offset_seconds // 86400} days ahead"
    remedy = "A practice's store never stands on another day: bring back a backup." if not settings.demo else ""
    yield Result("demo clock", words, remedy)


def _time_zones(session: Session) -> Iterator[Result]:
    for clinic in session.exec(select(Clinic)):
        try:
            ZoneInfo(clinic.time_zone)
        except (OSError, ValueError, KeyError):
            remedy = "Correct time_zone in clinic.yaml and apply it, or `pip install tzdata`."
            yield Result("time zone", f"{clinic.time_zone} of {clinic.slug} is not known here", remedy)
        else:
            yield Result("time zone", f"{clinic.time_zone} of {clinic.slug}")


def unknown_steps(session: Session) -> Iterator[Result]:
    """Find what this code no longer knows after an upgrade: open cycles of no duty, open requests of no step."""
    cycles = open_cycles(session)
    unknown = [f"{cycle.key}: {what}" for cycle in cycles for what in _unknown_of(session, cycle)]
    remedy = "Run the version that knows it until the cycle is closed, then upgrade."
    yield from (Result("cycle", what, remedy) for what in unknown)
    if not unknown:
        yield Result("cycles", f"{count_in_words(len(cycles), 'open cycle')}, every duty and step is known")


def _unknown_of(session: Session, cycle: Cycle) -> Iterator[str]:
    duty = catalogue().get(cycle.duty)
    if duty is None:
        yield "this code has no such duty"
        return
    for request in open_requests(session, cycle.key):
        if not duty.knows(request.key):
            yield f"this code has no step for “{request.key}”"
        elif not _readable(request):
            yield f"this code cannot read “{request.key}”"


def _readable(request: Request) -> bool:
    try:
        Question.model_validate(request.question)
    except ValidationError:
        return False
    return True
