"""What the register itself makes evidences the obligations that list its kind; the status follows once it is sealed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tanba.errors import InputError
from tanba.web.accounts.models import User
from tanba.web.agreements.drafting import publish
from tanba.web.evidence import outbox
from tanba.web.evidence.forward import put_forward
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.incidents import acts, stops
from tanba.web.obligations.models import Obligation
from tanba.web.requests import desk as requests
from tanba.web.requests.models import Request
from tanba.web.systems.models import System
from web.evidence.doing import owe, status
from web.incidents.doing import entered

pytestmark = pytest.mark.django_db
AGREEMENT, STOP, SUPPORT, BREACH = "230-VIII/15/2/5", "230-VIII/18/2", "230-VIII/15/2/4", "94-V/25/2/8"


def test_a_published_agreement_evidences_that_it_can_be_read_once_it_is_sealed(system: System, carol: User) -> None:
    row = owe(system, AGREEMENT)
    publish(system, timezone.localdate(), carol)
    assert status(row) == "open"
    outbox.drain()
    assert status(row) == "evidenced"
    assert Evidence.objects.get().artifact.kind == "user-agreement"


def test_a_stop_evidences_that_measures_were_taken_and_a_restart_does_not(system: System, carol: User) -> None:
    row = owe(system, STOP)
    stops.suspend(system, "wrong refusals", carol)
    stops.ask_restart(system, "mended", carol)
    outbox.drain(everything=True)
    assert status(row) == "evidenced"
    assert Evidence.objects.filter(obligation=row).count() == 1


def test_a_proved_notice_of_a_breach_evidences_the_notice(system: System, carol: User) -> None:
    row, other = owe(system, BREACH), owe(system, STOP)
    incident = entered(system.organisation, carol, systems=[system])
    acts.prove(incident, "house", timezone.now(), "1", carol)
    assert not Evidence.objects.exists()
    acts.prove(incident, "breach", timezone.now(), "2", carol)
    outbox.drain(everything=True)
    assert (status(row), status(other)) == ("evidenced", "open")


def test_the_first_answered_support_request_evidences_support_and_the_next_add_nothing(system: System, carol: User) -> None:
    row = owe(system, SUPPORT)
    for number in range(2):
        words = {"text": f"Help {number}"}
        sent = requests.Sent(kind="support", language="en", received=timezone.now(), channel="phone", by=carol, written=words)
        asked, _ = requests.receive(system, sent)
        requests.save_draft(asked, "solved", "", "Restart the application.", carol)
        requests.send(Request.objects.get(pk=asked.pk), carol)
    outbox.drain(everything=True)
    assert status(row) == "evidenced"
    assert Evidence.objects.filter(obligation=row).count() == 1


def test_rights_and_what_does_not_apply_are_not_evidenced(system: System, carol: User) -> None:
    owe(system, AGREEMENT, kind="right")
    Obligation.objects.filter(pk=owe(system, STOP).pk).update(active=False)
    artifact = outbox.record(system.organisation, "suspension", {}, carol, system)
    assert put_forward(system, artifact, ("user-agreement", "suspension-record"), "x") == 0
    assert put_forward(system, artifact, (), "x") == 0


def test_what_expires_stops_counting(system: System, carol: User) -> None:
    row = owe(system, STOP)
    artifact = outbox.record(system.organisation, "suspension", {}, carol, system)
    put_forward(system, artifact, ("suspension-record",), "x" * 500, date.today() - timedelta(days=1))
    outbox.drain(everything=True)
    assert status(row) == "open"
    assert len(Evidence.objects.get().description) == 300
    assert Artifact.objects.filter(state="sealed").exists()
    with pytest.raises(InputError):
        stops.ask_restart(system, "nothing is stopped", carol)
