"""Requests by somebody else: attorneys, subpoenas, insurers, other providers, officials."""

from models.clocks.requests import CURE_DAYS
from models.duties.duty import Citation, Duty, Phase
from models.ladders import L_SHORT
from models.roles import Role

THIRD_PARTY = Duty(
    name="third-party",
    title="Request by somebody else",
    summary="An attorney, a subpoena, an insurer, another provider or an official wants a patient's record.",
    citations=(
        Citation(
            cite="45 CFR 164.508(c)", says="The elements of an authorization; one that lacks one is none.", verified="R"
        ),
        Citation(
            cite="45 CFR 164.512(e)",
            says="A subpoena without an order wants satisfactory assurance; an order opens what it names.",
            verified="R",
        ),
        Citation(cite="45 CFR 164.506(c)", says="Treatment and payment want no authorization.", verified="R"),
        Citation(cite="45 CFR 164.502(b)", says="No more than is needed.", verified="R"),
        Citation(
            cite="42 CFR 2.31, 2.32", says="Consent, and what goes with each disclosure that rests on it.", verified="R"
        ),
        Citation(cite="42 CFR 2.61", says="A subpoena alone opens no record of a substance use program.", verified="M"),
    ),
    owner=Role.OFFICE_MANAGER,
    case="TPR",
    intake="ThirdPartyIntake",
    due_days=15,
    phases={"work": Phase(days=None, ladder=L_SHORT), "cure": Phase(days=CURE_DAYS, ladder=L_SHORT, on_the_way=False)},
    asks=frozenset({"read", "consent", "decision", "send", "answer", "cure"}),
    evidence="Who asked, when and for what; the paper it rests on, element by element; who decided; what went out, to "
    "whom, when, with which notice; the line of the disclosure log.",
)
