"""A description suggests what it states, with the words that led to it, and nothing else."""

import re
import time
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.law.describe import MAX_CHARS, Suggestion, flagged, suggest
from tanba.law.facts import checked
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.strings import LANGUAGES
from tanba.yamlfile import read_yaml

LAW = load()
BOOK = on(LAW, date(2026, 2, 1))
TEXTS: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "data" / "descriptions.yaml")["descriptions"]
TUNED = [text for text in TEXTS if not text.get("held_out")]
HELD_OUT = [text for text in TEXTS if text.get("held_out")]
ACT = "230-VIII/"


def found(text: str) -> dict[str, Any]:
    return {s.fact: s.value for s in suggest(LAW, text)}


def paths(text: str) -> set[str]:
    return {path.removeprefix(ACT) for path in flagged(BOOK, suggest(LAW, text))}


# --- the described systems ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", TUNED, ids=lambda entry: entry["id"])
def test_a_description_suggests_exactly_what_it_states(entry: dict[str, Any]) -> None:
    got = found(entry["text"])
    assert {fact: got.get(fact) for fact in entry["expect"]} == entry["expect"]
    assert {fact: value for fact, value in got.items() if fact not in entry["expect"] and entry.get("may", {}).get(fact) != value} == {}
    assert not got.keys() & set(entry["never"])
    assert set(entry["look"]) <= paths(entry["text"]) <= {*entry["look"], *entry.get("may_look", [])}


@pytest.mark.parametrize(("language", "recall", "precision"), [("kk", 0.84, 0.95), ("ru", 0.78, 0.95), ("en", 0.75, 0.95)])
def test_descriptions_never_tuned_on_keep_their_recall_and_precision(language: str, recall: float, precision: float) -> None:
    right = stated = fair = wrong = 0
    for entry in HELD_OUT:
        if entry["id"].startswith(language):
            got, expect, may = found(entry["text"]), entry["expect"], entry.get("may", {})
            hits = {fact for fact, value in expect.items() if got.get(fact) == value}
            extra = {fact for fact, value in got.items() if fact not in expect and may.get(fact) == value}
            right, stated, fair, wrong = right + len(hits), stated + len(expect), fair + len(extra), wrong + len(got.keys() - hits - extra)
    assert right / stated >= recall
    assert (right + fair) / (right + fair + wrong) >= precision


@pytest.mark.parametrize("entry", HELD_OUT, ids=lambda entry: entry["id"])
def test_a_description_never_tuned_on_suggests_nothing_it_must_not(entry: dict[str, Any]) -> None:
    assert not found(entry["text"]).keys() & set(entry["never"])
    assert paths(entry["text"]) <= {*entry["look"], *entry.get("may_look", [])}


def test_prohibitions_in_descriptions_never_tuned_on_are_mostly_flagged() -> None:
    wanted = [(entry, path) for entry in HELD_OUT for path in entry["look"]]
    assert sum(path in paths(entry["text"]) for entry, path in wanted) >= 0.6 * len(wanted)


def test_the_set_is_large_enough_and_names_only_known_facts() -> None:
    assert all(sum(entry["id"].startswith(language) for entry in TEXTS) >= 12 for language in LANGUAGES)
    assert all(sum(entry["id"].startswith(language) for entry in HELD_OUT) >= 6 for language in LANGUAGES)
    for entry in TEXTS:
        for fact, value in {**entry.get("may", {}), **entry["expect"]}.items():
            checked(LAW.facts[fact], value)
        assert not set(entry["never"]) - LAW.facts.keys()
        assert not set(entry["never"]) & entry["expect"].keys()


