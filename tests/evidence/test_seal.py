"""Seal and verify: what a receipt proves, what erasure leaves, what a change of key carries over, what is published."""

import hashlib
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.bundle.check import check
from tanba.bundle.container import safe_name
from tanba.bundle.make import Contents, Item, make
from tanba.cli import main
from tanba.errors import EvidenceError, InputError, StoreError
from tanba.handover import hand_over
from tanba.ids import uuid7
from tanba.ledger import home
from tanba.ledger.audit import against, audit
from tanba.ledger.checkpoint import Signed
from tanba.ledger.entry import Entry
from tanba.ledger.log import Log
from tanba.ledger.merkle import leaf_hash
from tanba.ledger.note import LOG, Signer
from tanba.ledger.policy import Policy, parse
from tanba.ledger.publish import publish, tile_path
from tanba.ledger.store.sqlite import SqliteStore
from tanba.seal import Artifact, Opening, Receipt, Trust, measure, ready, receipt, seal, verify
from tanba.storage.memory import MemoryStore
from tanba.workspace import Workspace, current

SIGNER = Signer("ledger.example/1", LOG, b"s" * 32)
TRUST = Trust(Policy({SIGNER.key: ""}))
PERSON = {"id": "019a", "name": "Айгерім Сәдуақасова"}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = Log(SqliteStore(tmp_path / "ledger.db"), SIGNER)
    yield log
    log.store.close()


def made(content: bytes = b"content", **fields: Any) -> Artifact:
    return Artifact("assessment", "tanba.assessment/1", content, "assessment.json", author=PERSON, **fields)


def test_a_sealed_artifact_is_kept_entered_and_proved(log: Log) -> None:
    store = MemoryStore()
    found = seal(made(system="scorer", organisation="190140999998"), log, store)
    assert found.artifact
    assert store.get(found.artifact.digest) == b"content"
    verdict = verify(found, TRUST, measure(b"content"))
    assert verdict.words == ("unwitnessed", "untimed")
    assert (verdict.entry.kind, verdict.entry.system, verdict.entry.organisation) == ("assessment", "scorer", "190140999998")
    assert Receipt.parse(bytes(found)) == found
    with pytest.raises(EvidenceError, match="not what was sealed"):
        verify(found, TRUST, measure(b"Content"))


def test_the_ledger_learns_no_name_no_content_and_no_digest(log: Log) -> None:
    content = b"Tokayev Askar, 900101300123"
    found = seal(made(content), log, MemoryStore())
    entry = log.entry(0)
    assert found.artifact
    for secret in (content, PERSON["name"].encode(), found.artifact.digest.encode(), hashlib.sha256(content).digest(), b"assessment.json"):
        assert secret not in entry
    assert seal(made(content), log, MemoryStore()).entry != found.entry  # equal contents do not show as equal
    assert len({Entry.parse(log.entry(position)).commitment for position in range(2)}) == 2


def test_what_was_erased_leaves_a_proof_that_says_nothing(log: Log) -> None:
    seal(made(), log, MemoryStore())
    verdict = verify(receipt(log, 0, None, None), TRUST)
    assert verdict.words == ("unwitnessed", "untimed", "erased")
    with pytest.raises(EvidenceError, match="not what was sealed"):
        verify(receipt(log, 0, None, None), TRUST, measure(b"content"))


def test_the_same_id_is_entered_once(log: Log) -> None:
    sealing = ready(made(), uuid7())
    assert [log.append(sealing.event, sealing.id) for _ in range(3)] == [0, 0, 0]
    assert log.head().checkpoint.size == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "Assessment"},
        {"kind": ""},
        {"kind": "x" * 41},
        {"schema": "tanba assessment"},
        {"name": "../x"},
        {"name": ".hidden"},
        {"name": "a/b"},
        {"name": ""},
        {"name": "a\nb"},
        {"media_type": "html"},
        {"system": "x" * 81},
        {"system": "a\x00"},
        {"organisation": "\ud800"},
        {"author": {"name": 7}},
    ],
)
def test_values_outside_their_form_are_refused_before_anything_is_written(fields: dict[str, Any]) -> None:
    values = {"kind": "a", "schema": "b", "content": b"", "name": "c", "media_type": "text/plain", **fields}
    with pytest.raises((EvidenceError, InputError)):
        ready(Artifact(**values))


