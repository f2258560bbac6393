"""The accounting of disclosures, 45 CFR 164.528: somebody wants to know to whom the record was given."""

from models.clocks.requests import CURE_DAYS, Right
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_60, L_SHORT
from models.roles import Role

ACCOUNTING = Duty(
    name="accounting",
    title="Accounting of disclosures",
    summary="The patient, or somebody who may act for the patient, wants to know to whom the record was given.",
    citations=(
        Citation(
            cite="45 CFR 164.528(c)(1)",
            says="Within 60 days of receipt; one extension of 30 days, by a written statement with reason and date.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.528(a)", says="Six years back; what is not listed; suspension.", verified="R"),
        Citation(cite="42 CFR 2.25", says="Of what rests on a consent, three years; not enforced yet.", verified="R"),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    case="ACT",
    intake="AccountingIntake",
    right=Right.ACCOUNTING,
    phases={
        "acknowledgment": Phase(days=2, ladder=L_SHORT, on_the_way=False),
        "work": Phase(days=None, ladder=L_60),
        "extension": Phase(days=None, ladder=L_60, on_the_way=False),
        "cure": Phase(days=CURE_DAYS, ladder=L_60, on_the_way=False),
    },
    asks=frozenset({"acknowledge", "identity", "decision", "answer", "extend", "extension", "cure"}),
    evidence="When it came and how; who asked and by what right; what was checked; the accounting as it went out.",
)
