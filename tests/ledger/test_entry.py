"""Entries: exactly the canonical form. `rfc8785`, which is not ours, is the judge of what canonical means."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from tanba.digest import commit
from tanba.errors import EvidenceError
from tanba.ledger.entry import LONGEST, SCHEMA, Entry, complete, prepare, stamp, time_of

HEX = "0123456789abcdef"
EXAMPLE: dict[str, Any] = {
    "artifact_schema": "tanba.assessment/1",
    "author": "5f" * 32,
    "commitment": "9e" * 32,
    "id": "019a0b3e-7d10-7c45-8f6a-2b7c1d4e5f60",
    "kind": "assessment",
    "organisation": "190140999998",
    "schema": SCHEMA,
    "system": "credit-scorer",
    "time": "2026-11-22T09:30:00.123456Z",
}
KEYS = [key for key in EXAMPLE if key not in ("schema", "time")]

some = {
    "artifact_schema": st.text("abcz019._/-", min_size=1, max_size=80),
    "author": st.none() | st.text(HEX, min_size=64, max_size=64),
    "commitment": st.text(HEX, min_size=64, max_size=64),
    "id": st.uuids().map(str),
    "kind": st.text("abcz019._-", min_size=1, max_size=40),
    "organisation": st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f", min_codepoint=32), min_size=1, max_size=80),
    "system": st.none() | st.text('a"\\/\u2028\u2029\ufeff\U0001f600ҚазӘ \x80\xad\u0301', min_size=1, max_size=80),
    "time": st.datetimes().map(lambda moment: stamp(moment.replace(tzinfo=UTC))),
}
entries = st.fixed_dictionaries({**some, "schema": st.just(SCHEMA)})


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def made(value: dict[str, Any]) -> bytes:
    return complete(prepare(**{key: value[key] for key in KEYS}), value["time"])


def test_the_example_of_the_specification() -> None:
    entry = Entry.parse(written(EXAMPLE))
    assert {key: getattr(entry, key) for key in [*KEYS, "time"]} == {key: value for key, value in EXAMPLE.items() if key != "schema"}
    assert made(EXAMPLE) == written(EXAMPLE)
    assert list(json.loads(written(EXAMPLE))) == sorted(EXAMPLE)


@given(entries)
@example(EXAMPLE | {"author": None, "organisation": None, "system": None})
@example(EXAMPLE | {"system": "\U0010ffff" * 80, "organisation": '"' * 80})
def test_what_is_written_is_canonical_and_read_again(value: dict[str, Any]) -> None:
    entry = made(value)
    assert entry == rfc8785.dumps(value)
    assert json.loads(entry) == value
    parsed = Entry.parse(entry)
    assert {key: getattr(parsed, key) for key in [*KEYS, "time"]} == {key: each for key, each in value.items() if key != "schema"}
    assert time_of(entry) == value["time"].encode()
    assert len(entry) <= LONGEST


def accepted(entry: bytes) -> bool:
    """Refused, or exactly what the judge makes of its own value."""
    try:
        Entry.parse(entry)
    except EvidenceError:
        return False
    assert rfc8785.dumps(json.loads(entry)) == entry
    return True


@given(entries, st.data())
def test_whatever_is_accepted_is_canonical(value: dict[str, Any], data: st.DataObject) -> None:
    """An entry with a few bytes changed anywhere."""
    entry = made(value)
    assert accepted(entry)
    at, cut = data.draw(st.integers(0, len(entry))), data.draw(st.integers(0, 4))
    accepted(
        entry[:at]
        + data.draw(st.binary(max_size=4) | st.sampled_from([b" ", b"\\u0041", b"\n", b"\xef\xbb\xbf", b',"a":1']))
        + entry[at + cut :]
    )


WHOLE = written(EXAMPLE)
FORMS = {
    "a final newline": WHOLE + b"\n",
    "a space before": b" " + WHOLE,
    "a space within": WHOLE.replace(b'":"', b'": "', 1),
    "a space after a comma": WHOLE.replace(b',"', b', "', 1),
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "UTF-16": WHOLE.decode().encode("utf-16"),
    "UTF-32": WHOLE.decode().encode("utf-32-le"),
    "an escape that is not needed": WHOLE.replace(b"credit", b"\\u0063redit"),
    "an escaped solidus": WHOLE.replace(b"ent/1", b"ent\\/1", 1),
    "escaped letters of another script": written(EXAMPLE | {"system": "ә"}).replace("ә".encode(), b"\\u04d9"),
    "keys in another order": json.dumps(dict(reversed(EXAMPLE.items())), separators=(",", ":")).encode(),
    "a key twice": WHOLE.replace(b'{"', b'{"kind":"assessment","', 1),
    "the last key twice": WHOLE.replace(b"Z\"}", b'Z","time":"2026-11-22T09:30:00.123456Z"}'),
    "a list around it": b"[" + WHOLE + b"]",
    "a list of pairs": written([[key, value] for key, value in EXAMPLE.items()]),
    "two of them": WHOLE + WHOLE,
    "a comma at the end": WHOLE[:-1] + b",}",
    "cut": WHOLE[:-1],
    "nothing": b"",
    "no object": b'"entry"',
    "null": b"null",
    "a number": b"1",
    "NaN": b"NaN",
    "deep": b"[" * 60_000,
    "a long number": b"9" * 60_000,
    "half a character": WHOLE.replace(b"credit", b"\\ud800redit"),
    "bytes that are no UTF-8": WHOLE.replace(b"credit", b"\xff\xferedit"),
    "half a character in bytes": WHOLE.replace(b"credit", b"\xed\xa0\x80redit"),
}  # fmt: skip


@pytest.mark.parametrize("entry", FORMS.values(), ids=FORMS.keys())
def test_no_other_form(entry: bytes) -> None:
    assert entry != WHOLE
    with pytest.raises(EvidenceError, match="is not an entry of a ledger"):
        Entry.parse(entry)


WRONG: dict[str, list[Any]] = {
    "artifact_schema": [None, "", "A", "a b", "a" * 81, "ә", "a\n", 1, "a\\"],
    "author": ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n", 0, False, [], "٠" * 64],
    "commitment": [None, "", "0" * 63, "0" * 65, "A" * 64, " " + "0" * 63, {}],
    "id": [None, "", EXAMPLE["id"].replace("-", ""), EXAMPLE["id"].upper(), EXAMPLE["id"] + "\n", "urn:uuid:" + EXAMPLE["id"]],
    "kind": [None, "", "A", "a/b", "a" * 41, "a\n", True],
    "organisation": ["", "a" * 81, "a\n", "\x00", "\x1f", "\x7f", 190140999998, ["a"], "\ud800"],
    "system": ["", "a" * 81, "a\tb", "\x7f", 1.5, {"a": 1}, "\udfff"],
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_values_outside_their_form(key: str, value: Any) -> None:
    with pytest.raises(EvidenceError, match="is not an entry of a ledger"):
        Entry.parse(written(EXAMPLE | {key: value}))
    with pytest.raises(EvidenceError, match="is not an entry of a ledger"):
        prepare(**{name: (EXAMPLE | {key: value})[name] for name in KEYS})


TIMES = """
2026-11-22T09:30:00Z
2026-11-22T09:30:00.123Z
2026-11-22T09:30:00.1234567Z
2026-11-22T9:30:00.1234567Z
2026-11-22T09:30:00.123456
2026-11-22 09:30:00.123456Z
2026-11-22T09:30:00.123456z
2026-11-22t09:30:00.123456Z
2026-11-22T09:30:00.123456+05:00
2026-11-22T09:30:00.12345 Z
2026-02-29T09:30:00.123456Z
2026-13-01T09:30:00.123456Z
2026-00-01T09:30:00.123456Z
2026-11-31T09:30:00.123456Z
2026-11-22T24:00:00.000000Z
2026-11-22T09:60:00.123456Z
2026-11-22T09:30:60.123456Z
2026-11-22T09:30:61.123456Z
0000-11-22T09:30:00.123456Z
+026-11-22T09:30:00.123456Z
٢٠٢٦-11-22T09:30:00.123456Z
"""


@pytest.mark.parametrize("time", [*TIMES.split("\n"), None, 1795339800, "2026-11-22T09:30:00.123456Z\n"])
def test_times_outside_their_form(time: Any) -> None:
    with pytest.raises(EvidenceError):
        Entry.parse(written(EXAMPLE | {"time": time}))


def test_exactly_these_keys() -> None:
    for key in EXAMPLE:
        with pytest.raises(EvidenceError):
            Entry.parse(written({name: value for name, value in EXAMPLE.items() if name != key}))
        with pytest.raises(EvidenceError):
            Entry.parse(written({(name.upper() if name == key else name): value for name, value in EXAMPLE.items()}))
    for more in ("a", "zone", "", "tim"):
        with pytest.raises(EvidenceError):
            Entry.parse(written(EXAMPLE | {more: None}))
    for schema in ("tanba.entry/2", "tanba.entry/1 ", None, "tanbaXentry/1"):
        with pytest.raises(EvidenceError):
            Entry.parse(written(EXAMPLE | {"schema": schema}))


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_noise(noise: bytes) -> None:
    assert not accepted(noise)


def test_a_moment_of_any_zone_is_written_in_utc() -> None:
    almaty = timezone(timedelta(hours=5))
    assert stamp(datetime(2026, 11, 22, 14, 30, tzinfo=almaty)) == "2026-11-22T09:30:00.000000Z"
    assert stamp(datetime(7, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "0007-01-02T03:04:05.000006Z"


def test_a_commitment_is_what_the_specification_says() -> None:
    salt, digest = bytes(range(32)), hashlib.sha256(b"content").digest()
    assert commit(salt, digest) == hashlib.sha256(b"tanba.commitment/1\x0a" + salt + digest).digest()
