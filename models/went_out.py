"""What went out in an incident without being permitted: a line of the disclosure log for each person it is about."""

from models.addressees import addressees_of
from models.case_file import open_file
from models.cases import case_named, subject_of
from models.disclosures import write_disclosure
from models.requests import Run
from models.sheets.intake import about_patient
from models.sheets.went_out import WentOut
from models.store import Transaction

NOT_PERMITTED = "45 CFR 164.528(a)(1): not permitted"
"""What the log says of the paragraph that something rests on which rests on none."""
WHY = "the disclosure log"


def write_what_went_out(tx: Transaction, case_id: str, fact: str, by: str, run: Run) -> None:
    """Write the lines of what a fact of a case tells, which are found by that fact's name and a number.

    Raises ValueError where the case tells of nothing that went out, and as `write_fact` does.
    """
    told = open_file(tx, case_id, by, WHY).newest(WentOut)
    if told is None:
        raise ValueError(fact)
    listed = addressees_of(tx, case_id, by, WHY).values() if told.everybody else ()
    people = [*told.subjects(), *(about_patient(who.name, who.born_on) for who in listed if who.born_on)]
    clinic = case_named(tx.session, case_id).clinic
    for at, about in enumerate(dict.fromkeys(people), 1):
        line, whose = f"{fact}:{at:05}", subject_of(clinic, about)
        write_disclosure(tx, case_id, line, told.went_out_on, NOT_PERMITTED, run, accountable=True, subject=whose)
