"""The list of obligations: filters, inline editing, export. Status is never typed in."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from believable import SCORER, STUDIO, assessed
from tanba.export.table import COLUMNS
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.lawtracker.policy import adopt_one
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def listed(browser: Client, system: System, **query: str) -> list[Obligation]:
    """Every row that the list of a system shows, over all its pages."""
    rows: list[Obligation] = []
    for page in range(1, 9):
        answer = browser.get(reverse("obligations:list", args=[system.organisation_id, system.slug]), {**query, "page": str(page)})
        assert answer.status_code == 200
        rows += [line.row for line in answer.context["lines"]]
        if not answer.context["next"]:
            break
    return rows


def arrange(browser: Client, row: Obligation, htmx: bool = False, **values: str) -> Any:
    headers = {"hx-request": "true"} if htmx else {}
    return browser.post(reverse("obligations:arrange", args=[row.system.organisation_id, row.pk]), values, headers=headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_counts_as_law_and_what_does_not(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    adopt_one(company, "practice/five-year-archive", carol)
    system = assessed(company, STUDIO, carol)
    answer = sign_in(carol, language).get(reverse("obligations:list", args=[company.pk, system.slug]))
    assert answer.context["counts"] == {"statute": system.open_statute, "house": 1, "late": 0}
    page = answer.content.decode()
    for key in ("obligations.open_law", "obligations.open_house", "obligations.status_help", "words.disclaimer"):
        assert catalogue()[key][language] in page


def test_what_binds_comes_first_and_recommendations_only_when_asked_for(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, STUDIO, carol), sign_in(carol)
    layers = [row.layer for row in listed(browser, system) if not row.due]
    assert "recommended" not in layers
    assert layers == sorted(layers, key=["statute", "by-law", "other-law", "house", "reported", "companion"].index)
    assert {row.layer for row in listed(browser, system, layer="recommended", show="all")} == {"recommended"}
    assert all(row.kind != "right" for row in listed(browser, system, show="all"))
    assert {row.kind for row in listed(browser, system, layer="right", show="all")} == {"right"}


def test_articles_come_in_the_order_of_the_law(company: Organisation, carol: User, sign_in: SignIn) -> None:
    rows = listed(sign_in(carol), assessed(company, STUDIO, carol), layer="statute")
    articles = [int(row.path.split("/")[1]) for row in rows if not row.due]
    assert articles == sorted(articles)
    assert {9, 10} <= set(articles)


def test_what_may_apply_is_listed_only_when_asked_for(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    assert all(row.answer == "applies" or row.layer == "companion" for row in listed(browser, system))
    assert any(row.answer == "unknown" and row.layer == "statute" for row in listed(browser, system, show="all"))


def test_the_counters_lead_to_exactly_the_rows_they_count(company: Organisation, carol: User, sign_in: SignIn) -> None:
    adopt_one(company, "practice/five-year-archive", carol)
    system, browser = assessed(company, STUDIO, carol), sign_in(carol)
    assert len(listed(browser, system, layer="law", status="open")) == system.open_statute
    assert len(listed(browser, system, layer="house", status="open")) == system.open_house == 1


def test_mine_nobodys_and_overdue(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    first, second = listed(browser, system, layer="statute")[1:3]
    arrange(browser, first, assignee=str(carol.pk))
    arrange(browser, second, due=(timezone.localdate() - timedelta(days=1)).isoformat())
    assert listed(browser, system, who="mine") == [first]
    assert first not in listed(browser, system, who="nobody")
    assert listed(browser, system, late="1") == [second]
    system.refresh_from_db()
    assert system.next_due == timezone.localdate() - timedelta(days=1)
    page = browser.get(reverse("obligations:all", args=[company.pk]), {"late": "1"}).content.decode()
    assert "badge late" in page


@pytest.mark.parametrize("words", ["СИНТЕТИЧЕСК", "синтетикалық", "Synthetic", "21(2)"])
def test_search_knows_cyrillic_case_and_citations(words: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, STUDIO, carol)
    assert "230-VIII/21/2" in [row.path for row in listed(sign_in(carol), system, q=words)]


def test_arranging_keeps_the_status_open(company: Organisation, carol: User, bob: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    row = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    assert row.due_proposed
    answer = arrange(browser, row, assignee=str(bob.pk), due="2027-03-01", remind_on="2027-02-01", remark="ask counsel", status="met")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.assignee, row.due, row.remind_on, row.remark) == (bob, date(2027, 3, 1), date(2027, 2, 1), "ask counsel")
    assert (row.status, row.due_proposed) == ("open", False)
    reassess(system, carol)
    row.refresh_from_db()
    assert row.due == date(2027, 3, 1)


def test_a_proposed_date_stays_proposed_until_somebody_changes_it(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    row = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    assert row.due
    arrange(browser, row, due=row.due.isoformat(), remark="seen")
    row.refresh_from_db()
    assert row.due_proposed
    page = browser.get(reverse("obligations:list", args=[company.pk, system.slug])).content.decode()
    assert catalogue()["obligations.proposed"]["en"] in page


@pytest.mark.parametrize(
    "values",
    [{"due": "soon"}, {"due": "2027-01-01", "remind_on": "2027-02-01"}, {"assignee": "019aa000-0000-7000-8000-000000000000"}],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    values: dict[str, str], company: Organisation, carol: User, sign_in: SignIn
) -> None:
    row = Obligation.objects.filter(system=assessed(company, SCORER, carol)).exclude(kind="right").first()
    assert row
    for htmx in (False, True):
        answer = arrange(sign_in(carol), row, htmx, remark="typed words", **values)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert "typed words" in answer.content.decode()
    row.refresh_from_db()
    assert row.remark == ""


def test_htmx_edits_one_line_and_hands_it_back(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    row = Obligation.objects.filter(system=system, layer="statute", answer="applies").first()
    assert row
    address = reverse("obligations:arrange", args=[company.pk, row.pk])
    form = browser.get(address, headers={"hx-request": "true"}).content.decode()
    assert form.startswith(f'<tr id="row-{row.pk}" class="editing">')
    line = arrange(browser, row, htmx=True, remark="<b>bold</b>").content.decode()
    assert line.startswith(f'<tr id="row-{row.pk}">')
    assert "&lt;b&gt;bold" in line
    again = browser.get(address, {"cancel": "1"}, headers={"hx-request": "true"}).content.decode()
    assert again.startswith(f'<tr id="row-{row.pk}">')
    assert "<html" in browser.get(address).content.decode()


def test_who_may_arrange(company: Organisation, bob: User, carol: User, dana: User, charlie: User, sign_in: SignIn) -> None:
    own, other = assessed(company, SCORER, bob, "own"), assessed(company, SCORER, carol, "other")
    mine, theirs = (Obligation.objects.filter(system=system, kind="obligation").first() for system in (own, other))
    assert mine
    assert theirs
    assert arrange(sign_in(bob), mine, remark="x").status_code == 302
    assert arrange(sign_in(bob), theirs, remark="x").status_code == 403
    assert arrange(sign_in(dana), mine, remark="x").status_code == 403
    assert arrange(sign_in(charlie), mine, remark="x").status_code == 404
    elsewhere = charlie.memberships.get().organisation_id
    assert sign_in(charlie).get(reverse("obligations:arrange", args=[elsewhere, mine.pk])).status_code == 404
    page = sign_in(dana).get(reverse("obligations:list", args=[company.pk, "own"])).content.decode()
    assert f'/obligations/{mine.pk}/"' not in page


def test_auditors_are_no_assignees(company: Organisation, carol: User, dana: User, sign_in: SignIn) -> None:
    row = Obligation.objects.filter(system=assessed(company, SCORER, carol), kind="obligation").first()
    assert row
    assert arrange(sign_in(carol), row, assignee=str(dana.pk)).status_code == 200
    row.refresh_from_db()
    assert row.assignee is None


def test_another_organisations_obligations_are_not_listed(company: Organisation, carol: User, charlie: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    answer = sign_in(charlie).get(reverse("obligations:all", args=[charlie.memberships.get().organisation_id]))
    assert answer.context["lines"] == []
    assert answer.context["counts"] == {"statute": 0, "house": 0, "late": 0}


def test_rejected_systems_owe_nothing_here(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, carol)
    System.objects.filter(pk=system.pk).update(state="rejected")
    answer = sign_in(carol).get(reverse("obligations:all", args=[company.pk]))
    assert answer.context["lines"] == []
    assert answer.context["counts"]["statute"] == 0


def export(browser: Client, company: Organisation, **query: str) -> list[list[str]]:
    answer = browser.get(reverse("obligations:export", args=[company.pk]), query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_export_has_the_same_rows_in_the_language_of_the_page(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, STUDIO, carol), sign_in(carol, language)
    assessed(company, SCORER, carol, "other")
    head, *rows, disclaimer = export(browser, company, system="scorer", layer="law")
    assert head[0] == catalogue()["obligations.column_system"][language]
    assert disclaimer == [catalogue()["words.disclaimer"][language]]
    assert len(rows) == len(listed(browser, system, layer="law"))
    assert {row[COLUMNS.index("name")] for row in rows} == {f"scorer {language}"}
    assert {row[COLUMNS.index("status")] for row in rows} == {catalogue()["obligations.status_open"][language]}
    assert all(len(row) == len(head) for row in rows)


def test_an_exported_remark_is_no_formula(company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol)
    row = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    arrange(browser, row, remark="=HYPERLINK(1)")
    assert any("'=HYPERLINK(1)" in line for line in export(browser, company))


def test_the_list_takes_the_same_few_queries_however_many_rows(
    company: Organisation, carol: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        assessed(company, SCORER, carol, f"s{number}")
    browser = sign_in(carol)
    address = reverse("obligations:all", args=[company.pk])
    browser.get(address)
    with django_assert_max_num_queries(9):
        answer = browser.get(address)
    assert answer.context["next"]


@pytest.mark.parametrize(
    "query", [{"page": "x"}, {"page": "0"}, {"page": "99999"}, {"layer": "nonsense"}, {"who": "'; --"}, {"status": "met"}]
)
def test_odd_filters_do_no_harm(query: dict[str, str], company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    assert sign_in(carol).get(reverse("obligations:all", args=[company.pk]), query).status_code == 200
