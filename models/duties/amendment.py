"""The amendment, 45 CFR 164.526: somebody says that something in the record is wrong or missing."""

from models.clocks.requests import CURE_DAYS, Right
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_60, L_SHORT
from models.roles import Role

AMENDMENT = Duty(
    name="amendment",
    title="Amendment request",
    summary="The patient, or somebody who may act for the patient, wants an entry of the record corrected.",
    citations=(
        Citation(
            cite="45 CFR 164.526(b)(2)",
            says="Act within 60 days of receipt; one extension of 30 days, by a statement with reason and date.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.526(a)(2)", says="Four grounds for a denial, and no others.", verified="R"),
        Citation(
            cite="45 CFR 164.526(c), (d)",
            says="What an acceptance does and whom it tells; what a denial must say.",
            verified="R",
        ),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    case="AMD",
    intake="AmendmentIntake",
    right=Right.AMENDMENT,
    phases={
        "acknowledgment": Phase(days=2, ladder=L_SHORT, on_the_way=False),
        "work": Phase(days=None, ladder=L_60),
        "extension": Phase(days=None, ladder=L_60, on_the_way=False),
        "cure": Phase(days=CURE_DAYS, ladder=L_60, on_the_way=False),
    },
    asks=frozenset({"acknowledge", "identity", "judge", "decision", "answer", "others", "extend", "extension", "cure"}),
    evidence="When it came and how; who asked and by what right; what the clinician found; who decided; the letter; "
    "where it is linked and who was told.",
)
