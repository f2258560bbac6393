"""What is said of an incident in tests: the card, the four factors, the people of the practice."""

from datetime import date, timedelta

from deployments.testing.casework import DESK
from deployments.testing.practice import Colleague

KNOWN = date(2027, 2, 1)
"""A Monday, on which it is discovered."""
DUE = KNOWN + timedelta(days=60)
CARD = {
    "kind": "a message was left with the wrong person",
    "happened_on": KNOWN - timedelta(days=3),
    "received_on": KNOWN,
    "what": "A message about a visit was left at the number of a namesake.",
}
WRITTEN = "what the case's entries say"
LOW = "a low probability that it was compromised"
FACTORS = {
    "nature": "First name and the time of one visit; no diagnosis, no address, no date of birth was said.",
    "recipient": "A namesake in our own records, who called back herself and is known to us.",
    "acquired": "She heard the whole message and told nobody, as she says in her letter of 2 February.",
    "mitigated": "She deleted the message while on the telephone with Dana Kim on 1 February, and wrote so.",
    **{f"{factor}_from": WRITTEN for factor in ("nature", "recipient", "acquired", "mitigated")},
    "conclusion": LOW,
}
NOTICE = "It happened on 29 January 2027; we learned of it on 1 February 2027. Call 555-010-0100."
MAIL = "by first-class mail"
PRIVACY = Colleague("priya-raman", "privacy_official", deputy="dana-kim")
SECURITY = Colleague("mara-lind", "security_official", deputy="priya-raman")
OWNER = Colleague("theo-park", "practice_owner, clinician", deputy="priya-raman")
PEOPLE = (DESK, PRIVACY, SECURITY, OWNER)


def people_listed(number: int) -> str:
    """Return a list of so many people, as a spreadsheet saves it."""
    return "\n".join(f"Person {at}; {at} Elm Street; NY; 1980-02-{at % 28 + 1:02}" for at in range(1, number + 1))
