"""Citations, deadlines, answers and conditions in words, for everything the law data holds."""

from typing import Any

import pytest
from django.utils import translation

from tanba.law.conditions import AllOf, AnyOf, Not, Term
from tanba.law.load import load
from tanba.strings import LANGUAGES, catalogue
from tanba.web.lawtracker import words


@pytest.mark.parametrize(
    ("path", "kk", "ru", "en"),
    [
        ("kz/230-VIII/21/2@2026-01-18", "№ 230-VIII Заң, 21-бап, 2-тармақ", "Закон № 230-VIII, ст. 21, п. 2", "Law 230-VIII, art. 21(2)"),
        (
            "230-VIII/17/3/6",
            "№ 230-VIII Заң, 17-бап, 3-тармақ, 6) тармақша",
            "Закон № 230-VIII, ст. 17, п. 3, пп. 6)",
            "Law 230-VIII, art. 17(3)(6)",
        ),
        ("230-VIII/1/4", "№ 230-VIII Заң, 1-бап, 4) тармақша", "Закон № 230-VIII, ст. 1, пп. 4)", "Law 230-VIII, art. 1(4)"),
        ("230-VIII/17/4/open", "№ 230-VIII Заң, 17-бап, 4-тармақ", "Закон № 230-VIII, ст. 17, п. 4", "Law 230-VIII, art. 17(4)"),
        ("230-VIII/5", "№ 230-VIII Заң, 5-бап", "Закон № 230-VIII, ст. 5", "Law 230-VIII, art. 5"),
        ("CoAO/641-1/1/1", "ӘҚБтК, 641-1-бап, 1-бөлік, 1) тармақша", "КоАП, ст. 641-1, ч. 1, пп. 1)", "CoAO, art. 641-1(1)(1)"),
        ("94-V/19-1/3", "№ 94-V Заң, 19-1-бап, 3-тармақ", "Закон № 94-V, ст. 19-1, п. 3", "Law 94-V, art. 19-1(3)"),
        ("order-95/minimal", "№ 95/НҚ бұйрық", "Приказ № 95/НҚ", "Order 95/НҚ"),
        ("practice/five-year-archive", "Нарықтық тәжірибе", "Рыночная практика", "Market practice"),
        ("mars/1", "mars", "mars", "mars"),
    ],
)
def test_citations(path: str, kk: str, ru: str, en: str) -> None:
    for language, cited in {"kk": kk, "ru": ru, "en": en}.items():
        with translation.override(language):
            assert words.cite(path) == cited


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deadline_evidence_kind_and_role_of_the_data_has_words(language: str) -> None:
    known = catalogue()
    with translation.override(language):
        for provision in load("kz").provisions:
            for item in provision.evidence:
                assert f"evidence.{item['kind']}" in known, item["kind"]
            for role in (*provision.binds, *provision.grants):
                assert f"words.role.{role}" in known or role in load("kz").notions, role
            deadline = provision.deadline or {}
            for group, key in (("from", "from"), ("event", "before"), ("period", "every"), ("unit", "unit")):
                assert key not in deadline or f"words.{group}.{deadline[key]}" in known, deadline
            assert bool(words.deadline(provision.deadline)) is bool(provision.deadline)


@pytest.mark.parametrize(
    ("written", "ru", "en"),
    [
        ({"before": "use"}, "до начала использования", "before use begins"),
        (
            {"within": 3, "unit": "working_days", "from": "objection"},
            "3 рабочих дня с поступления возражения",
            "within 3 working days of the objection",
        ),
        ({"every": "P1Y", "from": "refresh"}, "не реже одного раза в год", "at least once every year"),
        ({"at_once": True, "from": "identification"}, "незамедлительно с выявления риска", "at once on identification of the risk"),
        (None, "", ""),
    ],
)
def test_deadlines(written: dict[str, Any] | None, ru: str, en: str) -> None:
    for language, expected in {"ru": ru, "en": en}.items():
        with translation.override(language):
            assert words.deadline(written) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_reads_as_words(language: str) -> None:
    law = load("kz")
    with translation.override(language):
        for provision in law.provisions:
            nodes = [provision.applies, *(part.when for part in (*provision.elements, *provision.exceptions))]
            for node in nodes:
                for leaf in leaves(words.condition(law, node)):
                    assert leaf["text"]
                    assert leaf["wanted"]
                    assert "_" not in leaf["text"], leaf


def leaves(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [tree] if tree["kind"] == "term" else [leaf for part in tree.get("parts", ()) for leaf in leaves(part)]


def test_a_duty_of_anyone_is_not_said_to_need_anyone() -> None:
    provision = load("kz").editions("230-VIII/5")[-1]
    with translation.override("en"):
        assert "anyone" not in [leaf["text"] for leaf in leaves(words.condition(load("kz"), provision.applies))]


def test_not_is_moved_down_to_the_terms() -> None:
    uses, owns = Term("uses_model", "yes_no"), Term("owns_system", "yes_no")
    some = Term("model_abilities", "any_of", frozenset())
    with translation.override("en"):
        tree = words.condition(load("kz"), Not(AllOf((uses, AnyOf((owns, some))))))
    assert tree["kind"] == "any"
    assert tree["parts"][0]["wanted"] == "no"
    assert tree["parts"][1]["kind"] == "all"
    assert [part["wanted"] for part in tree["parts"][1]["parts"]] == ["no", "– none of these"]


def test_groups_of_one_kind_read_as_one_and_empty_ones_as_always_or_never() -> None:
    uses, owns, users = (Term(name, "yes_no") for name in ("uses_model", "owns_system", "has_users"))
    law = load("kz")
    with translation.override("en"):
        assert len(words.condition(law, AllOf((uses, AllOf((owns, users)))))["parts"]) == 3
        assert words.condition(law, AllOf((uses,)))["kind"] == "term"
        assert words.condition(law, AllOf(()))["kind"] == "always"
        assert words.condition(law, Not(AllOf(())))["kind"] == "never"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("uses_model", True, "yes"),
        ("uses_model", None, "no answer"),
        ("model_abilities", [], "none of these"),
        ("media_kinds", ["text"], "text"),
    ],
)
def test_answers(name: str, value: Any, shown: str) -> None:
    with translation.override("en"):
        assert words.answer(load("kz").facts[name], value).casefold() == shown
