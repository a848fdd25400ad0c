"""Orders of a stop: what acts, records and restarts of the register tell, and what they do not stays a gap."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tanba.documents.catalogue import make
from tanba.documents.model import Said, statements
from tanba.documents.render import EDITIONS, MEDIA_TYPES
from tanba.strings import LANGUAGES, t
from tanba.web import start
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Evidence
from tanba.web.faces.suspensions import suspensions
from tanba.web.incidents import papers, stops
from tanba.web.incidents.models import StopRecord
from tanba.web.systems.models import System
from web.evidence.doing import owe
from web.incidents.doing import HOSTILE, entered, place

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def said(system: System, name: str) -> dict[str, Said]:
    return dict(statements(make(name, papers.of_stop(system))))


def order(browser: Client, system: System, name: str = "suspension-order", edition: str = "en", form: str = "html") -> Any:
    return browser.get(place("stop", system), {"document": name, "as": form, "in": edition})


def test_a_stop_without_a_found_prohibition_leaves_its_basis_open(system: System, carol: User) -> None:
    stops.suspend(system, "Odd answers", carol)
    found = said(system, "suspension-order")
    assert found["basis"].gap
    assert (found["decided"].text["kk"], found["reason"].text["ru"]) == ("Carol", "Odd answers")
    assert not found["from_when"].gap
    assert [source.provision for source in found["from_when"].sources] == []
    assert found["measures"].gap


def test_a_stop_decided_on_a_record_rests_on_article_18_and_the_point_of_the_record(system: System, carol: User) -> None:
    row = StopRecord.objects.create(system=system, capabilities=["230-VIII/17/3/6"])
    stops.decide(row, "stop", "It reads emotions", carol)
    basis = said(system, "suspension-order")["basis"]
    assert [source.provision.partition("@")[0] for source in basis.sources] == ["kz/230-VIII/18/2", "kz/230-VIII/17/3/6"]


def test_other_measures_and_records_of_an_earlier_stop_are_no_basis(system: System, carol: User) -> None:
    first = StopRecord.objects.create(system=system, capabilities=["230-VIII/17/3/6"])
    stops.decide(first, "other", "It can be mended while it runs", carol)
    stops.suspend(system, "Another reason", carol)
    assert said(system, "suspension-order")["basis"].gap
    StopRecord.objects.filter(pk=first.pk).update(decision="stop", decided_at="2026-01-20T00:00Z")
    assert said(system, "suspension-order")["basis"].gap


def test_a_restart_names_what_was_mended_who_approved_and_what_shows_it(system: System, alice: User, carol: User) -> None:
    system.organisation.four_eyes = True
    system.organisation.save()
    stops.suspend(system, "It reads emotions", carol)
    proof = outbox.upload(system, "upload", "test-report.pdf", b"x", carol)
    proof.save()
    Evidence.objects.create(obligation=owe(system, "230-VIII/18/2"), artifact=proof)
    outbox.drain(everything=True)
    asked = stops.ask_restart(system, "The model was replaced", carol)
    assert asked
    waiting = said(system, "restart-order")
    assert waiting["mended"].text["en"] == "The model was replaced"
    assert waiting["approved"].gap
    assert waiting["from_when"].gap
    assert waiting["basis"].gap
    stops.sign_restart(asked, alice)
    signed = said(system, "restart-order")
    assert signed["approved"].text["ru"] == "Carol, Alice"
    assert "test-report.pdf" in signed["evidence"].text["kk"]
    assert not signed["basis"].gap
    assert not signed["from_when"].gap
    assert "It reads emotions" in signed["stopped"].text["en"]


def test_a_stop_after_a_restart_begins_anew(system: System, carol: User) -> None:
    stops.suspend(system, "First", carol)
    stops.ask_restart(system, "Mended", carol)
    stops.suspend(system, "Second", carol)
    found = said(system, "restart-order")
    assert "Second" in found["stopped"].text["en"]
    assert found["mended"].gap or "Mended" not in found["mended"].text["en"]


@pytest.mark.parametrize("form", MEDIA_TYPES)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", papers.ORDERS)
def test_both_are_downloaded_in_every_language_and_form_by_whoever_reads(
    name: str, edition: str, form: str, system: System, carol: User, dana: User, sign_in: SignIn
) -> None:
    stops.suspend(system, HOSTILE, carol)
    found = order(sign_in(dana), system, name, edition, form)
    assert f"{system.slug}-{name}.{edition}.{form}" in found["Content-Disposition"]
    assert found.content.startswith({"docx": b"PK", "html": b"<!doctype", "pdf": b"%PDF"}[form])
    if form == "html":
        assert b"<script>" not in found.content
        for language in edition.split("+"):
            assert t(f"documents.title_{name}", language) in unescape(found.content.decode())


def test_the_page_offers_orders_once_something_was_stopped(system: System, carol: User, charlie: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    assert t("incidents.orders", "en") not in browser.get(place("stop", system)).content.decode()
    stops.suspend(system, "x", carol)
    page = browser.get(place("stop", system)).content.decode()
    assert t("incidents.orders", "en") in page
    assert 'name="as" value="pdf"' in page
    assert order(browser, system, "poem").status_code == 404
    assert order(browser, system, edition="fr").status_code == 404
    assert order(sign_in(charlie), system).status_code == 404


@pytest.mark.parametrize("to", ["breach", "users", "vendor", "order"])
def test_a_notification_is_downloaded_in_every_language_and_form(to: str, system: System, carol: User, dana: User, sign_in: SignIn) -> None:
    row = entered(system.organisation, carol, [system], personal_data=True)
    name = "suspension-order" if to == "order" else to
    for edition in EDITIONS:
        for form in MEDIA_TYPES:
            found = sign_in(dana).get(place("draft", row, to), {"as": form, "in": edition})
            assert found.content.startswith({"docx": b"PK", "html": b"<!doctype", "pdf": b"%PDF"}[form])
            if form == "html":
                page = unescape(found.content.decode())
                assert all(t(f"documents.title_{name}", language) in page for language in edition.split("+"))
                assert "It broke" in page
    assert sign_in(dana).get(place("draft", row, to), {"as": "docx", "in": "xx"}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_draft_offers_it_in_the_language_that_is_looked_at(
    language: str, system: System, carol: User, sign_in: SignIn
) -> None:
    row = entered(system.organisation, carol, [system])
    page = sign_in(carol).get(place("draft", row, "users"), {"lang": language}).content.decode()
    assert f'<option value="{language}" selected>' in page


def test_the_stop_of_the_register_is_one_for_the_command_line_too(system: System, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "_register_is_there", lambda: None)
    stops.suspend(system, "Odd answers", carol)
    assert suspensions().stopped(system.organisation.bin, system.slug)
    assert start.stop_material(system.slug)["stop"]["by"] == "Carol"
