"""Letters: each can be drafted from nothing and from a case, in the clinic's own wording, and runs no code of anybody's."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.case_file import CaseFile, Entry
from models.case_letters import (
    BrokenWordingError,
    Sender,
    UnknownLetterError,
    draft,
    letter_names,
    shared_parts,
    try_out,
    wording_of,
)
from models.case_letters.drafting import BLANK
from models.case_told import Told
from models.clinic_folder import read_clinic_folder
from models.clinic_folder.testing import write_folder
from models.gates.denial import Ground
from models.gates.disclosure_notice import STATEMENT_1, STATEMENT_2
from models.sheets import Sheet
from models.sheets.access import Withheld, WithheldPart
from models.sheets.intake import AccessIntake
from models.sheets.third_party import AuthorizationRead, Release

NOW = datetime(2027, 2, 1, 15, tzinfo=UTC)
ASKED = AccessIntake.model_validate(
    {
        "asker": "the patient",
        "patient": "Zoë <b>Quintero</b>",
        "born_on": "1988-04-17",
        "reach": "44 Larkspur Court",
        "received_on": "2027-01-30",
        "channel": "by letter",
        "wants": "All",
        "kind": "copy",
    }
)


def sender(**more: Any) -> Sender:  # noqa: ANN401 - whatever is to differ
    said: dict[str, Any] = {"clinic": "Oak Lane", "sites": [{"name": "Office", "address": "1 Oak Lane"}], "phone": None}
    said |= {"official": "Priya Raman", "signer": "Dana Kim", "now": NOW, "today": date(2027, 2, 1)}
    said |= {"number": "ACC-0001", "received_on": date(2027, 1, 30), "due_on": date(2027, 3, 1)}
    return Sender(**said | more)


def file_of(*sheets: Sheet) -> CaseFile:
    return CaseFile("oak-lane/ACC-0001", [Entry("x", Told("Said", sheet=sheet), "Dana Kim", NOW) for sheet in sheets])


@pytest.mark.parametrize("name", sorted(letter_names() | shared_parts()))
def test_the_wording_that_comes_with_it_can_be_filled_in(name: str):
    try_out(name, wording_of(name))


@pytest.mark.parametrize("name", sorted(letter_names()))
def test_a_letter_says_which_case_it_is_about_and_asks_for_what_the_case_does_not_say(name: str):
    letter = draft(name, CaseFile("oak-lane/ACC-0001"), sender())
    assert "ACC-0001" in letter
    assert BLANK in letter


def test_a_letter_holds_what_the_case_says_as_it_was_written():
    letter = draft("acknowledgment", file_of(ASKED), sender())
    assert "Dear Zoë <b>Quintero</b>," in letter
    assert "Monday, 1 March 2027" in letter
    assert BLANK not in letter


def test_a_denial_names_the_rule_the_contact_and_the_review_where_there_is_one():
    said = {
        "grounds": [Ground.ENDANGERS_LIFE],
        "what": "March",
        "basis": "It could endanger somebody.",
        "reviewer": "Dr. Out",
    }
    denial = draft("denial", file_of(ASKED, Withheld.model_validate(said)), sender(phone="555-0100"))
    for words in ("45 CFR 164.524(a)(3)(i)", "Dr. Out", "Priya Raman, privacy official, telephone 555-0100", "hhs.gov"):
        assert words in denial
    assert "we do not give you what you asked for: March" in denial
    notes = said | {"grounds": [Ground.PSYCHOTHERAPY_NOTES]}
    part = draft("denial", file_of(ASKED, WithheldPart.model_validate(notes)), sender())
    assert "but for one part, which we do not give: March" in part
    assert "no right to a review" in part
    assert f"telephone {BLANK}" in part


def test_a_defective_authorization_is_answered_with_what_it_lacks():
    paper = AuthorizationRead.model_validate({"description": "All", "plain_language": True, "anything_else": True})
    letter = draft("authorization_defective", file_of(ASKED, paper), sender())
    assert "- It has no expiry date or event. (45 CFR 164.508(c)(1)(v))" in letter
    assert "specifically what is to be disclosed" not in letter


@pytest.mark.parametrize(("short", "statement"), [(False, STATEMENT_1), (True, STATEMENT_2)])
def test_what_goes_out_under_part_2_carries_the_statement_word_by_word(short: bool, statement: str):
    paper = AuthorizationRead.model_validate({"part_2": True})
    release = Release.model_validate({"minimum": "Summary", "short_notice": short, "consent_attached": True})
    letter = draft("third_party_release", file_of(ASKED, paper, release), sender())
    assert " ".join(statement.split()) in " ".join(letter.split())


def test_a_clinic_words_its_letters_and_their_parts_in_its_own_way():
    own = {"acknowledgment": '{% include "_head.md" %}We got it, {{ person }}.', "_head": "OAK LANE\n\n"}
    letter = draft("acknowledgment", file_of(ASKED), sender(wording=own))
    assert letter == "OAK LANE\nWe got it, Zoë <b>Quintero</b>.\n"


def test_wording_that_fails_on_this_case_gives_way_to_wellkepts_own():
    own = {"release": "{{ fee.no() }}", "acknowledgment": "{{ due_on + 1 }}"}
    assert "we received what you asked" in draft("acknowledgment", file_of(ASKED), sender(wording=own))


@pytest.mark.parametrize(
    "wording",
    [
        "{{ person",
        "{% if %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        '{% include "../../settings.py" %}',
        "{{ 1 / 0 }}",
        "{{ today|nothing }}",
    ],
)
def test_wording_that_cannot_be_filled_in_or_reaches_further_is_refused(wording: str):
    with pytest.raises(BrokenWordingError, match="cannot be filled in"):
        try_out("acknowledgment", wording)


def test_there_is_no_letter_of_another_name():
    with pytest.raises(UnknownLetterError, match="no letter called"):
        wording_of("../x")


def test_a_clinic_folder_brings_its_letters_and_tells_what_is_wrong_with_them(tmp_path: Path):
    letters = write_folder(tmp_path) / "letters"
    letters.mkdir()
    (letters / "acknowledgment.md").write_text("We got it.")
    assert read_clinic_folder(tmp_path).need().letters == {"acknowledgment": "We got it."}
    (letters / "acknowlegment.md").write_text("x")
    (letters / "denial.md").write_text("{% if %}")
    found = [str(mistake) for mistake in read_clinic_folder(tmp_path).mistakes]
    assert any("Did you mean `acknowledgment`?" in each for each in found)
    assert any("letters/denial.md" in each and "cannot be filled in" in each for each in found)
