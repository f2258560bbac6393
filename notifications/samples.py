"""Samples: one letter of every sort that people can get, for tests and for looking at."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from models.tables import NoticeKind
from notifications.batch import Batch
from notifications.item import Item

TODAY = date(2027, 3, 15)
LIST = "f" * 32
DAYS = {"late": -3, "today": 0, "soon": 7, "later": 60}
"""Calendar days from today to the due date."""
TOLD_ONLY = (NoticeKind.ESCALATE, NoticeKind.NOT_DELIVERED)
"""Kinds that also go to people who cannot answer."""
MANY = 60
"""Things in the longest digest: every policy of a large practice, for the one person who answers for all of them."""


def samples() -> dict[str, Batch]:
    """Return the letters by what they are about. Nobody in them exists."""
    single = {f"{kind}, {due}": _letter(_item(kind, days)) for kind, (due, days) in product(NoticeKind, DAYS.items())}
    told = {f"{kind}, told only": _letter(_item(kind, -3, linked=False)) for kind in TOLD_ONLY}
    return single | told | _covers() | _digests()


def _covers() -> dict[str, Batch]:
    cover = _item(NoticeKind.COVER, 30)
    return {
        "cover until a day": _letter(replace(cover, cover_until=TODAY + timedelta(days=9))),
        "cover of own work": _letter(replace(cover, own_work=True)),
        "escalated and yours": _letter(replace(_item(NoticeKind.ESCALATE, -3), held_by_you=True)),
        "nobody to ask": replace(_letter(_item(NoticeKind.ASK, 30)), privacy_official=""),
        "long words": _letter(replace(_item(NoticeKind.ASK, 30), verb="review " + "Telehealth-and-remote-work" * 4)),
    }


def _digests() -> dict[str, Batch]:
    every = [
        _item(kind, days, number, linked=kind is not NoticeKind.ESCALATE)
        for number, (kind, days) in enumerate(product(NoticeKind, DAYS.values()), 1)
    ]
    fresh = [_item(NoticeKind.FRESH_LINK, days, days + 10) for days in DAYS.values()]
    many = [_item(NoticeKind.REMIND, number, number) for number in range(MANY)]
    told = [_item(NoticeKind.ESCALATE, -number, number, linked=False) for number in (1, 2)]
    return {
        "a digest of everything": replace(_letter(*every), list_link_id=LIST),
        "a digest of many": replace(_letter(*many), list_link_id=LIST),
        "a digest of what others have": _letter(*told),
        "fresh links": replace(_letter(*fresh), list_link_id=LIST),
    }


def _item(kind: NoticeKind, days: int, number: int = 1, *, linked: bool = True) -> Item:
    return Item(
        request_id=f"r{number}",
        kind=kind,
        verb="review Sanctions policy",
        why="Policies are reviewed every twelve months (45 CFR 164.316(b)(2)(iii)).",
        asked_by="Dana Kim, privacy official",
        due_on=TODAY + timedelta(days=days),
        today=TODAY,
        asked_name="Omar Haddad",
        holder_name="Omar Haddad",
        held_by_you=False,
        link_id=f"{number:032x}" if linked else None,
    )


def _letter(*items: Item) -> Batch:
    return Batch("Priya Raman", "Maple Grove Counseling", TODAY, "Dana Kim", items).sorted()
