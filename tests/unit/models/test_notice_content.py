"""What a notice of a breach has to say: the five elements, its two days however they are written, and a way to ask."""

from datetime import date

import pytest

from models.gates.notice_content import Element, missing_elements, wanting_in
from models.sheets.addressee import ListError, read_list

HAPPENED, KNOWN = date(2027, 1, 9), date(2027, 2, 1)
CALL = "Call (518) 555-0199."


@pytest.mark.parametrize(
    "written",
    ["Saturday, 9 January 2027", "9 January 2027", "January 9, 2027", "2027-01-09", "1/9/2027", "01/09/2027"],
)
def test_a_day_counts_however_it_is_written(written: str):
    assert list(wanting_in(f"On {written} it happened. {CALL}", HAPPENED, None)) == []


@pytest.mark.parametrize("written", ["9 January 2028", "19 January 2027 was another day", "January 2027"])
def test_another_day_is_not_the_day(written: str):
    (wanting,) = wanting_in(f"On {written} it happened. {CALL}", HAPPENED, None)
    assert wanting == "the day of the breach, Saturday, 9 January 2027"


@pytest.mark.parametrize(
    "way", [CALL, "Call 518-555-0199", "privacy@birch.example", "https://birch.example", "5 Birch Hill, Troy, NY 12180"]
)
def test_one_way_to_ask_is_enough(way: str):
    assert list(wanting_in(f"Known on 1 February 2027. {way}", None, KNOWN)) == []


def test_a_notice_without_a_way_to_ask_wants_one():
    (wanting,) = wanting_in("Known on 1 February 2027. Ask us.", None, KNOWN)
    assert wanting.startswith("a telephone number")


def test_each_element_is_missed():
    for element in Element:
        assert missing_elements(frozenset(Element) - {element}) == [element.value]


def test_a_list_is_read_as_spreadsheets_save_it():
    text = 'Name,Address,State,Birth\n"Lee, Ana","4 Elm St, Troy",NY,1980-02-01\n\nBo Ray,5 Elm St\n'
    ana, bo = read_list(text)
    assert (ana.name, ana.address, ana.state, ana.born_on) == ("Lee, Ana", "4 Elm St, Troy", "NY", date(1980, 2, 1))
    assert (bo.name, bo.state) == ("Bo Ray", None)
    assert read_list("Ana Lee\t4 Elm St, Troy\tNY")[0].address == "4 Elm St, Troy"


def test_a_list_tells_its_first_mistakes_and_how_many_more():
    with pytest.raises(ListError, match=r"Line 1: the address is missing.*Line 5.* 3 more\.") as error:
        read_list("\n".join(f"Person {number};" for number in range(8)))
    assert "name; address; state" in str(error.value)