# --- denials --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("Система распознаёт эмоции.", "determines_emotions", True),
        ("Система эмоции не распознаёт.", "determines_emotions", False),
        ("Эмоции людей не распознаются.", "determines_emotions", False),
        ("Система не только распознаёт эмоции, но и отвечает.", "determines_emotions", True),
        ("Эмоцияны анықтайды.", "determines_emotions", True),
        ("Эмоцияны анықтамайды.", "determines_emotions", False),
        ("Эмоцияны анықтай алмайды.", "determines_emotions", False),
        ("It does not recognise emotions.", "determines_emotions", False),
        ("The system isn't able to detect emotions.", "determines_emotions", False),
        ("Not only does it detect emotions, it stores them.", "determines_emotions", True),
        ("Эмоции клиентов определяются без их согласия.", "emotions_consent", False),
        ("Эмоции клиентов определяются только с их согласия.", "emotions_consent", True),
        ("Эмоции определяем. Клиент подписал согласие на обработку персональных данных.", "emotions_consent", None),
        ("Эмоцияны адамның келісімінсіз анықтайды.", "emotions_consent", False),
        ("Эмоцияны клиенттің келісімімен ғана анықтайды.", "emotions_consent", True),
        ("Emotions are recognised without asking for consent.", "emotions_consent", False),
        ("Emotions are recognised only after customers consent.", "emotions_consent", True),
        ("Персональные данные обрабатываются без согласия.", "personal_data_basis", "none"),
        ("Персональные данные обрабатываются только после согласия клиента.", "personal_data_basis", "consent"),
        ("Дербес деректер келісімінсіз өңделеді.", "personal_data_basis", "none"),
        ("Дербес деректер келісіммен ғана өңделеді.", "personal_data_basis", "consent"),
        ("Персональные данные за рубежом не хранит.", "processes_personal_data", True),
        ("Не хранит персональные данные за рубежом.", "stored_in_kazakhstan", True),
        ("Дербес деректер шетелге берілмейді.", "cross_border_transfer", False),
        ("Personal data are never transferred abroad.", "cross_border_transfer", False),
        ("Никаких персональных данных.", "processes_personal_data", False),
        ("Нейросеть не использует персональные данные.", "uses_model", True),
        ("У нейросети нет доступа к интернету.", "uses_model", True),
        ("The neural network is not used for hiring.", "uses_model", True),
        ("Без нейросетей, только правила.", "uses_model", False),
        ("Мұнда нейрожелі жоқ.", "uses_model", False),
        ("Дипфейков не создаём.", "imitates_person_or_event", False),
        ("We do not create deepfakes.", "imitates_person_or_event", False),
        ("We do not create deepfakes.", "generates_or_alters_media", None),
        ("Не LLM, а градиентный бустинг.", "uses_model", True),
        ("Жасын, ұлтын анықтамайды, не бетін танымайды.", "biometric_classification", False),
        ("Ни настроение, ни возраст не определяются.", "determines_emotions", False),
        ("A classifier that detects deepfakes.", "generates_or_alters_media", None),
        ("Ошибка системы не приведёт к аварии.", "failure_emergency", False),
        ("Сбой может привести к взрыву на шахте.", "failure_emergency", True),
        ("Егер жүйе тоқтаса, ешкімге зиян келмейді.", "failure_significant", []),
        ("Решение окончательное, отменить его нельзя.", "human_control", "excluded"),
        ("Отменить решение может инспектор.", "human_control", "can_correct_or_cancel"),
        ("The system decides and nobody can overrule it.", "human_control", "excluded"),
        ("Модель работает не в облаке.", "isolated_infrastructure", None),
        ("It keeps no\nemotions on record.", "determines_emotions", False),
    ],
)
def test_denials(text: str, fact: str, value: Any) -> None:
    assert found(text).get(fact) == value


def test_a_contradiction_suggests_nothing() -> None:
    assert "uses_model" not in found("В основе нейросеть. Никакой нейросети нет.")
    assert "human_control" not in found("Отменить решение может инспектор. Решение отменить нельзя.")


@given(st.sampled_from(["Система распознаёт эмоции.", "Жүйе эмоцияны анықтайды.", "It detects emotions."]), st.booleans())
def test_a_contradiction_suggests_nothing_in_any_order_and_language(yes: str, first: bool) -> None:
    for no in ("Эмоции не распознаёт.", "Эмоцияны анықтамайды.", "It does not detect emotions."):
        assert "determines_emotions" not in found(f"{yes} {no}" if first else f"{no} {yes}")


# --- company of facts -----------------------------------------------------------------------------------------------


def test_a_fact_that_means_something_only_beside_another_waits_for_it() -> None:
    assert "scores_over_period" not in found("За последние два года накоплена история платежей.")
    assert found("Скоринг по истории платежей за последние два года.")["scores_over_period"] is True
    assert "stored_in_kazakhstan" not in found("Персональных данных нет. Сервер в Алматы.")


def test_words_shown_are_those_of_the_text() -> None:
    (one,) = [s for s in suggest(LAW, "В основе —\nНЕЙРОСЕТЬ банка.") if s.fact == "uses_model"]
    assert one == Suggestion("uses_model", True, ("НЕЙРОСЕТЬ",))


