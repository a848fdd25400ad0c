"""Pages of dealings with the state: sections keep what was typed, versions are sealed, a checklist comes from a table, training."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from tanba.errors import StoreError
from tanba.sheets import read_xlsx
from tanba.state.form import read, write
from tanba.state.pilot import Pilot
from tanba.state.security import Dossier
from tanba.state.trustedlist import NEXT, Application
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import Organisation, User
from tanba.web.documents import desk as documents
from tanba.web.documents.whole import of_organisation
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.obligations.models import Obligation
from tanba.web.state import courses, desk
from tanba.web.state.example import load_state
from tanba.web.state.models import StateForm, TrainingRecord
from tanba.web.state.views import PARTS
from tanba.web.systems.models import System
from tanba.yamlfile import read_yaml
from web.evidence.doing import owe, seal

HOSTILE = '<img src=x onerror="alert(1)">'
EXAMPLES = Path(__file__).parents[3] / "examples/state"
KINDS = {"pilot": Pilot, "trusted-list": Application, "security": Dossier}
FILES = {"pilot": "pilot-credit-scorer", "trusted-list": "trusted-list-fraud-monitor", "security": "security-fraud-monitor"}
GOAL = {"seen": "0", "why_kk": f"салыстыру {HOSTILE}", "tried_en": "model 5.0", "window-start": "2026-10-05", "window-until": "2026-12-18"}


def place(name: str, system: System, *more: Any) -> str:
    return reverse(f"state:{name}", args=[system.organisation_id, system.slug, *more])


def training(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"state:{name}", args=[organisation.pk, *more])


def given(system: System, name: str) -> StateForm:
    content = {key: each for key, each in read_yaml(EXAMPLES / f"{FILES[name]}.yaml").items() if key != "schema"}
    row = desk.save(system, name, write(read(KINDS[name], "", content)), 0, system.owner)
    assert row
    return row


def rows(prefix: str, *entries: dict[str, str]) -> dict[str, str]:
    """Entries of a list as the page sends them."""
    head = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": "0"}
    return head | {f"{prefix}-{number}-{name}": value for number, entry in enumerate(entries) for name, value in entry.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_opens_in_three_languages(lang: str, system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(carol, lang)
    load_state(system.organisation, EXAMPLES)
    for name in KINDS:
        assert browser.get(place("one", system, name)).status_code == 200  # while nothing is written
        given(system, name)
    addresses = [place("overview", system), *(place("one", system, name) for name in KINDS), training("training", system.organisation)]
    addresses += [place("edit", system, "pilot", part) for part in ("goal", "data", "exit", "decision")]
    addresses += [place("edit", system, "security", part) for part in ("officer", "tests", "requirements")]
    addresses += [place("edit", system, "trusted-list", "pack")]
    addresses += [training("training_edit", system.organisation, part) for part in ("courses", "roles", "planned", "programmes")]
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert f'lang="{lang}"' in answer.content.decode()
    shown = browser.get(place("one", system, "trusted-list")).content.decode()
    assert escape(t("state.trusted_list_clock_again", lang)) in shown
    assert escape(t("words.layer.reported", lang)) in shown


def test_a_section_is_saved_sealed_and_shown_escaped(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    assert browser.post(place("edit", system, "pilot", "goal"), GOAL).status_code == 302
    row = StateForm.objects.get()
    assert (row.version, row.content["window"]) == (1, {"start": "2026-10-05", "until": "2026-12-18"})
    shown = browser.get(place("one", system, "pilot")).content.decode()
    assert HOSTILE not in shown
    assert "салыстыру &lt;img" in shown
    seal()
    assert row.artifact
    row.artifact.refresh_from_db()
    content = json.loads(outbox.content_of(row.artifact) or b"")
    assert (row.artifact.kind, row.artifact.is_sealed, content["schema"]) == ("pilot-plan", True, "tanba.pilot/1")


def same(before: Any, after: Any) -> bool:
    """A text in one language stands in each once a page has saved it; all else is equal."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same(before[name], after[name]) for name in before)
    if isinstance(before, list):
        return len(before) == len(after) and all(map(same, before, after))
    return bool(before == after or (isinstance(after, dict) and set(after.values()) == {before}))


