"""A year of incidents of all ten kinds, day by day: every clock is met, or late with its reason; HHS has its list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deployments.testing.casework import DESK, Casework
from deployments.testing.incident_said import FACTORS, MAIL, OWNER, PRIVACY, SECURITY, people_listed
from flows.breach_list import breach_list
from flows.incident import incident
from models.addressees import add_addressees
from models.audit_record import check_record
from models.binder.binder import gather
from models.binder.scope import Scope
from models.breach_board import Standing, board_of
from models.breaches import change_breach
from models.clocks.breach import HHS_LIST
from models.cycles import begin, claim_run, cycle_named
from models.duties import duty_named
from models.gates.notice_content import Element
from models.incident_kinds import IncidentKind
from models.incidents import figures_of, incidents_of
from models.occasions import occasion_of
from models.seal_key import known_keys
from models.settings import load_settings
from models.sheets.addressee import read_list
from models.sheets.breach import Hold
from models.store import reading, snapshot, transaction
from models.tables import Request

pytestmark = [pytest.mark.usefixtures("offline"), pytest.mark.timeout(600)]
FIRST, LAST = date(2027, 1, 4), date(2028, 3, 3)
AWAY = replace(PRIVACY, leave=(date(2027, 7, 5), date(2027, 7, 16)))
CURE_REASON = "The address list was wrong; it is kept with the chart now, and checked by two."
LONG = "What was said at the front desk was part of a permitted call, in a low voice, by the minimum."
Said = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Script:
    """One incident: when it is discovered, and what the practice finds."""

    kind: IncidentKind
    discovered_on: date
    finding: Said
    counts: Mapping[str, Any] = field(default_factory=dict)
    days_to_tell: int = 12
    """Calendar days from discovery to the letters."""
    came_back: str = ""
    """Numbers on the list."""
    corrective: str = ""
    """What a corrective action changes."""


ASSESSED: Said = ("Here are the four factors", FACTORS)
TELL: Said = ("Notify without an assessment", {"why": "We do not want to argue."})
YEAR = (
    Script(IncidentKind.FAX, date(2027, 1, 12), ASSESSED),
    Script(IncidentKind.VOICEMAIL, date(2027, 2, 3), ASSESSED, corrective="training or a reminder"),
    Script(IncidentKind.EMAIL, date(2027, 3, 10), TELL, {"affected": 3, "residents": "NJ=3"}, came_back="2"),
    Script(
        IncidentKind.OVERHEARD,
        date(2027, 4, 7),
        ("It was permitted, or incidental", {"why": LONG, "safeguards": "A low voice, a closed door."}),
    ),
    Script(
        IncidentKind.DEVICE,
        date(2027, 5, 5),
        (
            "It was encrypted or destroyed",
            {"how": "Full-disk encryption", "proof": f"{LONG} The key was at the office."},
        ),
    ),
    Script(
        IncidentKind.SNOOPING,
        date(2027, 6, 2),
        TELL,
        {"affected": 40, "residents": "NY=40"},
        corrective="a sanction by the sanctions policy",
    ),
    Script(
        IncidentKind.PHISHING,
        date(2027, 7, 1),
        TELL,
        {"affected": 620, "residents": "NY=510, NJ=110"},
        days_to_tell=25,
        came_back=", ".join(str(number) for number in range(1, 13)),
        corrective="a technical safeguard",
    ),
    Script(IncidentKind.VENDOR, date(2027, 8, 4), TELL, {"affected": 12, "residents": "NJ=12"}, days_to_tell=40),
    Script(IncidentKind.COMPLAINT, date(2027, 9, 8), ("The complaint is unfounded", {"looked": LONG})),
    Script(IncidentKind.OTHER, date(2027, 10, 6), TELL, {"affected": 2, "residents": "NJ=2"}, days_to_tell=64),
)


class Office:
    """Everybody of the practice, who answer what they are asked about one incident, a day after they were asked."""

    def __init__(self, practice: Casework, script: Script) -> None:
        """Work on one incident."""
        self.practice, self.script, self.lessons = practice, script, 0

    @property
    def case(self) -> str:
        """Return the incident's number."""
        return self.practice.number

    def work(self, today: date) -> None:
        """Answer what was asked before today."""
        for request in self.practice.requests():
            if request.asked_on < today and not request.key.startswith("exception"):
                self._answer(request, today)

    def _answer(self, request: Request, today: date) -> None:
        first, _, rest = request.key.partition(":")
        answers: dict[str, Callable[[str, date], dict[str, Any] | None]] = {
            "contain": self._contain,
            "assess": lambda _, __: {"label": self.script.finding[0], **self.script.finding[1]},
            "decision": lambda _, __: {"label": "I decide so", "reason": "The facts show it."},
            "second": lambda _, __: {"label": "I confirm it"},
            "count": lambda _, day: {
                "label": "These are the counts and days",
                **self.script.counts,
                "determined_on": day,
            },
            "notify": self._notify,
            "returned": self._returned,
            "substitute": self._substitute,
            "stood": lambda _, __: {"label": "It stood, and the number was answered", "reason": "Pictures of it."},
            "log": lambda _, __: {"label": "Nothing went out, or nobody can be named", "reason": "Nobody was named."},
            "settle": lambda _, day: {
                "label": "This is what came of it",
                "came_of_it": "Nothing wrong",
                "answered_on": day,
            },
            "guard": lambda _, __: {"label": "Nobody was treated worse", "reason": "Asked everybody at lunch."},
            "lessons": self._learn,
            "action": self._act,
            "cure": lambda _, __: {"label": "It is put right", "reason": CURE_REASON},
        }
        said = answers[first](rest, today)
        if said is not None:
            self.practice.says(request.title, **{"label": "", **said})

    def _contain(self, _: str, today: date) -> dict[str, Any]:
        if self.script.kind is IncidentKind.VENDOR:
            days = {
                "discovered_on": self.script.discovered_on - timedelta(days=4),
                "told_on": self.script.discovered_on,
            }
            return {
                "label": "This is what we did",
                "vendor": "CloudFax",
                "contract_days": 5,
                "what": "A server",
                **days,
            }
        if self.script.kind is IncidentKind.COMPLAINT:
            return {"label": "This is what we did", "wants": "The door of room 2", "said": "Thanked her."}
        assurance = "they say in writing that it is destroyed or kept to themselves"
        return {"label": "This is what we did", "done": f"Called on {today}.", "assurance": assurance}

    def _notify(self, clock: str, today: date) -> dict[str, Any] | None:
        if clock == "individuals":
            if (today - self.script.discovered_on).days < self.script.days_to_tell:
                return None
            self._list()
        happened = self.script.discovered_on - timedelta(days=1)
        text = f"It happened on {happened}, we learned of it on {self.script.discovered_on}. Call 555-010-0100."
        more: dict[str, Any] = {"number": f"{clock.replace(' ', '-')}-77"}
        if clock in ("individuals", "media"):
            media = {"outlets": "The Troy Record"}
            more = {"covers": list(Element), **(media if clock == "media" else {"by": MAIL})}
        return {"label": "It went out", "text": text, "sent_on": today, **more}

    def _list(self) -> None:
        people = read_list(people_listed(self.script.counts["affected"]))
        with transaction() as tx:
            add_addressees(tx, self.practice.case_id, people, self.practice.person("dana-kim"))

    def _returned(self, _: str, today: date) -> dict[str, Any]:
        if not self.script.came_back:
            return {"label": "Nothing came back"}
        return {"label": "Some came back", "numbers": self.script.came_back, "returned_on": today}

    def _substitute(self, which: str, today: date) -> dict[str, Any]:
        ways = {
            "public": "on our home page for 90 days, with a toll-free number",
            "other": "by telephone, e-mail or another letter",
        }
        return {"label": "It went out", "text": "A notice.", "sent_on": today, "how": ways[which], "where": "example"}

    def _learn(self, _: str, today: date) -> dict[str, Any]:
        self.lessons += 1
        if self.script.corrective and self.lessons == 1:
            action = {
                "measure": self.script.corrective,
                "action": "What is right",
                "due_on": today + timedelta(days=80),
            }
            return {"label": "Something is to be done", "person": "mara-lind", **action}
        return {"label": "Nothing more is to be done", "reason": "Read back every number."}

    def _act(self, _: str, today: date) -> dict[str, Any] | None:
        (due_on,) = {request.due_on for request in self.practice.requests() if request.key.startswith("action")}
        if today < due_on:
            return None
        if "sanction" in self.script.corrective:
            return {"label": "The sanctions policy was applied", "sanction": "A written warning."}
        return {"label": "It is done", "reason": "It is in place."}


