"""Where a cycle stands is told in the clinic's own days."""

from datetime import UTC, date, datetime

import pytest

from models.standing import Standing

DUE = date(2027, 3, 16)


@pytest.mark.parametrize(
    ("at", "zone", "late"),
    [
        (datetime(2027, 3, 17, 1, tzinfo=UTC), "America/New_York", False),  # nine in the evening of the due date
        (datetime(2027, 3, 17, 4, 1, tzinfo=UTC), "America/New_York", True),  # a minute past midnight
        (datetime(2027, 3, 17, 9, tzinfo=UTC), "Pacific/Honolulu", False),
        (None, "America/New_York", False),  # still open
    ],
)
def test_late_is_after_the_end_of_the_day_at_the_clinic(at: datetime | None, zone: str, *, late: bool):
    row = Standing("r1", "k", "review Telehealth", "Ana", "Ana", DUE, open=at is None, mail="", at=at)
    assert row.closed_after(DUE, zone) is late