# --- prohibitions worth a close look --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"processes_personal_data": True}, []),
        ({"processes_personal_data": True, "personal_data_basis": "none"}, ["17/3/4"]),
        ({"processes_personal_data": True, "stored_in_kazakhstan": False}, ["17/3/4"]),
        ({"determines_emotions": True}, ["17/3/6"]),
        ({"determines_emotions": True, "emotions_consent": False}, ["17/3/6"]),
        ({"determines_emotions": True, "emotions_consent": True}, []),
        ({"determines_emotions": True, "emotions_provided_by_law": True}, []),
        ({"emotions_consent": False}, []),
        ({"scores_people": True}, ["17/3/3"]),
        ({"scores_people": True, "scoring_provided_by_law": True}, []),
        ({"scores_people": True, "scores_over_period": False}, []),
        ({"manipulates": True, "biometric_classification": True}, ["17/3/1", "17/3/5"]),
        ({"exploits_vulnerability": True, "aims_at_harm": False}, []),
        ({"creates_prohibited_results": True}, ["17/3/7"]),
        ({"determines_emotions": True, "uses_model": False}, []),
        ({"determines_emotions": True, "operated_in_kazakhstan": False, "serves_people_in_kazakhstan": False}, []),
    ],
)
def test_flagged(facts: dict[str, Any], expected: list[str]) -> None:
    assert flagged(BOOK, [Suggestion(fact, value, ()) for fact, value in facts.items()]) == [ACT + path for path in expected]


# --- any text -------------------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from([sentence for entry in TEXTS for sentence in entry["text"].split(". ")])
ANY_TEXT = st.one_of(
    st.text(max_size=300), st.lists(SENTENCES, max_size=6).map(". ".join), st.text(alphabet="неэмоци жоқ-,'.İ\n", max_size=80)
)


@given(ANY_TEXT)
def test_any_text_suggests_valid_answers_with_its_own_words_and_always_the_same(text: str) -> None:
    suggestions = suggest(LAW, text)
    plain = " ".join(re.sub(r"[«»“”„\"]", "", text).split())
    for suggestion in suggestions:
        assert checked(LAW.facts[suggestion.fact], suggestion.value) is not None
        assert suggestion.words
        assert all(" ".join(word.split()) in plain for word in suggestion.words)
    assert suggest(LAW, text) == suggestions
    assert set(flagged(BOOK, suggestions)) <= {path for path, _ in BOOK.bans}


@given(st.lists(SENTENCES, max_size=4).map(". ".join))
def test_case_and_yo_make_no_difference(text: str) -> None:
    assert found(text.upper()) == found(text.replace("ё", "е")) == found(text)


@pytest.mark.parametrize(
    "piece", ["а-", "в ", "не ", "n't ", "де, да ", "эмоция, ", "модель обуч ", "лицо фото камера по ", "сбой ", "a", "if it fails ", "\n"]
)
def test_twenty_thousand_hostile_characters_take_a_moment(piece: str) -> None:
    suggest(LAW, "")
    before = time.process_time()
    suggest(LAW, piece * (MAX_CHARS // len(piece)))
    assert time.process_time() - before < 8


def test_only_the_first_characters_are_read() -> None:
    assert "uses_model" in found(" " * (MAX_CHARS - 9) + "Нейросеть")
    assert "uses_model" not in found(" " * MAX_CHARS + "Нейросеть")


# --- the words themselves -------------------------------------------------------------------------------------------


def test_words_are_written_for_known_choices_and_facts() -> None:
    for fact in LAW.facts.values():
        for key in ("beside", "denied_by"):
            assert fact.words.get(key, fact.name) in LAW.facts, fact.name
        keys = set(fact.words) - {"beside", "denied_by", "groups"}
        assert keys <= ({*LANGUAGES} if fact.type == "yes_no" else {*fact.choices, "all", "none"}), fact.name
        assert fact.type == "any_of" or "all" not in keys, fact.name


def patterns() -> list[str]:
    holders = [words for fact in LAW.facts.values() for words in (fact.words, *fact.words.values()) if isinstance(words, dict)]
    groups = [words for fact in LAW.facts.values() for words in fact.words.get("groups", {}).values()]
    return list(chain.from_iterable([*(words.get(language, ()) for words in holders for language in LANGUAGES), *groups]))


def test_no_pattern_can_run_over_a_whole_text() -> None:
    assert len(patterns()) > 1500
    for pattern in patterns():
        assert not re.search(r"\.\*|\.\+|\[\^?[^\]]*\][*+]|\{\d+,\}|\)[*+]", pattern), pattern
        assert not re.search(r"(?<! )…|…(?!\d? )", pattern.replace("……", "")), f"an ellipsis stands between spaces: {pattern}"
