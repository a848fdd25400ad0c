"""Drafts of answers: every kind and outcome in three languages, sources, gaps, and what the decision log gives."""

import pytest

from people.test_requests import ALONE, stands
from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.words import cite
from tanba.people.answers import OUTCOMES, PLACE_OF, REASONS, Case, Statement, draft, gaps_of, refusal_reasons, state_after
from tanba.people.decisions import Decision, DecisionSource, NoDecisions
from tanba.people.requests import KINDS
from tanba.strings import LANGUAGES

EVERY = [(kind, outcome) for kind, outcomes in OUTCOMES.items() for outcome in outcomes]
DECISION = Decision(
    "D-17", "2026-11-20T09:00:00Z", "refused", "income below the threshold", "scorer 3.2", ("income", "credit history"), "none"
)


def case(kind: str, outcome: str, **more: object) -> Case:
    given = {"number": "7Q4K-M2XW", "received": "20 November 2026", "identity_shown": True} | more
    return Case(kind, outcome, stands(ALONE)[kind], "Scorer", "Qarlygash JSC", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "outcome"), EVERY)
def test_every_outcome_has_words_in_three_languages(kind: str, outcome: str, lang: str) -> None:
    for reason in refusal_reasons(kind):
        text = draft(case(kind, outcome, reason=reason), lang, cite)
        assert "7Q4K-M2XW" in text
        assert "Scorer" in text
        assert "{" not in text


def test_outcomes_are_there_for_every_kind_and_places_in_the_law() -> None:
    assert OUTCOMES.keys() == KINDS.keys()
    assert {state for outcomes in OUTCOMES.values() for state in outcomes.values()} == {"answered", "refused"}
    assert all("refused" in outcomes.values() for outcomes in OUTCOMES.values())
    assert set(PLACE_OF) | {"not_justified"} == {reason for reasons in REASONS.values() for reason in reasons}
    assert {path for path in PLACE_OF.values() if path} <= {provision.path for provision in load().provisions}


def test_an_explanation_states_the_logs_reason_with_the_log_as_source() -> None:
    text = draft(case("explanation", "given", decision=DECISION), "en", cite)
    assert "What led to the decision: income below the threshold.\n(Source: decision log, decision No. D-17)" in text
    assert "(Source: Law 230-VIII, art. 16(1)(4))" in text
    assert gaps_of(text) == []


def test_data_behind_a_decision_lists_the_data_and_not_the_reason() -> None:
    text = draft(case("data", "given", decision=DECISION), "en", cite)
    assert "Data used: income; credit history." in text
    assert "threshold" not in text


def test_without_a_decision_in_the_log_the_gap_is_shown_as_a_gap() -> None:
    text = draft(case("explanation", "given"), "en", cite)
    assert gaps_of(text) == ["[[the decision log has no such decision – write what led to the result]]"]


def test_a_log_that_gives_no_reason_leaves_it_open() -> None:
    text = draft(case("explanation", "given", decision=Decision("D-18", "2026-11-20T09:00:00Z")), "en", cite)
    assert "[[the log gives no reason – write the key factors]]" in text


def test_until_somebody_made_sure_whose_decision_it_is_that_is_a_gap() -> None:
    text = draft(case("data", "given", decision=DECISION, identity_shown=False), "en", cite)
    assert gaps_of(text) == ["[[make sure that the decision is about this person]]"]


def test_a_review_asks_who_reviewed_even_where_the_log_knows_the_decision() -> None:
    assert "who reviewed the decision" in draft(case("review", "stands", decision=DECISION), "en", cite)


def test_a_rejected_objection_names_the_route_of_appeal_with_its_provision() -> None:
    text = draft(case("objection", "rejected", reason="not_justified"), "en", cite)
    assert "you may appeal against our acts or inaction.\n(Source: Law 94-V, art. 19-1(3))" in text


def test_a_withdrawal_refused_for_an_open_obligation_cites_article_8_2() -> None:
    text = draft(case("withdrawal", "refused", reason="obligation_open"), "ru", cite)
    assert "есть неисполненное обязательство" in text
    assert "(Источник: Закон № 94-V, ст. 8, п. 2)" in text


def test_facts_come_with_their_sources_and_unanswered_ones_as_gaps() -> None:
    facts = [Statement("A person decides: yes", "register")]
    text = draft(case("explanation", "given", decision=DECISION, facts=facts, unanswered=["Which model?"]), "en", cite)
    assert "A person decides: yes\n(Source: register)" in text
    assert gaps_of(text) == ["[[Which model?]]"]


def test_where_the_right_does_not_apply_no_provision_is_claimed_to_give_it() -> None:
    ground = stands(ALONE | {"solely_automated": False})["objection"]
    text = draft(Case("objection", "upheld", ground, "Scorer", "JSC", "N", "20 November 2026"), "en", cite)
    assert "19-1(3)" not in text


@pytest.mark.parametrize(("outcome", "reason"), [("vanished", ""), ("refused", ""), ("refused", "obligation_open")])
def test_outcomes_and_grounds_that_do_not_fit_are_refused(outcome: str, reason: str) -> None:
    with pytest.raises(InputError):
        state_after("data", outcome, reason)


def test_an_unclosed_gap_is_a_gap() -> None:
    assert gaps_of("text [[still open") == ["[[still open"]


def test_a_system_without_a_log_knows_no_decision() -> None:
    source: DecisionSource = NoDecisions()
    assert (source.by_number("1"), source.of_subject("p")) == (None, ())


def test_protected_information_is_a_limit_of_the_right_to_data_alone() -> None:
    assert "(Source: Law 230-VIII, art. 16(1)(5))" in draft(case("data", "refused", reason="protected"), "en", cite)
    refused = draft(case("explanation", "refused", reason="protected"), "en", cite)
    ground = next(part for part in refused.split("\n\n") if part.startswith("Ground:"))
    assert "Source:" not in ground
    assert "by which provision" in ground
