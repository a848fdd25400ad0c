"""The C2PA wrapper in text: ours against vectors of c2pa-text, strict reading, ranges for the hash."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marking.text.texts import ID, KK, SECRET, any_text
from tanba.errors import InputError
from tanba.marking.text.bytewise import encode
from tanba.marking.text.selectors import embed_id, read_ids, strip
from tanba.marking.text.wrapper import CORRUPTED, MULTIPLE, embed_manifest, read_manifest, room, strip_manifest, wrap

VECTORS = json.loads((Path(__file__).parent / "data" / "c2pa-text.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_ours_and_c2pa_text_write_and_read_the_same(case: dict[str, Any]) -> None:
    manifest = bytes.fromhex(case["manifest"])
    assert embed_manifest(case["text"], manifest, case["length"]) == case["embedded"]
    found = read_manifest(case["embedded"])
    assert found is not None
    assert (found.manifest, found.start, found.length, found.code) == (manifest, case["start"], case["exclusion"], "")


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_what_c2pa_text_refuses_we_refuse_and_say_why(case: dict[str, Any]) -> None:
    found = read_manifest(case["text"])
    assert found is not None
    assert found.manifest is None
    assert found.code == (MULTIPLE if case["name"] == "two wrappers" else CORRUPTED)
    assert found.problem


def test_bytes_behind_the_manifest_that_are_no_padding_are_refused() -> None:
    found = read_manifest(KK + wrap(b"manifest") + encode(b"\x01"))
    assert found is not None
    assert (found.manifest, found.problem) == (None, "1 bytes that are no padding follow the manifest")


def test_a_head_that_was_cut_is_named() -> None:
    found = read_manifest(wrap(b"")[:-1])
    assert found is not None
    assert found.problem == "the wrapper's head has 12 bytes instead of 13"


def test_a_byte_order_mark_is_no_wrapper() -> None:
    assert read_manifest("\ufeff" + KK) is None
    assert read_manifest("\ufeff\ufe0f" + KK) is None


def test_a_text_in_another_normal_form_says_so() -> None:
    found = read_manifest(unicodedata.normalize("NFD", "Қой") + wrap(b"m"))
    assert found is not None
    assert (found.manifest, found.normal) == (b"m", False)


def test_the_range_is_known_before_the_manifest_is() -> None:
    for size in range(0, 300, 7):
        found = read_manifest(embed_manifest(KK, bytes(size), room(size)))
        assert found is not None
        assert (found.start, found.length) == (len(KK.encode()), room(size))
    with pytest.raises(InputError, match="cannot be padded"):
        wrap(b"manifest", 10)


def test_ids_and_a_wrapper_live_in_one_text() -> None:
    both = embed_manifest(embed_id(KK, ID, SECRET), b"\xff" * 300)
    found = read_manifest(strip(both))
    assert found is not None
    assert found.manifest == b"\xff" * 300
    assert strip(strip_manifest(both)) == KK
    assert read_ids(both, [SECRET])[0].id == ID


@given(any_text, st.binary(max_size=100))
def test_what_is_embedded_is_read_and_taken_off(text: str, manifest: bytes) -> None:
    text = strip_manifest(text)
    whole = embed_manifest(text, manifest)
    found = read_manifest(whole)
    assert found is not None
    assert found.manifest == manifest
    assert embed_manifest(whole, manifest) == whole
    assert strip_manifest(whole) == unicodedata.normalize("NFC", text)


@given(any_text)
def test_reading_never_raises(text: str) -> None:
    read_manifest(text)
    read_manifest(wrap(b"abc")[:9] + text)
