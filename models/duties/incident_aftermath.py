"""What the cycle of an incident asks after the notices: what came back, what is learned, what came of a complaint."""

from models.duties.case_questions import about
from models.duties.incident_questions import SENT
from models.questions import Choice, Needs, Question
from models.sheets.lessons import Measure
from models.tables.request import Tier

ADD = Choice(
    value="add",
    label="Something is to be done",
    meaning="Whoever you pick is asked to do it, and reminded until it is done.",
    past="Corrective action set",
    reason=Needs.NOTHING,
    person=Needs.REQUIRED,
    sheet="Corrective",
)
ENOUGH = Choice(
    value="enough",
    label="Nothing more is to be done",
    meaning="The incident closes once everything that was set is done.",
    past="Nothing more to do",
    reason=Needs.REQUIRED,
    reason_label="What was learned: risk analysis, policies, training, sanctions?",
)
NONE_BACK = Choice(
    value="none",
    label="Nothing came back",
    meaning="Everybody was reached, as far as anybody knows.",
    past="Nothing came back",
    reason=Needs.OPTIONAL,
)
SOME_BACK = Choice(
    value="some",
    label="Some came back",
    meaning="Those are told in another way, and from ten on publicly.",
    past="Some came back",
    reason=Needs.NOTHING,
    sheet="CameBack",
)
STOOD = Choice(
    value="stood",
    label="It stood, and the number was answered",
    meaning="What you write stands in the case.",
    past="It stood 90 days",
    reason=Needs.REQUIRED,
    reason_label="From when to when, where, and what shows it?",
)
WENT_OUT = Choice(
    value="went_out",
    label="This went out",
    meaning="A line for each person is written into the disclosure log; their accountings list it.",
    past="Into the disclosure log",
    reason=Needs.NOTHING,
    sheet="WentOut",
)
STAYED_IN = Choice(
    value="stayed_in",
    label="Nothing went out, or nobody can be named",
    meaning="Such as a look by somebody who works here. What you write stands in the case.",
    past="Not in the disclosure log",
    reason=Needs.REQUIRED,
)
SETTLED = Choice(
    value="settled",
    label="This is what came of it",
    meaning="It is kept with the complaint.",
    past="Settled",
    reason=Needs.NOTHING,
    sheet="Disposition",
)
NOBODY_WORSE = Choice(
    value="nobody",
    label="Nobody was treated worse",
    meaning="You asked those who would know.",
    past="Nobody was treated worse",
    reason=Needs.REQUIRED,
    reason_label="Whom did you ask, and when?",
)
SOMEBODY_WORSE = Choice(
    value="somebody",
    label="Somebody was treated worse",
    meaning="Undo it first, then say how.",
    past="Somebody was treated worse, and it was undone",
    reason=Needs.NOTHING,
    sheet="TreatedWorse",
)
SANCTIONED = Choice(
    value="done",
    label="The sanctions policy was applied",
    meaning="It is kept with the case, encrypted.",
    past="Sanctions policy applied",
    reason=Needs.NOTHING,
    sheet="Sanctioned",
)
NO_SANCTION = Choice(
    value="none",
    label="No sanction is due",
    meaning="What you write stands in the case.",
    past="No sanction",
    reason=Needs.REQUIRED,
)
DONE = Choice(
    value="done",
    label="It is done",
    meaning="What you write stands in the case.",
    past="Done",
    reason=Needs.REQUIRED,
    reason_label="What was done, and how is it checked?",
)


def returned(case: str, asked_by: str) -> Question:
    """Ask the office what of the notices came back."""
    return about(
        case,
        verb="say what came back of {number}",
        sentence="Did any notice come back?",
        why="45 CFR 164.404(d)(2): who was not reached is told in another way. Give the post three weeks.",
        asked_by=asked_by,
        choices=(NONE_BACK, SOME_BACK),
    )


def substitute(case: str, asked_by: str) -> Question:
    """Ask how those are told whose letters came back."""
    return about(
        case,
        verb="tell those whose letters of {number} came back",
        sentence="How were they told?",
        why="45 CFR 164.404(d)(2): fewer than ten in another way; ten or more on the home page or in "
        "major media, for 90 days.",
        asked_by=asked_by,
        choices=(SENT.model_copy(update={"sheet": "SubstituteTold"}),),
        letter="breach_substitute",
    )


def lessons(case: str, asked_by: str) -> Question:
    """Ask the privacy official what is to keep it from happening again."""
    return about(
        case,
        verb="learn from {number}",
        sentence="What keeps it from happening again?",
        why="45 CFR 164.308(a)(1)(ii)(B), 164.530(e), (i): manage the risk, change policies, sanction where due.",
        asked_by=asked_by,
        choices=(ADD, ENOUGH),
        tier=Tier.ATTEST,
    )


def stood(case: str, asked_by: str) -> Question:
    """Ask whether the public notice stood as long as it has to."""
    return about(
        case,
        verb="say how long the public notice of {number} stood",
        sentence="Did it stand for 90 days?",
        why="45 CFR 164.404(d)(2)(ii): 90 days on the home page, and a toll-free number for as long.",
        asked_by=asked_by,
        choices=(STOOD,),
    )


def log(case: str, asked_by: str) -> Question:
    """Ask whose data went out, for the accounting of disclosures."""
    return about(
        case,
        verb="write {number} into the disclosure log",
        sentence="Whose data went out, and to whom?",
        why="45 CFR 164.528: an accounting lists what went out without being permitted, for six years.",
        asked_by=asked_by,
        choices=(WENT_OUT, STAYED_IN),
    )


def settle(case: str, asked_by: str) -> Question:
    """Ask what came of a complaint."""
    return about(
        case,
        verb="settle the complaint of {number}",
        sentence="What came of it?",
        why="45 CFR 164.530(d)(2): complaints are documented, and how each ended.",
        asked_by=asked_by,
        choices=(SETTLED,),
        tier=Tier.ATTEST,
    )


def guard(case: str, asked_by: str) -> Question:
    """Ask whether anybody was treated worse after a complaint."""
    return about(
        case,
        verb="see that nobody is treated worse after {number}",
        sentence="Was anybody treated worse because of the complaint?",
        why="45 CFR 164.530(g): no threats, no pressure, no retaliation against who complains or reports.",
        asked_by=asked_by,
        choices=(NOBODY_WORSE, SOMEBODY_WORSE),
        tier=Tier.ATTEST,
    )


def action(case: str, asked_by: str, measure: Measure, policy: str = "") -> Question:
    """Ask somebody to do a corrective action; one about a policy says which."""
    return about(
        case,
        verb=measure.verb(policy),
        sentence="Is it done?",
        why=f"{measure.cite}. It was set after an incident; what it is stands in the case.",
        asked_by=asked_by,
        choices=(SANCTIONED, NO_SANCTION) if measure is Measure.SANCTION else (DONE,),
    )
