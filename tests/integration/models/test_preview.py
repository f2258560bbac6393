"""The preview knows nothing of any one duty: what it needs stands in the duty's phases."""

from datetime import date, timedelta

import pytest

from deployments.demo_clinic import demo_clinic_path
from models.applying import apply_clinic
from models.clinic_folder import read_clinic_folder
from models.duties import Duty, duty_named
from models.duties.duty import Asked, Phase
from models.ladders import L_CAL
from models.preview import Mail, preview
from models.roles import Role
from models.store import reading, transaction

DRILL = Duty(
    name="restore-drill",
    title="Restore drill",
    summary="",
    citations=(),
    owner=Role.SECURITY_OFFICIAL,
    starts_on="03-01",
    phases={
        "drill": Phase(days=14, ladder=L_CAL),
        "notes": Phase(days=10, ladder=L_CAL, asked=Asked.POLICY_OWNERS),
        "cover": Phase(days=5, ladder=L_CAL, asked=Asked.EVERYBODY, about="what was learned"),
        "oath": Phase(days=5, ladder=L_CAL, asked=Asked.EVERYBODY, personal=True, on_the_way=False),
    },
    asks=frozenset({"drill"}),
    evidence="",
)


@pytest.fixture
def asks(store: str) -> dict[str, list[Mail]]:
    """Return the first mail to each person, by the phases of a duty that no code knows."""
    with transaction() as tx:
        apply_clinic(tx, read_clinic_folder(demo_clinic_path()).need(), "test")
    with reading() as session:
        mails = [mail for mail in preview(session, DRILL, "maple-grove", date(2027, 2, 1)) if mail.rung == "ask"]
    return {phase: [mail for mail in mails if mail.phase == phase] for phase in DRILL.phases}


def test_the_owner_of_the_duty_is_asked_unless_a_phase_says_otherwise(asks: dict[str, list[Mail]]) -> None:
    assert [(mail.about, mail.day, mail.due_on) for mail in asks["drill"]] == [
        ("Restore drill", date(2027, 2, 1), date(2027, 2, 15))
    ]


def test_owners_of_policies_are_asked_about_their_own_once_the_phase_before_is_over(
    asks: dict[str, list[Mail]],
) -> None:
    assert {mail.day for mail in asks["notes"]} == {date(2027, 2, 15)}
    assert len({mail.asked for mail in asks["notes"]}) == len(asks["notes"]) > 1


def test_everybody_is_asked_and_what_is_personal_has_no_cover(asks: dict[str, list[Mail]]) -> None:
    assert {mail.about for mail in asks["cover"]} == {"what was learned"}
    assert (len(asks["cover"]), len(asks["oath"])) == (7, 7)
    assert [mail.note for mail in asks["oath"]] == [""] * 7
    (ruth,) = [mail for mail in asks["cover"] if mail.asked == "Ruth Castellano"]
    assert (ruth.told, ruth.note) == ("Priya Raman", "covers for Ruth Castellano")  # she is away until 26 February


@pytest.mark.parametrize(
    ("duty", "days"), [("access", 30), ("accounting", 60), ("restriction", 7), ("third-party", 15)]
)
def test_work_of_a_duty_with_cases_is_due_when_its_clock_has_run_out(
    asks: dict[str, list[Mail]], duty: str, days: int
) -> None:
    assert asks
    with reading() as session:
        mails = preview(session, duty_named(duty), "maple-grove", date(2027, 2, 1))
    work = [mail for mail in mails if mail.phase == "work"]
    assert {mail.due_on for mail in work} == {date(2027, 2, 1) + timedelta(days=days)}
    assert any("days before" in mail.rung for mail in work)
