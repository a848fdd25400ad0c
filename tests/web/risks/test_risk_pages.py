"""Pages of risks: the catalogue, a register with its history, the yearly review as evidence, controls, principles, fairness, reminders."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.people.catalogue import controls, principles, risks
from tanba.people.riskfile import from_catalogue, read_register
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.risks import desk
from tanba.web.risks.models import ControlState, PrincipleText, Review, Risk, Version
from tanba.web.systems.models import System
from web.evidence.doing import kinds, owe, raw, status

HOSTILE = '<img src=x onerror="alert(1)">'
EXAMPLES = Path(__file__).parents[3] / "examples"
TEXTS = {f"{name}_{lang}": f"{name} {HOSTILE}" for name in ("title", "cause", "harm") for lang in LANGUAGES}
SCORES = {
    "inherent_likelihood": "4", "inherent_consequence": "4", "inherent_reason": f"counted {HOSTILE}",
    "residual_likelihood": "3", "residual_consequence": "4", "residual_reason": "after the cap",
}  # fmt: skip
MEASURES = {
    "measures-TOTAL_FORMS": "2", "measures-INITIAL_FORMS": "0",
    "measures-0-what_kk": f"шара {HOSTILE}", "measures-0-owner": f"Айгерім {HOSTILE}",
    "measures-0-due": "2026-12-01", "measures-0-state": "in_place",
    "measures-1-what_kk": "", "measures-1-owner": "", "measures-1-state": "planned",
}  # fmt: skip
SENT = {**TEXTS, **SCORES, **MEASURES, "category": "misuse", "foresight": "known", "use": "misuse", "affects": "clients", "dpia": "unknown"}


def place(name: str, system: System, *more: Any) -> str:
    return reverse(f"risks:{name}", args=[system.organisation_id, system.slug, *more])


def put(system: System, name: str = "rubber-stamp", **changes: Any) -> Risk:
    return desk.add(system, from_catalogue(risks()[name]), system.owner)


def save(browser: Client, system: System, row: Risk, **changes: str) -> Any:
    """Send the form of a risk as somebody who has seen its newest version."""
    return browser.post(place("one", system, row.pk), {**SENT, "seen": str(row.versions.all()[0].pk), **changes})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_opens_in_three_languages_and_escapes_what_people_wrote(
    lang: str, system: System, carol: User, sign_in: Callable[..., Client]
) -> None:
    browser = sign_in(carol, lang)
    assert browser.post(place("new", system), SENT).status_code == 302
    row = Risk.objects.get()
    desk.change(row, row.value(), carol)
    browser.post(place("accept", system, row.pk), {"reason": HOSTILE})
    browser.post(place("controls", system), {"control": "least-rights", "state": "planned", "reason": HOSTILE, "where": HOSTILE})
    browser.post(place("principles", system), {"principle": "safety", **{f"text_{each}": HOSTILE for each in LANGUAGES}})
    browser.post(place("review", system), {"changed": "changed", "note": HOSTILE})
    pages = [place(name, system) for name in ("register", "catalogue", "new", "print", "controls", "principles", "fairness")]
    for address in [
        *pages,
        place("one", system, row.pk),
        f"{place('controls', system)}?edit=least-rights",
        f"{place('principles', system)}?edit=safety",
    ]:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert HOSTILE not in page, address
        assert f'lang="{lang}"' in page
    assert "&lt;img src=x" in browser.get(place("one", system, row.pk)).content.decode()


def test_the_catalogue_suggests_by_facts_says_why_and_adds_what_is_ticked(
    system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    system.answer("use_case", "credit_scoring", "", bob)
    browser = sign_in(bob)
    page = browser.get(place("catalogue", system)).content.decode()
    assert risks()["region-as-proxy"].title["en"] in page
    assert risks()["wrong-diagnosis-hint"].title["en"] not in page
    assert "credit scoring" in page
    assert page.index(risks()["region-as-proxy"].title["en"]) < page.index(risks()["stored-abroad"].title["en"])
    ticked = {"risk": ["region-as-proxy", "women-underrated", "no-such-risk"]}
    for _ in range(2):  # the same twice adds nothing
        assert browser.post(place("catalogue", system), ticked).status_code == 302
    assert set(Risk.objects.values_list("name", flat=True)) == {"region-as-proxy", "women-underrated"}
    assert Artifact.objects.filter(kind="risk", system=system, by=bob).count() == 2


def test_a_risk_of_ones_own_is_written_changed_and_keeps_every_version(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    browser.post(place("new", system), SENT)
    row = Risk.objects.get()
    assert row.value().level == "serious"
    save(browser, system, row, residual_likelihood="1")
    save(browser, system, row, residual_likelihood="1")  # nothing changed: no version
    row.refresh_from_db()
    assert row.content["residual"]["likelihood"] == 1
    assert [version.act for version in row.versions.all()] == ["changed", "added"]
    assert row.versions.last().content["residual"]["likelihood"] == 3  # type: ignore[union-attr]


def test_who_was_overtaken_is_told_and_loses_nothing(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    browser.post(place("new", system), SENT)
    row = Risk.objects.get()
    seen = str(row.versions.all()[0].pk)
    save(browser, system, row, inherent_reason="counted anew")
    answer = save(browser, system, row, seen=seen, residual_reason="written meanwhile")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert t("riskpages.changed_meanwhile", "en") in page
    assert "written meanwhile" in page
    row.refresh_from_db()
    assert row.content["inherent"]["reason"] == "counted anew"
    assert len(row.value().measures) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"inherent_reason": ""},
        {"inherent_likelihood": ""},
        {"inherent_likelihood": "9"},
        {f"title_{lang}": "" for lang in LANGUAGES},
        {"title_kk": "x" * 201},
        {"category": "other"},
        {"affects": "martians"},
        {"measures-0-what_kk": ""},
        {"measures-0-due": "soon"},
        {"measures-TOTAL_FORMS": "200"},
        {"measures-TOTAL_FORMS": "x"},
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    wrong: dict[str, str], system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    answer = sign_in(bob).post(place("new", system), {**SENT, **wrong})
    assert answer.status_code in (200, 422)
    assert not Risk.objects.exists()
    assert "harm &lt;img" in answer.content.decode()


def test_only_managers_accept_and_an_acceptance_falls_with_the_score(
    system: System, bob: User, carol: User, sign_in: Callable[..., Client]
) -> None:
    owner, officer = sign_in(bob), sign_in(carol)
    owner.post(place("new", system), SENT)
    row = Risk.objects.get()
    assert t("risks.finding_not_accepted", "en", level="serious") in owner.get(place("register", system)).content.decode()
    assert owner.post(place("accept", system, row.pk), {"reason": "fine"}).status_code == 403
    assert officer.post(place("accept", system, row.pk), {"reason": ""}).status_code == 422
    officer.post(place("accept", system, row.pk), {"reason": "the cap holds"})
    row.refresh_from_db()
    assert row.value().holds_acceptance
    save(owner, system, row, residual_consequence="5")
    row.refresh_from_db()
    assert not row.value().holds_acceptance
    assert t("riskpages.accepted_before", "en") in owner.get(place("one", system, row.pk)).content.decode()


def test_what_is_not_scored_cannot_be_accepted(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    row = put(system)
    sign_in(carol).post(place("accept", system, row.pk), {"reason": "fine"})
    row.refresh_from_db()
    assert row.content["accepted"] is None


def test_a_removed_risk_stays_readable_and_its_place_is_free(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    row, browser = put(system), sign_in(bob)
    browser.post(place("remove", system, row.pk), {"reason": ""})
    assert not Risk.objects.get().removed
    browser.post(place("remove", system, row.pk), {"reason": "another system does this now"})
    assert Risk.objects.get().removed
    assert "another system does this now" in browser.get(place("one", system, row.pk)).content.decode()
    assert save(browser, system, row).status_code == 302
    assert browser.post(place("remove", system, row.pk), {"reason": "x"}).status_code == 404
    assert Version.objects.count() == 2
    assert put(system).name == row.name


def test_a_review_seals_the_register_evidences_art_18_and_sets_the_next_date(
    system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    rows = {path: owe(system, path) for path in ("230-VIII/18/1", "230-VIII/18/1/2", "230-VIII/18/1/4", "230-VIII/11/3", "230-VIII/5")}
    browser = sign_in(bob)
    browser.post(place("new", system), SENT)
    assert browser.post(place("review", system), {"changed": "unchanged", "note": "Looked at all"}).status_code == 302
    made, today = Review.objects.get(), timezone.localdate()
    assert (made.on, made.changed, made.by) == (today, False, bob)
    sealed = json.loads(outbox.content_of(made.artifact) or b"")
    jsonschema.validate(sealed, json.loads((EXAMPLES.parent / "spec/schema/risk-register.json").read_text()))
    kept = read_register(sealed)
    assert [risk.id for risk in kept.risks] == [Risk.objects.get().name]
    assert kept.risks[0].measures[0].owner.startswith("Айгерім")
    outbox.drain()
    assert {path: status(row) for path, row in rows.items()} == {**dict.fromkeys(rows, "evidenced"), "230-VIII/5": "open"}
    refresh = rows["230-VIII/18/1/4"]
    assert refresh.due is not None
    assert refresh.due.year == today.year + 1
    assert refresh.remind_on == refresh.due - timedelta(30)
    assert not refresh.due_proposed
    system.refresh_from_db()
    assert system.next_due == refresh.due
    assert {evidence.expires for evidence in Evidence.objects.all()} == {refresh.due}
    assert refresh.due.isoformat()[:4] in browser.get(place("register", system)).content.decode()


def test_a_register_without_scores_is_no_evidence_of_evaluation(system: System, bob: User) -> None:
    evaluated, listed = owe(system, "230-VIII/18/1/2"), owe(system, "230-VIII/18/1/1")
    put(system)
    desk.review(system, True, "first", bob)
    outbox.drain()
    assert (status(evaluated), status(listed)) == ("open", "evidenced")


def test_a_review_of_more_than_a_year_ago_is_overdue(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    put(system)
    desk.review(system, True, "first", bob, timezone.localdate() - timedelta(400))
    page = sign_in(bob).get(place("register", system)).content.decode()
    assert "to be refreshed at least once every year" in page
    assert "badge late" in page


def test_nobodys_name_lies_in_the_ledger_and_the_register_can_be_erased(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    sign_in(bob).post(place("new", system), SENT)
    made = desk.review(system, True, "first", bob)
    outbox.drain()
    assert sorted(kinds()) == ["risk", "risk-register", "risk-review"]
    assert not any("Айгерім".encode() in entry or b"Bob" in entry for entry in raw())
    assert all("Айгерім" not in (row.made_here or b"").decode() for row in Artifact.objects.all())
    made.artifact.refresh_from_db()
    assert outbox.erase(made.artifact, bob, "asked")


def test_controls_follow_the_degree_and_not_applicable_needs_a_reason(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    everything = browser.get(place("controls", system)).content.decode()
    assert t("riskpages.degree_open", "en") in everything
    assert all(escape(control.title["en"]) in everything for control in controls().values())
    System.objects.filter(pk=system.pk).update(risk_levels="minimal", conclusion="classified")
    minimal = browser.get(place("controls", system)).content.decode()
    assert controls()["independent-review"].title["en"] not in minimal
    sent = {"control": "least-rights", "state": "not_applicable", "reason": "", "where": ""}
    assert browser.post(place("controls", system), sent).status_code == 422
    browser.post(place("controls", system), {**sent, "reason": "no rights at all"})
    browser.post(place("controls", system), {**sent, "state": "in_place", "where": "Order 7"})
    assert ControlState.objects.count() == 2
    assert "Order 7" in browser.get(place("controls", system)).content.decode()
    assert browser.post(place("controls", system), {**sent, "control": "no-such"}).status_code == 404


def test_principles_show_obligations_risks_texts_and_gaps(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    owe(system, "230-VIII/9")
    put(system)
    browser = sign_in(bob)
    assert (
        browser.post(place("principles", system), {"principle": "wellbeing", "text_kk": "", "text_en": "A human decides"}).status_code
        == 302
    )
    page = browser.get(place("principles", system)).content.decode()
    part = page.split('id="p-wellbeing"')[1].split('id="p-data"')[0]
    assert "A human decides" in part
    assert risks()["rubber-stamp"].title["en"] in part
    assert t("riskpages.status_open", "en") in part
    assert t("principles.gap_no_text", "en") not in part
    assert page.count(t("principles.gap_no_text", "en")) == len(principles()) - 1
    assert browser.post(place("principles", system), {"principle": "kindness"}).status_code == 404
    assert PrincipleText.objects.get().by == bob


def test_pages_cost_the_same_for_many_risks(
    system: System, bob: User, sign_in: Callable[..., Client], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    desk.add_known(system, list(risks())[:40], bob)
    browser = sign_in(bob)
    for name, most in (("register", 9), ("catalogue", 9), ("print", 9), ("controls", 9), ("principles", 11)):
        with django_assert_max_num_queries(most):
            assert browser.get(place(name, system)).status_code == 200


def test_a_risk_of_another_company_is_not_found(system: System, carol: User, charlie: User, sign_in: Callable[..., Client]) -> None:
    row = put(system)
    other = System.objects.create(organisation=charlie.memberships.get().organisation, slug="scorer", name={"en": "Other"})
    browser = sign_in(charlie)
    for name in ("one", "accept", "remove"):
        assert browser.post(place(name, other, row.pk), {"reason": "x"}).status_code == 404
    assert browser.get(place("one", other, row.pk)).status_code == 404


@pytest.mark.django_db
def test_the_example_company_has_registers_controls_and_principles() -> None:
    from tanba.web.example import load_example

    assert load_example(EXAMPLES)
    assert set(Review.objects.values_list("system__slug", flat=True)) == {"credit-scorer", "chat-assistant", "conveyor-maintenance"}
    assert Risk.objects.filter(system__slug="credit-scorer").count() == 6
    assert ControlState.objects.filter(system__slug="credit-scorer").count() == 8
    assert PrincipleText.objects.count() == 3
    scorer = System.objects.get(slug="credit-scorer")
    assert scorer.obligations.get(path="230-VIII/18/1/4").due == date(2027, 3, 2)
