"""A letter becomes the same bytes each time, with headers that mail programs understand."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from models.settings import Settings
from models.tables import Letter
from notifications.addresses import letter_in, return_path, thread_id
from notifications.message import NoAddressError, parcel_of

SETTINGS = Settings(_env_file=None)
LETTER = "0123456789abcdef" * 2


def letter(**changes: object) -> Letter:
    given: dict[str, object] = {
        "address": "zoe@maple-grove.example",
        "references": [thread_id(f"maple-grove/{'long-' * 12}duty/{year}", "zoe", SETTINGS) for year in (2026, 2027)],
        "subject": "Überprüfen " * 9,
        "text_body": "Grüße\n.\nFrom here @@link:ffffffffffffffffffffffffffffffff@@\n",
        "html_body": "<p>Grüße</p>",
    }
    about = {
        "clinic": "maple-grove",
        "person_id": "maple-grove/zoe",
        "kind": "ask",
        "message_id": f"<{LETTER}@x.example>",
    }
    return Letter(id=LETTER, written_at=datetime(2027, 3, 15, 13, tzinfo=UTC), **about, **(given | changes))


def test_long_thread_ids_stay_readable_one_a_line() -> None:
    content = parcel_of(letter(), "Zoë O'Neil", {}, SETTINGS).content
    assert b"=?" not in content[content.index(b"In-Reply-To") : content.index(b"Auto-Submitted")]
    message = message_from_bytes(content, policy=policy.default)
    assert str(message["References"]).split() == letter().references


def test_names_and_subjects_of_any_alphabet_come_back_as_written() -> None:
    message = message_from_bytes(parcel_of(letter(), 'Zoë "Z" <z>, Ph.D.', {}, SETTINGS).content, policy=policy.default)
    assert message["To"].addresses[0].display_name == 'Zoë "Z" <z>, Ph.D.'
    assert str(message["Subject"]).split() == letter().subject.split()


def test_a_placeholder_of_no_link_of_this_letter_stays_one() -> None:
    assert b"@@link:" in parcel_of(letter(), "Zoe", {}, SETTINGS).content


NO_ADDRESSES = ["", "x", "a b@c.example", "@c", "a@", "a@b@c", "a<b>@c.example", "a@b\r\nBcc: c@d.example"]
NO_ADDRESSES += ["jürgen@c.example", "a@exämple.example"]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_says_so(address: str) -> None:
    with pytest.raises(NoAddressError):
        parcel_of(letter(address=address), "Zoe", {}, SETTINGS)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (return_path(LETTER, SETTINGS), LETTER),
        (f"<{return_path(LETTER, SETTINGS).upper()}>", LETTER),
        ("compliance@maple-grove.example", None),
        (f"bounces+{LETTER}0@maple-grove.example", None),
    ],
)
def test_a_return_path_names_its_letter(address: str, found: str | None) -> None:
    assert letter_in(address) == found
