"""The binder: what an investigator asks for, whole and checkable without us; whatever is done to it is found."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader
from pypdf.generic import Destination

from deployments.binder.making import Made, NoRoomForBinderError, make_binder
from models import clock, ledger
from models.answering import record_answer
from models.audit_record import check_record
from models.binder.scope import PeriodError, Scope
from models.binder.tabs import TABS, UnknownTopicError
from models.binder.verify import findings, read_binder
from models.checkpoints import Checkpoint, read_note
from models.documents import hash_of, keep
from models.events import Event
from models.history import Copied, Kind
from models.history_copies import keep as keep_copy
from models.seal_key import change_seal_key, known_keys, load_seal_key
from models.settings import load_settings
from models.store import reading, snapshot, transaction
from models.submissions import Submission
from models.tables import Clinic, Policy, PolicyVersion, Vendor
from portal.testing.grove import APPROVAL, POLICY, ZONE, Grove

CLINIC = "maple-grove"
REASON = "Dana Q. Patient complained about it."


@pytest.fixture
def grove(store: str) -> Grove:
    """Write a record with a policy, vendors, answers, an open request and a copy of Prefect's history."""
    grove = Grove.planted()
    with transaction() as tx:
        keep(tx.session, POLICY)
        policy = Policy(
            id=f"{CLINIC}/sanctions",
            clinic=CLINIC,
            slug="sanctions",
            title="Workforce Sanctions",
            owner_id=grove.person("maya"),
            citations=["45 CFR 164.530(e)"],
        )
        tx.session.add(policy)
        tx.session.flush()
        tx.session.add(
            PolicyVersion(
                policy_id=policy.id,
                number=3,
                sha256=hash_of(POLICY),
                effective_on=date(2025, 1, 1),
                approved_by_id=grove.person("nadia"),
            )
        )
        tx.session.add(Vendor(clinic=CLINIC, name='=HYPERLINK("x")', service="Reminders", handles_phi="yes"))
        tx.session.add(Vendor(clinic=CLINIC, name="Shred & Co", service="Shredding", handles_phi="no"))
    asked = grove.ask("maya")
    record_answer(asked.link_id, Submission("keep", "Maya Ortiz", REASON, shown_sha256=hash_of(POLICY)))
    grove.ask("theo", choices=APPROVAL, verb="approve the Sanctions policy")
    seen = [Copied(Kind.FLOW_RUN, "run", {"name": "maple-grove policy-review 2027"})]
    with transaction() as tx:
        keep_copy(tx, grove.cycle, seen, last=False, actor="test")
    with transaction() as tx:
        tx.session.add(Clinic(slug="oak", name="Oak", time_zone="UTC"))
        tx.record("oak", Event.CLINIC_APPLIED, actor="test")
    return grove  # fmt: skip


def scope(**changes: object) -> Scope:
    today = clock.today(ZONE)
    given = {"clinic": CLINIC, "time_zone": ZONE, "first": today - timedelta(days=30), "last": today, **changes}
    return Scope(**given)  # type: ignore[arg-type]


def made_in(folder: Path, *, zipped: bool = False, **changes: object) -> Made:
    return make_binder(scope(**changes), folder / ("b.zip" if zipped else "binder"), "test", zipped=zipped)


def checked(path: Path, *arguments: str) -> tuple[int, str]:
    """Let the binder's own verify.py check it, as a stranger would: alone, with Python and nothing else."""
    program = path / "verify.py" if path.is_dir() else Path(__file__).parents[3] / "models" / "binder" / "verify.py"
    command = [sys.executable, "-I", "-S", str(program), *([] if path.is_dir() else [str(path)]), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd="/")
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_who_has_the_key_from_before_a_change_can_check_a_binder_of_today(grove: Grove, tmp_path: Path):
    folder = load_settings().data_dir
    before = [load_seal_key(folder).public_key().public_bytes_raw().hex()]
    for _ in range(2):
        change_seal_key(folder, "2027-01-15T12:00:00.000000Z")
        before.append(load_seal_key(folder).public_key().public_bytes_raw().hex())
    made = made_in(tmp_path)
    for key in before:
        assert checked(made.path, "--key", key)[0] == 0
    file = made.path / "proof" / "keys.json"
    held = json.loads(file.read_text())
    forged = Ed25519PrivateKey.generate()
    held["changes"][1] |= {"old": forged.public_key().public_bytes_raw().hex()}
    file.write_text(json.dumps(held))
    code, said = checked(made.path, "--key", held["changes"][1]["old"])
    assert (code, "the key you gave is not the one that came with the binder" in said) == (1, True)
    assert checked(made.path, "--key", before[1])[0] == 0
    assert checked(made.path)[0] == 0


