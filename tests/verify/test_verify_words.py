"""Each word is reachable, each kind of tampering gets its word, and the two checkers say the same about every case."""

from typing import Any

import pytest

from verify.both import NODE, needs_node, run_page, run_script, words_of
from verify.cases import Case, cases

NAMES = [case.name for case in cases()]


@pytest.fixture(scope="module")
def page() -> dict[str, dict[str, Any]]:
    return dict(zip(NAMES, run_page([(case.data, case.given) for case in cases()]), strict=True)) if NODE else {}


def hold(case: Case, verdict: dict[str, Any]) -> None:
    assert verdict["exit"] == case.exit, verdict
    if case.exit == 2:
        assert verdict["malformed"]
        assert not verdict["malformed"].startswith("unexpected")
        return
    assert (verdict["bundle"] and verdict["bundle"]["words"]) == case.bundle
    assert [result["words"] for result in verdict["artifacts"]] == case.artifacts
    results = [*verdict["artifacts"], *([verdict["bundle"]] if verdict["bundle"] else [])]
    assert case.code in {"", *(reason["code"] for result in results for reason in result["reasons"])}


def test_names_are_names() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("case", cases(), ids=NAMES)
def test_script(case: Case) -> None:
    hold(case, run_script(case.data, case.given))


@needs_node
@pytest.mark.parametrize("case", cases(), ids=NAMES)
def test_page(case: Case, page: dict[str, Any]) -> None:
    hold(case, page[case.name])


@needs_node
@pytest.mark.parametrize("case", cases(), ids=NAMES)
def test_both_say_the_same(case: Case, page: dict[str, Any]) -> None:
    assert words_of(page[case.name]) == words_of(run_script(case.data, case.given))


def test_every_word_is_reached() -> None:
    reached = {word for case in cases() for words in [case.bundle or [], *case.artifacts] for word in words}
    assert reached == {"verified", "altered", "missing", "unattributed", "unwitnessed", "untimed", "erased"}