def lived(tmp_path: Path) -> list[Casework]:
    """Live through the year; return the incidents, each with its practice."""
    offices: list[Office] = []
    first = Casework.at(tmp_path, FIRST, DESK, AWAY, SECURITY, OWNER, duty="incident", number="INC-0001")
    listed = Casework("oak-lane", tmp_path, "NY", "breach-list", "2028")
    listing = False
    day = FIRST
    while day <= LAST:
        first.stand_on(day)
        for number, script in enumerate(YEAR, 1):
            if script.discovered_on == day:
                practice = Casework("oak-lane", tmp_path, "NY", "incident", f"INC-{number:04}")
                happened_on = day - timedelta(days=1)
                practice.take_in(kind=script.kind, happened_on=happened_on, received_on=day, what="What happened.")
                practice.go_on(incident)
                offices.append(Office(practice, script))
        for office in offices:
            if office.practice.cycle().closed_at is None:
                _a_day(office, day)
        if day == date(2028, 1, 5):
            with transaction() as tx:
                claim_run(tx, begin(tx, duty_named("breach-list"), "oak-lane", "2028", day, "test"), uuid4())
            listed.go_on(breach_list)
            listing = True
        elif listing and listed.cycle().closed_at is None:
            _file(listed, day)
        day += timedelta(days=1)
    assert listing
    assert listed.cycle().closed_at is not None
    return [office.practice for office in offices]


