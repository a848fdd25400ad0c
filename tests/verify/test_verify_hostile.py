"""Files made to hurt: each is refused as malformed, with a reason, in under a second and in bounded memory, by both checkers."""

import functools
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from verify.both import NODE, ask_page, b64, checker, needs_node, run_page, run_script, timed_script
from verify.cases import entry_with, in_index, in_receipt, scene
from verify.maker import (
    Parts,
    Signer,
    ZipEntry,
    canonical,
    changed,
    deflated,
    edit,
    manifest,
    with_manifests,
    write_zip,
    zip_entries,
    zip_file,
)

ARTIFACT = "data/artifacts/0001/assessment.json"


@functools.cache
def hostile() -> dict[str, bytes]:
    return {**containers(), **bags(), **indexes(), **receipts()}


def named(name: bytes, **fields: Any) -> list[ZipEntry]:
    """The good files and one more, in sorted order."""
    return sorted([*zip_entries(scene().parts.files()), ZipEntry(name, b"x", **fields)], key=lambda entry: entry.name)


def containers() -> dict[str, bytes]:
    good = scene().parts.pack()
    entries = zip_entries(scene().parts.files())

    def with_(name: str = ARTIFACT, **fields: Any) -> bytes:
        return write_zip(changed(entries, name, **fields))

    plain = next(entry.content for entry in entries if entry.name == ARTIFACT.encode())
    bomb = deflated(bytes(20 * 2**20))
    many = [ZipEntry(b"data/%05d" % number, b"", deflate=False) for number in range(10001)]
    heavy = [ZipEntry(b"data/%d" % number, b"", packed=bytes(2**20 + 2**16), size=2**30 - 1, method=8) for number in range(5)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("bagit.txt", "w", force_zip64=True) as file:
        file.write(b"x")
    with_zip64 = stream.getvalue()
    return {
        "nothing": b"",
        "four bytes": b"PK\x03\x04",
        "an end record only": b"PK\x05\x06" + bytes(18),
        "a first mark and an end record": b"PK\x03\x04" + b"PK\x05\x06" + bytes(18),
        "cut in half": good[: len(good) // 2],
        "last byte gone": good[:-1],
        "a byte behind": good + b"\0",
        "a byte before": write_zip(entries, prefix=b"PK\x03\x04"),
        "a comment on the file": write_zip(entries, comment=b"hello"),
        "a comment on an entry": with_(comment=b"hello"),
        "bytes before the directory": write_zip(entries, before_directory=b"hidden"),
        "bytes between two files": with_(behind=b"hidden"),
        "encrypted": with_(flags=1),
        "data descriptor": with_(flags=8),
        "strong encryption": with_(flags=0x40),
        "masked headers": with_(flags=0x2000),
        "needs ZIP64": with_(needed=45),
        "ZIP64 by a real archiver": with_zip64,
        "extra field": with_(extra=b"\x01\x00\x00\x00"),
        "a method that is not allowed": with_(method=12),
        "a link": with_(mode=0o120777 << 16),
        "a device": with_(mode=0o060644 << 16),
        "a pipe": with_(mode=0o010644 << 16),
        "a folder by its mode": with_(mode=0o040755 << 16),
        "a folder by its DOS flag": with_(mode=0x10),
        "a folder by its name": write_zip(named(b"data/folder/")),
        "path upwards": write_zip(named(b"../x")),
        "path upwards inside": write_zip(named(b"data/../x")),
        "absolute path": write_zip(named(b"/etc/x")),
        "drive": write_zip(named(b"C:/x")),
        "backslash": write_zip(named(b"data\\..\\x")),
        "a part that begins with a dot": write_zip(named(b"data/.hidden")),
        "two slashes": write_zip(named(b"data//x")),
        "a NUL in the name": write_zip(named(b"data/x\0.txt")),
        "a newline at the end of the name": write_zip(named(b"data/x\n")),
        "a space in the name": write_zip(named(b"data/x y")),
        "Cyrillic in the name": write_zip(named("data/ә".encode(), flags=0x0800)),
        "no name": write_zip(named(b"")),
        "a name of 201 characters": write_zip(named(b"data/" + b"x" * 196)),
        "a name twice": write_zip(named(ARTIFACT.encode())),
        "a name twice in another case": write_zip(named(ARTIFACT.upper().encode())),
        "a file and a folder alike": write_zip(named(b"data/artifacts")),
        "a file and a folder alike in another case": write_zip(named(b"data/ARTIFACTS")),
        "not in sorted order": write_zip(entries[::-1]),
        "two files in one place": with_("data/index.html", offset=0),
        "a place beyond the end": with_(offset=2**32 - 1),
        "another name in the local header": with_(local_name=b"data/artifacts/0001/assessmenT.json"),
        "another size in the local header": with_(local_size=len(plain) + 1),
        "a count of 65535": write_zip(entries, count=65535),
        "a count too small": write_zip(entries, count=len(entries) - 1),
        "a count too large": write_zip(entries, count=len(entries) + 1),
        "10,001 files": write_zip(many),
        "declared larger": with_(size=len(plain) + 1),
        "declared smaller": with_(size=len(plain) - 1),
        "stored and declared larger": with_(deflate=False, size=len(plain) + 1),
        "a wrong checksum": with_(crc=1),
        "deflated and cut": with_(packed=deflated(plain)[:-1]),
        "deflated, a byte behind": with_(packed=deflated(plain) + b"\0"),
        "deflated, many bytes behind": with_(packed=deflated(plain) + bytes(200000)),
        "deflated twice in one": with_(packed=deflated(plain) * 2),
        "not deflated at all": with_(packed=b"\xff" * 40),
        "deflated into nothing": with_(packed=b""),
        "a bomb, as declared": write_zip(
            sorted([*entries, ZipEntry(b"data/zeros", b"", packed=bomb, size=20 * 2**20)], key=lambda e: e.name)
        ),
        "a bomb that says it is small": with_(packed=bomb),
        "a bomb for an index": write_zip(changed(entries, "data/index.json", packed=bomb, size=20 * 2**20)),
        "over 1 GiB": with_(size=2**30 + 1, packed=bytes(2**21)),
        "together over 4 GiB": write_zip(heavy),
    }


def bags() -> dict[str, bytes]:
    files = scene().parts.files()
    lines = files["manifest-sha256.txt"].decode()

    def without(name: str) -> bytes:
        return zip_file({key: content for key, content in files.items() if key != name})

    def with_manifest(text: str) -> bytes:
        changed_files = {**files, "manifest-sha256.txt": text.encode()}
        tags = {name: changed_files[name] for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")}
        return zip_file({**changed_files, "tagmanifest-sha256.txt": manifest(tags)})

    line = lines.splitlines(keepends=True)[0]
    return {
        "an ordinary ZIP file": zip_file({"hello.txt": b"hello"}),
        "no bagit.txt": without("bagit.txt"),
        "no manifest": without("manifest-sha256.txt"),
        "no tag manifest": without("tagmanifest-sha256.txt"),
        "no index": without("data/index.json"),
        "bagit.txt of another version": zip_file({**files, "bagit.txt": files["bagit.txt"].replace(b"1.0", b"0.97")}),
        "bagit.txt with carriage returns": zip_file({**files, "bagit.txt": files["bagit.txt"].replace(b"\n", b"\r\n")}),
        "bagit.txt of two mebibytes": zip_file({**files, "bagit.txt": b"x" * 2**20}),
        "manifest with a line twice": with_manifest(lines + line),
        "manifest with a path upwards": with_manifest(lines + "0" * 64 + "  data/../../x\n"),
        "manifest with a file outside data": with_manifest(lines + "0" * 64 + "  bagit.txt\n"),
        "manifest with half a digest": with_manifest(lines + "0" * 32 + "  data/x\n"),
        "manifest with an upper-case digest": with_manifest(lines + "A" * 64 + "  data/x\n"),
        "manifest without a last newline": with_manifest(lines[:-1]),
        "manifest with an empty line": with_manifest(lines + "\n"),
        "tag manifest with other files": zip_file({**files, "tagmanifest-sha256.txt": manifest({"data/index.json": b""})}),
    }


def with_index(text: bytes) -> bytes:
    files = {name: content for name, content in scene().parts.files().items() if name.startswith("data/")}
    return zip_file(with_manifests({**files, "data/index.json": text}))


def in_item(key: str, **fields: Any) -> Callable[[Parts], Any]:
    return in_index(key, lambda items: [{**items[0], **fields}, *items[1:]])


def indexes() -> dict[str, bytes]:
    s = scene()
    good = canonical(s.parts.index)
    value = s.parts.index
    keys = b"".join(b"log %s\n" % Signer("x", number).vkey.encode() for number in range(1000))
    rotation = {"artifact": "{}", "receipt": s.parts.receipts["receipts/0001.json"]}
    texts = {
        "index: a key twice": b'{"artifacts":[],' + good[1:],
        "index: keys in another order": json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()[:-1] + b',"a":1}',
        "index: a space": good.replace(b'":', b'": ', 1),
        "index: a newline at the end": good + b"\n",
        "index: escapes where none are needed": json.dumps(value, separators=(",", ":"), sort_keys=True).encode(),
        "index: a slash escaped": good.replace(b"artifacts/", b"artifacts\\/", 1),
        "index: not UTF-8": good.replace("№".encode(), b"\xff\xfe", 1),
        "index: a byte order mark": b"\xef\xbb\xbf" + good,
        "index: half a character": good.replace("№".encode(), b"\\ud83d", 1),
        "index: overlong UTF-8": good.replace("№".encode(), b"\xc0\xaf", 1),
        "index: a float": good.replace(b'"size":3', b'"size":3.5', 1),
        "index: a float that is whole": good.replace(b'"size":3', b'"size":3.0', 1),
        "index: an exponent": good.replace(b'"size":3', b'"size":3e0', 1),
        "index: a negative number": good.replace(b'"size":3', b'"size":-3', 1),
        "index: minus zero": good.replace(b'"size":3', b'"size":-0', 1),
        "index: 2^53": good.replace(b'"size":3', b'"size":9007199254740992', 1),
        "index: a number of a million digits": good.replace(b'"size":3', b'"size":' + b"9" * 10**6, 1),
        "index: 1e400": good.replace(b'"size":3', b'"size":1e400', 1),
        "index: NaN": good.replace(b'"size":3', b'"size":NaN', 1),
        "index: true for a number": good.replace(b'"size":3', b'"size":true', 1),
        "index: nested 200,000 deep": b"[" * 200000 + b"]" * 200000,
        "index: objects nested 100,000 deep": b'{"a":' * 100000 + b"1" + b"}" * 100000,
        "index: brackets that never close": b"[" * 10**6,
        "index: quotes without end": b'"\\' * 500000,
        "index: over a million lists": b"[" + b",".join(b"[%d]" % number for number in range(600000)) + b"]",
        "index: a list": b"[]",
        "index: null": b"null",
        "index: empty": b"",
        "index: cut": good[:-1],
    }
    value_changes: dict[str, Callable[[Parts], Any]] = {
        "index: an unknown key": lambda p: p.index.update(more=1),
        "index: a key gone": lambda p: p.index.pop("rotations"),
        "index: another schema": lambda p: p.index.update(schema="tanba.bundle/2"),
        "index: a time that is none": lambda p: p.index.update(made="2026-13-01T00:00:00.000000Z"),
        "index: the year 0": lambda p: p.index.update(made="0000-01-01T00:00:00.000000Z"),
        "index: a leap second": lambda p: p.index.update(made="2026-12-31T23:59:60.000000Z"),
        "index: artifacts not a list": lambda p: p.index.update(artifacts={}),
        "index: an artifact with an unknown key": in_item("artifacts", more=1),
        "index: an artifact outside its folder": in_item("artifacts", file="index.html"),
        "index: an artifact upwards": in_item("artifacts", file="artifacts/../index.html"),
        "index: a receipt outside its folder": in_item("artifacts", receipt="artifacts/0001.json"),
        "index: a receipt twice": in_item("artifacts", receipt="receipts/0002.json"),
        "index: a file twice": in_item("artifacts", file="artifacts/0002/assessment.json"),
        "index: a kind in capitals": in_item("artifacts", kind="Assessment"),
        "index: consistency from size 0": in_item("consistency", size=0),
        "index: consistency from a size twice": in_item("consistency", size=5),
        "index: consistency, a node of 31 bytes": in_item("consistency", hashes=[b64(b"x" * 31)]),
        "index: consistency, a node in loose base64": in_item("consistency", hashes=[b64(b"x" * 32)[:-2] + "B="]),
        "index: consistency, a node without padding": in_item("consistency", hashes=[b64(b"x" * 32)[:-1]]),
        "index: consistency, a newline in a node": in_item("consistency", hashes=[b64(b"x" * 32) + "\n"]),
        "index: consistency, 65 nodes": in_item("consistency", hashes=[b64(b"x" * 32)] * 65),
        "index: an obligation of unknown status": in_item("obligations", status="done"),
        "index: organisation without a BIN": lambda p: p.index.update(organisation={"bin": None, "name": "x"}),
        "index: system without a slug": lambda p: p.index.update(system={"name": "x"}),
        "index: checkpoint with an extension line": in_index("checkpoint", lambda text: text.replace("\n\n", "\nmore\n\n")),
        "index: checkpoint without a signature": in_index("checkpoint", lambda text: text.partition("\n\n")[0] + "\n\n"),
        "index: checkpoint with a size of 007": in_index("checkpoint", lambda text: text.replace("\n7\n", "\n007\n")),
        "index: checkpoint of 2^53 entries": in_index("checkpoint", lambda text: text.replace("\n7\n", "\n9007199254740992\n")),
        "index: checkpoint with a root of 33 bytes": in_index("checkpoint", lambda t: t.replace(t.split("\n")[2], b64(b"x" * 33))),
        "index: checkpoint with 65 signatures": in_index("checkpoint", lambda text: text + s.w1.line("x") * 64),
        "index: checkpoint over 64 KiB": in_index("checkpoint", lambda text: text.rstrip("\n") + "A" * 2**16 + "\n"),
        "index: rotation without a receipt": lambda p: p.index.update(rotations=[{"artifact": "{}"}]),
        "index: rotation with a receipt of another form": lambda p: p.index.update(rotations=[{**rotation, "receipt": {}}]),
        "claimed policy that cannot be read": lambda p: setattr(p, "policy", b"log x\nquorum none\n"),
        "claimed policy of a thousand keys, the first one again": lambda p: setattr(p, "policy", keys + keys[: keys.index(b"\n") + 1]),
    }
    found = {name: with_index(text) for name, text in texts.items()}
    assert all(text != good for text in texts.values())
    return {**found, **{name: edit(s.parts, change).pack() for name, change in value_changes.items()}}


def receipts() -> dict[str, bytes]:
    s = scene()
    receipt = s.parts.receipts["receipts/0001.json"]
    path = "data/receipts/0001.json"
    files = {name: content for name, content in s.parts.files().items() if name.startswith("data/")}
    changes: dict[str, dict[str, Any]] = {
        "an unknown key": {"more": 1},
        "another schema": {"schema": "tanba.receipt/2"},
        "17 time stamps": {"timestamps": ["AAAA"] * 17},
        "a time stamp in loose base64": {"timestamps": ["AB=="]},
        "a time stamp with a newline": {"timestamps": ["AAAA\n"]},
        "an empty time stamp": {"timestamps": [""]},
        "a name with a path": {"artifact": {**receipt["artifact"], "name": "../x"}},
        "a name of two dots": {"artifact": {**receipt["artifact"], "name": ".."}},
        "a name with a backslash": {"artifact": {**receipt["artifact"], "name": "a\\b"}},
        "salt of 31 bytes": {"artifact": {**receipt["artifact"], "salt": "00" * 31}},
        "digest in capitals": {"artifact": {**receipt["artifact"], "digest": receipt["artifact"]["digest"].upper()[:-1] + "A"}},
        "size as text": {"artifact": {**receipt["artifact"], "size": "1"}},
        "size true": {"artifact": {**receipt["artifact"], "size": True}},
        "author as text": {"author": "Aigerim"},
        "author with a number": {"author": {"salt": "00" * 32, "value": {"id": 1}}},
        "author with a list": {"author": {"salt": "00" * 32, "value": ["x"]}},
        "entry as an object": {"entry": json.loads(receipt["entry"])},
        "proof null": {"proof": None},
        "over 1 MiB": {"entry": "x" * 2**20},
    }
    found = {}
    for name, fields in changes.items():
        data = canonical({**receipt, **fields})
        found[f"receipt: {name}"] = data
        found[f"receipt in a bundle: {name}"] = zip_file(with_manifests({**files, path: data}), deflate=len(data) < 2**19)
    found["receipt: a key twice"] = b'{"schema":"tanba.receipt/1",' + canonical(receipt)[1:]
    found["receipt: proto"] = b'{"__proto__":{},' + canonical(receipt)[1:]
    found["receipt: neither"] = b"\x7fELF" + bytes(2000)
    found["receipt: zeros"] = bytes(3 * 2**20)
    return found


@pytest.fixture(scope="module")
def page() -> dict[str, dict[str, Any]]:
    found = hostile()
    return dict(
        zip(
            found,
            run_page([(data, scene().given if i % 2 else type(scene().given)()) for i, data in enumerate(found.values())]),
            strict=True,
        )
    )


@pytest.mark.parametrize("name", hostile())
def test_script_refuses(name: str) -> None:
    for reader in (scene().given, None):
        verdict = timed_script(hostile()[name], reader)
        if name.startswith("claimed policy") and reader:
            assert verdict["exit"] == 0  # who brings a policy does not read the bundle's claims
            continue
        assert verdict["exit"] == 2, verdict
        assert verdict["malformed"]
        assert verdict["seconds"] < 1


@needs_node
@pytest.mark.parametrize("name", hostile())
def test_page_refuses(name: str, page: dict[str, Any]) -> None:
    verdict = page[name]
    assert verdict["exit"] == 2 or name.startswith("claimed policy"), verdict
    assert verdict.get("malformed", "x")
    assert not verdict.get("malformed", "x").startswith("unexpected"), verdict
    assert verdict["seconds"] < 1


@pytest.mark.parametrize(
    "name", [name for name in hostile() if "bomb" in name or "GiB" in name or "nested" in name or "digits" in name or "million" in name]
)
def test_memory_stays_small(name: str) -> None:
    data = hostile()[name]
    tracemalloc.start()
    try:
        assert run_script(data)["exit"] == 2
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_a_large_file_is_checked_in_pieces() -> None:
    """50 MiB of content, within the limits, needs a few MiB of memory."""
    s = scene()
    parts = edit(s.parts, lambda p: p.artifacts.update({"artifacts/0001/assessment.json": bytes(range(256)) * 200000}))
    data = parts.pack()
    assert len(data) * 1000 > 256 * 200000
    tracemalloc.start()
    try:
        assert run_script(data, s.given)["artifacts"][0]["words"] == ["altered"]
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


@hypothesis_given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b'{"artifact":null,'):
        assert run_script(start + data)["exit"] == 2


@hypothesis_given(st.data())
def test_random_pieces_of_a_bundle_never_break_it(data: st.DataObject) -> None:
    """Cut, doubled and overwritten stretches: an answer always comes, and it is never that all is verified."""
    good = scene().parts.pack()
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(good))] * 2)))
    piece = data.draw(st.one_of(st.binary(max_size=64), st.just(good[start:stop] * 2)))
    broken = good[:start] + piece + good[stop:]
    assert broken == good or run_script(broken, scene().given)["exit"] in (1, 2)


