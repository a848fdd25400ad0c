"""The user agreement: every statement has its source, every gap stays a gap until an officer's own words stand there."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law.facts import read_system
from tanba.law.load import load
from tanba.law.rulebook import decide, on
from tanba.law.words import cite
from tanba.people.agreement import FACTS, PLACES, Known, gaps, is_agreement, lines, make
from tanba.people.agreementtext import changes, markdown, marked
from tanba.people.requests import Law
from tanba.strings import LANGUAGES, t

ROOT = Path(__file__).parent.parent.parent
BOOK = on(load(), date(2026, 11, 22))
NAMES = {"kk": "Көмек", "ru": "Помощь", "en": "Komek"}
HOSTILE = '<img src=x onerror="alert(1)">[a](javascript:b)'
ALL = Known(NAMES, NAMES, NAMES, "190140999998", NAMES, ("alatau 2",))


def law(facts: dict[str, Any]) -> Law:
    return Law(BOOK.provisions, decide(BOOK, facts).rules, BOOK.changed)


def made(known: Known = ALL, facts: dict[str, Any] | None = None, own: Any = None) -> dict[str, Any]:
    facts = facts or {}
    return make(
        Known(known.system, known.purpose, known.organisation, known.bin, known.contact, known.models, facts), law(facts), cite, own
    )


def example(name: str) -> dict[str, Any]:
    return read_system(ROOT / f"examples/systems/{name}.yaml", BOOK.law).facts


def section(agreement: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in agreement["sections"] if each["name"] == name)


facts = st.fixed_dictionaries(
    {},
    optional={
        "has_users": st.booleans(),
        "owns_system": st.booleans(),
        "holds_system": st.booleans(),
        "stage": st.sampled_from(["pilot", "production"]),
        "decides_about_people": st.booleans(),
        "solely_automated": st.booleans(),
        "processes_personal_data": st.booleans(),
        "human_control": st.sampled_from(["always_final_choice", "excluded"]),
    },
)


@given(facts)
def test_every_statement_has_a_source_and_words_in_three_languages(known: dict[str, Any]) -> None:
    agreement = made(facts=known)
    for each in (each for section in agreement["sections"] for each in section["statements"]):
        assert each["source"]
        assert all(each["text"][language] and each["cited"][language] for language in LANGUAGES)
    assert is_agreement(agreement)


@given(facts, st.sampled_from(sorted({fact for names in FACTS.values() for fact in names})))
def test_an_unanswered_question_is_a_gap_and_never_an_assertion(known: dict[str, Any], fact: str) -> None:
    known.pop(fact, None)
    known["processes_personal_data"] = (
        True if fact in ("stored_in_kazakhstan", "cross_border_transfer") else known.get("processes_personal_data")
    )
    known = {name: value for name, value in known.items() if value is not None and name != fact}
    texts = [each["text"]["en"] for section in made(facts=known)["sections"] for each in section["statements"]]
    asserted = [
        text for key, text in ((key, t(f"agreement.fact_{fact}_{key}", "en")) for key in ("yes", "no") if has(fact, key)) if text in texts
    ]
    assert asserted == []
    assert t(f"agreement.gap_{fact}", "en") in gaps(made(facts=known), "en")


def has(fact: str, word: str) -> bool:
    from tanba.strings import catalogue

    return f"agreement.fact_{fact}_{word}" in catalogue()


def test_the_chat_assistant_knows_its_people_decide_and_lacks_its_limits() -> None:
    agreement = made(facts=example("chat-assistant"))
    assert gaps(agreement, "en") == [t("agreement.gap_limits", "en"), t("agreement.gap_explanations", "en")]
    text = markdown(agreement, "ru", "2026-11-22")
    assert "Собственник системы Помощь: Помощь, БИН 190140999998." in text
    assert "Система предлагает, окончательный выбор всегда делает человек." in text
    assert "Проект, не действует." in text
    assert "Закон № 230-VIII, ст. 16, п. 1" in text


def test_a_borrower_reads_of_three_working_days_from_the_provision_itself_only_where_decisions_are_automated() -> None:
    scored = {**example("credit-scorer"), "solely_automated": True}
    place = BOOK.provisions["94-V/19-1/3"]
    found = [each for each in section(made(facts=scored), "automated")["statements"] if each["source"] == place.id]
    assert place.deadline == {"within": 3, "unit": "working_days", "from": "objection"}
    assert ["3 working days" in each["text"]["en"] for each in found] == [True]
    assert place.id not in markdown(made(facts=example("credit-scorer")), "en", "2026-11-22")
    assert not any(each["source"] == place.id for each in section(made(facts=example("credit-scorer")), "automated")["statements"])


def test_without_an_organisation_or_a_contact_both_are_gaps() -> None:
    agreement = made(Known(NAMES), {"has_users": True})
    assert {t(f"agreement.gap_{name}", "kk") for name in ("organisation", "contact", "purpose")} <= set(gaps(agreement, "kk"))


def test_a_system_that_is_neither_owned_nor_held_says_that_the_role_is_open() -> None:
    assert t("agreement.gap_role", "en") in gaps(made(facts={}), "en")


def test_words_of_an_officer_take_the_place_of_a_section_in_their_language_alone_and_keep_its_sources() -> None:
    agreement = made(facts=example("chat-assistant"), own={"limits": {"kk": "Жауап қате болуы мүмкін.\r\n", "ru": " "}})
    limits = section(agreement, "limits")
    assert limits["own"] == {"kk": "Жауап қате болуы мүмкін."}
    assert [each["text"]["kk"] for each in lines(limits, "kk")] == ["Жауап қате болуы мүмкін."]
    assert lines(limits, "kk")[0]["cited"]["kk"] == cite("230-VIII/7/1", "kk")
    assert t("agreement.gap_limits", "kk") not in gaps(agreement, "kk")
    told = section(made(facts=example("credit-scorer"), own={"explanations": {"en": "Call 1414."}}), "explanations")
    assert [(each["text"]["en"], each["cited"]["en"]) for each in lines(told, "en")] == [("Call 1414.", cite("230-VIII/16/1/4", "en"))]
    assert t("agreement.gap_limits", "ru") in gaps(agreement, "ru")


@pytest.mark.parametrize("own", [{"limit": {"kk": "x"}}, {"limits": {"de": "x"}}, {"limits": {"kk": "x" * 20_001}}])
def test_words_that_do_not_fit_are_refused(own: Any) -> None:
    with pytest.raises(InputError):
        made(own=own)


def test_a_version_names_what_is_said() -> None:
    assert made()["version"] == made()["version"]
    assert made(own={"limits": {"kk": "x"}})["version"] != made()["version"]
    assert made(facts={"stage": "pilot"})["version"] != made()["version"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_in_every_field_is_only_text(language: str) -> None:
    bad = dict.fromkeys(LANGUAGES, HOSTILE)
    agreement = made(Known(bad, bad, bad, HOSTILE, bad, (HOSTILE,)), {"owns_system": True}, dict.fromkeys(list(PLACES)[4:], bad))
    text = markdown(agreement, language, HOSTILE)
    assert "<img" not in text.replace("\\<img", "")
    assert "[a](" not in text.replace("\\[a\\](", "")


def test_a_difference_shows_what_went_and_what_came() -> None:
    old, new = (made(own={"limits": {"en": text}}) for text in ("Answers may be wrong.", "Answers may be out of date."))
    (change,) = changes(old, new, "en")
    assert change.heading == "Limits"
    assert marked(change) == "Answers may be[- wrong.-]{+ out of date.+}"
    assert changes(old, new, "kk") == []
    (whole,) = changes(made(own={"limits": {"en": "It is the best."}}), new, "en")
    assert marked(whole) == "[-It is the best.-]{+Answers may be out of date.+}"
    assert changes(old, old, "en") == []


@given(st.text("аб \n", max_size=60), st.text("аб \n", max_size=60))
def test_both_texts_can_be_read_out_of_a_difference(old: str, new: str) -> None:
    first, second = (made(own={"limits": {"kk": text}}) for text in (f"x{old}", f"y{new}"))
    (change,) = changes(first, second, "kk")
    before = "".join(text for kind, text in change.pieces if kind != "new")
    after = "".join(text for kind, text in change.pieces if kind != "gone")
    assert (before, after) == (f"x{old}".strip(), f"y{new}".strip())


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part),
    )
)
def test_other_json_is_no_agreement(value: Any) -> None:
    assert not is_agreement(value)


def test_a_user_reads_the_term_of_an_objection_from_the_provision_and_that_a_review_depends_on_legislation() -> None:
    automated = section(made(facts=example("limit-manager")), "automated")
    said = {each["cited"]["en"]: each["text"] for each in automated["statements"]}
    assert said["Law 94-V, art. 19-1(3)"]["en"].startswith("Your objection is considered")
    assert "3 working days" in said["Law 94-V, art. 19-1(3)"]["en"]
    assert "3 рабочих дня" in said["Law 94-V, art. 19-1(3)"]["ru"]
    assert "3 жұмыс күні" in said["Law 94-V, art. 19-1(3)"]["kk"]
    assert "in the cases and order that legislation sets" in said["Digital Code, art. 43(4)(3)"]["en"]


def test_where_data_lie_rests_on_the_personal_data_law() -> None:
    personal = section(made(facts=example("credit-scorer")), "personal")
    cited = {each["text"]["en"]: each["cited"]["en"] for each in personal["statements"]}
    assert cited["Personal data are stored in the territory of the Republic of Kazakhstan."] == "Law 94-V, art. 12(2)"
    assert cited["Personal data are not transferred across the border."] == "Law 94-V, art. 16(2)"
