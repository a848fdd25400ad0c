from datetime import date

import pytest

from believable import AI, SCORER, STUDIO, TRUST_SCORE, assessed
from tanba.errors import NotInForceError
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import reassess, similar
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import proposed_due

pytestmark = pytest.mark.django_db


def test_a_report_is_kept_whole_with_its_digest(company: Organisation, carol: User) -> None:
    from tanba.digest import canonical_json, sha256

    system = assessed(company, SCORER, carol, "scorer")
    kept = Assessment.objects.get(system=system)
    assert kept.report["schema"] == "tanba.assessment/1"
    assert sha256(canonical_json(kept.report)) == kept.artifact.digest


def test_the_portfolio_columns_follow_the_report(company: Organisation, carol: User) -> None:
    system = assessed(company, SCORER, carol, "scorer")
    report = system.assessments.get().report
    assert (system.conclusion, system.risk_levels, system.gate) == ("classified", "medium", "clear")
    assert system.questions == len(report["questions"])
    read_law = sum(report["counts"][layer]["applies"] for layer in ("statute", "by-law", "other-law"))
    assert system.open_statute == read_law > 10
    assert system.open_house == 0
    assert system.assessed_at is not None


def test_a_found_prohibition_reaches_the_portfolio(company: Organisation, carol: User) -> None:
    system = assessed(company, TRUST_SCORE, carol, "trust")
    assert (system.conclusion, system.gate) == ("prohibited", "prohibited")


def test_answers_that_leave_the_headline_share_one_row_and_others_do_not(company: Organisation, carol: User, alice: User) -> None:
    system = assessed(company, SCORER, carol, "scorer")
    system.answer("seeks_trusted_list", False, "test", carol)
    reassess(system, carol)
    assert system.assessments.count() == 1
    system.answer("failure_emergency", True, "test", carol)
    reassess(system, carol)
    assert [a.headline["axes"]["risk"] for a in system.assessments.all()] == [["high"], ["medium"]]
    reassess(system, alice)
    assert system.assessments.count() == 3


def test_a_day_before_the_law_is_refused_and_nothing_is_kept(company: Organisation, carol: User) -> None:
    system = assessed(company, SCORER, carol, "scorer")
    before = system.assessments.count()
    with pytest.raises(NotInForceError):
        reassess(system, None, date(2025, 12, 31))
    assert system.assessments.count() == before


def test_obligations_that_fall_away_are_put_aside_and_come_back_with_what_was_arranged(company: Organisation, carol: User) -> None:
    system = assessed(company, SCORER, carol, "scorer")
    row = Obligation.objects.filter(system=system, layer="statute", answer="applies").first()
    assert row is not None
    Obligation.objects.filter(pk=row.pk).update(remark="ours", assignee=carol)
    system.answer("uses_model", False, "test", carol)
    reassess(system, carol)
    assert not Obligation.objects.get(pk=row.pk).active
    assert system.conclusion == "not_ai_system"
    system.answer("uses_model", True, "test", carol)
    reassess(system, carol)
    back = Obligation.objects.get(pk=row.pk)
    assert (back.active, back.remark, back.assignee) == (True, "ours", carol)


def test_a_yearly_duty_gets_a_proposed_date_that_later_assessments_do_not_move(company: Organisation, carol: User) -> None:
    system = assessed(company, SCORER, carol, "scorer")
    row = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    assert row.due_proposed
    first = row.due
    reassess(system, None, date(2027, 1, 10))
    row.refresh_from_db()
    assert row.due == first
    assert system.next_due == first


@pytest.mark.parametrize(
    ("period", "day", "due"),
    [
        ({"every": "P1Y"}, date(2026, 11, 22), date(2027, 11, 22)),
        ({"every": "P1Y"}, date(2028, 2, 29), date(2029, 2, 28)),
        ({"every": "P6M"}, date(2026, 8, 31), date(2027, 2, 28)),
        ({"every": "P30D"}, date(2026, 12, 15), date(2027, 1, 14)),
        ({"before": "use"}, date(2026, 1, 18), None),
        ({"every": "P"}, date(2026, 1, 18), None),
        (None, date(2026, 1, 18), None),
    ],
)
def test_proposed_dates(period: dict[str, str] | None, day: date, due: date | None) -> None:
    assert proposed_due(period, day) == due


def test_house_policy_counts_apart(company: Organisation, carol: User) -> None:
    path = "practice/five-year-archive"
    Adoption.objects.create(organisation=company, path=path, by=carol, on=date(2026, 2, 1))
    system = assessed(company, SCORER, carol, "scorer")
    law = assessed(company, SCORER, carol, "same").open_statute
    assert (system.open_statute, system.open_house) == (law, 1)
    assert Obligation.objects.get(system=system, path=path).layer == "house"


def test_a_withdrawn_policy_is_no_policy_from_that_day_on(company: Organisation, carol: User) -> None:
    Adoption.objects.create(
        organisation=company, path="a", by=carol, on=date(2026, 2, 1), withdrawn_on=date(2026, 3, 1), withdrawn_by=carol
    )
    assert Adoption.objects.paths(company.pk, date(2026, 1, 31)) == set()
    assert Adoption.objects.paths(company.pk, date(2026, 2, 28)) == {"a"}
    assert Adoption.objects.paths(company.pk, date(2026, 3, 1)) == set()


def test_similar_systems_are_those_whose_newest_answer_names_the_same_use(company: Organisation, carol: User) -> None:
    first = assessed(company, SCORER, carol, "first")
    other = assessed(company, SCORER, carol, "other")
    assessed(company, {**AI, "use_case": "credit_scoring"}, carol, "open")
    assert similar(first, "credit_scoring") == [("other", "medium")]
    other.answer("use_case", "pricing", "test", None)
    assert similar(first, "credit_scoring") == []
    assert similar(first, "other") == [] == similar(first, None)


def test_the_organisations_class_of_offender_is_used_unless_the_system_has_its_own(company: Organisation, carol: User) -> None:
    company.offender_class = "large"
    company.save()
    system = assessed(company, STUDIO, carol, "scorer")
    amounts = [row["class"] for fine in system.assessments.get().report["exposure"] for row in fine["amounts"]]
    assert amounts
    assert set(amounts) == {"large"}
