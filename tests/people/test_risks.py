"""Registers of risks: levels, what is missing, by when to refresh; content read and written again; the matrix."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.calendars.periods import later
from tanba.errors import InputError
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.people.catalogue import matrix, risks
from tanba.people.riskfile import from_catalogue, read_register, read_risk, register_content, risk_content
from tanba.people.riskmatrix import draw
from tanba.people.risks import SCALE, Acceptance, Measure, Register, Risk, Score, counts, due, evidenced, findings
from tanba.strings import catalogue

DAY = date(2026, 11, 22)
RISK = Risk(
    "wrong-refusal", "Wrong refusal", "Few cases from villages", "A family gets no loan", use="misuse",
    inherent=Score(4, 4, "a complaint each quarter"), residual=Score(2, 3, "none since review by hand"),
    measures=(Measure("A human looks at refusals", "Timur Bekov", date(2026, 6, 1), "in_place"),),
)  # fmt: skip
STEPS = st.sampled_from(SCALE)
SCORES = st.builds(Score, STEPS, STEPS, st.text(max_size=20))


def codes(risk: Risk) -> set[str]:
    return {each.code for each in findings(Register("s", (risk,), DAY), DAY, "P1Y")}


def test_a_register_in_order_lacks_nothing() -> None:
    register = Register("credit-scorer", (RISK,), DAY)
    assert findings(register, DAY, "P1Y") == []
    assert evidenced(register, []) == ("risk-register", "risk-assessment", "risk-measures", "risk-refresh")


@given(STEPS, STEPS, STEPS, STEPS)
def test_more_likely_or_worse_is_never_a_lower_level(one: int, two: int, three: int, four: int) -> None:
    low, high = Score(min(one, two), min(three, four)), Score(max(one, two), max(three, four))
    assert low.rank <= high.rank


def test_each_level_can_be_reached() -> None:
    assert {Score(x, y).level for x in SCALE for y in SCALE} == set(matrix()["levels"])


@given(SCORES, SCORES)
def test_a_severe_rest_is_accepted_by_somebody_or_named(inherent: Score, residual: Score) -> None:
    found = codes(replace(RISK, inherent=inherent, residual=residual))
    assert ("not_accepted" in found) is (residual.level in matrix()["accept"])
    assert ("residual_above" in found) is (residual.rank > inherent.rank)


@given(SCORES, SCORES)
def test_an_acceptance_holds_for_the_score_that_was_accepted_and_no_other(residual: Score, later_score: Score) -> None:
    taken = Acceptance("D. Akhmetov", DAY, "no other way", (residual.likelihood, residual.consequence))
    risk = replace(RISK, residual=residual, accepted=taken)
    assert risk.holds_acceptance
    same = (residual.likelihood, residual.consequence) == (later_score.likelihood, later_score.consequence)
    assert replace(risk, residual=later_score).holds_acceptance is same


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"inherent": None}, "not_scored"),
        ({"residual": None}, "no_residual"),
        ({"inherent": Score(4, 4, "  ")}, "no_reason"),
        ({"measures": ()}, "no_measure"),
        ({"measures": (Measure("x", "", DAY, "in_place"),)}, "measure_no_owner"),
        ({"measures": (Measure("x", "A. B."),)}, "measure_no_date"),
        ({"measures": (Measure("x", "A. B.", DAY - timedelta(1)),)}, "measure_late"),
        ({"measures": (Measure("x", "A. B.", DAY, "planned"),)}, "lowered_without_measure"),
        ({"measures": (Measure("x", "A. B.", DAY, "dropped"),)}, "no_measure"),
        ({"use": "intended"}, "no_misuse"),
        ({"category": "personal_data"}, "dpia_open"),
        ({"category": "personal_data", "dpia": "not_done"}, "dpia_open"),
        ({"category": "personal_data", "dpia": "done"}, "dpia_no_place"),
    ],
)
def test_what_is_missing_is_named(changed: dict[str, Any], code: str) -> None:
    assert code not in codes(RISK)
    assert code in codes(replace(RISK, **changed))
    assert f"risks.finding_{code}" in catalogue()


def test_a_dpia_that_is_done_or_not_needed_is_asked_for_no_more() -> None:
    for dpia, place in (("done", "DMS 17-26"), ("not_needed", "")):
        assert not codes(replace(RISK, category="personal_data", dpia=dpia, dpia_place=place)) & {"dpia_open", "dpia_no_place"}


@pytest.mark.parametrize(
    ("reviewed", "code"),
    [(None, "never_reviewed"), (date(2025, 11, 21), "overdue"), (date(2025, 11, 22), "due_soon"), (date(2025, 12, 22), "due_soon")],
)
def test_the_refresh_runs_a_year_from_the_last_review(reviewed: date | None, code: str) -> None:
    assert [each.code for each in findings(Register("s", (RISK,), reviewed), DAY, "P1Y")] == [code]


def test_a_refresh_that_is_far_is_not_named_and_without_a_period_there_is_none() -> None:
    assert findings(Register("s", (RISK,), date(2025, 12, 23)), DAY, "P1Y") == []
    assert findings(Register("s", (RISK,), None), DAY, None) == []
    assert due(DAY, None) is None


def test_the_period_is_the_provisions_own() -> None:
    written = on(load(), DAY).provisions["230-VIII/18/1/4"].deadline
    assert written
    assert due(DAY, str(written["every"])) == date(2027, 11, 22)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 5), st.integers(0, 30), st.integers(0, 400))
def test_a_longer_period_never_ends_earlier(day: date, years: int, months: int, days: int) -> None:
    assert day <= later(day, f"P{years}Y{months}M{days}D") <= later(day, f"P{years + 1}Y{months}M{days + 1}D")


@pytest.mark.parametrize("period", ["", "P", "1Y", "P1H", "P-1Y", "P9999Y"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(InputError, match="is no period"):
        later(DAY, period)


def test_an_empty_register_evidences_nothing() -> None:
    register = Register("s")
    missing = findings(register, DAY, "P1Y")
    assert {each.code for each in missing} == {"never_reviewed", "not_identified"}
    assert evidenced(register, missing) == ()


def test_what_lacks_measures_is_a_register_and_no_evidence_of_measures() -> None:
    register = Register("s", (replace(RISK, measures=()),), DAY)
    assert evidenced(register, findings(register, DAY, "P1Y")) == ("risk-register", "risk-assessment", "risk-refresh")


@pytest.mark.parametrize("known", risks().values(), ids=lambda risk: risk.id)
def test_a_risk_of_the_catalogue_enters_a_register_unscored_and_is_read_back_the_same(known: Any) -> None:
    risk = from_catalogue(known)
    assert read_risk(risk_content(risk)) == risk
    assert "not_scored" in codes(risk)
    assert counts([risk])["none"] == 1


@given(st.lists(st.tuples(SCORES, st.one_of(st.none(), SCORES), st.dates(date(2026, 1, 1))), max_size=4))
def test_a_register_written_and_read_is_the_same(rows: list[tuple[Score, Score | None, date]]) -> None:
    many = tuple(
        replace(
            RISK,
            id=f"r{number}",
            inherent=replace(one, reason=one.reason.strip()),
            residual=replace(two, reason=two.reason.strip()) if two else None,
            accepted=Acceptance("A. B.", day, "why", (1, 2)),
        )
        for number, (one, two, day) in enumerate(rows)
    )
    register = Register("s", many, DAY, {"kk": "мақсат"})
    assert read_register(register_content(register)) == register


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"inherent": {"likelihood": 6, "consequence": 1}}, "inherent.likelihood"),
        ({"inherent": {"likelihood": True, "consequence": 1}}, "inherent.likelihood"),
        ({"inherent": 3}, "inherent"),
        ({"residual": {"likelihood": 1, "consequence": 1, "score": 9}}, "residual.score"),
        ({"measures": [{"owner": "A"}]}, "measures[1].what"),
        ({"measures": [{"what": "x", "due": "soon"}]}, "measures[1].due"),
        ({"measures": [{"what": "x"}] * 31}, "measures"),
        ({"measures": "x"}, "measures"),
        ({"accepted": {"by": "A", "on": "2026-01-01", "of": [1, 1]}}, "accepted.reason"),
        ({"accepted": {"by": "A", "on": "2026-01-01", "of": [1, 9], "reason": "x"}}, "accepted.of"),
        ({"title": ""}, "title"),
        ({"title": {"de": "x"}}, "title"),
        ({"title": "x" * 2001}, "title"),
        ({"category": "other"}, "category"),
        ({"affects": ["martians"]}, "affects"),
        ({"stages": [1]}, "stages"),
        ({"source": "no-such-risk"}, "source"),
        ({"likelyhood": 3}, "likelyhood"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(changed: dict[str, Any], place: str) -> None:
    written = {"schema": "tanba.risk-register/1", "system": "s", "risks": [risk_content(RISK) | changed]}
    with pytest.raises(InputError) as caught:
        read_register(written)
    assert f"risks[1].{place}" in str(caught.value)


NO_REGISTERS = [None, [], "x", {}, {"schema": "tanba.risk-register/2"}, {"schema": "tanba.risk-register/1", "risks": 3}]


@pytest.mark.parametrize("content", NO_REGISTERS)
def test_what_is_no_register_is_refused(content: Any) -> None:
    with pytest.raises(InputError):
        read_register(content)


def test_two_risks_of_one_name_are_refused() -> None:
    row = risk_content(RISK)
    with pytest.raises(InputError, match="two risks are called"):
        read_register({"schema": "tanba.risk-register/1", "system": "s", "risks": [row, row]})


def test_texts_that_are_not_written_come_from_the_catalogue() -> None:
    risk = read_risk({"source": "rubber-stamp", "title": {"kk": "Өз атауы"}})
    assert risk.title == {"kk": "Өз атауы"}
    assert risk.harm == risks()["rubber-stamp"].harm
    assert risk.category == "rights"


@given(st.lists(SCORES, max_size=40))
def test_the_matrix_is_well_formed_and_counts_every_risk(scores: list[Score]) -> None:
    many = [replace(RISK, residual=score) for score in scores]
    drawn = draw(many, lambda key: f"<{key}>", 'A "title" & more')
    texts = [each.text or "" for each in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    cells = [text for text in texts if text and all(word.lstrip("+").isdigit() for word in text.split())]
    named = sum(not word.startswith("+") for cell in cells for word in cell.split())
    more = sum(int(word) for cell in cells for word in cell.split() if word.startswith("+"))
    assert named + more == len(scores)
