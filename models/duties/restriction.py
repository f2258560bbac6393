"""Restrictions and confidential communication, 45 CFR 164.522."""

from models.clocks.requests import CURE_DAYS
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_SHORT
from models.roles import Role

RESTRICTION = Duty(
    name="restriction",
    title="Restriction or confidential communication",
    summary="Something is to be kept from the insurer or from others, or the patient wants to be reached another way.",
    citations=(
        Citation(
            cite="45 CFR 164.522(a)(1)(vi)",
            says="What was paid for in full is kept from the health plan if the patient asks. The law counts no days: "
            "it has to hold before the next claim goes out.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.522(b)(1)(i)", says="Reasonable wishes of how to be reached are met.", verified="R"),
        Citation(cite="45 CFR 164.522(a)(3)", says="A restriction is documented.", verified="R"),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    case="RES",
    intake="RestrictionIntake",
    due_days=7,
    phases={"work": Phase(days=None, ladder=L_SHORT), "cure": Phase(days=CURE_DAYS, ladder=L_SHORT, on_the_way=False)},
    asks=frozenset({"decision", "force", "answer", "cure"}),
    evidence="When it came; what was agreed, by whom; where it was set and how that was checked; the letter.",
)
