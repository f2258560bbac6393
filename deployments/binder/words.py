"""What a binder says besides what the record holds: how to read it, and how to check it."""

_READING = """
Cycle: One occurrence of a duty, such as this year's review of all policies. It is closed when everybody asked has
answered, or when somebody has written down why not.

Asked, due, late: Each thing is asked of one person, with a due date. A late answer counts; how late it was stays on
record.

Proof: “Link and name”: the answer came by the link in a mail to that person, who typed their name. “Link, name and
PIN”: besides that with a PIN that was enrolled in person.

Link opened: Somebody or something opened the page. Mail programs do that too, so it says nothing about a person.

Entry and ledger: Whatever happens is written down as an entry with a number, together with what it tells of. Each entry
holds the hash of the one before it.

Seal: A signed statement of how many entries there were and what they hash to. Whoever holds a seal can tell whether
anything before it was changed later.

SHA-256: A fingerprint of a text: whoever changes a letter gets another one.

Times: Local times of the practice unless UTC is said.
"""
_CHECKING = """
The folder that this PDF lies in can be checked without us and without a network: python3 verify.py

It compares every file with manifest.json, manifest.json with the ledger entry that was written when the binder was
made, that entry and all others in proof/entries.jsonl with the sealed log, and the seal with the practice's key.

The entries of other periods and topics are not in this binder. Hashes stand in their places, so that it can be checked
that the entries shown are the ones that were written, without a word of the others.

Who was not there when a seal was made can trust it as far as the key: ask for the key another way than with the
binder, and call verify.py with --key.
"""
GAPS = (
    "What an investigator may ask for and will not find here, or not as it should be. "
    "The program that made the binder put the list together."
)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.strip().split("\n\n")]


READING = [tuple(each.split(": ", 1)) for each in _paragraphs(_READING)]
"""Words and what they mean."""
CHECKING = _paragraphs(_CHECKING)
