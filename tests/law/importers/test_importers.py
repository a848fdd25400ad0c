import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law import importers
from tanba.law.importers import cyclonedx, fields, import_facts, mlflow, model_card, words

NAMES = ["README.md", "MLmodel", "bom.json", "x.cdx.json", "x.yaml", "x.bin"]
STARTS = [b"", b"---\n", b"flavors:\n  ", b'{"bomFormat": "CycloneDX", "components": [']
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
KEYS = st.sampled_from(
    ["type", "name", "modelCard", "modelParameters", "datasets", "ref", "bom-ref", "licenses", "license", "components", "data"]
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["README.md", "model.onnx", "data.json", "config.yaml"])
def test_another_file_is_refused_with_the_accepted_formats(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        import_facts(saved(tmp_path / name, b"hello: world"))
    assert all(variant.kind in caught.value.hint for variant in (model_card, mlflow, cyclonedx))


@pytest.mark.parametrize("name", NAMES)
def test_too_large_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="larger"):
        import_facts(saved(tmp_path / name, b"---\n" + b" " * importers.MAX_BYTES))


def test_a_missing_file_a_folder_and_another_encoding_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path, saved(tmp_path / "MLmodel", "flavors: ы".encode("cp1251"))):
        with pytest.raises(InputError):
            import_facts(path)


def test_texts_are_printable_and_bounded() -> None:
    assert words(["a\x1b[31m\n b", "\ud800", "", None, True, 2, 1.5, 10**5000, ["x"]]) == ["a [31m b", "True", "2", "1.5"]
    assert [len(word) for word in words(["x" * 9_999] * 9_999)] == [300] * 200
    assert fields(name="a", none=None, both=["b", "c"]) == {"name": "a", "both": "b, c"}


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    start=st.sampled_from(STARTS),
    content=st.binary(max_size=200),
    end=st.sampled_from([b"", b"\n---\n", b"]}"]),
)
def test_any_bytes_raise_input_error_only(
    tmp_path_factory: pytest.TempPathFactory, name: str, start: bytes, content: bytes, end: bytes
) -> None:
    path = saved(tmp_path_factory.getbasetemp() / name, start + content + end)
    for read in (import_facts, model_card.read, mlflow.read, cyclonedx.read):
        with suppress(InputError):
            read(path)


@settings(max_examples=150, deadline=None)
@given(value=st.dictionaries(KEYS, JSON, max_size=4))
def test_any_bill_of_materials_raises_input_error_only(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    bill = {"bomFormat": "CycloneDX", "components": [value | {"type": "machine-learning-model"}, value]}
    found = import_facts(saved(tmp_path_factory.getbasetemp() / "any.json", json.dumps(bill).encode()))
    assert found.models
    assert str(found).encode()


@settings(max_examples=100, deadline=None)
@given(
    front=st.dictionaries(
        st.sampled_from(["pipeline_tag", "tags", "license", "license_name", "datasets", "base_model", "model_name"]), JSON
    )
)
def test_any_card_is_read(tmp_path_factory: pytest.TempPathFactory, front: dict[str, Any]) -> None:
    path = saved(tmp_path_factory.getbasetemp() / "any.md", f"---\n{json.dumps(front)}\n---\n".encode())
    with suppress(InputError):  # JSON that YAML does not take, such as NaN or half of a surrogate pair
        assert import_facts(path).suggestions[0].fact == "uses_model"
