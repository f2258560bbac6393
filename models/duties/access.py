"""The access request, 45 CFR 164.524: somebody wants to see or have the patient's record."""

from models.clocks.requests import CURE_DAYS, Right
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_30, L_SHORT
from models.roles import Role

ACCESS = Duty(
    name="access",
    title="Access request",
    summary="The patient, or somebody who may act for the patient, wants a copy, a look or a summary.",
    citations=(
        Citation(
            cite="45 CFR 164.524(b)(2)",
            says="Grant and provide access, or deny it in writing, within 30 days of receipt; one extension of 30 "
            "days, by a written statement with the reason and a date, sent within the first 30 days.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.514(h)", says="Verify who asks, and by what authority.", verified="R"),
        Citation(
            cite="45 CFR 164.524(a)", says="The closed list of grounds for a denial, and who reviews.", verified="R"
        ),
        Citation(cite="45 CFR 164.524(c)", says="Form and format, summary, and what a fee may hold.", verified="R"),
    ),
    owner=Role.OFFICE_MANAGER,
    case="ACC",
    intake="AccessIntake",
    right=Right.ACCESS,
    phases={
        "acknowledgment": Phase(days=2, ladder=L_SHORT, on_the_way=False),
        "work": Phase(days=None, ladder=L_30),
        "extension": Phase(days=None, ladder=L_30, on_the_way=False),
        "cure": Phase(days=CURE_DAYS, ladder=L_30, on_the_way=False),
    },
    asks=frozenset(
        {"acknowledge", "identity", "gather", "fee", "safety", "decision", "answer", "extend", "extension", "cure"}
    ),
    evidence="When it came and how; who asked and by what right; what was gathered; the clinician's finding; who "
    "decided what and why; each letter as it went out; what was given, to whom, when and how; clocks and extension.",
)