@hypothesis_given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda x: st.lists(x) | st.dictionaries(st.text(max_size=9), x),
        max_leaves=20,
    )
)
def test_random_json_is_refused_where_an_index_or_receipt_is_due(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert run_script(text)["exit"] == 2
    assert run_script(with_index(text))["exit"] == 2


@hypothesis_given(st.binary(max_size=400), st.text(max_size=200))
def test_readers_of_parts_raise_only_their_own_errors(data: bytes, text: str) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: checker.parse_policy(data),
        lambda: checker.parse_roots(b"-----BEGIN CERTIFICATE-----\n" + b64(data).encode() + b"\n-----END CERTIFICATE-----\n"),
        lambda: checker.check_stamp(data, b"", []),
        lambda: checker.parse_note(text),
        lambda: checker.parse_note(f"origin\n1\n{b64(data[:32])}\n\n— {text} AAAAAAAA\n"),
        lambda: checker.parse_proof(f"c2sp.org/tlog-proof@v1\nindex 0\n\n{text}"),
        lambda: checker.parse_key(text, 1),
        lambda: checker.parse_manifest(data, "manifest", lambda name: True),
    ]
    for call in calls:
        try:
            call()
        except (checker.MalformedError, checker.FoundError, checker.UntrustedError):
            pass
        except UnicodeEncodeError:
            assert not text.isprintable()  # half a character: read_json never lets one through


