"""Kinds of incidents in everyday words, what to do at once about each, and what one may be found to be."""

from enum import StrEnum
from typing import NamedTuple

from models.roles import Role


class IncidentKind(StrEnum):
    """What went wrong."""

    FAX = "a fax or a letter went to the wrong place"
    VOICEMAIL = "a message was left with the wrong person"
    EMAIL = "an e-mail or portal message went to the wrong person"
    OVERHEARD = "somebody overheard or saw what was not for them"
    DEVICE = "a phone, laptop or drive is lost or stolen"
    SNOOPING = "somebody here looked at what was not theirs to see"
    PHISHING = "phishing, ransomware, or an account somebody else used"
    VENDOR = "a vendor told us of something"
    COMPLAINT = "somebody complains about how we treat their privacy"
    OTHER = "something else"


class Act(NamedTuple):
    """One thing to do within the hour."""

    role: Role
    verb: str
    """As the request's title goes on: “get it back …”; it names nobody."""
    how: str
    sheet: str = "Contained"
    """What is filled in about it."""


_GET_BACK = Act(
    Role.OFFICE_MANAGER,
    "get back what went out in {number}",
    "Call whoever has it. Ask them to send it back or to destroy it, and to say so in writing. Note who said it, when.",
)
_ASSURE = Act(
    Role.OFFICE_MANAGER,
    "ask for assurance in {number}",
    "Call whoever heard or saw it. Ask them to keep it to themselves and to say so. Note who said what, when.",
)
_CLOSE_ACCOUNT = Act(
    Role.SECURITY_OFFICIAL,
    "shut what is open in {number}",
    "Disable the account, end its sessions, change its password from another machine. Take nothing down that shows "
    "what happened: keep the logs and the messages.",
)
_LOCK_DEVICE = Act(
    Role.SECURITY_OFFICIAL,
    "lock the device of {number}",
    "Lock and locate it from afar, wipe it if that is possible, and note whether it was encrypted, and how you know.",
)
_KEEP_LOGS = Act(
    Role.SECURITY_OFFICIAL,
    "keep the logs of {number}",
    "Save who looked at what, and when, before anything overwrites it. Take the access away until it is clear.",
)
_ASK_VENDOR = Act(
    Role.PRIVACY_OFFICIAL,
    "ask the vendor about {number}",
    "Ask in writing: what happened, when they discovered it, whose data, what they have done. 45 CFR 164.410(c).",
    "VendorTold",
)
_TAKE_SERIOUSLY = Act(
    Role.PRIVACY_OFFICIAL,
    "take up the complaint of {number}",
    "Thank whoever complains, if you know them, and note what they want to be looked into. Nobody may treat them worse "
    "for it, and nobody may ask them to take it back. 45 CFR 164.530(d), (g), (h).",
    "Heard",
)
_STOP_IT = Act(
    Role.OFFICE_MANAGER,
    "stop what goes on in {number}",
    "See that it does not go on, and write down what you did, and when.",
)
ACTS = {
    IncidentKind.FAX: (_GET_BACK,),
    IncidentKind.VOICEMAIL: (_ASSURE,),
    IncidentKind.EMAIL: (_GET_BACK,),
    IncidentKind.OVERHEARD: (_ASSURE,),
    IncidentKind.DEVICE: (_LOCK_DEVICE,),
    IncidentKind.SNOOPING: (_KEEP_LOGS,),
    IncidentKind.PHISHING: (_CLOSE_ACCOUNT, _KEEP_LOGS),
    IncidentKind.VENDOR: (_ASK_VENDOR,),
    IncidentKind.COMPLAINT: (_TAKE_SERIOUSLY,),
    IncidentKind.OTHER: (_STOP_IT,),
}
"""What is asked for at once, by kind."""
FOUND_BREACH = "breach"
FINDINGS = {
    FOUND_BREACH: "breach",
    "assessed": "low probability demonstrated",
    "permitted": "permitted or incidental",
    "excepted": "an exception applies",
    "secured": "it was secured",
    "unfounded": "unfounded complaint",
    "founded": "founded complaint, no data astray",
}
"""What an incident was found to be, in words, by the code its case has for it."""
