from datetime import date

import pytest
from web.believable import AI, SCORER, TRUST_SCORE, Company

from tanba.errors import NotInForceError
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import reassess, similar
from tanba.web.lawtracker.models import Adoption
from tanba.web.obligations.models import Obligation
from tanba.web.obligations.sync import proposed_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return Company()


def test_a_report_is_kept_whole_with_its_digest(company: Company) -> None:
    from tanba.digest import canonical_json, sha256

    system = company.system("scorer", SCORER)
    kept = Assessment.objects.get(system=system)
    assert kept.report["schema"] == "tanba.assessment/1"
    assert sha256(canonical_json(kept.report)) == kept.digest


def test_the_portfolio_columns_follow_the_report(company: Company) -> None:
    system = company.system("scorer", SCORER)
    report = system.assessments.get().report
    assert (system.conclusion, system.risk_levels, system.gate) == ("classified", "medium", "clear")
    assert system.questions == len(report["questions"])
    read_law = sum(report["counts"][layer]["applies"] for layer in ("statute", "by-law", "other-law"))
    assert system.open_statute == read_law > 10
    assert system.open_house == 0
    assert system.assessed_at is not None


def test_a_found_prohibition_reaches_the_portfolio(company: Company) -> None:
    system = company.system("trust", TRUST_SCORE)
    assert (system.conclusion, system.gate) == ("prohibited", "prohibited")


def test_answers_that_leave_the_headline_share_one_row_and_others_do_not(company: Company) -> None:
    system = company.system("scorer", SCORER)
    by = company.people["compliance"]
    system.answer("seeks_trusted_list", False, "test", by)
    reassess(system, by)
    assert system.assessments.count() == 1
    system.answer("failure_emergency", True, "test", by)
    reassess(system, by)
    assert [a.headline["axes"]["risk"] for a in system.assessments.all()] == [["high"], ["medium"]]
    reassess(system, company.people["administrator"])
    assert system.assessments.count() == 3


def test_a_day_before_the_law_is_refused_and_nothing_is_kept(company: Company) -> None:
    system = company.system("scorer", SCORER)
    before = system.assessments.count()
    with pytest.raises(NotInForceError):
        reassess(system, None, date(2025, 12, 31))
    assert system.assessments.count() == before


def test_obligations_that_fall_away_are_put_aside_and_come_back_with_what_was_arranged(company: Company) -> None:
    system = company.system("scorer", SCORER)
    by = company.people["compliance"]
    row = Obligation.objects.filter(system=system, layer="statute", answer="applies").first()
    assert row is not None
    Obligation.objects.filter(pk=row.pk).update(remark="ours", assignee=by)
    system.answer("uses_model", False, "test", by)
    reassess(system, by)
    assert not Obligation.objects.get(pk=row.pk).active
    assert system.conclusion == "not_ai_system"
    system.answer("uses_model", True, "test", by)
    reassess(system, by)
    back = Obligation.objects.get(pk=row.pk)
    assert (back.active, back.remark, back.assignee) == (True, "ours", by)


def test_a_yearly_duty_gets_a_proposed_date_that_later_assessments_do_not_move(company: Company) -> None:
    system = company.system("scorer", SCORER)
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


def test_house_policy_counts_apart(company: Company) -> None:
    path = "practice/five-year-archive"
    Adoption.objects.create(organisation=company.organisation, path=path, by=company.people["compliance"], on=date(2026, 2, 1))
    system = company.system("scorer", SCORER)
    law = company.system("same", SCORER).open_statute
    assert (system.open_statute, system.open_house) == (law, 1)
    assert Obligation.objects.get(system=system, path=path).layer == "house"


def test_a_withdrawn_policy_is_no_policy_from_that_day_on(company: Company) -> None:
    by = company.people["compliance"]
    organisation = company.organisation
    Adoption.objects.create(organisation=organisation, path="a", by=by, on=date(2026, 2, 1), withdrawn_on=date(2026, 3, 1), withdrawn_by=by)
    assert Adoption.objects.paths(organisation.pk, date(2026, 1, 31)) == set()
    assert Adoption.objects.paths(organisation.pk, date(2026, 2, 28)) == {"a"}
    assert Adoption.objects.paths(organisation.pk, date(2026, 3, 1)) == set()


def test_similar_systems_are_those_whose_newest_answer_names_the_same_use(company: Company) -> None:
    first = company.system("first", SCORER)
    other = company.system("other", SCORER)
    company.system("open", {**AI, "use_case": "credit_scoring"})
    assert similar(first, "credit_scoring") == [("other", "medium")]
    other.answer("use_case", "pricing", "test", None)
    assert similar(first, "credit_scoring") == []
    assert similar(first, "other") == [] == similar(first, None)


def test_the_organisations_class_of_offender_is_used_unless_the_system_has_its_own(company: Company) -> None:
    company.organisation.offender_class = "large"
    company.organisation.save()
    system = company.system("scorer", {**SCORER, "generates_or_alters_media": True, "imitates_person_or_event": True, "distributes_results": True})
    amounts = [row["class"] for fine in system.assessments.get().report["exposure"] for row in fine["amounts"]]
    assert amounts
    assert set(amounts) == {"large"}
