"""An altered official text: which provisions to verify again, and which systems they touch."""

from datetime import date

import pytest

from tanba.law.load import load
from tanba.law.official import Comparison
from tanba.law.rulebook import on
from tanba.law.touched import known_digests, to_verify, touched_systems

BOOK = on(load(), date(2026, 11, 22))


def test_every_article_that_was_read_has_a_digest() -> None:
    known = known_digests(BOOK.law, "230-VIII")
    assert sorted(known, key=int) == [str(number) for number in range(1, 32)]
    assert all(len(digest) == 64 for digest in known.values())


@pytest.mark.parametrize(("article", "touches"), [("21", True), ("19", False), ("17", True)])
def test_a_changed_article_touches_systems_it_applies_to(article: str, touches: bool) -> None:
    comparison = Comparison(same=(), changed=(article,), missing=(), new=())
    provisions = to_verify(BOOK, "230-VIII", comparison)
    assert provisions
    assert {p.article for p in provisions} == {article}
    facts = {**BOOK.law.bases["owner"], "seeks_trusted_list": False, "provides_goods_or_services": True}
    assert ("bot" in touched_systems(BOOK, provisions, {"bot": facts})) is touches


def test_what_is_no_ai_system_is_not_touched() -> None:
    provisions = to_verify(BOOK, "230-VIII", Comparison(same=(), changed=("17", "21"), missing=(), new=()))
    assert touched_systems(BOOK, provisions, {"calculator": {"uses_model": False}}) == {}
