"""The tabs of a binder, by what investigators ask for; their order and citations are those of OCR's audit protocol.

Source: 45 CFR 160, 164 and 42 CFR 2 as cited, and the documents that the desk audits of 2016 asked for.
"""

from dataclasses import dataclass

from models.errors import WellkeptError


@dataclass(frozen=True)
class Tab:
    """One tab."""

    number: str
    title: str
    cites: str

    @property
    def heading(self) -> str:
        """Return it as it stands over its pages."""
        return f"Tab {self.number}: {self.title}"


TABS = (
    Tab("00", "The practice", "45 CFR 160.103, 164.530(a), 164.308(a)(2); 42 CFR 2.11, 2.12"),
    Tab("01", "Policies", "45 CFR 164.316, 164.530(i); 42 CFR 2.16(a)"),
    Tab("02", "Risk analysis", "45 CFR 164.308(a)(1)(ii)(A)"),
    Tab("03", "Risk management", "45 CFR 164.308(a)(1)(ii)(B)"),
    Tab("04", "Evaluation and addressable decisions", "45 CFR 164.308(a)(8), 164.306(d)(3)"),
    Tab("05", "Workforce", "45 CFR 164.308(a)(3) to (5), 164.530(b), (e)"),
    Tab("06", "Access and activity review", "45 CFR 164.308(a)(1)(ii)(D), (a)(4), 164.312(b)"),
    Tab("07", "Contingency", "45 CFR 164.308(a)(7)"),
    Tab("08", "Business associates", "45 CFR 164.308(b), 164.504(e); 42 CFR 2.11"),
    Tab("09", "Notices", "45 CFR 164.520; 42 CFR 2.22"),
    Tab("10", "Access requests", "45 CFR 164.524"),
    Tab("11", "Amendment, accounting, restriction", "45 CFR 164.522, 164.526, 164.528; 42 CFR 2.25, 2.26"),
    Tab("12", "Disclosures and third-party requests", "45 CFR 164.508, 164.512, 164.514; 42 CFR 2.31 to 2.33"),
    Tab("13", "Incidents and breaches", "45 CFR 164.308(a)(6), 164.402 to 164.414; 42 CFR 2.16(b)"),
    Tab("14", "Complaints", "45 CFR 164.530(d); 42 CFR 2.4"),
    Tab("15", "Recognized security practices", "Public Law 116-321"),
    Tab("16", "Integrity", "45 CFR 164.316(b), 164.312(c)"),
)
ALWAYS = frozenset({"00", "16"})
"""Tabs that every binder has."""
TOPICS = {
    "policies": frozenset({"01"}),
    "risk": frozenset({"02", "03", "04"}),
    "workforce": frozenset({"05"}),
    "activity": frozenset({"06"}),
    "contingency": frozenset({"07"}),
    "vendors": frozenset({"08"}),
    "notices": frozenset({"09"}),
    "access": frozenset({"10", "11"}),
    "disclosures": frozenset({"12"}),
    "incidents": frozenset({"13", "14"}),
}
"""What an export may be limited to, and the tabs that then are in it besides those of every binder."""
CASE_TABS = {
    "access": "10",
    "denial-review": "10",
    "amendment": "11",
    "accounting": "11",
    "restriction": "11",
    "third-party": "12",
    "incident": "13",
}
"""The tab that each duty with cases belongs to."""
_DUTY_TABS = {
    "policy-review": frozenset({"01", "05"}),
    "breach-list": frozenset({"13"}),
    **{duty: frozenset({tab}) for duty, tab in CASE_TABS.items()},
}


class UnknownTopicError(WellkeptError):
    """There is no such topic."""

    remedy = f"Topics: {', '.join(sorted(TOPICS))}. Without one everything is exported."


def tabs_for(topic: str | None) -> tuple[Tab, ...]:
    """Return the tabs of a binder on a topic, or all. Raises UnknownTopicError."""
    if topic is None:
        return TABS
    if topic not in TOPICS:
        raise UnknownTopicError(f"There is no topic called “{topic}”.")
    return tuple(tab for tab in TABS if tab.number in ALWAYS | TOPICS[topic])


def duty_is_about(duty: str, topic: str | None) -> bool:
    """Tell whether what a duty leaves behind belongs into a binder on a topic."""
    return topic is None or bool(_DUTY_TABS.get(duty, frozenset()) & TOPICS[topic])
