"""The incident, and the breach it may be: 45 CFR 164.308(a)(6), 164.402 to 164.414, 42 CFR 2.16(b)."""

from models.clocks.breach import NOTICE_DAYS
from models.clocks.requests import CURE_DAYS
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_BR, L_SHORT
from models.roles import Role

INCIDENT = Duty(
    name="incident",
    title="Incident",
    summary="Something went wrong with patient data. It is contained at once, and found out whether it is a breach.",
    citations=(
        Citation(
            cite="45 CFR 164.402",
            says="What is not permitted is presumed a breach, unless four factors demonstrate a low probability.",
            verified="R",
        ),
        Citation(
            cite="45 CFR 164.404(b)",
            says="Individuals without unreasonable delay and within 60 days of discovery.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.406", says="Media where more than 500 live in one state.", verified="R"),
        Citation(cite="45 CFR 164.408", says="HHS: with the letters from 500 on; else the year's list.", verified="R"),
        Citation(
            cite="45 CFR 164.530(d), (e), (g)",
            says="Complaints documented with how they ended, sanctions applied, nobody treated worse for reporting.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.308(a)(6)(ii)", says="Identify, respond, mitigate, and document.", verified="R"),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    case="INC",
    intake="IncidentCard",
    due_days=NOTICE_DAYS,
    phases={
        "containment": Phase(days=0, ladder=L_SHORT, on_the_way=False),
        "assessment": Phase(days=10, ladder=L_SHORT, on_the_way=False),
        "notices": Phase(days=None, ladder=L_BR),
        "action": Phase(days=30, ladder=L_SHORT, on_the_way=False),
        "came-back": Phase(days=21, ladder=L_SHORT, on_the_way=False),
        "cure": Phase(days=CURE_DAYS, ladder=L_BR, on_the_way=False),
    },
    asks=frozenset(
        {
            "contain",
            "assess",
            "decision",
            "second",
            "count",
            "notify",
            "returned",
            "substitute",
            "stood",
            "file",
            "attorney",
            "log",
            "settle",
            "guard",
            "lessons",
            "action",
            "cure",
        }
    ),
    evidence="The card; what was done at once; the path of the decision with its facts, who decided and who seconded; "
    "every clock; each notice, to whom and when; the numbers of HHS and the states; corrective actions to their end.",
)