@given(
    st.binary(max_size=200),
    st.dictionaries(
        st.text(st.characters(max_codepoint=126, min_codepoint=33), min_size=1, max_size=9),
        st.text(st.characters(exclude_categories=["Cs"])),
        max_size=3,
    ),
)
def test_openings_open_and_nothing_else_does(content: bytes, author: dict[str, str]) -> None:
    sealing = ready(Artifact("a", "b", content, "c", "text/plain", author=author or None))
    fields = json.loads(sealing.event[:-1] + b',"time":"x"}')
    assert len(fields["commitment"]) == 64
    assert (fields["author"] is None) == (not author)
    assert sealing.artifact == Opening(hashlib.sha256(content).hexdigest(), "text/plain", "c", sealing.artifact.salt, len(content))


def test_a_receipt_of_an_older_time_is_taken_under_the_earliest_confirmed_checkpoint(log: Log) -> None:
    for number in range(3):
        seal(made(b"%d" % number), log, MemoryStore())
        log.keep(log.head(), [b"not looked at here"] if number == 1 else [])
    assert [receipt(log, position, None, None).proof.signed.checkpoint.size for position in range(3)] == [2, 2, 3]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"schema":"tanba.receipt/1"}', "x" * (2 << 20), '"\\ud800"', "[" * 100_000])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a receipt"):
        Receipt.parse(text.encode())


def ledger_of(workspace: Workspace, count: int) -> Log:
    log = home.open_ledger(workspace)
    for _ in range(count):
        seal(made(), log, MemoryStore())
    return log


def test_a_new_key_goes_on_with_the_ledger_and_who_trusts_the_old_one_trusts_it(tmp_path: Path) -> None:
    workspace = current()
    log = ledger_of(workspace, 3)
    old = log.keyring.signer.key
    before = [receipt(log, position, None, None) for position in range(3)]
    new, signed = hand_over(workspace)
    newer, _ = hand_over(workspace)
    seal(made(b"after"), log, MemoryStore())  # the running process notices that the key is another one
    assert log.keyring.signer.key == newer
    assert log.head().by([newer]) == [newer]
    assert old.name == new.name == newer.name
    assert [key.text for key in log.keyring.former] == [new.text, old.text]
    assert audit(log.store, log.keyring.keys) == []
    assert len({old, new, newer}) == 3
    late = receipt(log, 5, None, None)
    path = tmp_path / "bundle.zip"
    contents = Contents([Item(each, lambda: None) for each in (*before, late)], rotations=home.rotations(workspace))
    make(path, contents, log, datetime.now(UTC))
    believed = {"old": old, "new": new, "newest": newer}
    words = {
        name: [set(r.words) & {"unattributed"} for r in check(path, Trust(Policy({key: ""}))).artifacts] for name, key in believed.items()
    }
    none, some = set(), {"unattributed"}  # type: ignore[var-annotated]
    assert words == {"old": [none] * 4, "new": [some] * 3 + [none], "newest": [some] * 3 + [none]}
    assert signed.checkpoint.size == 4
    log.store.close()


def test_changes_of_key_at_once_follow_one_another() -> None:
    workspace = current()
    ledger_of(workspace, 1).store.close()
    with ThreadPoolExecutor(4) as threads:
        made_keys = [each.result()[0] for each in [threads.submit(hand_over, workspace) for _ in range(4)]]
    changes = [json.loads(change["artifact"]) for change in home.rotations(workspace)]
    assert {change["new"] for change in changes} == {key.text for key in made_keys}
    assert [change["old"] for change in changes[1:]] == [change["new"] for change in changes[:-1]]
    log = home.open_ledger(workspace)
    assert log.head().by([log.keyring.signer.key])
    assert log.keyring.signer.key.text == changes[-1]["new"]
    assert audit(log.store, log.keyring.keys) == []
    log.store.close()


