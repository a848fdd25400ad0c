"""The parts: Merkle proofs against the definitions and against vectors from outside, commitments, notes, policies, JSON."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from verify.both import ask_page, b64, checker, needs_node, run_page, run_script
from verify.cases import scene
from verify.maker import Signer, commitment, consistency_path, inclusion_path, sha256, tree_root

VECTORS = os.environ.get("TANBA_VECTORS")
LEAVES = [sha256(b"\x00%d" % number) for number in range(33)]


def inclusion(request: dict[str, Any]) -> bool:
    proof = [base64.b64decode(node) for node in request["proof"]]
    leaf, root = base64.b64decode(request["leaf"]), base64.b64decode(request["root"])
    return bool(checker.verify_inclusion(leaf, request["index"], request["size"], proof, root))


def consistency(request: dict[str, Any]) -> bool:
    proof = [base64.b64decode(node) for node in request["proof"]]
    root1, root2 = base64.b64decode(request["root1"]), base64.b64decode(request["root2"])
    return bool(checker.verify_consistency(request["size1"], request["size2"], root1, root2, proof))


def merkle_requests() -> list[tuple[dict[str, Any], bool]]:
    """Every proof of every tree up to 17 leaves, and each spoiled in several ways."""
    found: list[tuple[dict[str, Any], bool]] = []
    roots = [tree_root(LEAVES[:size]) for size in range(34)]

    def both_ways(request: dict[str, Any]) -> None:
        found.append((request, True))
        proof = request["proof"]
        found.append(({**request, "proof": [*proof, b64(LEAVES[0])]}, False))
        if proof:
            found.append(({**request, "proof": proof[:-1]}, False))
            found.append(({**request, "proof": [b64(base64.b64decode(proof[0])[:31]), *proof[1:]]}, False))

    for size in (*range(1, 18), 32, 33):
        for index in range(size):
            path = [b64(node) for node in inclusion_path(index, LEAVES[:size])]
            both_ways(
                {"op": "inclusion", "leaf": b64(LEAVES[index]), "index": index, "size": size, "proof": path, "root": b64(roots[size])}
            )
        for size1 in range(1, size + 1):
            path = [b64(node) for node in consistency_path(size1, LEAVES[:size])]
            request = {
                "op": "consistency",
                "size1": size1,
                "size2": size,
                "root1": b64(roots[size1]),
                "root2": b64(roots[size]),
                "proof": path,
            }
            both_ways(request)
            if size1 < size:
                found.append(({**request, "root1": b64(roots[size])}, False))
    odd = {"op": "inclusion", "leaf": b64(LEAVES[0]), "index": 1, "size": 1, "proof": [], "root": b64(LEAVES[0])}
    found += [
        (odd, False),
        ({**odd, "index": 0}, True),
        ({**odd, "index": 0, "size": 0}, False),
        ({**odd, "index": 2**53 - 1, "size": 2**53 - 1}, False),
    ]
    empty = {"op": "consistency", "size1": 0, "size2": 0, "root1": b64(roots[0]), "root2": b64(roots[0]), "proof": []}
    found += [(empty, False), ({**empty, "size2": 5, "root2": b64(roots[5])}, False)]
    return found


def test_merkle_by_script() -> None:
    for request, expected in merkle_requests():
        assert (inclusion if request["op"] == "inclusion" else consistency)(request) is expected, request


@needs_node
def test_merkle_by_page() -> None:
    table = merkle_requests()
    for (request, expected), answer in zip(table, ask_page([request for request, _ in table]), strict=True):
        assert answer["value"] is expected, request


def vectors() -> list[tuple[str, dict[str, Any], bool]]:
    found = []
    for path in sorted((Path(VECTORS or "") / "merkle" / "testdata").rglob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        case["proof"] = case["proof"] or []
        if "leafIdx" in case:
            request = {"op": "inclusion", "leaf": case["leafHash"] or "", "index": case["leafIdx"], "size": case["treeSize"]}
            request |= {"proof": case["proof"], "root": case["root"] or ""}
        else:
            request = {
                "op": "consistency",
                **{key: case[key] or "" for key in ("root1", "root2")},
                **{key: case[key] for key in ("size1", "size2", "proof")},
            }
        found.append((str(path), request, not case["wantErr"]))
    return found


@pytest.mark.skipif(VECTORS is None, reason="set TANBA_VECTORS to a folder with Merkle vectors")
def test_vectors_from_outside_by_script() -> None:
    assert len(vectors()) == 196
    for path, request, expected in vectors():
        assert (inclusion if request["op"] == "inclusion" else consistency)(request) is expected, path


@needs_node
@pytest.mark.skipif(VECTORS is None, reason="set TANBA_VECTORS to a folder with Merkle vectors")
def test_vectors_from_outside_by_page() -> None:
    table = vectors()
    for (path, _, expected), answer in zip(table, ask_page([request for _, request, _ in table]), strict=True):
        assert answer["value"] is expected, path


@needs_node
def test_commitments() -> None:
    salt, content = bytes(range(32)), b"content"
    expected = commitment(salt, content)
    assert checker.commitment(salt.hex(), sha256(content).hex()) == expected
    assert ask_page([{"op": "commitment", "salt": salt.hex(), "digest": sha256(content).hex()}])[0]["value"] == expected


# The note and the key of c2sp.org/signed-note, and the checkpoint of c2sp.org/tlog-cosignature
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="


def test_the_example_of_signed_note() -> None:
    key = checker.parse_key(EXAMPLE_KEY, 1)
    signature = base64.b64decode(EXAMPLE_SIGNATURE)
    assert signature[:4] == key.id
    assert checker.signature_holds(key, EXAMPLE_TEXT, signature[4:])
    assert not checker.signature_holds(key, EXAMPLE_TEXT + "\n", signature[4:])


def test_the_example_of_tlog_cosignature_parses() -> None:
    note = checker.parse_note(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 "
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    assert (note.origin, note.size, len(note.signatures)) == ("example.com/behind-the-sofa", 20852163, 2)
    assert int.from_bytes(note.signatures[1][2][:8], "big") == 1679315147


KEYS = [Signer(f"k{number}", number, 4) for number in range(6)]
LOG = Signer("log", 50)


def policy_table() -> dict[str, tuple[str, bool]]:
    w = "".join(f"witness w{number} {key.vkey}\n" for number, key in enumerate(KEYS))
    other_id = LOG.vkey.replace(LOG.id.hex(), "00000000")
    return {
        "quorum none alone": ("quorum none\n", True),
        "without a last newline": ("quorum none", True),
        "comments, tabs, spaces": (f"# ключ\n\n \t# x\n\t log \t{LOG.vkey}  https://x \n quorum\tnone \n", True),
        "two levels": (f"log {LOG.vkey}\n{w}group x 2 w0 w1 w2\ngroup y any w3 w4\ngroup z all x y\nquorum z\n", True),
        "a witness as quorum": (f"{w}quorum w0\n", True),
        "names are octets": (f"witness куә {KEYS[0].vkey}\nquorum куә\n", True),
        "log after the quorum": (f"quorum none\nlog {LOG.vkey}\n", True),
        "32 logs": ("".join(f"log {Signer('x', number).vkey}\n" for number in range(32)) + "quorum none\n", True),
        "empty": ("", False),
        "no quorum": (f"log {LOG.vkey}\n", False),
        "two quorums": ("quorum none\nquorum none\n", False),
        "quorum before its group": (f"{w}quorum g\ngroup g any w0\n", False),
        "unknown quorum": ("quorum x\n", False),
        "carriage return": ("quorum none\r\n", False),
        "NUL": ("quorum none\0\n", False),
        "DEL": ("quorum none # \x7f\n", False),
        "unknown word": ("quorum none\nmirror x\n", False),
        "words in capitals": ("Quorum none\n", False),
        "log twice": (f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none\n", False),
        "log twice by another name": (f"log {LOG.vkey}\nlog {Signer('other', 50).vkey}\nquorum none\n", False),
        "witness twice": (f"witness a {KEYS[0].vkey}\nwitness b {KEYS[0].vkey}\nquorum none\n", False),
        "witness name twice": (f"witness a {KEYS[0].vkey}\nwitness a {KEYS[1].vkey}\nquorum none\n", False),
        "witness called none": (f"witness none {KEYS[0].vkey}\nquorum none\n", False),
        "group called as a witness": (f"{w}group w0 any w1\nquorum none\n", False),
        "member twice": (f"{w}group g any w0 w0\nquorum g\n", False),
        "member in two groups": (f"{w}group g any w0\ngroup h any w0 w1\nquorum h\n", False),
        "member none": (f"{w}group g any none\nquorum g\n", False),
        "member unknown": (f"{w}group g any w9\nquorum g\n", False),
        "member itself": (f"{w}group g any g\nquorum g\n", False),
        "group without members": (f"{w}group g all\nquorum g\n", False),
        "threshold 0": (f"{w}group g 0 w0\nquorum g\n", False),
        "threshold too high": (f"{w}group g 2 w0\nquorum g\n", False),
        "threshold negative": (f"{w}group g -1 w0\nquorum g\n", False),
        "threshold 01": (f"{w}group g 01 w0\nquorum g\n", False),
        "log with a witness key": (f"log {KEYS[0].vkey}\nquorum none\n", False),
        "witness with a log key": (f"witness a {LOG.vkey}\nquorum a\n", False),
        "log with three items": (f"log {LOG.vkey} a b\nquorum none\n", False),
        "key with another id": (f"log {other_id}\nquorum none\n", False),
        "key cut": (f"log {LOG.vkey[:-4]}\nquorum none\n", False),
        "key without a name": (f"log {LOG.vkey[3:]}\nquorum none\n", False),
        "key id in capitals": (
            f"log {LOG.vkey.replace(LOG.id.hex(), LOG.id.hex().upper())}\nquorum none\n",
            LOG.id.hex().upper() == LOG.id.hex(),
        ),
        "not a key": ("log x\nquorum none\n", False),
    }


def test_policies_by_script() -> None:
    for name, (text, good) in policy_table().items():
        try:
            checker.parse_policy(text.encode())
            accepted = True
        except checker.MalformedError:
            accepted = False
        assert accepted is good, name


@needs_node
def test_policies_by_page() -> None:
    table = policy_table()
    answers = ask_page([{"op": "policy", "data": b64(text.encode())} for text, _ in table.values()])
    for (name, (text, good)), answer in zip(table.items(), answers, strict=True):
        if not good:
            assert answer["value"].get("refused"), name
        else:
            labels = sorted(f"{key.name}+{key.id.hex()}" for key in checker.parse_policy(text.encode()).keys.values())
            assert answer["value"] == labels, name


@pytest.mark.parametrize(("signed", "reached"), [("", 0), ("0", 0), ("01", 0), ("34", 0), ("03", 0), ("013", 1), ("124", 1), ("02345", 1)])
def test_quorums_of_two_levels(signed: str, reached: int) -> None:
    trust = checker.parse_policy(policy_table()["two levels"][0].encode())
    keys = {checker.parse_key(KEYS[int(number)].vkey, 4) for number in signed}
    assert trust.quorum_reached(keys) is bool(reached)


JSON_TEXTS = {
    b"{}": True,
    b'{"a":[1,2,{"b":null}],"c":"x"}': True,
    '{"a":"ә\\n\\u001f\\"\\\\\u007f\U0001f600/"}'.encode(): True,
    b"9007199254740991": True,
    b'"\\b\\f\\t\\r"': True,
    '{"\U0001f600":1,"\ufb33":2}'.encode(): True,
    '{"\ufb33":2,"\U0001f600":1}'.encode(): False,
    b'{"b":1,"a":2}': False,
    b'{"a":1,"a":1}': False,
    b'{"a":1} ': False,
    b'"\\u0041"': False,
    b'"\\/"': False,
    b'"\\u001F"': False,
    b'"\\u000a"': False,
    b'"\\ud800"': False,
    b'{"\\ud800":1}': False,
    b"\xff": False,
    b"\xed\xa0\x80": False,
    b'"\xed\xa0\x80"': False,
    b"1.0": False,
    b"1e2": False,
    b"-1": False,
    b"-0": False,
    b"01": False,
    b"9007199254740992": False,
    b"Infinity": False,
    b"'a'": False,
    b"[1,]": False,
    b'"\n"': False,
    b"": False,
    b"nul": False,
}


@needs_node
def test_canonical_json() -> None:
    answers = ask_page([{"op": "json", "data": b64(text)} for text in JSON_TEXTS])
    for (text, good), answer in zip(JSON_TEXTS.items(), answers, strict=True):
        try:
            checker.read_json(text, "json")
            accepted = True
        except checker.MalformedError:
            accepted = False
        assert accepted is good, text
        assert answer["value"] == b64(text) if good else "refused" in answer["value"], text


NOTE = "origin\n1\n" + b64(bytes(32)) + "\n\n"
NOTES = {
    NOTE + "— a AAAAAAA=\n": True,
    NOTE + "— ә AAAAAAA=\n— a AAAAAAA=\n": True,
    NOTE.replace("origin", "with space") + "— a AAAAAAA=\n": True,
    NOTE + "— a AAAAAA==\n": False,
    NOTE + "- a AAAAAAA=\n": False,
    NOTE + "— a+b AAAAAAA=\n": False,
    NOTE + "— a\u00a0b AAAAAAA=\n": False,
    NOTE + "— a\u3000 AAAAAAA=\n": False,
    NOTE + "— a AAAAAAA= \n": False,
    NOTE + "— a AAAAAAA=": False,
    NOTE + "— a AAAAAAA=\n\n": False,
    NOTE + "— a\tb AAAAAAA=\n": False,
    NOTE.replace("1", "+1") + "— a AAAAAAA=\n": False,
    NOTE.replace("1", "٣") + "— a AAAAAAA=\n": False,
    NOTE.replace("origin", "") + "— a AAAAAAA=\n": False,
    "\n" + NOTE + "— a AAAAAAA=\n": False,
    NOTE: False,
    "": False,
}


@needs_node
def test_notes() -> None:
    answers = ask_page([{"op": "note", "text": text} for text in NOTES])
    for (text, good), answer in zip(NOTES.items(), answers, strict=True):
        try:
            note = checker.parse_note(text)
            assert (answer["value"]["origin"], answer["value"]["size"]) == (note.origin, note.size)
            accepted = True
        except checker.MalformedError:
            accepted = False
            assert "refused" in answer["value"], text
        assert accepted is good, text


@needs_node
@pytest.mark.parametrize("lacks", ["ed25519", "subtle"])
def test_an_old_browser_never_says_verified(lacks: str) -> None:
    s = scene()
    good = s.parts.pack()
    options = s.given.for_page()
    broken = good.replace(b"PK\x01\x02", b"PK\x01\x03", 1)
    requests = [
        {"op": "check", "data": b64(data), "options": given, "lacks": lacks}
        for data, given in ((good, options), (good, {}), (broken, options))
    ]
    full, bare, refused = (answer["value"] for answer in ask_page(requests))
    assert run_script(good, s.given)["exit"] == run_page([(good, s.given)])[0]["exit"] == 0
    assert (full["exit"], bare["exit"]) == (3, 3)
    assert '"verified"' not in json.dumps([full, bare])
    if lacks == "ed25519":
        assert refused["exit"] == 2
        codes = {(reason["about"], reason["code"]) for result in [*full["artifacts"], full["bundle"]] for reason in result["reasons"]}
        assert codes == {("unchecked", "no_ed25519"), ("note", "stamped")}
    else:
        assert full["unchecked"] == bare["unchecked"] == "no_webcrypto"
