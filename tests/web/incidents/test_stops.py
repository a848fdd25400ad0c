"""The stop of art. 18(2): at once, for every door; a restart is signed off; a found prohibition opens a record and stops nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.cli import main
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import stop_of
from tanba.web.incidents.models import Restart, StopRecord
from tanba.web.systems.models import System
from tanba.workspace import current
from web.incidents.doing import HOSTILE, entered, place, send

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PICTURE = (Path(__file__).parents[3] / "examples/media/poster.jpg").read_bytes()


@pytest.fixture
def stopped(system: System, carol: User, sign_in: SignIn) -> System:
    send(sign_in(carol), "stop", system, reason="Reads emotions")
    return system


def test_it_works(system: System, carol: User, sign_in: SignIn) -> None:
    answer = sign_in(carol).post(place("stop", system), {"reason": HOSTILE}, follow=True)
    shown = answer.content.decode()
    assert "The system is suspended" in shown
    assert "<script>" not in shown
    act = stop_of(system)
    assert act is not None
    assert (act.by, act.reason) == ("Carol", HOSTILE)
    outbox.drain()
    sealed = Artifact.objects.get(kind="suspension")
    assert sealed.is_sealed
    assert json.loads(sealed.made_here or b"")["details"]["stopped"] is True


def test_every_page_of_the_system_says_so(stopped: System, dana: User, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    for name in ("systems:show", "systems:facts", "obligations:list", "evidence:system", "faces:users"):
        assert "The system is suspended" in browser.get(reverse(name, args=[stopped.organisation_id, stopped.slug])).content.decode(), name


def test_sent_twice_it_is_stopped_once_and_the_second_is_told_so(stopped: System, carol: User, sign_in: SignIn) -> None:
    answer = sign_in(carol).post(place("stop", stopped), {"reason": "Again"}, follow=True)
    assert "is stopped already" in answer.content.decode()
    assert Artifact.objects.filter(kind="suspension").count() == 1


def test_the_owner_stops_and_does_not_restart(system: System, bob: User, sign_in: SignIn) -> None:
    assert send(sign_in(bob), "stop", system, reason="Odd answers").status_code == 302
    assert stop_of(system)
    assert send(sign_in(bob), "restart", system, reason="Fine now").status_code == 403
    assert stop_of(system)


def test_stopped_from_an_incident_it_stands_in_its_timeline(system: System, carol: User, sign_in: SignIn) -> None:
    row = entered(system.organisation, carol, [system])
    answer = send(sign_in(carol), "stop", system, reason="Odd answers", incident=str(row.number))
    assert answer["Location"] == place("show", row)
    assert row.events.filter(kind="suspended").exists()


def test_without_four_eyes_a_manager_restarts(stopped: System, carol: User, sign_in: SignIn) -> None:
    send(sign_in(carol), "restart", stopped, reason="Capability removed")
    assert stop_of(stopped) is None
    assert Artifact.objects.filter(kind="suspension").count() == 2


def test_with_four_eyes_a_second_person_signs(stopped: System, carol: User, alice: User, sign_in: SignIn) -> None:
    Organisation.objects.update(four_eyes=True)
    send(sign_in(carol), "restart", stopped, reason="Capability removed")
    assert stop_of(stopped)
    assert send(sign_in(carol), "restart", stopped).status_code == 403
    assert stop_of(stopped)
    send(sign_in(alice), "restart", stopped)
    assert stop_of(stopped) is None
    asked = Restart.objects.get()
    assert (asked.asked_by, asked.signed_by) == (carol, alice)


def test_a_request_for_a_restart_does_not_outlive_its_stop(stopped: System, carol: User, alice: User, sign_in: SignIn) -> None:
    Organisation.objects.update(four_eyes=True)
    send(sign_in(carol), "restart", stopped, reason="Capability removed")
    main(["suspend", stopped.slug, "--organisation", stopped.organisation.bin, "--lift", "--reason", "x", "--by", "A", "--second", "B"])
    send(sign_in(carol), "stop", stopped, reason="Still there")
    assert not Restart.objects.exists()


# every door


def test_marking_is_refused(stopped: System, carol: User, sign_in: SignIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = {"source": "created", "languages": ["kk"], "system": str(stopped.pk), "files": SimpleUploadedFile("a.jpg", PICTURE)}
    shown = sign_in(carol).post(reverse("marks:marks", args=[stopped.organisation_id]), values).content.decode()
    assert "is suspended since" in shown
    picture = tmp_path / "a.jpg"
    picture.write_bytes(PICTURE)
    for named in ([], ["--organisation", stopped.organisation.bin]):
        assert main(["mark", str(picture), "-o", str(tmp_path / "b.jpg"), "--system", "scorer", *named, "--lang", "en"]) == 1
        assert "is suspended since" in capsys.readouterr().err
    assert not (tmp_path / "b.jpg").exists()


def test_the_gate_lets_nothing_pass(
    stopped: System, carol: User, sign_in: SignIn, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values: dict[str, Any] = {"files": SimpleUploadedFile("a.jpg", PICTURE), "system": "scorer"}
    shown = sign_in(carol).post(reverse("marks:gate", args=[stopped.organisation_id]), values).content.decode()
    assert "The system is suspended" in shown
    picture = tmp_path / "a.jpg"
    picture.write_bytes(PICTURE)
    assert main(["gate", str(picture), "--system", "scorer", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reasons"][0] == "suspended"
    Face.objects.create(system=stopped, published=True, contact={"en": "x"})
    answer = client.post("/gate/", {"file": SimpleUploadedFile("a.jpg", PICTURE), "system": str(stopped.pk)})
    assert (answer.json()["passes"], answer.json()["reasons"][0]) == (False, "suspended")


def test_the_public_gate_knows_published_systems_only(stopped: System, client: Client) -> None:
    for named in (str(stopped.pk), "x", HOSTILE):
        answer = client.post("/gate/", {"file": SimpleUploadedFile("a.jpg", PICTURE), "system": named})
        assert (answer.status_code, answer.json()["error"]) == (404, "system")


def test_the_public_page_says_so_at_once(system: System, carol: User, sign_in: SignIn, client: Client) -> None:
    Face.objects.create(system=system, published=True, contact={"en": "x"})
    address = reverse("faces:page", args=[system.pk])
    assert b'role="alert"' not in client.get(address).content
    main(["suspend", "scorer", "--organisation", system.organisation.bin, "--reason", "x", "--by", "A. Officer"])
    assert b'role="alert"' in client.get(address).content


def test_the_command_line_asks_for_the_second_person_too(stopped: System, capsys: pytest.CaptureFixture[str]) -> None:
    Organisation.objects.update(four_eyes=True)
    current().create().register.touch()  # the tests' own lies in memory
    lift = [
        "suspend",
        "scorer",
        "--organisation",
        stopped.organisation.bin,
        "--lift",
        "--reason",
        "x",
        "--by",
        "A. Officer",
        "--lang",
        "en",
    ]
    for second in ([], ["--second", "a. officer "]):
        assert main([*lift, *second]) == 2
        assert "second person" in capsys.readouterr().err
    assert main([*lift, "--second", "B. Head"]) == 0
    assert stop_of(stopped) is None


# records


FOUND = {
    "uses_model": True,
    "model_abilities": ["adapts", "learns", "optimises"],
    "operated_in_kazakhstan": True,
    "owns_system": True,
    "determines_emotions": True,
    "emotions_consent": False,
    "emotions_provided_by_law": False,
}


@pytest.fixture
def found(system: System, bob: User) -> StopRecord:
    for name, value in FOUND.items():
        system.answer(name, value, "x", bob)
    reassess(system, bob)
    reassess(system, bob)
    return StopRecord.objects.get()


def test_a_found_prohibition_opens_one_record_and_stops_nothing(found: StopRecord, carol: User, sign_in: SignIn) -> None:
    assert found.capabilities == ["230-VIII/17/3/6"]
    assert stop_of(found.system) is None
    listed = sign_in(carol).get(reverse("incidents:list", args=[found.system.organisation_id])).content.decode()
    assert "a decision is due" in listed
    assert "Nothing is suspended by itself" in sign_in(carol).get(place("stop", found.system)).content.decode()


@pytest.mark.parametrize(("decision", "stops"), [("stop", True), ("other", False)])
def test_an_officer_decides_once(decision: str, stops: bool, found: StopRecord, bob: User, carol: User, sign_in: SignIn) -> None:
    for _ in range(2):
        send(sign_in(carol), "decide", found.system, found.pk, decision=decision, reason="It was tested without the camera")
    found.refresh_from_db()
    assert (found.decision, found.decided_by) == (decision, carol)
    assert bool(stop_of(found.system)) is stops
    assert Artifact.objects.filter(kind="stop-record").count() == 1
    reassess(found.system, bob)
    assert StopRecord.objects.count() == 1  # what was decided is not asked again


def test_a_decision_gives_a_reason(found: StopRecord, carol: User, sign_in: SignIn) -> None:
    for values in ({"decision": "stop", "reason": ""}, {"decision": "shrug", "reason": "x"}):
        assert send(sign_in(carol), "decide", found.system, found.pk, **values).status_code == 422
    found.refresh_from_db()
    assert found.decision == ""


def test_a_stop_for_all_organisations_is_lifted_where_it_was_made(system: System, carol: User, sign_in: SignIn) -> None:
    assert main(["suspend", system.slug, "--reason", "x", "--by", "Operator", "--lang", "en"]) == 0
    answer = sign_in(carol).post(place("restart", system), {"reason": "mended"}, follow=True)
    assert f"tanba suspend {system.slug} --lift" in answer.content.decode()
    assert stop_of(system) is not None
