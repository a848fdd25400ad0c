"""Witnesses and time-stamping authorities, over HTTP on loopback, and what a ledger makes of them."""

import base64
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from evidence.servers import answering, authority, make_authority, needs_openssl, wsgi
from tanba.cli import main
from tanba.errors import EvidenceError, InputError, NetworkError
from tanba.ledger import home, timestamp, witness
from tanba.ledger.checkpoint import Checkpoint, Signed
from tanba.ledger.log import Log
from tanba.ledger.merkle import EMPTY_ROOT
from tanba.ledger.note import LOG, WITNESS, Signer
from tanba.ledger.policy import Policy
from tanba.ledger.policy import parse as parse_policy
from tanba.ledger.store.sqlite import SqliteStore
from tanba.ledger.witness import Witness, application
from tanba.net import post
from tanba.seal import Artifact, Trust, ready, receipt, verify
from tanba.workspace import Workspace, current

KEY = Signer("ledger.example/1", LOG, b"k" * 32)
OTHER = Signer("ledger.example/2", LOG, b"o" * 32)
WITNESS_KEY = Signer("witness.example/w", WITNESS, b"w" * 32)


def artifact(number: int = 0) -> Artifact:
    return Artifact("file", "file", b"content %d" % number, "a.txt", "text/plain")


@contextmanager
def ledger(path: Path, signer: Signer = KEY) -> Iterator[Log]:
    log = Log(SqliteStore(path), signer)
    try:
        yield log
    finally:
        log.store.close()


def grow(log: Log, count: int) -> None:
    for number in range(count):
        sealing = ready(artifact(number))
        log.append(sealing.event, sealing.id)


@pytest.fixture
def watcher(tmp_path: Path) -> Witness:
    return Witness(WITNESS_KEY, [KEY.key], tmp_path / "witness", now=lambda: 1_700_000_000)


def submission(log: Log, old: int, hashes: str = "") -> bytes:
    return f"old {old}\n{hashes}\n{log.head()}".encode()


def test_a_witness_signs_a_ledger_that_grows(tmp_path: Path, watcher: Witness) -> None:
    with ledger(tmp_path / "a.db") as log, wsgi(application(watcher)) as address:
        for count in (0, 1, 4, 300):
            grow(log, count)
            signed = witness.ask(address, WITNESS_KEY.key, log, home.witnessed(log, WITNESS_KEY.key))
            assert signed.note.signed_by([WITNESS_KEY.key]) == {WITNESS_KEY.key: 1_700_000_000}
        assert home.witnessed(log, WITNESS_KEY.key) == 305
        assert witness.ask(address, WITNESS_KEY.key, log).checkpoint.size == 305  # it does not remember: the witness tells it
        policy = parse_policy(f"log {KEY.key.text}\nwitness w {WITNESS_KEY.key.text}\nquorum w\n")
        verdict = verify(receipt(log, 3, None, None), Trust(policy))
        assert verdict.words == ("untimed", "erased")
        assert verdict.witnesses == {"w": 1_700_000_000}


def test_a_witness_remembers_across_restarts_and_shows_an_older_copy(tmp_path: Path, watcher: Witness) -> None:
    with ledger(tmp_path / "a.db") as log, wsgi(application(watcher)) as address:
        grow(log, 3)
        log.store.close()
        shutil.copy(tmp_path / "a.db", tmp_path / "old.db")
        grow(log, 2)
        witness.ask(address, WITNESS_KEY.key, log)
    again = Witness(WITNESS_KEY, [KEY.key], watcher.folder)
    with ledger(tmp_path / "old.db") as log, wsgi(application(again)) as address:
        with pytest.raises(EvidenceError, match="has signed 5 entries; this ledger has 3"):
            witness.ask(address, WITNESS_KEY.key, log)
        grow(log, 4)
        with pytest.raises(EvidenceError, match="rewritten or forked"):
            witness.ask(address, WITNESS_KEY.key, log)