def test_a_key_of_before_signs_no_binder_of_today(grove: Grove, tmp_path: Path):
    folder = load_settings().data_dir
    old = load_seal_key(folder)
    change_seal_key(folder, "2027-01-15T12:00:00.000000Z")
    made = made_in(tmp_path)
    file = made.path / "proof" / "seal.txt"
    file.write_text(Checkpoint.of(file.read_text()).signed(old))
    assert checked(made.path)[0] == 1
    assert "the seal was signed with another key" in checked(made.path)[1]


def test_a_binder_is_as_it_was_made(grove: Grove, tmp_path: Path):
    made = made_in(tmp_path)
    code, said = checked(made.path)
    assert code == 0, said
    assert re.match(r"This binder is as it was made: \d+ files, (\d+) of \1 entries of maple-grove\.\n", said)
    assert "The key that signed it came with it." in said
    key = json.loads((made.path / "proof" / "keys.json").read_text())["ed25519"]
    assert checked(made.path, "--key", key) == (0, said.splitlines()[0] + "\n")
    with snapshot() as session:
        keys = known_keys(load_settings().data_dir)
        assert check_record(session, CLINIC, keys).findings == []
        assert read_note((made.path / "proof" / "seal.txt").read_text(), keys).log == CLINIC


def test_a_zip_holds_the_same(grove: Grove, tmp_path: Path):
    made = made_in(tmp_path, zipped=True)
    assert checked(made.path)[0] == 0
    with zipfile.ZipFile(made.path) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"b"}


