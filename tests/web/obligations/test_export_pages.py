"""Downloads of obligations and the call of the API: every form opens, nobody else's data, pages that lead on, ETag, few queries."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from believable import SCORER, STUDIO, assessed
from exported import ROOT, prop, read
from tanba.cli import main
from tanba.export.forms import FORMS
from tanba.sheets import read_xlsx
from tanba.strings import LANGUAGES, t
from tanba.web import bounds, start
from tanba.web.accounts.models import ApiToken, Organisation, User
from tanba.web.accounts.tokens import digest_of, new_secret
from tanba.web.evidence import ledger, outbox
from tanba.web.evidence.models import Evidence
from tanba.web.obligations import download, exporting
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/obligations.json").read_text()))
OSCAL = [form for form in FORMS if form.startswith("oscal")]


def got(browser: Client, company: Organisation, **query: str) -> bytes:
    answer: Any = browser.get(reverse("obligations:export", args=[company.pk]), query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return body(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_offers_every_form(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system, browser = assessed(company, SCORER, carol), sign_in(carol, language)
    for page in (reverse("obligations:all", args=[company.pk]), reverse("obligations:list", args=[company.pk, system.slug])):
        answer = browser.get(page, {"layer": "law"})
        shown = answer.content.decode()
        for (name, address), form in zip(answer.context["downloads"], FORMS, strict=True):
            assert name == t(f"obligations.download_{form}", language)
            assert name in shown
            file = browser.get(address)
            assert file.status_code == 200
            assert body(file)
            assert ("layer=law" in address) is (form not in OSCAL)


def test_tables_hold_what_the_list_shows(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, STUDIO, carol)
    assessed(company, SCORER, carol, "other")
    browser = sign_in(carol)
    value = json.loads(got(browser, company, to="json", system="other", layer="law"))
    SCHEMA.validate(value)
    assert {each["system"] for each in value["obligations"]} == {"other"}
    assert {each["layer"] for each in value["obligations"]} <= {"statute", "by-law", "other-law"}
    assert value["organisation"] == {"bin": company.bin, "name": dict(company.name)}
    sheet = list(read_xlsx(got(browser, company, to="xlsx", system="other", layer="law")))
    assert len(sheet) == len(value["obligations"]) + 1


@pytest.mark.parametrize("form", OSCAL)
def test_every_oscal_file_of_the_register_is_read_by_trestle(
    form: str, company: Organisation, carol: User, sign_in: SignIn, tmp_path: Path
) -> None:
    assessed(company, STUDIO, carol)
    assessed(company, SCORER, carol, "other")
    plain = read(got(sign_in(carol, "kk"), company, to=form), tmp_path)
    assert prop(plain["metadata"], "language") == "kk"
    slugs = [prop(each, "system") for each in plain.get("results", plain.get("components", []))]
    assert slugs == (["other", "scorer"] if form in ("oscal-results", "oscal-component") else [])


def proven(company: Organisation, carol: User) -> tuple[Obligation, Evidence]:
    """One obligation with sealed evidence, an assignee and a date."""
    system = assessed(company, SCORER, carol)
    row = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    Obligation.objects.filter(pk=row.pk).update(assignee=carol, due=date(2027, 1, 31), due_proposed=False, remark="=cmd|x")
    artifact = outbox.upload(system, "upload", "review.pdf", b"reviewed", carol)
    artifact.save()
    evidence = Evidence.objects.create(obligation=row, artifact=artifact, expires=timezone.localdate() + timedelta(days=9))
    outbox.drain(everything=True)
    row.refresh_from_db()
    evidence.refresh_from_db()
    return row, evidence


def test_evidence_assignee_and_dates_leave_with_the_row(company: Organisation, carol: User, sign_in: SignIn, tmp_path: Path) -> None:
    row, evidence = proven(company, carol)
    browser = sign_in(carol)
    artifact = evidence.artifact
    artifact.refresh_from_db()
    [found] = [each for each in json.loads(got(browser, company, to="json"))["obligations"] if each["evidence"]]
    assert (found["provision"], found["status"], found["assignee"], found["due"]) == (row.provision, "evidenced", str(carol), "2027-01-31")
    assert found["evidence"][0]["sha256"] == artifact.digest
    assert found["evidence"][0]["position"] == artifact.position
    assert found["evidence"][0]["expires"] == str(evidence.expires)
    plain = read(got(browser, company, to="oscal-results"), tmp_path)
    [finding] = [each for each in plain["results"][0]["findings"] if prop(each, "provision") == row.provision]
    assert finding["target"]["status"]["state"] == "not-satisfied"
    resources = {f"#{each['uuid']}": each for each in plain["back-matter"]["resources"]}
    assert prop(resources[finding["links"][0]["href"]], "sha256") == artifact.digest
    head = ledger.log().head().checkpoint
    assert prop(plain["metadata"], "ledger-checkpoint") == f"{head.origin} {head.size} {head.root.hex()}"
    assert b",'=cmd|x" in got(browser, company, to="csv")


def test_what_is_met_is_satisfied_and_what_nobody_read_is_not(company: Organisation, carol: User, sign_in: SignIn, tmp_path: Path) -> None:
    system = assessed(company, SCORER, carol)
    Obligation.objects.filter(system=system).update(status="met")
    plain = read(got(sign_in(carol), company, to="oscal-results"), tmp_path)
    states = {prop(each, "layer"): each["target"]["status"]["state"] for each in plain["results"][0]["findings"]}
    assert states["statute"] == "satisfied"
    assert states["reported"] == "not-satisfied"
    layers = Counter(prop(each, "layer") for each in plain["results"][0]["findings"])
    duties = Obligation.objects.filter(system=system, active=True, answer="applies").exclude(kind="right").exclude(layer="recommended")
    assert layers == Counter(duties.exclude(layer="companion").values_list("layer", flat=True))


def test_withdrawn_evidence_is_gone(company: Organisation, carol: User, sign_in: SignIn) -> None:
    _, evidence = proven(company, carol)
    Evidence.objects.filter(pk=evidence.pk).update(withdrawn_at=timezone.now())
    assert not any(each["evidence"] for each in json.loads(got(sign_in(carol), company, to="json"))["obligations"])


def test_rejected_systems_are_not_exported(company: Organisation, carol: User, sign_in: SignIn, tmp_path: Path) -> None:
    assessed(company, SCORER, carol)
    rejected = assessed(company, SCORER, carol, "rejected")
    System.objects.filter(pk=rejected.pk).update(state="rejected")
    plain = read(got(sign_in(carol), company, to="oscal-component"), tmp_path)
    assert [prop(each, "system") for each in plain["components"]] == ["scorer"]


def test_a_system_that_nobody_assessed_is_exported_as_it_would_be_today(
    system: System, carol: User, sign_in: SignIn, tmp_path: Path
) -> None:
    plain = read(got(sign_in(carol), system.organisation, to="oscal-results"), tmp_path)
    assert prop(plain["results"][0], "conclusion") == "undecided"


def test_an_organisation_without_systems_is_told(company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = sign_in(carol).get(reverse("obligations:export", args=[company.pk]), {"to": "oscal-results"}, follow=True)
    assert "there is no system whose results could be written" in answer.content.decode()


def test_many_downloads_at_once_are_asked_to_wait(company: Organisation, carol: User, sign_in: SignIn) -> None:
    with bounds.place(), bounds.place():
        answer = sign_in(carol).get(reverse("obligations:export", args=[company.pk]), {"to": "json"}, follow=True)
    assert t("obligations.download_busy", "en") in answer.content.decode()


def test_the_same_data_are_not_sent_twice(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    outbox.drain(everything=True)
    browser, address = sign_in(carol), reverse("obligations:export", args=[company.pk])
    tag = browser.get(address, {"to": "json"})["ETag"]
    assert browser.get(address, {"to": "json"}, headers={"If-None-Match": tag}).status_code == 304
    Obligation.objects.filter(path="230-VIII/18/1/4").update(remark="changed")
    assert browser.get(address, {"to": "json"}, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("form", ["json", "oscal-component", "oscal-results"])
def test_the_number_of_queries_does_not_grow_with_the_systems(
    form: str, company: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for _ in exporting.subjects(System.objects.filter(organisation=company)):
                pass
        return len(queries)

    assessed(company, SCORER, carol)
    few = counted()
    for number in range(3):
        assessed(company, SCORER, carol, f"s{number}")
    assert counted() == few
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    assert [each.slug for each in exporting.subjects(System.objects.all())] == ["s0", "s1", "s2", "scorer"]


# the API


def token(company: Organisation, system: System | None = None, scope: str = "register") -> str:
    secret = new_secret()
    ApiToken.objects.create(organisation=company, system=system, name="grc", scope=scope, digest=digest_of(secret))
    return secret


def ask(secret: str, **query: str) -> Any:
    return Client().get(reverse("obligations:api"), query, headers={"Authorization": f"Bearer {secret}"})


def body(answer: Any) -> bytes:
    """Whatever its size: a large one is a file that the answer closes."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
    return content


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_api_answers_every_form(form: str, language: str, company: Organisation, carol: User, tmp_path: Path) -> None:
    assessed(company, SCORER, carol)
    answer = ask(token(company), to=form, lang=language)
    assert (answer.status_code, answer["Content-Type"]) == (200, FORMS[form][1])
    content = body(answer)
    if form in OSCAL:
        assert prop(read(content, tmp_path)["metadata"], "language") == language
    if form == "json":
        SCHEMA.validate(json.loads(content))


