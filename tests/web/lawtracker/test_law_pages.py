"""The law in the browser: list, provisions, claims, changes, counsel's confirmations."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from believable import SCORER, STUDIO, TRUST_SCORE, assessed
from tanba import workspace
from tanba.law.confirmations import Confirmation, Confirmations
from tanba.law.load import load
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def paths(answer: Any) -> list[str]:
    return [p.path for p in answer.context["found"]]


@pytest.fixture
def browser(carol: User, sign_in: SignIn) -> Client:
    return sign_in(carol)


def law(browser: Client, company: Organisation, **query: str) -> Any:
    answer = browser.get(reverse("lawtracker:law", args=[company.pk]), query)
    assert answer.status_code == 200
    return answer


def test_the_ai_law_is_shown_first(browser: Client, company: Organisation) -> None:
    answer = law(browser, company)
    assert {path.partition("/")[0] for path in paths(answer)} == {"230-VIII"}
    assert len(paths(answer)) > 100


@pytest.mark.parametrize("words", ["МАРКИРОВКА синтетических", "ТАҢБАЛАУ", "mark warn", "21(2)", "kz/230-viii/21/2"])
def test_search_in_three_languages_without_regard_to_case(words: str, browser: Client, company: Organisation) -> None:
    assert "230-VIII/21/2" in paths(law(browser, company, q=words))


@pytest.mark.parametrize(
    ("query", "check"),
    [
        ({"act": "CoAO"}, lambda p: p.act == "CoAO"),
        ({"kind": "prohibition"}, lambda p: p.kind == "prohibition"),
        ({"basis": "practice"}, lambda p: p.basis == "practice"),
        ({"basis": "by-law", "kind": "obligation"}, lambda p: p.basis == "by-law" and p.kind == "obligation"),
    ],
)
def test_filters(query: dict[str, str], check: Callable[[Any], bool], browser: Client, company: Organisation) -> None:
    found = law(browser, company, **query).context["found"]
    assert found
    assert all(check(p) for p in found)


def test_seven_prohibitions(browser: Client, company: Organisation) -> None:
    assert len(paths(law(browser, company, kind="prohibition"))) == 7


def test_nothing_found_is_said(browser: Client, company: Organisation) -> None:
    assert catalogue()["lawtracker.nothing_found"]["en"] in law(browser, company, q="zzzz").content.decode()


def test_as_of_a_day(browser: Client, company: Organisation) -> None:
    early = law(browser, company, on="2026-01-18", act="255-VIII")
    assert paths(early) == []
    assert "255-VIII/43/2" in paths(law(browser, company, on="2026-12-01", act="255-VIII"))


@pytest.mark.parametrize(("written", "key"), [("2025-12-31", "not_in_force"), ("soon", "not_a_day"), ("2026-02-30", "not_a_day")])
def test_a_day_that_does_not_serve_is_said(written: str, key: str, browser: Client, company: Organisation) -> None:
    page = law(browser, company, on=written).content.decode()
    assert catalogue()[f"lawtracker.{key}"]["en"].partition("{")[0] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_provision_has_a_page(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol, language)
    for path in dict.fromkeys(p.path for p in load("kz").provisions):
        answer = browser.get(reverse("lawtracker:provision", args=[company.pk, path]))
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert load("kz").editions(path)[-1].title[language].split('"')[0].split("'")[0] in page, path
        assert catalogue()["words.disclaimer"][language] in page


def show(browser: Client, company: Organisation, path: str, **query: str) -> str:
    answer = browser.get(reverse("lawtracker:provision", args=[company.pk, path]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_provision_says_what_it_rests_on(browser: Client, company: Organisation, carol: User) -> None:
    assessed(company, STUDIO, carol, "studio")
    assessed(company, SCORER, carol, "scorer")
    page = show(browser, company, "230-VIII/21/2")
    for words in (
        "kz/230-VIII/21/2@2026-01-18",
        "primary text read",
        "22 November 2026",
        "100 MCI",
        "432\u00a0500",
        "before distribution",
        "mark report",
    ):
        assert words in page, words
    assert "/systems/studio/assessment/" in page
    assert "/systems/scorer/assessment/" not in page
    assert catalogue()["lawtracker.verify_again"]["en"] in page


def test_the_banner_comes_only_once_the_change_has_begun(browser: Client, company: Organisation) -> None:
    assert catalogue()["lawtracker.verify_again"]["en"] not in show(browser, company, "230-VIII/21/2", on="2026-02-01")


def test_a_full_id_leads_to_the_same_page(browser: Client, company: Organisation) -> None:
    assert "Mark and warn" in show(browser, company, "kz/230-VIII/21/2@2026-01-18")


def test_reported_text_companions_and_practice_never_look_like_read_law(browser: Client, company: Organisation) -> None:
    kinds = {p.strength: p.path for p in load("kz").provisions if p.kind in ("obligation", "companion", "recommendation")}
    for strength in ("reported", "companion", "practice"):
        page = show(browser, company, kinds[strength])
        assert catalogue()[f"lawtracker.{strength}_explained"]["en"] in page
        assert '<span class="badge law">' not in page.partition("<section")[0]
        assert f"<h2>{catalogue()['lawtracker.must']['en']}</h2>" not in page


def test_a_breach_without_a_fine_has_no_figure(browser: Client, company: Organisation) -> None:
    page = show(browser, company, "230-VIII/17/3/6")
    assert catalogue()["lawtracker.no_fine"]["en"] in page
    assert " MCI" not in page


def test_an_old_text_has_no_amount(browser: Client, company: Organisation) -> None:
    assert catalogue()["lawtracker.amount_unverified"]["en"] in show(browser, company, "CoAO/79")


def test_a_prohibition_names_the_systems_in_which_it_was_found(browser: Client, company: Organisation, carol: User) -> None:
    assessed(company, TRUST_SCORE, carol, "trust")
    assessed(company, SCORER, carol, "scorer")
    assert "/systems/trust/assessment/" in show(browser, company, "230-VIII/17/3/3")
    assert "/systems/trust/assessment/" not in show(browser, company, "230-VIII/17/3/6")


def test_unknown_provisions_are_not_found(browser: Client, company: Organisation) -> None:
    for path in ("230-VIII/99", "x", "230-VIII/21/2/../../x"):
        assert browser.get(f"/o/{company.pk}/law/at/{path}/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_claims_with_verdicts(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser, address = sign_in(carol, language), reverse("lawtracker:claims", args=[company.pk])
    answer = browser.get(address)
    assert sum(len(group["claims"]) for group in answer.context["groups"]) == len(load("kz").claims)
    for verdict, label in load("kz").verdicts.items():
        answer = browser.get(address, {"verdict": verdict})
        claims = [claim for group in answer.context["groups"] for claim in group["claims"]]
        assert {claim.verdict for claim in claims} <= {verdict}
        assert label[language] in answer.content.decode()
    assert browser.get(address, {"verdict": "nonsense"}).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_changes_say_what_they_touch(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    answer = sign_in(carol, language).get(reverse("lawtracker:changes", args=[company.pk]))
    statute = next(entry for entry in answer.context["acts"] if entry["act"].name == "230-VIII")
    whole = next(item for item in statute["changes"] if item["change"].touches is None)
    assert whole["begun"]
    assert whole["systems"] == 1
    assert len(whole["provisions"]) > 100
    assert "4\u00a0325" in answer.content.decode()


def test_changes_before_their_day_have_not_begun(browser: Client, company: Organisation) -> None:
    answer = browser.get(reverse("lawtracker:changes", args=[company.pk]), {"on": "2026-02-01"})
    assert not any(item["begun"] for entry in answer.context["acts"] for item in entry["changes"])


def confirm(browser: Client, company: Organisation, **values: str) -> Any:
    values = {"edition": "kz/230-VIII/21/2@2026-01-18", "by": "A. Zangerova", "read": "yes", "remark": "kk and ru agree", **values}
    return browser.post(reverse("lawtracker:confirm", args=[company.pk, "230-VIII/21/2"]), values)


def test_counsel_confirms_an_edition_by_name(browser: Client, company: Organisation) -> None:
    assert confirm(browser, company).status_code == 302
    line = json.loads(workspace.current().confirmations.read_text(encoding="utf-8"))
    assert (line["provision"], line["by"]) == ("kz/230-VIII/21/2@2026-01-18", "A. Zangerova")
    assert "A. Zangerova" in show(browser, company, "230-VIII/21/2")
    listed = browser.get(reverse("lawtracker:confirmations", args=[company.pk])).content.decode()
    assert "A. Zangerova" in listed
    assert "kk and ru agree" in listed


def test_another_organisations_counsel_is_not_shown(browser: Client, company: Organisation) -> None:
    stranger = Confirmation("kz/230-VIII/21/2@2026-01-18", "Stranger", "2026-11-22T10:00:00+00:00", "secret", "another-organisation")
    Confirmations(workspace.current().confirmations).add(stranger)
    assert "Stranger" not in show(browser, company, "230-VIII/21/2")
    assert "secret" not in browser.get(reverse("lawtracker:confirmations", args=[company.pk])).content.decode()


def test_a_remark_with_a_line_separator_breaks_no_page(browser: Client, company: Organisation) -> None:
    for _ in range(2):
        confirm(browser, company, remark="one\u2028two\x85three")
    assert browser.get(reverse("lawtracker:confirmations", args=[company.pk])).content.decode().count("one\u2028two") == 2


@pytest.mark.parametrize("values", [{"by": "  "}, {"read": ""}])
def test_a_confirmation_without_name_or_reading_is_none(values: dict[str, str], browser: Client, company: Organisation) -> None:
    confirm(browser, company, **values)
    assert not workspace.current().confirmations.exists()


def test_only_officers_record_confirmations_and_only_of_editions_that_exist(
    browser: Client, company: Organisation, bob: User, dana: User, sign_in: SignIn
) -> None:
    assert confirm(sign_in(bob), company).status_code == 403
    assert confirm(sign_in(dana), company).status_code == 403
    assert confirm(browser, company, edition="kz/230-VIII/21/2@1999-01-01").status_code == 404
    assert not workspace.current().confirmations.exists()


def test_a_confirmation_of_an_edition_that_is_gone_is_still_listed(browser: Client, company: Organisation) -> None:
    path = workspace.current().confirmations
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"provision": "kz/230-VIII/99@2020-01-01", "by": "Old Counsel", "at": "2026-03-01T10:00:00+00:00"}) + "\n")
    assert "Old Counsel" in browser.get(reverse("lawtracker:confirmations", args=[company.pk])).content.decode()


def test_the_law_takes_few_queries(browser: Client, company: Organisation, django_assert_max_num_queries: Any) -> None:
    law(browser, company)
    with django_assert_max_num_queries(5):
        law(browser, company, q="а")
    with django_assert_max_num_queries(9):
        show(browser, company, "230-VIII/21/2")
