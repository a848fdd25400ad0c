"""The vectors of spec/text-mark.md, read by ours and by a second reader in JavaScript."""

import json
import subprocess
from pathlib import Path
from typing import Any

from marking.text.texts import EN, ID, KK, MARKDOWN, OTHER, RU, SECRET
from tanba.marking.text.fingerprint import fingerprints
from tanba.marking.text.selectors import embed_id, read_ids, strip
from tanba.marking.text.wrapper import read_manifest
from verify.both import NODE, needs_node

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parents[2] / "spec" / "vectors" / "text-mark.json").read_text(encoding="utf-8"))


def read_in_javascript(texts: list[str], secret: bytes) -> list[list[Any]]:
    assert NODE is not None
    asked = json.dumps([{"text": text, "secret": secret.hex()} for text in texts])
    done = subprocess.run([NODE, str(HERE / "read_ids.js")], input=asked, capture_output=True, text=True, timeout=60, check=True)
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def test_the_vectors_are_read() -> None:
    for case in VECTORS["ids"]:
        assert [f"{read.id:016x}" for read in read_ids(case["marked"], [bytes.fromhex(VECTORS["secret"])])] == [case["id"]]
        assert strip(case["marked"]) == case["text"]
        assert case["token"].startswith(case["id"])
    for case in VECTORS["wrappers"]:
        found = read_manifest(case["text"])
        assert found is not None
        assert found.manifest is not None
        assert (found.manifest.hex(), found.start, found.length) == (case["manifest"], case["start"], case["length"])
    for case in VECTORS["fingerprints"]:
        assert [each.hex() for each in fingerprints(case["text"])] == case["fingerprints"]


@needs_node
def test_a_second_reader_reads_the_same() -> None:
    secret = bytes.fromhex(VECTORS["secret"])
    texts = [case["marked"] for case in VECTORS["ids"]]
    texts += [embed_id(embed_id(text, ID, SECRET), 9, OTHER) + embed_id(" ", 3, SECRET) for text in (KK, RU, EN, MARKDOWN)]
    ours = [[[f"{read.id:016x}", read.copies] for read in read_ids(text, [secret])] for text in texts]
    assert read_in_javascript(texts, secret) == ours
    assert all(ours)