def test_pages_lead_on_and_hold_everything_once(company: Organisation, carol: User) -> None:
    for number in range(5):
        assessed(company, SCORER, carol, f"s{number}")
    secret, seen, query = token(company), [], {"limit": "2"}
    for _ in range(3):
        answer = ask(secret, **query)
        value = json.loads(body(answer))
        SCHEMA.validate(value)
        seen += list(dict.fromkeys(each["system"] for each in value["obligations"]))
        if value["next"]:
            [after] = re.findall(r'<http://testserver/api/register/v1/obligations\?limit=2&after=(\w+)>; rel="next"', answer["Link"])
            assert after == value["next"]
            query["after"] = after
    assert seen == [f"s{number}" for number in range(5)]
    assert value["next"] is None
    assert "Link" not in answer


def test_oscal_comes_in_pages_too(company: Organisation, carol: User, tmp_path: Path) -> None:
    for number in range(2):
        assessed(company, SCORER, carol, f"s{number}")
    answer = ask(token(company), to="oscal-results", limit="1")
    assert [prop(each, "system") for each in read(body(answer), tmp_path)["results"]] == ["s0"]
    assert "to=oscal-results&limit=1&after=s0" in answer["Link"]
    assert ask(token(company), system="s\x000", to="csv").status_code == 200  # NUL is no letter of a name, and PostgreSQL takes none
    assert "Link" not in ask(token(company), to="oscal-catalog", limit="1")