def test_a_change_of_key_that_was_interrupted_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = current()
    ledger_of(workspace, 1).store.close()
    for place in ("tanba.handover._record", "tanba.handover._add_line", "tanba.handover.sync_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(place, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                hand_over(workspace)
        keyring = home.keyring(workspace)
        assert keyring.signer.key not in keyring.former
    hand_over(workspace)
    log = home.open_ledger(workspace)
    kinds = [Entry.parse(entry).kind for _, entry in log.store.entries(0, 100)]
    assert (
        kinds.count("ledger.key")
        == len(home.rotations(workspace))
        == len(set(kinds and [c["artifact"] for c in home.rotations(workspace)]))
    )
    assert audit(log.store, log.keyring.keys) == []
    log.store.close()


def test_a_ledger_without_its_key_is_not_given_a_new_one() -> None:
    workspace = current()
    ledger_of(workspace, 1).store.close()
    key = workspace.keys / home.KEY
    written = key.read_text()
    key.unlink()
    with pytest.raises(InputError, match="the ledger has entries"):
        home.open_ledger(workspace)
    for wrong in ("", "PRIVATE+KEY+x", "\x00", written[:-2], written.replace("tanba", "tanbb")):
        key.write_text(wrong)
        with pytest.raises((InputError, EvidenceError)):
            home.open_ledger(workspace).head()
    assert key.stat().st_mode & 0o077 in (0, 0o044)


def test_a_published_ledger_is_the_same_tree_and_is_added_to(log: Log, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    written: set[Path] = set()
    for count in (0, 3, 300, 270):
        log.append_many([(ready(made(b"%d" % number)).event, None) for number in range(count)])
        signed = publish(log, folder)
        assert Signed.parse((folder / "checkpoint").read_text()) == signed
        full = {path for path in folder.rglob("*") if path.is_file() and ".p/" not in str(path) and path.name != "checkpoint"}
        assert written <= full
        written = full
        size = signed.checkpoint.size
        leaves, entries = b"", []
        for number in range((size + 255) // 256):
            width = min(256, size - number * 256)
            leaves += (folder / "tile/0" / tile_path(number, width)).read_bytes()
            bundle = (folder / "tile/entries" / tile_path(number, width)).read_bytes()
            while bundle:
                length = int.from_bytes(bundle[:2], "big")
                entries.append(bundle[2 : 2 + length])
                bundle = bundle[2 + length :]
        assert leaves == b"".join(map(leaf_hash, entries))
        assert len(entries) == size
    assert (folder / "tile/1/000.p/2").read_bytes() == b"".join(log.nodes(8, 0, 2))


def test_a_ledger_is_not_published_over_another(log: Log, tmp_path: Path) -> None:
    """Neither over a stranger's, nor over a newer state of its own, whose tiles may be others."""
    folder, other = tmp_path / "site", Log(SqliteStore(tmp_path / "other.db"), SIGNER)
    for ledger, count in ((log, 300), (other, 600)):
        ledger.append_many([(ready(made(b"%d" % number)).event, None) for number in range(count)])
    publish(other, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(EvidenceError, match="does not continue"):
        publish(log, folder)
    log.append_many([(ready(made(b"%d" % number)).event, None) for number in range(600)])
    with pytest.raises(EvidenceError, match="does not continue"):
        publish(log, folder)
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "checkpoint").unlink()  # a first publishing that was interrupted: what lies there is not believed
    publish(log, folder)
    assert (folder / "tile/0/000").read_bytes() == b"".join(log.nodes(0, 0, 256))
    (folder / "checkpoint").write_text("nonsense")
    with pytest.raises(EvidenceError, match="not a signed note"):
        publish(log, folder)
    other.store.close()


def test_a_file_that_cannot_be_read_is_missing_in_the_bundle(log: Log, tmp_path: Path) -> None:
    def damaged() -> bytes:
        raise StoreError("is damaged")

    receipts = [seal(made(b"%d" % number), log, MemoryStore()) for number in range(3)]
    items = [Item(each, damaged if number == 1 else partial(bytes, b"%d" % number)) for number, each in enumerate(receipts)]
    found = make(tmp_path / "x.zip", Contents(items), log, datetime.now(UTC))
    assert {name: error.message for name, error in found.missing.items()} == {"artifacts/0002/assessment.json": "is damaged"}
    report = check(tmp_path / "x.zip", TRUST)
    assert [each.words[0] for each in report.artifacts] == ["unwitnessed", "missing", "unwitnessed"]
    assert report.exit_code(["unwitnessed", "untimed"]) == 1
    page = zipfile.ZipFile(tmp_path / "x.zip").read("data/index.html").decode()
    assert page.count("artifacts/0002/assessment.json: ") == 3
    assert 'href="artifacts/0002' not in page


def test_a_bundle_is_made_with_one_file_in_memory(log: Log, tmp_path: Path) -> None:
    size = 4 << 20
    contents = [hashlib.shake_256(b"%d" % number).digest(size) for number in range(2)]
    receipts = [seal(made(contents[number % 2]), log, MemoryStore()) for number in range(12)]
    items = [Item(each, partial(lambda number: bytes(bytearray(contents[number % 2])), number)) for number, each in enumerate(receipts)]
    tracemalloc.start()
    make(tmp_path / "x.zip", Contents(items), log, datetime.now(UTC))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * size
    assert len(check(tmp_path / "x.zip", TRUST).artifacts) == 12


def test_a_bundle_is_a_bag_and_the_same_each_time(log: Log, tmp_path: Path) -> None:
    items = [Item(seal(made(b"%d" % number), log, MemoryStore()), partial(bytes, b"%d" % number)) for number in range(3)]
    items.append(Item(receipt(log, 1, None, None), lambda: None))
    contents = Contents(items, policy=parse(f"log {SIGNER.key.text}\nquorum none\n"))
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    for path in (first, second):
        make(path, contents, log, datetime(2026, 11, 22, tzinfo=UTC))
    assert first.read_bytes() == second.read_bytes()
    zipfile.ZipFile(first).extractall(tmp_path / "bag")
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    report = check(first, TRUST)
    assert report.words == ("unwitnessed", "untimed", "erased", "verified")
    assert report.exit_code(["unwitnessed", "untimed"]) == 0
    page = (tmp_path / "bag/data/index.html").read_text()
    for word in ("Дәлелдемелер пакеті", "Пакет доказательств", "Evidence bundle", "бағалау", "мазмұны жойылған"):
        assert word in page
    with pytest.raises(InputError, match="cannot be written"):
        make(tmp_path / "absent" / "x.zip", contents, log, datetime.now(UTC))


def test_a_checkpoint_kept_from_before_is_proved_or_shows_the_cut(log: Log, tmp_path: Path) -> None:
    for number in range(5):
        seal(made(b"%d" % number), log, MemoryStore())
    known = log.head().checkpoint
    for number in range(5):
        seal(made(b"%d" % number), log, MemoryStore())
    assert against(log, known) == []
    path = tmp_path / "x.zip"
    make(path, Contents([], known=[known]), log, datetime.now(UTC))
    assert check(path, TRUST, [known]).exit_code() == 0
    make(path, Contents([]), log, datetime.now(UTC))
    assert check(path, TRUST, [known]).exit_code() == 3


def test_sealing_and_checking_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    say = ["--lang", "en"]
    assert main(["seal", "a.txt", *say]) == 0
    assert main(["seal", "a.txt", *say]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["seal", "--check", "a.txt", *say]) == 3
    Path("a.txt").write_text("y")
    assert main(["seal", "--check", "a.txt", *say]) == 1
    assert "altered" in capsys.readouterr().out
    for wrong in (
        ["seal", "absent"],
        ["seal", "a.txt", "--kind", "Über"],
        ["seal", "--check", "a.txt", "--accept", "altered"],
        ["seal", "--check", "a.txt", "--policy", "a.txt"],
    ):
        assert main([*wrong, *say]) == 2
    Path("junk.json").write_text("{}")
    assert main(["seal", "--check", "a.txt", "--receipt", "junk.json", *say]) == 2
    assert main(["ledger", "prove", "0", *say]) == 0
    assert main(["ledger", "prove", "7", *say]) == 1
    assert main(["ledger", "prove", "no-such-id", *say]) == 2
    assert main(["ledger", "check", *say]) == 0
    assert main(["ledger", "checkpoint", "--publish", "site", *say]) == 0
    Path("kept.txt").write_text(Path("site/checkpoint").read_text())
    assert main(["ledger", "check", "--against", "kept.txt", "--format", "json"]) == 0
    assert main(["ledger", "check", "--against", "junk.json", *say]) == 2
    assert main(["ledger", "witness", *say]) == 2
    assert main(["ledger", "witness", "--log", "nonsense", *say]) == 2
    assert main(["bundle", "check", "junk.json", *say]) == 2
    assert main(["bundle", "make", "--system", "x", *say]) == 2
    assert main(["ledger", "new-key", *say]) == 0
    assert main(["ledger", "check", "--against", "kept.txt", *say]) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_a_disk_that_does_not_take_the_content_enters_nothing(log: Log) -> None:
    class Full(MemoryStore):
        def put(self, content: Any) -> str:
            raise StoreError("full")

    with pytest.raises(StoreError):
        seal(made(), log, Full())
    assert log.head().checkpoint.size == 0


def test_a_running_ledger_that_became_smaller_takes_no_more(tmp_path: Path) -> None:
    """An older copy was put in place under a running server: it must not sign a fork."""
    path = tmp_path / "ledger.db"
    log = Log(SqliteStore(path), SIGNER)
    seal(made(), log, MemoryStore())
    log.store.close()
    older = path.read_bytes()
    seal(made(), log, MemoryStore())
    log.store.close()
    path.write_bytes(older)
    with pytest.raises(EvidenceError, match="had 2 entries and now has 1"):
        seal(made(), log, MemoryStore())
    with pytest.raises(EvidenceError, match="had 2 entries and now has 1"):
        log.head()
    log.store.close()


def test_a_proof_of_no_position(log: Log) -> None:
    seal(made(), log, MemoryStore())
    for position in (-1, 1):
        with pytest.raises(EvidenceError):
            log.prove(position)


def test_no_second_ledger_begins_under_the_key_of_one_that_is_gone() -> None:
    workspace = current()
    ledger_of(workspace, 1).store.close()
    workspace.ledger.unlink()
    with pytest.raises(InputError, match="its ledger is gone"):
        home.open_ledger(workspace)


def test_a_content_that_packs_too_well_is_stored_and_the_bundle_can_be_read(log: Log, tmp_path: Path) -> None:
    zeros = bytes(3 << 20)
    path = tmp_path / "x.zip"
    make(path, Contents([Item(seal(made(zeros), log, MemoryStore()), lambda: zeros)]), log, datetime.now(UTC))
    assert check(path, TRUST).words == ("unwitnessed", "untimed", "verified")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Отчёт.pdf", "artifact.pdf"),
        ("a.tar.gz", "a.tar.gz"),
        ("report", "report"),
        ("Есеп 2026.xlsx", "2026.xlsx"),
        ("..", "artifact"),
        ("жоқ", "artifact"),
    ],
)
def test_names_in_a_bundle_keep_their_ending(name: str, safe: str) -> None:
    assert safe_name(name, "artifact") == safe


def test_a_receipt_that_cannot_be_written_leaves_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    assert main(["seal", "a.txt"]) == 0
    size = home.open_ledger(current())
    before = size.head().checkpoint.size
    size.store.close()
    for wrong in (
        ["--receipt", "absent/r.json"],
        ["--kind", "ledger.key", "--receipt", "r.json"],
        ["--kind", "acceptance", "--receipt", "r.json"],
    ):
        assert main(["seal", "a.txt", *wrong]) == 2
    assert main(["seal", "."]) == 2
    log = home.open_ledger(current())
    assert log.head().checkpoint.size == before
    log.store.close()
    assert not Path("r.json").exists()


def test_a_damaged_record_of_keys_is_said() -> None:
    workspace = current()
    ledger_of(workspace, 1).store.close()
    workspace.ledger_keys.write_text("{torn")
    with pytest.raises(InputError, match="is damaged"):
        home.open_ledger(workspace)
