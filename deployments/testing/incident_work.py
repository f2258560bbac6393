"""Two incidents as people live them on the running program: a voicemail for the wrong patient, a mailbox of 620."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from deployments.testing.case_desk import CaseDesk
from deployments.testing.case_staff import Staff
from models import clock
from models.gates.notice_content import Element

WRITTEN = "what the case's entries say"
FACTORS = {
    "nature": "First name and the hour of one visit about zebrawood; no diagnosis, no address was said.",
    "nature_from": WRITTEN,
    "recipient": "Another patient of ours, known to us, who called back herself an hour later.",
    "recipient_from": WRITTEN,
    "acquired": "She heard all of it, and says that she told nobody.",
    "acquired_from": "asked, not available",
    "mitigated": "She deleted it while on the telephone with Dana Kim, and wrote so the same day.",
    "mitigated_from": WRITTEN,
    "not_available": "Her telephone company's log of the message: asked today, they keep none.",
    "conclusion": "a low probability that it was compromised",
}
BEFORE = {"affected": 480, "residents": "NY=300, NJ=180"}
AFTER = {"affected": 620, "residents": "NY=300, NJ=200, CT=120"}
WHERE = {"NY": 300, "NJ": 200, "CT": 120}


@dataclass(frozen=True)
class IncidentWork:
    """What the people of the practice do about incidents."""

    staff: Staff

    @property
    def today(self) -> date:
        """Return the clinic's civil date."""
        return clock.today("America/New_York")

    def settle(self, title: str, choice: str, said: Mapping[str, object], *, reason: str = "") -> None:
        """Let whoever has it answer, and be on the receipt."""
        desk = self.staff.who_has(title)
        desk.open_thing(title)
        desk.fill_sheet(choice, said, reason=reason)
        desk.send()
        desk.page.wait_for_url("**/receipt")

    def send(self, title: str, said: Mapping[str, object]) -> None:
        """Let whoever has it fill in what a letter leaves open, and say that it went out."""
        desk = self.staff.who_has(title)
        desk.open_thing(title)
        desk.fill_sheet("It went out", said)
        letter = desk.page.locator("textarea[name^=text_]")
        letter.fill(re.sub(r"\[fill in[^\]]*\]", "What we know of it.", letter.input_value()))
        desk.send()
        desk.page.wait_for_url("**/receipt")

    def board(self, desk: CaseDesk, number: str) -> Page:
        """Return the page of somebody who looks at the board of an incident."""
        desk.page.goto(f"{desk.portal}/desk/case/incident/{number}/board")
        return desk.page

    def voicemail(self) -> str:
        """Log a voicemail at the front desk and have it contained; return the incident's number."""
        card = {"kind": "a message was left with the wrong person", "happened_on": self.today - timedelta(days=1)}
        said = {"received_on": self.today, "what": "Marisol Quintero-Vance's visit was told to a namesake"}
        number = self.staff.dana.take_in("incident", {**card, **said, "involved": "Theo Park"})
        assurance = "they say in writing that it is destroyed or kept to themselves"
        called = {"done": "Called her at 9:40.", "assurance": assurance}
        self.settle(f"ask for assurance in {number}", "This is what we did", called)
        return number

    def mailbox(self) -> str:
        """Log a mailbox that was read, up to where 480 people are counted; return the incident's number."""
        card = {"kind": "phishing, ransomware, or an account somebody else used"}
        days = {"happened_on": self.today - timedelta(days=15), "received_on": self.today - timedelta(days=12)}
        number = self.staff.dana.take_in("incident", {**card, **days, "what": "A mailbox about zebrawood was read"})
        kept = {"done": "The account is shut.", "assurance": "we have it back, or it is shut"}
        self.settle(f"shut what is open in {number}", "This is what we did", kept)
        self.settle(f"keep the logs of {number}", "This is what we did", kept)
        why = {"why": "They had it for two days."}
        self.settle(f"find out what {number} was", "Notify without an assessment", why)
        self.settle(f"decide on {number}", "I decide so", {}, reason="We tell everybody.")
        self.settle(f"confirm the decision on {number}", "I confirm it", {})
        counts = {**BEFORE, "determined_on": self.today}
        self.settle(f"count {number}", "These are the counts and days", counts)
        self.staff.who_has(f"tell individuals of {number}")
        return number

    def grow(self, number: str) -> Page:
        """Change the count to 620 people in three states, on the board; return it as it is then."""
        page = self.board(self.staff.priya, number)
        page.click("text=A count or a day changed")
        for name, value in AFTER.items():
            page.fill(f"#f-{name}", str(value))
        page.fill("#why-counts", "The sent folder held 140 more.")
        page.locator("details[open] button").click()
        return page

    def bring_list(self, number: str, folder: Path) -> Page:
        """Bring the list of 620 people as a file; return the page that shows it."""
        states = [state for state, people in WHERE.items() for _ in range(people)]
        people = [f"Ida Quintero {at},{at} Larkspur Court,{state}" for at, state in enumerate(states, 1)]
        path = folder / "list.csv"
        path.write_text("name,address,state\n" + "\n".join(people), "utf-8")
        page = self.staff.dana.page
        page.goto(f"{self.staff.dana.portal}/desk/case/incident/{number}/people")
        page.set_input_files("#upload", path)
        page.click("text=Add them")
        return page

    def individuals_told(self, number: str) -> None:
        """Say that the letters went out."""
        said = {"by": "by first-class mail", "covers": [element.value for element in Element]}
        self.send(f"tell individuals of {number}", {"sent_on": self.today, **said})

    def offices_told(self, number: str) -> None:
        """File with HHS, and then with the attorney general who wants to know what HHS knows."""
        self.send(f"tell HHS of {number}", {"sent_on": self.today, "number": "HHS-2026-0620"})
        self.send(f"tell NY attorney general of {number}", {"sent_on": self.today, "number": "NY-0620"})