def test_statuses_are_those_of_the_protocol(tmp_path: Path, watcher: Witness) -> None:
    with ledger(tmp_path / "a.db") as log, ledger(tmp_path / "b.db", OTHER) as unknown:
        grow(log, 2)
        grow(unknown, 1)
        node = base64.b64encode(bytes(32)).decode() + "\n"
        forged = submission(log, 0).replace(b"\n2\n", b"\n3\n")
        empty = Checkpoint(KEY.key.name, 0, b"x" * 32).text
        cases = [
            (submission(unknown, 0), 404),
            (forged, 403),
            (submission(log, 0).replace(str(log.head().note.lines[0]).encode(), OTHER.line("x").encode()), 403),
            (submission(log, 3), 400),
            (submission(log, 1), 409),
            (submission(log, 0, node), 422),
            (f"old 0\n\n{empty}\n{KEY.line(empty)}".encode(), 422),
            (b"", 400),
            (b"old 0", 400),
            (b"old 00\n\nx", 400),
            (b"\xff\xfe", 400),
            (b"old 0\n" + node.encode() * 64 + b"\n" + str(log.head()).encode(), 400),
            (b"x" * 70_000, 400),
        ]
        for body, status in cases:
            assert watcher.add_checkpoint(body).status == status, body[:80]
        assert watcher.checkpoint("0" * 64).status == 404
        assert watcher.add_checkpoint(submission(log, 0)).status == 200
        assert watcher.add_checkpoint(submission(log, 0)).body == "2\n"
        assert watcher.add_checkpoint(submission(log, 2)).status == 200
        assert watcher.add_checkpoint(submission(log, 2, node)).status == 422
        with wsgi(application(watcher)) as address:
            assert post(f"{address}/elsewhere", b"", "text/plain").status == 404
            name = witness._name(KEY.key.name)
            kept = watcher.checkpoint(name)
            assert Signed.parse(kept.body).checkpoint.size == 2
            assert watcher.checkpoint("../../etc/passwd").status == 404


def test_an_empty_ledger_may_be_witnessed(watcher: Witness) -> None:
    text = Checkpoint(KEY.key.name, 0, EMPTY_ROOT).text
    assert watcher.add_checkpoint(f"old 0\n\n{text}\n{KEY.line(text)}".encode()).status == 200


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"", "did not sign"),
        (200, b"\xff", "did not sign"),
        (200, WITNESS_KEY.line("another text\n", 5).encode(), "did not sign"),
        (200, Signer("x", WITNESS, b"x" * 32).line("y", 5).encode(), "did not sign"),
        (409, b"many", "did not answer as agreed"),
        (500, b"", "did not sign"),
        (302, b"", "did not sign"),
        (200, b"x" * (2 << 20), "answers with more"),
    ],
)
def test_a_witness_that_answers_otherwise_changes_nothing(tmp_path: Path, status: int, body: bytes, said: str) -> None:
    with ledger(tmp_path / "a.db") as log, answering(status, body) as address:
        grow(log, 2)
        with pytest.raises(NetworkError, match=said):
            witness.ask(address, WITNESS_KEY.key, log)
        assert log.store.anchors() == []


def test_nobody_there(tmp_path: Path) -> None:
    with ledger(tmp_path / "a.db") as log:
        grow(log, 1)
        with pytest.raises(NetworkError, match="does not answer"):
            witness.ask("http://127.0.0.1:9", WITNESS_KEY.key, log)
        for address in ("ftp://x", "file:///etc/passwd", "nonsense", "https://"):
            with pytest.raises(InputError, match="not an address"):
                timestamp.ask(address, "text")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("authority"))


@needs_openssl
def test_a_time_stamp_leads_to_a_trusted_root_or_says_so(tmp_path: Path, root: Path) -> None:
    with ledger(tmp_path / "a.db") as log, authority(root.parent) as address:
        grow(log, 2)
        text = log.head().checkpoint.text
        stamp = timestamp.ask(address, text)
        roots = timestamp.read_roots(root)
        assert timestamp.check(stamp, text, roots) is not None
        assert timestamp.check(stamp, text, []) is None
        with pytest.raises(EvidenceError, match="not over this checkpoint"):
            timestamp.check(stamp, text + "x", roots)
        for noise in (b"", b"0", stamp[:-1], stamp[:40], b"\x30\x80" + stamp, bytes(100)):
            with pytest.raises(EvidenceError, match="not a time stamp"):
                timestamp.check(noise, text, roots)
        log.keep(log.head(), [stamp])
        grow(log, 3)
        early, late = (verify(receipt(log, position, None, None), Trust(Policy(), roots)) for position in (0, 4))
        assert (early.time is not None, "untimed" in early.words) == (True, False)
        assert (late.time, "untimed" in late.words) == (None, True)