def _a_day(office: Office, day: date) -> None:
    practice = office.practice
    if office.script.kind is IncidentKind.VENDOR and (day - office.script.discovered_on).days == 3:
        _hold(practice, day)
    outcomes: list[Any] = []

    async def look() -> None:
        outcomes.append(await incident.procedure(practice.slug, practice.number))  # type: ignore[attr-defined]

    office.work(day)
    if practice.why_due() is not None:
        practice.look(look)
    for outcome in outcomes:
        practice.close(outcome)


def _hold(practice: Casework, day: date) -> None:
    """Have the police ask by word of mouth to wait."""
    by = practice.person("priya-raman")
    with transaction() as tx:
        occasion = occasion_of(tx.session, cycle_named(tx.session, practice.cycle_key), by)
        hold = Hold(official="Det. Rowe", stated_on=day, said="It would warn them.")
        change_breach(tx, practice.cycle_key, hold, occasion, "A detective called.")


def _file(listed: Casework, day: date) -> None:
    for request in listed.requests():
        if day >= date(2028, 2, 14) and request.asked_on < day:
            number = f"{'HHS' if request.key.startswith('file') else 'NY'}-{request.key.split(':')[1]}"
            listed.says(request.title, "It is filed", sent_on=day, number=number)
    if (outcome := listed.go_on(breach_list)) is not None:
        listed.close(outcome)


def test_a_year_of_ten_kinds_ends_with_every_clock_met_or_late_with_its_reason(tmp_path: Path) -> None:
    assert {script.kind for script in YEAR} == set(IncidentKind)
    practices = lived(tmp_path)
    late = practices[-1]
    for practice in practices:
        cycle = practice.cycle()
        assert cycle.closed_at is not None, [request.title for request in practice.requests()]
        assert (cycle.outcome["days_late"] > 0) == (practice is late), cycle.outcome
        with reading() as session:
            lines = [line for line in board_of(session, cycle, LAST) if line.standing is not Standing.NOT]
        stands = {line.name: line.standing for line in lines}
        wanted = {Standing.MET, Standing.MET_LATE} if practice is late else {Standing.MET}
        assert bool(stands) == ("Breach of" in cycle.outcome["summary"]), "no clock runs for what is no breach"
        assert set(stands.values()) <= wanted, stands
    assert late.cycle().outcome["days_late"] == 4
    assert any(entry.told.reason == CURE_REASON for entry in late.file().entries), "why it was late stands in its case"
    _figures()
    _binder()
    with snapshot() as session:
        assert check_record(session, "oak-lane", known_keys(load_settings().data_dir)).findings == []


def _figures() -> None:
    with reading() as session:
        incidents = incidents_of(session, "oak-lane", LAST)
        small = [each for each in incidents if each.affected and each.affected < 500]
        numbers = {
            line.number
            for each in small
            for line in board_of(session, cycle_named(session, f"oak-lane/incident/{each.number}"), LAST)
            if line.name == HHS_LIST.clock
        }
    assert numbers == {f"HHS-{each.number}" for each in small}
    (year,) = figures_of(incidents)
    assert (year.incidents, year.breaches, year.affected, year.no_breach) == (10, 5, 677, 5)
    assert (year.late, year.open, year.undecided, year.deadlines) == (1, 0, 0, 0)


def _binder() -> None:
    with snapshot() as session:
        binder = gather(session, Scope("oak-lane", "America/New_York", FIRST, LAST, topic="incidents"))
    sheets = {sheet.name: sheet for sheet in binder.of_tab("13")}
    assert len(sheets["incidents"].rows) == len(YEAR)
    filed = {row[7] for row in sheets["clocks"].rows if row[1] == HHS_LIST.clock and row[7]}
    assert filed == {"HHS-INC-0003", "HHS-INC-0006", "HHS-INC-0008", "HHS-INC-0010"}
    assert not any("nothing was done by it" in gap.what for gap in binder.gaps)
