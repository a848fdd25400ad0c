"""The vectors of spool and decisions, read by a second implementation that shares no code with the product: it follows the two pages."""

import base64
import hashlib
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from verify.both import Given, run_script

ROOT = Path(__file__).parent.parent.parent
VECTORS = ROOT / "spec" / "vectors"


def kept(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment(salt: bytes, content: bytes) -> str:
    return hashlib.sha256(b"tanba.commitment/1\x0a" + salt + hashlib.sha256(content).digest()).hexdigest()


def salt(part: bytes, secret: bytes) -> bytes:
    return hashlib.sha256(b"tanba.decision-salt/1\x0a" + part + b"\x0a" + secret).digest()


def raw(content: Any) -> bytes:
    return base64.b64decode(content["base64"]) if isinstance(content, dict) else str(content).encode()


def test_the_segment_holds_the_bodies() -> None:
    vectors = kept("spool.json")
    segment, bodies = base64.b64decode(vectors["segment"]), []
    assert segment[:14] == b"tanba.spool/1\n"
    at = 14
    while at < len(segment):
        length, check = struct.unpack_from(">II", segment, at)
        bodies.append(segment[at + 8 : at + 8 + length])
        assert zlib.crc32(bodies[-1]) == check
        at += 8 + length
    assert bodies == [base64.b64decode(each) for each in vectors["bodies"]]


@pytest.mark.parametrize("number", range(3))
def test_a_body_opens_its_record_and_contents(number: int) -> None:
    body = base64.b64decode(kept("spool.json")["bodies"][number])
    secret, (written, contents) = body[:32], body[32:].split(b"\n", 1)
    record = json.loads(written)
    assert canonical(record) == written
    assert commitment(salt(b"record", secret), written) == json.loads(kept("decisions.json")["batch"])["commitments"][number]
    assert bool(contents) == (number != 1)
    for name, content in json.loads(contents or b"{}").items():
        assert commitment(salt(name.encode(), secret), raw(content)) == record[name]


@pytest.mark.parametrize("number", range(3))
def test_a_proof_is_checked_by_the_page(number: int) -> None:
    vectors = kept("decisions.json")
    written = vectors["proofs"][number]
    proof = json.loads(written)
    assert canonical(proof).decode() == written
    assert canonical(proof["batch"]).decode() == vectors["batch"]
    entry = json.loads(proof["receipt"]["entry"])
    assert (entry["kind"], entry["system"], entry["organisation"]) == (
        "decisions",
        proof["batch"]["system"],
        proof["batch"]["organisation"],
    )
    given = Given(vectors["policy"].encode(), content=canonical(proof["batch"]))
    assert run_script(canonical(proof["receipt"]), given)["artifacts"][0]["words"] == ["unwitnessed", "untimed"]
    if number == 2:
        assert proof["record"] is proof["salt"] is proof["contents"] is None
        return
    opened = commitment(bytes.fromhex(proof["salt"]), canonical(proof["record"]))
    assert opened == proof["batch"]["commitments"][proof["place"]]
    for name, shown in (proof["contents"] or {}).items():
        assert commitment(bytes.fromhex(shown["salt"]), raw(shown["content"])) == proof["record"][name]


def test_the_command_says_the_same(tmp_path: Path) -> None:
    vectors = kept("decisions.json")
    (tmp_path / "policy").write_text(vectors["policy"])
    for number, words in enumerate(("outcome: granted", "outcome: refused", "untimed, erased")):
        (tmp_path / "proof.json").write_text(vectors["proofs"][number])
        command = [sys.executable, "-m", "tanba", "trace", "check", "proof.json", "--policy", "policy", "--lang", "en"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (3, "")
        assert words in done.stdout
