"""Undoing an import restores what was there, or says why it does not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tanba.errors import InputError
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.models import Assessment
from tanba.web.assessments.run import reassess
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.exchange import desk
from tanba.web.exchange.undo import undo
from tanba.web.incidents import acts
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import Fact, Part, System
from web.exchange.importing import applied, register, table

pytestmark = pytest.mark.django_db
HEADING = ["slug", "name_en", "vendor", "vendor_bin", "channels", "models", "stage", "uses_model", "media_kinds"]
NEW = ["bot", "Bot", "Aq", "190140999998", "app", "gpt", "pilot", "yes", "text"]
CHANGED = ["scorer", "Scorer", "Kara", "190140999998", "-", "-", "production", "no", "-"]


@pytest.fixture
def system(system: System, carol: User) -> System:
    """With something to lose."""
    system.vendor, system.channels = "Old vendor", ["branch"]
    system.save()
    system.parts.create(kind="model", details={"name": "trees", "version": "2"})
    system.answer("uses_model", True, "passport", carol)
    system.answer("media_kinds", ["text"], "passport", carol)
    reassess(system, carol)
    outbox.drain(everything=True)
    return system


@pytest.mark.parametrize("confirmed", [True, False])
def test_undoing_restores_what_was_before(company: Organisation, carol: User, alice: User, system: System, confirmed: bool) -> None:
    before, facts, report = register(company), system.facts(), system.assessments.latest("at").report
    changed = CHANGED if confirmed else [*CHANGED[:-1], None]
    row = applied(company, carol, table(HEADING, NEW, changed), confirmed)
    assert register(company).keys() == {"bot", "scorer"} != before.keys()
    outbox.drain()
    sealed = Artifact.objects.filter(state="sealed").count()
    undo(row, alice)
    desk.work()
    row.refresh_from_db()
    assert register(company) == before
    assert row.state == "undone"
    assert row.undone_by == alice
    system = System.objects.get()
    assert (system.facts(), system.suggested()) == (facts, {})
    assert system.assessments.latest("at").report == report
    assert Artifact.objects.filter(state="sealed").count() == sealed
    assert Artifact.objects.filter(kind="register-undo").exists()
    assert [part.details for part in system.parts.all()] == [{"name": "trees", "version": "2"}]
    for model in (Fact, Part, Obligation, Assessment):
        assert not model._default_manager.exclude(system=system).exists()
    with pytest.raises(InputError, match="cannot be undone"):
        undo(row, alice)


def test_an_import_can_be_made_again_after_it_was_undone(company: Organisation, carol: User) -> None:
    row = applied(company, carol, table(HEADING, NEW))
    there = register(company)
    undo(row, carol)
    applied(company, carol, table(HEADING, NEW))
    assert register(company) == there


def answers(system: System, by: User) -> None:
    system.answer("uses_model", False, "later", by)


def answers_other(system: System, by: User) -> None:
    system.answer("owns_system", True, "later", by)


def describes(system: System, by: User) -> None:
    System.objects.filter(pk=system.pk).update(vendor="Later")


def arranges(system: System, by: User) -> None:
    Obligation.objects.filter(system=system).update(assignee=by)


def uploads(system: System, by: User) -> None:
    outbox.upload(system, "upload", "x.pdf", b"x", by).save()


def reports(system: System, by: User) -> None:
    acts.enter(system.organisation, {"what": "It broke", "aware": timezone.now()}, [system], by)


@pytest.mark.parametrize("meanwhile", [answers, answers_other, describes, arranges, uploads, reports])
def test_what_was_changed_since_is_not_undone(company: Organisation, carol: User, meanwhile: Callable[[System, User], Any]) -> None:
    row = applied(company, carol, table(HEADING, NEW, ["other", "Other"]))
    meanwhile(System.objects.get(slug="bot"), carol)
    there = register(company)
    with pytest.raises(InputError, match="1 systems were changed since: bot"):
        undo(row, carol)
    row.refresh_from_db()
    assert (row.state, register(company)) == ("done", there)


def test_a_changed_system_may_have_other_changes_since(company: Organisation, carol: User, system: System) -> None:
    row = applied(company, carol, table(["slug", "vendor"], ["scorer", "Aq"]))
    system.answer("owns_system", True, "later", carol)
    undo(row, carol)
    assert register(company)["scorer"]["vendor"] == "Old vendor"
    assert register(company)["scorer"]["owns_system"] is True


def test_a_confirmed_suggestion_is_a_change(company: Organisation, carol: User, system: System) -> None:
    row = applied(company, carol, table(["slug", "owns_system"], ["scorer", "yes"]), confirmed=False)
    system.answer("owns_system", True, "", carol)
    with pytest.raises(InputError, match="changed since: scorer"):
        undo(row, carol)