@needs_openssl
@pytest.mark.parametrize("place", range(0, 2200, 100))
def test_a_time_stamp_with_a_bit_turned_over_gives_no_other_time(tmp_path: Path, root: Path, place: int) -> None:
    with authority(root.parent) as address:
        stamp = bytearray(timestamp.ask(address, "text"))
    good = timestamp.check(bytes(stamp), "text", timestamp.read_roots(root))
    stamp[place % len(stamp)] ^= 1
    with suppress(EvidenceError):
        assert timestamp.check(bytes(stamp), "text", timestamp.read_roots(root)) in (good, None)


@pytest.mark.parametrize(("status", "body"), [(200, b""), (200, b"rubbish"), (404, b""), (302, b"")])
def test_an_authority_that_gives_no_time_stamp(status: int, body: bytes) -> None:
    with answering(status, body) as address, pytest.raises(NetworkError, match="gave no time stamp"):
        timestamp.ask(address, "text")


def test_files_that_hold_no_roots(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    for path in (tmp_path / "x.pem", tmp_path / "absent.pem", tmp_path):
        with pytest.raises(InputError, match="holds no certificates"):
            timestamp.read_roots(path)


@needs_openssl
def test_the_command_line_asks_everybody_and_a_renewed_receipt_says_so(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    assert main(["ledger", "status", "--lang", "en"]) == 2
    assert main(["seal", "a.txt", "--author", "Aigerim", "--lang", "en"]) == 0
    assert main(["ledger", "checkpoint", "--confirm", "--lang", "en"]) == 2
    assert "nobody is named" in capsys.readouterr().err
    workspace: Workspace = current()
    log = home.open_ledger(workspace)
    own = log.keyring.signer.key
    log.store.close()
    watcher = home.open_witness(Workspace(tmp_path / "other").create(), "", [own])
    with wsgi(application(watcher)) as witness_at, authority(root.parent) as authority_at:
        name = watcher.signer.key.name
        workspace.trust.write_text(f"witness w {watcher.signer.key.text} {witness_at}\nquorum w\n")
        workspace.settings.write_text(f'timestamp_authority = "{authority_at}"\n')
        Path("policy.txt").write_text(f"log {own.text}\n{workspace.trust.read_text()}")
        check = ["seal", "--check", "a.txt", "--policy", "policy.txt", "--tsa", str(root), "--lang", "en"]
        assert main(check) == 3
        assert main(["ledger", "checkpoint", "--confirm", "--lang", "en"]) == 0
        assert name in capsys.readouterr().out
        assert main(["seal", "--renew", "a.txt", "--lang", "en"]) == 0
        assert main(check) == 0
        assert main(["ledger", "check", "--ask", "--lang", "en"]) == 0
        assert main(["ledger", "status", "--format", "json"]) == 0
    status = json.loads(capsys.readouterr().out.rpartition("\n{\n")[2].join(["{\n", ""]))
    assert status["anchors"] == [{"size": 1, "timestamps": 1, "witnesses": 1}]
    assert main(["ledger", "check", "--ask", "--lang", "en"]) == 3  # nobody answers: no fault of the ledger, but not checked either
    assert "does not answer" in capsys.readouterr().out


def test_a_time_stamp_of_very_many_parts_is_refused_at_once() -> None:
    inner = b"\x05\x00" * 360_000
    many = b"\x30\x83" + len(inner).to_bytes(3, "big") + inner
    begun = time.monotonic()
    with pytest.raises(EvidenceError, match="not a time stamp"):
        timestamp.check(many, "text", [])
    assert time.monotonic() - begun < 0.5


def test_a_fork_that_a_witness_answers_with_409_is_called_so(tmp_path: Path) -> None:
    """The protocol wants 409 where sizes are equal and roots are not."""
    with ledger(tmp_path / "a.db") as log, answering(409, b"2\n", "text/x.tlog.size") as address:
        grow(log, 2)
        with pytest.raises(EvidenceError, match="rewritten or forked"):
            witness.ask(address, WITNESS_KEY.key, log)