@pytest.mark.parametrize(("name", "part"), [(name, part) for name, parts in PARTS.items() for part in parts])
def test_a_section_that_is_sent_as_it_was_shown_changes_nothing(
    name: str, part: str, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    row, browser = given(system, name), sign_in(bob)
    if name == "security":
        points = {"items": [{"number": "1", "text": {"kk": "талап"}, "applies": True, "state": "met"}]}
        row = desk.save(system, name, {"requirements": points}, row.version, bob) or row
    address = place("edit", system, name, part)
    form = next(form for form in html.fromstring(browser.get(address).content).forms if "seen" in form.fields)
    answer = browser.post(address, QueryDict(urlencode(form.form_values())))
    assert answer.status_code == 302, answer.content.decode()
    assert same(row.content, StateForm.objects.get().content)


def test_whoever_saves_what_somebody_else_changed_is_told_and_loses_nothing(
    system: System, bob: User, carol: User, sign_in: Callable[..., Client]
) -> None:
    sign_in(carol).post(place("edit", system, "pilot", "goal"), {**GOAL, "tried_en": "by Carol"})
    answer = sign_in(bob).post(place("edit", system, "pilot", "goal"), {**GOAL, "tried_en": "by Bob"})
    assert answer.status_code == 422
    assert t("statepages.changed_meanwhile", "en") in answer.content.decode()
    assert "by Bob</textarea>" in answer.content.decode()
    assert StateForm.objects.get().content["tried"] == {"en": "by Carol"}


def test_while_nothing_can_be_kept_the_page_says_so_and_keeps_what_was_typed(
    system: System, carol: User, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("disk full")

    monkeypatch.setattr(desk, "upload", full)
    monkeypatch.setattr(courses, "upload", full)
    browser, today = sign_in(carol), timezone.localdate().isoformat()
    answers = [
        browser.post(place("edit", system, "pilot", "goal"), GOAL),
        browser.post(place("event", system), {"what": "submitted", "day": today, "number": "model 5.0", "seen": "0"}),
        browser.post(training("training_edit", system.organisation, "courses"), {"seen": "0", **rows("courses", {"id": "model 5.0"})}),
    ]
    assert [(each.status_code, "disk full" in each.content.decode(), "model 5.0" in each.content.decode()) for each in answers] == [
        (422, True, True)
    ] * 3
    assert not StateForm.objects.exists()


def test_what_does_not_fit_is_told_at_its_field_and_kept(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    sent = {"seen": "0", **rows("exit", {"metric_en": "AUC", "compare": "at_least", "threshold": "much"}, {"compare": "at_most"})}
    answer = sign_in(bob).post(place("edit", system, "pilot", "exit"), sent)
    assert answer.status_code == 422
    assert 'value="much"' in answer.content.decode()
    assert not StateForm.objects.exists()
    answer = sign_in(bob).post(place("edit", system, "pilot", "exit"), {**sent, "exit-0-threshold": "0.74", "exit-0-result": "0.8"})
    assert answer.status_code == 302
    assert [each["threshold"] for each in StateForm.objects.get().content["exit"]] == ["0.74"]


def test_a_row_whose_fields_are_emptied_is_gone_and_what_a_page_does_not_ask_for_stays(
    system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    row = given(system, "security")
    browser = sign_in(bob)
    kept = {"what_en": "Store", "where": "rest", "how": "AES", "keys_en": "HSM"}
    sent = {"seen": str(row.version), **rows("encryption", kept, {"where": "transit"})}
    assert browser.post(place("edit", system, "security", "encryption"), sent).status_code == 302
    assert len(StateForm.objects.get().content["encryption"]) == 1
    table = SimpleUploadedFile("list.csv", b"number,text,applies,state,evidence\n1,x,yes,met,DMS 1\n")
    assert browser.post(place("take", system), {"table": table, "seen": "2"}).status_code == 302
    sent = {"seen": "3", "requirements-edition": "2026", "requirements-verified_by": "A. Counsel", "requirements-verified": "2026-09-01"}
    assert browser.post(place("edit", system, "security", "requirements"), sent).status_code == 302
    found = desk.value(StateForm.objects.get()).requirements
    assert (found.edition, [each.number for each in found.items]) == ("2026", ["1"])


def test_what_happened_is_entered_in_an_order_that_can_be(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser, today = sign_in(bob), timezone.localdate()
    sent = {"what": "submitted", "day": today.isoformat(), "number": f"QG {HOSTILE}", "seen": "0"}
    assert browser.post(place("event", system), {**sent, "what": "published"}).status_code == 422
    assert browser.post(place("event", system), {**sent, "day": (today + timedelta(1)).isoformat()}).status_code == 422
    assert not StateForm.objects.exists()
    assert browser.post(place("event", system), sent).status_code == 302
    shown = browser.get(place("one", system, "trusted-list"))
    assert [name for name, _ in shown.context["event"].fields["what"].choices] == list(NEXT["submitted"])
    assert [each["state"] for each in shown.context["check"]["clocks"]] == ["running"]
    assert HOSTILE not in shown.content.decode()
    assert Artifact.objects.filter(kind="trusted-list-step").count() == 1


def test_a_checklist_with_a_bad_row_is_not_taken_and_each_row_is_named(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    table = SimpleUploadedFile("list.csv", f"number,text,applies\n1,a,yes\n2,b,{HOSTILE.replace(',', '')}\n".encode())
    answer = browser.post(place("take", system), {"table": table, "seen": "0"})
    assert answer.status_code == 422
    assert t("statepages.row", "en", number=3) in answer.content.decode()
    assert HOSTILE not in answer.content.decode()
    assert not StateForm.objects.exists()
    for content in (b"", b"PK", b"a,b\n1,2\n"):
        assert browser.post(place("take", system), {"table": SimpleUploadedFile("x.xlsx", content), "seen": "0"}).status_code == 302
    assert not StateForm.objects.exists()


def test_the_checklist_comes_back_as_a_workbook(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    table = (EXAMPLES / "unified-requirements.csv").read_bytes()
    browser.post(place("take", system), {"table": SimpleUploadedFile("list.csv", table), "seen": "0"})
    book = browser.get(place("checklist", system)).content
    assert len(list(read_xlsx(book))) == 5
    assert browser.post(place("take", system), {"table": SimpleUploadedFile("again.xlsx", book), "seen": "1"}).status_code == 302
    assert [each.applies for each in desk.value(StateForm.objects.get()).requirements.items] == [True, True, False, None]


def test_a_dossier_is_evidence_for_what_it_shows_once(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    officer, tests = owe(system, "practice/security-officer", "house"), owe(system, "practice/penetration-tests", "house")
    row = given(system, "security")
    browser = sign_in(bob)
    for _ in range(2):
        assert browser.post(place("forward", system, "security")).status_code == 302
    assert [each.obligation_id for each in Evidence.objects.all()] == [officer.pk]  # one weakness is left
    seal()
    officer.refresh_from_db()
    assert officer.status == Obligation.Status.EVIDENCED
    tests.refresh_from_db()
    assert (tests.status, tests.due) == (Obligation.Status.OPEN, date(2027, 6, 14))
    system.refresh_from_db()
    assert system.next_due == date(2027, 6, 14)
    assert row.artifact


def test_a_duty_leads_to_the_page_that_makes_its_evidence(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    row = owe(system, "practice/security-officer", "house")
    shown = sign_in(bob).get(reverse("evidence:obligation", args=[system.organisation_id, row.pk])).content.decode()
    assert place("one", system, "security") in shown


def test_the_date_of_a_pilot_stands_until_it_is_decided(system: System) -> None:
    owed = owe(system, "practice/platform-for-high-risk", "house")
    row = given(system, "pilot")
    owed.refresh_from_db()
    assert owed.due == date(2026, 12, 18)
    desk.save(
        system, "pilot", {"decision": {"outcome": "stop", "day": "2026-12-01", "by": "D. Akhmetov", "reason": "x"}}, row.version, None
    )
    owed.refresh_from_db()
    assert owed.due is None


@pytest.mark.parametrize(
    ("conclusion", "answer", "duty"), [("", None, "unknown"), ("classified", None, "not_applicable"), ("classified", "applies", "applies")]
)
def test_security_is_a_duty_where_the_register_says_so(conclusion: str, answer: str | None, duty: str, system: System) -> None:
    system.conclusion = conclusion
    if answer:
        owe(system, "230-VIII/17/1/equated", answer=answer)
    assert desk.look(desk.row_of(system, "security"))["duty"]["answer"] == duty


def test_documents_of_the_register_hold_what_was_written(system: System) -> None:
    assert "pilot" not in documents.known(system)
    given(system, "pilot")
    assert documents.known(system)["pilot"]["form"]["roles"][0]["who"] == "Timur Bekov"
    load_state(system.organisation, EXAMPLES)
    assert len(of_organisation(system.organisation)["training"]["form"]["records"]) == 6


def test_a_plan_of_training_is_written_and_a_name_that_nothing_has_is_refused(
    system: System, carol: User, sign_in: Callable[..., Client]
) -> None:
    browser, company = sign_in(carol), system.organisation
    sent = {"seen": "0", **rows("courses", {"id": "law", "title_en": f"Law {HOSTILE}", "renew": "P1Y"})}
    assert browser.post(training("training_edit", company, "courses"), {**sent, "courses-0-renew": "yearly"}).status_code == 422
    assert browser.post(training("training_edit", company, "courses"), sent).status_code == 302
    sent = {"seen": "1", **rows("roles", {"id": "engineer", "people": "2", "courses": "law"})}
    assert browser.post(training("training_edit", company, "roles"), sent).status_code == 302
    gone = {"seen": "2", **rows("courses", {"id": "", "title_en": ""})}
    assert browser.post(training("training_edit", company, "courses"), gone).status_code == 422  # a role still wants it
    shown = browser.get(training("training", company)).content.decode()
    assert "0 / 2" in shown
    assert HOSTILE not in shown


def test_a_record_is_sealed_and_the_name_in_it_can_be_erased(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    browser, company = sign_in(carol), system.organisation
    courses.save(company, {"courses": [{"id": "law"}], "roles": [{"id": "engineer", "people": 1, "courses": ["law"]}]}, 0, carol)
    sent = {"role": "engineer", "course": "law", "day": "2026-04-21", "person": f"Айгерім {HOSTILE}", "hours": "6"}
    assert browser.post(training("add_record", company), {**sent, "course": "moon"}).status_code == 422
    assert browser.post(training("add_record", company), sent).status_code == 302
    row = TrainingRecord.objects.select_related("artifact").get()
    assert HOSTILE not in browser.get(training("training", company)).content.decode()
    assert "Айгерім" in (outbox.content_of(row.artifact) or b"").decode()  # type: ignore[arg-type]
    assert browser.post(training("erase_record", company, row.pk), {"reason": ""}).status_code == 302
    assert browser.post(training("erase_record", company, row.pk), {"reason": "A person asked."}).status_code == 302
    row.refresh_from_db()
    assert row.artifact
    row.artifact.refresh_from_db()
    assert (row.person, bool(row.erased_at), outbox.content_of(row.artifact)) == ("", True, None)
    assert courses.look(courses.plan_of(company))["coverage"][0]["valid"] == 1


def test_records_of_a_table_are_all_taken_or_none(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    browser, company = sign_in(carol), system.organisation
    courses.save(company, {"courses": [{"id": "law"}], "roles": [{"id": "engineer", "people": 3, "courses": ["law"]}]}, 0, carol)
    head = "role,course,day,person\n"
    for rows_, status in (("engineer,law,5 May,\n", 422), ("engineer,moon,2026-05-05,\n", 302)):
        table = SimpleUploadedFile("r.csv", f"{head}engineer,law,2026-05-05,E-01\n{rows_}".encode())
        assert browser.post(training("take_records", company), {"table": table}).status_code == status
        assert not TrainingRecord.objects.exists()
    table = SimpleUploadedFile("r.csv", f"{head}engineer,law,2026-05-05,E-01\nengineer,law,2026-05-06,\n".encode())
    assert browser.post(training("take_records", company), {"table": table}).status_code == 302
    assert {row.artifact.schema for row in TrainingRecord.objects.select_related("artifact") if row.artifact} == {"file", "tanba.act/1"}


def test_a_form_or_a_section_that_there_is_not_is_not_found(system: System, carol: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(carol)
    for address in (place("one", system, "moon"), place("edit", system, "moon", "goal"), place("edit", system, "pilot", "moon")):
        assert browser.get(address).status_code == 404
    assert browser.get(training("training_edit", system.organisation, "moon")).status_code == 404


def test_whether_a_system_that_nobody_assessed_may_apply_is_said_to_be_open(
    system: System, sign_in: Callable[..., Client], bob: User
) -> None:
    System.objects.update(conclusion="", risk_levels="")
    shown = sign_in(bob, "en").get(place("one", system, "trusted-list")).content.decode()
    assert t("state.trusted_list_degree_open", "en") in shown
    System.objects.update(conclusion="ai_system", risk_levels="high")
    shown = sign_in(bob, "en").get(place("one", system, "trusted-list")).content.decode()
    assert t("state.trusted_list_degree_open", "en") not in shown