def test_certificates_with_a_bit_turned_over_are_read_or_not() -> None:
    """Reading never raises; in force and issued are answered for whatever was read."""
    authority = scene().authority.der
    for bit in range(0, len(authority) * 8, 3):
        raw = bytearray(authority)
        raw[bit >> 3] ^= 1 << (bit & 7)
        certificate = checker.load_certificate(bytes(raw))
        if certificate is not None:
            when = certificate.not_valid_after_utc
            assert checker.may_stamp(certificate, when) in (True, False)
            assert checker.leads_to_root(certificate, [certificate], [certificate], when) in (True, False)


@needs_node
def test_random_bytes_never_break_the_page() -> None:
    state = 1
    requests = []
    good = scene().parts.pack()
    for number in range(200):
        state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
        noise = struct.pack("<Q", state) * (number % 9)
        at = state % len(good)
        data = [noise, b"PK\x03\x04" + noise, good[:at] + noise, good[:at] + noise + good[at + len(noise) :]][number % 4]
        requests.append({"op": "check", "data": b64(data), "options": {}})
    for answer in ask_page(requests):
        assert answer["value"]["exit"] in (1, 2, 3)
        assert not answer["value"].get("malformed", "").startswith("unexpected")


def test_a_receipt_of_another_form_does_not_hide_among_good_ones() -> None:
    s = scene()
    broken = edit(s.parts, in_receipt(2, "entry", entry_with(kind="x" * 41)))
    assert run_script(broken.pack(), s.given)["artifacts"][1]["words"] == ["altered"]


def test_node_is_there_for_all_that_needs_it() -> None:
    """Without Node half of this file says nothing: an integration run forbids skips and so notices."""
    if NODE is None:
        pytest.skip("needs Node")