def test_all_adds_what_does_not_apply(company: Organisation, carol: User) -> None:
    assessed(company, SCORER, carol)
    applies = {each["applies"] for each in json.loads(body(ask(token(company), all="1")))["obligations"]}
    assert applies == {"yes", "unknown", "no"}


def test_a_token_reads_its_own_organisation_and_system_only(company: Organisation, carol: User, charlie: User) -> None:
    mine, other = assessed(company, SCORER, carol), assessed(company, SCORER, carol, "other")
    theirs = charlie.memberships.get().organisation
    assert json.loads(body(ask(token(theirs))))["obligations"] == []
    assert ask(token(theirs), system=mine.slug).status_code == 404
    narrow = token(company, mine)
    assert {each["system"] for each in json.loads(body(ask(narrow)))["obligations"]} == {mine.slug}
    refused = ask(narrow, system=other.slug)
    assert (refused.status_code, refused.json()["why"], refused.json()["schema"]) == (404, "unknown", "tanba.refused/1")


def test_other_tokens_and_none_open_nothing(company: Organisation) -> None:
    assert ask(token(company, scope="notices")).status_code == 401
    assert ask("tanba_x").status_code == 401
    assert Client().get(reverse("obligations:api")).status_code == 401


@pytest.mark.parametrize(
    ("query", "status", "why"),
    [
        ({"to": "docx"}, 422, "wrong"),
        ({"lang": "de"}, 422, "wrong"),
        ({"limit": "0"}, 422, "wrong"),
        ({"limit": "201"}, 422, "wrong"),
        ({"limit": "²"}, 422, "wrong"),
        ({"limit": "9" * 50}, 422, "wrong"),
        ({"system": "nobody"}, 404, "unknown"),
        ({"to": "oscal-results"}, 422, "wrong"),
    ],
)
def test_what_the_api_cannot_do_it_says(query: dict[str, str], status: int, why: str, company: Organisation) -> None:
    answer = ask(token(company), **query)
    assert (answer.status_code, answer.json()["why"]) == (status, why)
    assert answer.json()["message"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_told_in_the_language_that_was_asked_for(language: str, company: Organisation) -> None:
    answer = ask(token(company), lang=language, limit="0")
    assert answer.json()["message"] == t("obligations.limit_wrong", language, most=200)


def test_the_api_only_reads(company: Organisation) -> None:
    headers = {"Authorization": f"Bearer {token(company)}"}
    assert Client().post(reverse("obligations:api"), headers=headers).status_code == 405
    assert Client().head(reverse("obligations:api"), headers=headers).status_code == 200


def test_when_the_ledger_cannot_be_read_nothing_of_the_machine_is_told(company: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    from tanba.errors import StoreError

    def broken() -> None:
        raise StoreError("/secret/place cannot be read", "Check it.")

    monkeypatch.setattr(ledger, "log", broken)
    answer = ask(token(company))
    assert (answer.status_code, answer.json()["why"]) == (503, "unavailable")
    assert "secret" not in answer.content.decode()


def test_when_the_server_is_busy_the_api_says_when_to_come_again(company: Organisation) -> None:
    with bounds.place(), bounds.place():
        answer = ask(token(company))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_large_file_comes_from_the_disk(company: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assessed(company, SCORER, carol)
    outbox.drain(everything=True)
    secret = token(company)
    small = body(ask(secret))
    monkeypatch.setattr(download, "IN_MEMORY", 1000)
    answer = ask(secret)
    assert answer.streaming
    assert answer["Content-Length"] == str(len(small))
    assert body(answer) == small


def test_the_etag_of_the_api_saves_the_body(company: Organisation, carol: User) -> None:
    assessed(company, SCORER, carol)
    outbox.drain(everything=True)
    secret = token(company)
    tag = ask(secret)["ETag"]
    again = Client().get(reverse("obligations:api"), headers={"Authorization": f"Bearer {secret}", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


# the command line


@pytest.fixture
def at_home(company: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register of the test is that of the workspace."""
    monkeypatch.setattr(start, "_register_is_there", lambda: None)


@pytest.mark.parametrize("form", FORMS)
def test_the_command_line_exports_the_register(form: str, at_home: None, company: Organisation, carol: User, tmp_path: Path) -> None:
    assessed(company, SCORER, carol)
    path = tmp_path / "out"
    assert main(["obligations", "--organisation", company.bin, "--to", form, "-o", str(path), "--lang", "kk"]) == 0
    if form in OSCAL:
        assert prop(read(path.read_bytes(), tmp_path)["metadata"], "language") == "kk"


def test_one_system_of_the_register_by_name_or_id(
    at_home: None, company: Organisation, carol: User, capsys: pytest.CaptureFixture[str]
) -> None:
    system = assessed(company, SCORER, carol)
    assessed(company, SCORER, carol, "other")
    for name in (system.slug, str(system.pk)):
        assert main(["obligations", "--system", name]) == 0
        assert {each["system"] for each in json.loads(capsys.readouterr().out)["obligations"]} == {"scorer"}


def test_who_is_not_there_is_told_so(at_home: None, company: Organisation, charlie: User, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--system", "nobody"], ["--organisation"], ["--organisation", "000000000000"]):
        assert main(["obligations", *arguments, "--lang", "en"]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert len(captured.err.splitlines()) == 2
