"""Canonical JSON: the subset of RFC 8785 without floats and with ASCII keys."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.digest import MOST, canonical_json, sha256

VECTORS = os.environ.get("TANBA_VECTORS")
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-MOST, MOST), st.text(st.characters(exclude_categories=["Cs"]))),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


@given(values)
def test_text_to_value_to_text_is_the_identity(value: Any) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, {1: "a"}, {"ключ": 1}, {"a": {"ә": 1}}])
def test_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_digest_of_nothing() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.skipif(VECTORS is None, reason="set TANBA_VECTORS to a folder with RFC 8785 vectors")
def test_vectors_from_outside() -> None:
    """Those of the RFC 8785 vectors that lie in the subset come out byte for byte; the others are refused."""
    folder = Path(VECTORS or "") / "jcs" / "testdata"
    agreed = 0
    for source in sorted((folder / "input").glob("*.json")):
        try:
            written = canonical_json(json.loads(source.read_text(encoding="utf-8")))
        except TypeError:
            continue
        assert written == (folder / "output" / source.name).read_bytes().strip(), source.name
        agreed += 1
    assert agreed >= 1


@pytest.mark.parametrize("value", [MOST + 1, {"a": [-MOST - 1]}])
def test_integers_that_some_readers_of_json_round_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="every reader"):
        canonical_json(value)
