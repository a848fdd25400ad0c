"""Each document: must-have fields are there, filled or as gaps; what is unknown stays so; nothing is stronger than its basis."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.documents.catalogue import TEMPLATES, digest, make
from tanba.documents.layout import laid
from tanba.documents.model import Check, Document, Heading, gaps, names, statements
from tanba.documents.pdf import LINE_OF_TWO
from tanba.errors import InputError
from tanba.law.facts import Answer, SystemFile, read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.common import Whose
from tanba.material.system import material
from tanba.people.riskfile import read_register
from tanba.people.risks import Register, Risk
from tanba.strings import LANGUAGES, t
from tanba.yamlfile import read_yaml

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples/systems").glob("*.yaml"))
BOOK = on(load(), date(2026, 11, 22))
WHOSE = Whose({"kk": "«Qarlygash» АҚ", "ru": "АО «Qarlygash»", "en": "Qarlygash JSC"}, "051140004567")
OF_SYSTEM = [name for name, each in TEMPLATES.items() if each.of == "system"]
LEVELS: dict[str, dict[str, Any]] = {
    "minimal": {"failure_emergency": False, "failure_significant": [], "failure_lowers_efficiency": False, "failure_causes_harm": False},
    "medium": {"failure_emergency": False, "failure_significant": [], "failure_lowers_efficiency": True, "failure_causes_harm": True},
    "high": {"failure_emergency": True},
}


def system(facts: dict[str, Any] | None = None, **details: Any) -> SystemFile:
    answers = {name: Answer(value) for name, value in (facts or {}).items()}
    return SystemFile("x", dict.fromkeys(LANGUAGES, "X"), answers, details)


def document(name: str, facts: dict[str, Any] | None = None, whose: Whose = Whose(), **details: Any) -> Document:  # noqa: B008 - frozen
    return make(name, material(BOOK, system(facts, **details), whose))


def ticked(found: Document, name: str) -> list[str]:
    return [block.said.text["en"] for block in found.blocks if isinstance(block, Check) and block.name == name and block.checked]


def headings(found: Document) -> list[str]:
    return [block.text["en"] for block in found.blocks if isinstance(block, Heading)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", OF_SYSTEM)
def test_every_must_have_field_of_every_example_is_there_and_no_section_is_empty(name: str, path: Path) -> None:
    found = make(name, material(BOOK, read_system(path, BOOK.law), WHOSE))
    assert set(TEMPLATES[name].must) <= names(found)
    levels = [block.level if isinstance(block, Heading) else 9 for block in found.blocks]
    assert levels[-1] == 9
    assert all(before < after for before, after in pairwise(levels) if before != 9 and after != 9)
    for language in LANGUAGES:
        for block in laid(found, (language,))["blocks"]:
            assert all(block.get("texts", [True]))
            assert "widths" not in block or min(block["widths"]) / sum(block["widths"]) * LINE_OF_TWO >= 34  # a gap's word needs so much
            for cell in [cell for row in block.get("rows", []) for cells in row for cell in cells]:
                assert cell["text"]


@pytest.mark.parametrize("name", OF_SYSTEM)
def test_without_a_single_answer_every_must_have_field_is_there_and_none_is_filled_in(name: str) -> None:
    found = document(name)
    assert set(TEMPLATES[name].must) <= names(found)
    said_anyhow = {"name", "identifier", "set", "conclusion", "duties"}  # the system's own name, what the list is reported to hold, duties
    said_anyhow |= {"identify", "evaluate", "targeted", "watch"}  # the procedure of a plan, whatever the system is
    assert {field for field, said in statements(found) if said.gap} >= set(TEMPLATES[name].must) - said_anyhow
    assert [block for block in found.blocks if isinstance(block, Check) and block.checked and block.name != "conclusion"] == []
    assert not any(said.gap is False for field, said in statements(found) if field in BOOK.law.facts)


@pytest.mark.parametrize("name", OF_SYSTEM)
def test_every_gap_of_the_law_and_every_answer_names_its_provision(name: str) -> None:
    found = make(name, material(BOOK, read_system(next(p for p in EXAMPLES if p.stem == "credit-scorer"), BOOK.law), WHOSE))
    fields = {
        "name",
        "organisation",
        "purpose",
        "stage",
        "ai_system",
        "gate",
        "documentation",
        "accuracy",
        "human_control",
        "risk_register",
        "agreement_parties",
    }
    said = [each for field, each in statements(found) if field in fields]
    assert said
    assert all(each.sources for each in said)
    assert all(source.cited["kk"] and source.basis for each in said for source in each.sources)


def test_what_an_audit_pack_says_of_the_engagement_beyond_the_auditor_rests_on_practice() -> None:
    found = {field: said.sources for field, said in statements(document("audit-pack"))}
    for field in ("auditor_bin", "people", "period", "contract", "independence"):
        assert [source.basis for source in found[field]] == ["practice"]
    assert [source.basis for source in found["auditor"]] == ["statute"]


def test_what_is_reported_of_the_documentation_order_says_that_its_text_was_not_read() -> None:
    found = document("dossier", LEVELS["medium"])
    unread = [source for _, said in statements(found) for source in said.sources if "order-95" in source.provision]
    assert unread
    assert not any(source.read for source in unread)
    for language in LANGUAGES:
        shown = str(laid(found, (language,)))
        assert t("report.unread", language) in shown


@pytest.mark.parametrize(("level", "parts"), [("minimal", 2), ("medium", 3), ("high", 4)])
def test_a_dossier_grows_with_the_degree_of_risk(level: str, parts: int) -> None:
    found = document("dossier", LEVELS[level])
    assert len(ticked(found, "set")) == parts
    assert ("Data libraries" in headings(found)) is (parts > 2)
    assert ("Policy on the principles" in headings(found)) is (parts > 3)


def test_where_the_degree_is_open_a_dossier_has_every_part_that_may_be_asked_for_and_ticks_none() -> None:
    found = document("dossier")
    assert ticked(found, "set") == []
    assert {"Data libraries", "Policy on the principles"} <= set(headings(found))


def test_a_policy_shows_what_is_written_for_a_principle_and_what_is_not() -> None:
    said = dict(statements(document("dossier", LEVELS["high"], principles={"fairness": "Rates are measured each quarter."})))
    assert said["principle_fairness"].text["ru"] == "Rates are measured each quarter."
    assert not said["principle_fairness"].gap
    assert said["principle_safety"].gap


def test_a_found_capability_is_stated_and_asks_for_measures() -> None:
    found = make("prohibited", material(BOOK, read_system(next(p for p in EXAMPLES if "legacy" in p.stem), BOOK.law), WHOSE))
    assert ticked(found, "conclusion") == ["A prohibited functional capability was found"]
    assert any("18/2" in source.provision for _, said in statements(found) for source in said.sources)


def test_while_one_element_is_open_nobody_states_that_there_is_no_capability() -> None:
    found = document("prohibited", {"manipulates": False})
    assert ticked(found, "conclusion") == ["Not settled: the absence of the capabilities cannot be stated"]
    assert len(gaps(found)) > 6


def test_the_act_leaves_the_decision_to_the_commission_and_shows_what_the_owner_said_beside_the_facts() -> None:
    found = document("classification", {**LEVELS["medium"], "own_risk": "minimal"})
    assert ticked(found, "risk") == ["medium"]
    assert [said for field, said in statements(found) if field == "decision"][-1].gap
    assert "medium\nimplausible" in [said.text["en"] for field, said in statements(found) if field == "own"]


def test_what_somebody_wrote_is_where_it_belongs() -> None:
    details = {"models": ["gbm", {"name": "net", "licence": "MIT", "size": 4.2}], "channels": "app", "owner": "T. Bekov"}
    found = document("passport", {"stage": "pilot"}, WHOSE, purpose={"ru": "Оценка"}, **details)
    said = {field: each.text["ru"] for field, each in statements(found) if not each.gap and field != "models"}
    assert said["organisation"] == "АО «Qarlygash»"
    assert (said["bin"], said["channels"], said["responsible"], said["purpose"]) == ("051140004567", "app", "T. Bekov", "Оценка")
    assert {"gbm", "net", "MIT"} <= {each.text["ru"] for field, each in statements(found) if field == "models"}


def test_risks_of_a_register_stand_with_levels_measures_and_what_is_missing() -> None:
    register = read_register(read_yaml(EXAMPLES[0].parent.parent / "risks/credit-scorer.yaml"))
    with_risks = material(BOOK, system(LEVELS["high"]), WHOSE, risks=register)
    for name in ("risks", "dossier"):
        found = make(name, with_risks)
        said = [each for field, each in statements(found) if field == "risks"]
        assert len(said) == 3 * len(register.risks)
        assert any("before measures: " in each.text["en"] and "after measures: " in each.text["en"] for each in said)
        assert any("in place" in each.text["en"] and "Timur Bekov" in each.text["kk"] for each in said)
        assert not dict(statements(found))["risk_register"].gap
        assert {"2026-03-02", "2027-03-02"} <= set(dict(statements(found))["refresh"].text["ru"].replace("\n", " ").split())


def test_an_empty_register_of_risks_is_a_gap_and_nobody_s_level_is_made_up() -> None:
    empty = make("risks", material(BOOK, system(), WHOSE, risks=Register("x")))
    assert dict(statements(empty))["risks"].gap
    assert dict(statements(empty))["refresh"].gap
    bare = Register("x", (Risk("a", "A", "B", "C"),))
    said = [each for field, each in statements(make("risks", material(BOOK, system(), WHOSE, risks=bare))) if field == "risks"]
    assert [each.gap for each in said] == [False, True, True]
    assert "measures" not in said[0].text["en"]


def test_the_digest_is_that_of_the_data() -> None:
    one, other = (material(BOOK, system({"stage": stage}), WHOSE) for stage in ("pilot", "production"))
    assert digest(one) == digest(material(BOOK, system({"stage": "pilot"}), WHOSE)) != digest(other)
    assert laid(make("passport", one), ("en",)) == laid(make("passport", one), ("en",))


def test_a_document_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="no document"):
        document("poem")


def test_a_system_that_is_no_ai_system_gets_documents_that_say_so() -> None:
    for name in OF_SYSTEM:
        assert set(TEMPLATES[name].must) <= names(document(name, {"uses_model": False}))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["name", "kk", "ru", "licence"]), inner, max_size=3)
    ),
    max_leaves=6,
)
DETAILS = ("purpose", "department", "owner", "vendor", "models", "data_libraries", "channels", "regions", "principles")


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(DETAILS, ANYTHING)))
def test_whatever_a_file_has_for_its_details_a_document_is_made(details: dict[str, Any]) -> None:
    for name in ("passport", "dossier"):
        found = document(name, LEVELS["high"], **details)
        assert set(TEMPLATES[name].must) <= names(found)
        assert laid(found, ("kk", "ru"))["blocks"]


def answers() -> st.SearchStrategy[dict[str, Any]]:
    def values(fact: Any) -> st.SearchStrategy[Any]:
        if fact.type == "yes_no":
            return st.booleans()
        one = st.sampled_from(sorted(fact.choices))
        return one if fact.type == "one_of" else st.lists(one, unique=True)

    return st.fixed_dictionaries({}, optional={name: values(fact) for name, fact in BOOK.law.facts.items()})


@settings(max_examples=20)
@given(answers(), st.sampled_from(OF_SYSTEM))
def test_whatever_is_answered_must_have_fields_are_there_and_facts_without_an_answer_are_gaps(facts: dict[str, Any], name: str) -> None:
    found = document(name, facts)
    assert set(TEMPLATES[name].must) <= names(found)
    for field, said in statements(found):
        if field in BOOK.law.facts:
            assert said.gap is (field not in facts)