def test_it_holds_what_the_record_holds(grove: Grove, tmp_path: Path):
    path = made_in(tmp_path).path
    assert (path / "documents" / "sanctions-version-3.md").read_text() == POLICY
    (review, _) = json.loads((path / "data" / "01-policy-reviews.json").read_text())["rows"]
    assert review["what they said"] in {"No change needed", "not answered yet"}
    vendors = (path / "data" / "08-business-associates.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in vendors, "no spreadsheet takes it for a formula"
    gaps = {gap["what"] for gap in json.loads((path / "data" / "gaps.json").read_text())}
    assert '=HYPERLINK("x") handles patient data and has no agreement on record.' in gaps
    assert "Access requests: nothing is recorded here." in gaps
    assert "Nobody is named as security official." in gaps
    (copy,) = (path / "prefect").rglob("*.json")
    assert json.loads(copy.read_text())["cycle"] == grove.cycle


def test_reasons_that_people_wrote_are_in_it_only_when_asked_for_and_the_ledger_says_so(grove: Grove, tmp_path: Path):
    without = made_in(tmp_path / "without")
    with_them = made_in(tmp_path / "with", with_case_facts=True)
    for made, there in ((without, False), (with_them, True)):
        everything = b"".join(path.read_bytes() for path in made.path.rglob("*.*") if path.is_file())
        assert (REASON.encode() in everything) == there
    flags = [entry["facts"]["case_facts"] for entry in grove.entries(Event.BINDER_EXPORTED)]
    assert flags == [False, True]


def test_a_topic_keeps_the_entries_of_others_out_and_still_proves(grove: Grove, tmp_path: Path):
    with transaction() as tx:
        tx.record(CLINIC, Event.LEAVE_CHANGED, actor="test", person=grove.person("theo"))
    made = made_in(tmp_path, topic="vendors")
    assert checked(made.path)[0] == 0
    events = [json.loads(line)["event"] for line in (made.path / "proof" / "entries.jsonl").read_text().splitlines()]
    assert events == ["clinic:leave:changed", "binder:binder:exported"]
    assert not (made.path / "data" / "01-policies.csv").exists()


def test_a_period_without_anything_is_a_binder_that_says_so(grove: Grove, tmp_path: Path):
    made = made_in(tmp_path, first=date(2019, 1, 1), last=date(2019, 12, 31))
    assert checked(made.path)[0] == 0
    assert (made.entries, made.path.joinpath("proof", "entries.jsonl").read_text().count("\n")) == (1, 1)
    text = "".join(page.extract_text() for page in PdfReader(made.path / "binder.pdf").pages)
    assert "None in this period." in text


def test_the_pdf_has_an_index_bookmarks_and_every_tab(grove: Grove, tmp_path: Path):
    made = made_in(tmp_path)
    pdf = PdfReader(BytesIO((made.path / "binder.pdf").read_bytes()))
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) == made.pages
    tops = [each for each in pdf.outline if isinstance(each, Destination)]
    assert [each.title for each in tops][2:] == [tab.heading for tab in TABS]
    for each in tops:
        page = pdf.get_destination_page_number(each)
        assert page is not None
        assert str(each.title) in texts[page]
        assert f"{page + 1}\n{each.title}" in texts[1] + texts[2]
    assert all(f"page {number} of {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert "Nadia Révész" in "".join(texts)
    assert "What is not in this binder" in texts[2] + texts[3]


Tamper = Callable[[Path], object]


def edit(name: str, before: bytes, after: bytes) -> Tamper:
    def tamper(binder: Path) -> None:
        content = (binder / name).read_bytes()
        assert before in content
        (binder / name).write_bytes(content.replace(before, after, 1))

    return tamper


def cut(name: str, to: int) -> Tamper:
    return lambda binder: (binder / name).write_bytes((binder / name).read_bytes()[:to])


def remove(name: str) -> Tamper:
    return lambda binder: (binder / name).unlink()


def swap(binder: Path) -> None:
    one, other = binder / "data" / "00-practice.csv", binder / "data" / "05-roster.csv"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def drop_an_entry(binder: Path) -> None:
    lines = (binder / "proof" / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (binder / "proof" / "entries.jsonl").write_bytes(b"".join(lines[1:]))


def drop_an_entry_and_its_place(binder: Path) -> None:
    drop_an_entry(binder)
    proof = json.loads((binder / "proof" / "proof.json").read_text())
    proof["entries"] = proof["entries"][1:]
    (binder / "proof" / "proof.json").write_text(json.dumps(proof))


def sign_with_another_key(binder: Path) -> None:
    seal = binder / "proof" / "seal.txt"
    seal.write_text(Checkpoint.of(seal.read_text()).signed(Ed25519PrivateKey.generate()))


def change_and_name_it_in_the_manifest(binder: Path) -> None:
    edit("binder.pdf", b"%PDF", b"%FDP")(binder)
    manifest = json.loads((binder / "manifest.json").read_text())
    import hashlib  # noqa: PLC0415 - as a forger would

    digest = hashlib.sha256((binder / "binder.pdf").read_bytes()).hexdigest()
    manifest["files"]["binder.pdf"]["sha256"] = digest
    (binder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def copy_in(binder: Path) -> None:
    (folder,) = (each for each in (binder / "prefect").iterdir())
    (folder / "0001.json").write_text("{}")


MANIFEST_WRONG = "manifest.json is not the one that was sealed: it was changed, or is another binder's"
NOT_SEALED = "the entries of the extract are not those that were sealed"
TAMPERING: dict[str, tuple[Tamper, list[str]]] = {
    "a table is edited": (edit("data/05-roster.csv", b"Maya", b"Mara"), ["data/05-roster.csv was changed"]),
    "the PDF is edited": (edit("binder.pdf", b"%PDF", b"%FDP"), ["binder.pdf was changed"]),
    "a policy is edited": (edit("documents/sanctions-version-3.md", b"sanctioned", b"praised"), ["documents/sanctions-version-3.md was changed"]),
    "verify.py is edited": (edit("verify.py", b"Check a binder", b"Praise a binder"), ["verify.py was changed"]),
    "a file is taken away": (remove("data/gaps.json"), ["data/gaps.json is missing"]),
    "a file is put in": (lambda binder: (binder / "data" / "more.csv").write_text("x"), ["data/more.csv was put in: the manifest does not name it"]),
    "two files are swapped": (swap, ["data/00-practice.csv was changed", "data/05-roster.csv was changed"]),
    "a file is cut off": (cut("binder.pdf", 1000), ["binder.pdf was changed"]),
    "a file and the manifest are changed": (change_and_name_it_in_the_manifest, [MANIFEST_WRONG]),
    "the manifest is no JSON": (cut("manifest.json", 50), ["manifest.json cannot be read: …", MANIFEST_WRONG]),
    "the manifest is no text": (edit("manifest.json", b"{", b"\xff"), ["manifest.json cannot be read: …", MANIFEST_WRONG]),
    "an entry is edited": (edit("proof/entries.jsonl", b'"engine"', b'"nobody"'), [NOT_SEALED]),
    "an entry is dropped": (drop_an_entry, ["the extract holds … entries, the proof tells of …"]),
    "an entry and its place are dropped": (drop_an_entry_and_its_place, [NOT_SEALED]),
    "the entries are cut off": (cut("proof/entries.jsonl", 700), ["the proof cannot be read: proof/entries.jsonl does not end where a line ends: it was cut off"]),
    "the proof is changed": (edit("proof/proof.json", b'"size": ', b'"size": 1'), ["the proof is of … entries of maple-grove, the seal of … of maple-grove"]),
    "the seal is edited": (edit("proof/seal.txt", b"sealed 20", b"sealed 19"), ["the seal's signature does not fit its text"]),
    "the seal is another key's": (sign_with_another_key, ["the seal was signed with another key"]),
    "the seal is of another clinic": (edit("proof/seal.txt", b"wellkept/maple-grove", b"wellkept/oak"), ["the proof is of … entries of maple-grove, the seal of … of oak", "the seal's signature does not fit its text"]),
    "the seal is torn": (cut("proof/seal.txt", 40), ["the proof cannot be read: proof/seal.txt is not a seal"]),
    "the seal is missing": (remove("proof/seal.txt"), ["proof/seal.txt is missing"]),
    "the keys are garbled": (edit("proof/keys.json", b'"', b"'"), ["the seal or its keys cannot be read: …"]),
    "a copy is put in": (copy_in, ["prefect/policy-review-2027/0001.json was put in: the manifest does not name it", "1 copies in prefect/ are named by no entry"]),
    "a copy is edited": (edit("prefect/policy-review-2027/0000.json", b"run", b"sun"), ["prefect/policy-review-2027/0000.json was changed", "copy 0 of maple-grove/policy-review/2027, of which entry … tells, is not here", "1 copies in prefect/ are named by no entry"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def untouched() -> dict[str, Path]:
    """Keep one binder for all tests that tamper with a copy of it."""
    return {}


@pytest.mark.parametrize("what", TAMPERING)
def test_whatever_is_done_to_a_binder_is_found(grove: Grove, tmp_path: Path, what: str):
    tamper, expected = TAMPERING[what]
    made = made_in(tmp_path)
    tamper(made.path)
    found = list(findings(read_binder(made.path)))
    assert len(found) == len(expected), found
    for finding, words in zip(found, expected, strict=True):
        assert re.fullmatch(re.escape(words).replace("…", ".+"), finding), finding
    assert checked(made.path)[0] == 1


def test_the_manifest_of_an_older_binder_does_not_pass(grove: Grove, tmp_path: Path):
    older, newer = made_in(tmp_path / "older"), made_in(tmp_path / "newer", topic="policies")
    for each in newer.path.iterdir():
        if each.name != "proof":
            subprocess.run(["cp", "-r", str(each), str(older.path)], check=True)
    assert "NOT as it was made" in checked(older.path)[1]


def test_a_key_that_was_got_another_way_unmasks_a_forged_binder(grove: Grove, tmp_path: Path):
    made = made_in(tmp_path)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    code, said = checked(made.path, "--key", other)
    assert (code, "the key you gave is not the one that came with the binder" in said) == (1, True)
    assert checked(made.path, "--key", "xyz") == (1, "A public key has 64 hexadecimal digits; this is none.\n")


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04 half a zip"), "it is no folder and no whole zip file."),
        (lambda path: path.mkdir(), "holds no manifest.json: it is no binder, or a part is missing."),
        (lambda _: None, "holds no manifest.json: it is no binder, or a part is missing."),
    ],
    ids=["half a zip", "an empty folder", "nothing"],
)
def test_what_is_no_binder_is_told_in_words(tmp_path: Path, prepare: Callable[[Path], object], words: str):
    prepare(tmp_path / "x.zip")
    program = Path(__file__).parents[3] / "models" / "binder" / "verify.py"
    ended = subprocess.run(
        [sys.executable, "-I", str(program), str(tmp_path / "x.zip")], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.strip().endswith(words)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"last": date(2019, 1, 1)}, PeriodError),
        ({"first": date(2199, 1, 1), "last": date(2199, 1, 2)}, PeriodError),
        ({"topic": "astrology"}, UnknownTopicError),
    ],
)
def test_what_cannot_be_exported_is_refused(grove: Grove, changes: dict[str, object], error: type[Exception]):
    with pytest.raises(error):
        scope(**changes).check(clock.today(ZONE))


def test_a_place_that_is_taken_is_left_alone(grove: Grove, tmp_path: Path):
    (tmp_path / "binder").mkdir()
    with pytest.raises(NoRoomForBinderError, match="is there already"):
        made_in(tmp_path)
    assert list(tmp_path.joinpath("binder").iterdir()) == []
    with reading() as session:
        assert not [entry for entry in ledger.entries(session, CLINIC) if b"binder:binder:exported" in entry.body]


def test_where_it_cannot_be_written_nothing_is_left(grove: Grove, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoRoomForBinderError, match="cannot be written"):
        make_binder(scope(), tmp_path / "file" / "binder", "test", zipped=False)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
