"""The annual policy review."""

from models.duties.duty import Asked, Citation, Duty, Phase
from models.ladders import L_CAL
from models.roles import Role

_CHANGED = "each policy that changed"

POLICY_REVIEW = Duty(
    name="policy-review",
    title="Annual policy review",
    summary="Every policy in force is reviewed by its owner, changes are approved by somebody else, published, and "
    "attested by the workforce.",
    citations=(
        Citation(
            cite="45 CFR 164.316(b)(2)(iii)",
            says="Review documentation periodically and update as needed. The rule does not say how often; twelve "
            "months is the practice's own cadence.",
            verified="R",
        ),
        Citation(
            cite="45 CFR 164.530(i)",
            says="Change policies as the law changes; a revised policy is documented before it takes effect.",
            verified="R",
        ),
        Citation(cite="42 CFR 2.16(a)", says="Formal policies for the security of Part 2 records.", verified="R"),
    ),
    owner=Role.PRIVACY_OFFICIAL,
    starts_on="01-15",
    phases={
        "review": Phase(days=60, ladder=L_CAL, asked=Asked.POLICY_OWNERS),
        "approval": Phase(days=14, ladder=L_CAL, about=_CHANGED),
        "attestation": Phase(days=30, ladder=L_CAL, asked=Asked.EVERYBODY, about=_CHANGED, personal=True),
        "help": Phase(days=7, ladder=L_CAL, on_the_way=False),
    },
    asks=frozenset({"review", "help", "approve", "attest", "settle"}),
    evidence="For each policy: the version or the decision not to change it, who reviewed and who approved, when and "
    "why, its effective date, the version before, and who attested.",
)
