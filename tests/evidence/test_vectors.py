"""The vectors of spec/: made again from nothing they are the same, and the stand-alone checkers agree with what they say."""

import base64
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from tanba.ledger.checkpoint import Signed
from tanba.ledger.note import Key
from tanba.ledger.policy import parse
from tanba.seal import Receipt, Trust, measure, verify
from verify.both import Given, needs_node, run_page, run_script

FOLDER = Path(__file__).parent.parent.parent / "spec" / "vectors"
NAMES = ("entry.json", "checkpoint.json", "receipt.json", "bundle.json", "text-mark.json", "spool.json", "decisions.json")


def kept(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("make_vectors", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.make_all(tmp_path_factory.mktemp("vectors"))
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if name != "bundle.json"])
def test_the_vectors_are_what_is_made_today(name: str, made: dict[str, Any]) -> None:
    assert kept(name) == made[name]


def test_the_bundle_has_the_same_index(made: dict[str, Any]) -> None:
    """Its bytes may differ with the machine's zlib; what is in it may not."""
    assert kept("bundle.json")["index"] == made["bundle.json"]["index"]


def test_every_page_names_its_vectors() -> None:
    for name in NAMES:
        assert f"vectors/{name}" in (FOLDER.parent / name.replace(".json", ".md")).read_text(encoding="utf-8")


def test_cosignatures() -> None:
    vectors = kept("checkpoint.json")
    keys = [Key.parse(text) for text in vectors["keys"].values()]
    assert list(Signed.parse(vectors["cosigned"]).note.signed_by(keys).values()) == [None, 1_795_253_400]


@pytest.mark.parametrize("number", range(3))
def test_receipts_in_three_implementations(number: int) -> None:
    vectors = kept("receipt.json")
    each = vectors["receipts"][number]
    verdict = verify(Receipt.parse(each["receipt"].encode()), Trust(parse(vectors["policy"])), measure(each["content"].encode()))
    assert list(verdict.words) == each["words"]
    given = Given(vectors["policy"].encode(), content=each["content"].encode())
    assert run_script(each["receipt"].encode(), given)["artifacts"][0]["words"] == each["words"]


@needs_node
def test_receipts_and_the_bundle_under_node() -> None:
    receipts, bundle = kept("receipt.json"), kept("bundle.json")
    policy = receipts["policy"].encode()
    asked = [(each["receipt"].encode(), Given(policy, content=each["content"].encode())) for each in receipts["receipts"]]
    answers = run_page([*asked, (base64.b64decode(bundle["zip"]), Given(policy))])
    assert [answer["artifacts"][0]["words"] for answer in answers[:3]] == [each["words"] for each in receipts["receipts"]]
    assert [result["words"] for result in answers[3]["artifacts"]] == [["untimed"], ["unwitnessed", "untimed"]]


def test_the_bundle_by_the_one_file() -> None:
    bundle = kept("bundle.json")
    verdict = run_script(base64.b64decode(bundle["zip"]), Given(bundle["policy"].encode()))
    assert verdict["exit"] == 3
    assert [result["words"] for result in verdict["artifacts"]] == [["untimed"], ["unwitnessed", "untimed"]]
