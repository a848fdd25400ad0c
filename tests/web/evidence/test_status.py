"""The status of an obligation follows from what is sealed: open, evidenced, met, and back."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from believable import SCORER, assessed
from tanba.seal import Artifact as Sealable
from tanba.strings import catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Acceptance, Artifact, Evidence
from tanba.web.evidence.status import proved, settle
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import System
from web.evidence import doing
from web.evidence.doing import accept, address, erase, owe, put, seal, status, withdraw

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def row(system: System) -> Obligation:
    return owe(system)


def test_open_evidenced_met(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    assert put(sign_in(bob), row).status_code == 302
    assert status(row) == "open"  # nothing counts before it is sealed
    seal()
    assert status(row) == "evidenced"
    assert accept(sign_in(carol), row).status_code == 302
    settle()
    assert status(row) == "evidenced"
    seal()
    assert status(row) == "met"
    made = Acceptance.objects.get()
    assert (made.reviewer, made.provision, [*made.evidence.all()]) == (carol, row.provision, [*row.evidence.all()])


def met(row: Obligation, owner: User, reviewer: User, **values: Any) -> Evidence:
    evidence = doing.given(row, owner, **values)
    seal()
    artifact = outbox.record(row.system.organisation, "acceptance", {}, reviewer, row.system)
    made = Acceptance.objects.create(obligation=row, provision=row.provision, artifact=artifact, reviewer=reviewer)
    made.evidence.set([evidence])
    seal()
    assert status(row) == "met"
    return evidence


def test_evidence_counts_through_its_last_day_where_the_organisation_lives(row: Obligation, bob: User, carol: User) -> None:
    evidence = met(row, bob, carol, expires=timezone.localdate())
    settle()
    assert status(row) == "met"
    assert not evidence.expired
    Evidence.objects.update(expires=timezone.localdate() - timedelta(days=1))
    assert settle() == 1
    assert status(row) == "open"
    assert settle() == 0


@pytest.mark.parametrize(("hour", "left"), [(18, "met"), (20, "open")])
def test_a_day_ends_at_midnight_in_almaty(hour: int, left: str, row: Obligation, bob: User, carol: User, monkeypatch: Any) -> None:
    """18:00 UTC is 23:00 in Almaty, 20:00 UTC is one o'clock of the next day."""
    from datetime import UTC, datetime

    met(row, bob, carol)
    day = datetime(2027, 3, 10, hour, tzinfo=UTC)
    Evidence.objects.update(expires=day.date())
    monkeypatch.setattr(timezone, "now", lambda: day)
    settle()
    assert status(row) == left


def test_withdrawn_evidence_takes_the_status_back_at_once(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    evidence = met(row, bob, carol)
    assert withdraw(sign_in(bob), evidence).status_code == 302
    assert status(row) == "open"
    evidence.refresh_from_db()
    assert (evidence.withdrawn_by, evidence.withdrawn_at is not None) == (bob, True)


def test_erased_evidence_takes_the_status_back_at_once(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    evidence = met(row, bob, carol)
    erase(sign_in(carol), evidence.artifact)
    assert status(row) == "open"


def test_one_of_two_falls_away(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    first, second = doing.given(row, bob), doing.given(row, bob, b"more")
    seal()
    accept(sign_in(carol), row)
    seal()
    assert status(row) == "met"
    withdraw(sign_in(bob), second)
    assert status(row) == "evidenced"  # what was accepted together no longer stands together
    accept(sign_in(carol), row, [first])
    seal()
    assert status(row) == "met"


def test_further_evidence_does_not_undo_an_acceptance(row: Obligation, bob: User, carol: User) -> None:
    met(row, bob, carol)
    doing.given(row, bob, b"more")
    seal()
    assert status(row) == "met"


def test_a_new_edition_of_the_provision_asks_for_a_new_acceptance(company: Organisation, bob: User, carol: User) -> None:
    system = assessed(company, SCORER, bob)
    row = Obligation.objects.get(system=system, path="230-VIII/5")
    met(row, bob, carol)
    Obligation.objects.filter(pk=row.pk).update(provision="kz/230-VIII/5@2025-01-01")
    Acceptance.objects.update(provision="kz/230-VIII/5@2025-01-01")
    settle()
    assert status(row) == "met"
    reassess(system, bob)  # the law of today has another edition
    row.refresh_from_db()
    assert row.provision == "kz/230-VIII/5@2026-01-18"
    assert row.status == "evidenced"


@pytest.mark.parametrize("layer", ["reported", "companion"])
def test_law_that_nobody_read_is_never_met(layer: str, system: System, bob: User, carol: User, sign_in: SignIn) -> None:
    row = owe(system, layer=layer)
    doing.given(row, bob)
    seal()
    assert status(row) == "evidenced"
    assert accept(sign_in(carol), row).status_code == 403
    assert catalogue()["proof.not_unread"]["en"] in sign_in(carol).get(address("obligation", row)).content.decode()
    artifact = outbox.record(system.organisation, "acceptance", {}, carol, system)
    Acceptance.objects.create(obligation=row, provision=row.provision, artifact=artifact, reviewer=carol).evidence.set(row.evidence.all())
    seal()
    assert status(row) == "evidenced"


# who accepts, and what


@pytest.mark.parametrize(("who", "code"), [("alice", 302), ("carol", 302), ("bob", 403), ("dana", 403), ("charlie", 404)])
def test_who_accepts(who: str, code: int, row: Obligation, bob: User, sign_in: SignIn, request: pytest.FixtureRequest) -> None:
    doing.given(row, bob)
    seal()
    assert accept(sign_in(request.getfixturevalue(who)), row).status_code == code
    assert Acceptance.objects.count() == (code == 302)


def test_four_eyes(row: Obligation, carol: User, alice: User, sign_in: SignIn) -> None:
    doing.given(row, carol)
    seal()
    Organisation.objects.update(four_eyes=True)
    assert catalogue()["proof.not_own"]["en"] in sign_in(carol).get(address("obligation", row)).content.decode()
    assert accept(sign_in(carol), row).status_code == 403
    assert accept(sign_in(alice), row).status_code == 302
    seal()
    assert status(row) == "met"


def test_without_four_eyes_one_may_accept_what_one_put_forward(row: Obligation, carol: User, sign_in: SignIn) -> None:
    doing.given(row, carol)
    seal()
    assert accept(sign_in(carol), row).status_code == 302


@pytest.mark.parametrize("ticks", [0, 1])
def test_every_criterion_has_to_be_ticked(ticks: int, row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    doing.given(row, bob)
    seal()
    answer = accept(sign_in(carol), row, ticks=ticks, remark="typed words")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(catalogue()["proof.criterion_open"]["en"]) == 2 - ticks
    assert "typed words" in page
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("meanwhile", ["added", "withdrawn", "all withdrawn", "erased"])
def test_a_page_that_was_open_too_long_is_refused(meanwhile: str, row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    seen = [doing.given(row, bob), doing.given(row, bob, b"more")]
    seal()
    if meanwhile == "added":
        doing.given(row, bob, b"another")
    elif meanwhile == "erased":
        erase(sign_in(carol), Artifact.objects.get(pk=seen[0].artifact_id))
    else:
        Evidence.objects.filter(pk__in=[each.pk for each in seen[: 2 if "all" in meanwhile else 1]]).update(withdrawn_at=timezone.now())
    seal()
    answer = accept(sign_in(carol), row, seen)
    assert answer.status_code == 302
    assert not Acceptance.objects.exists()
    key = "proof.not_evidenced" if "all" in meanwhile else "proof.changed_meanwhile"
    browser = sign_in(carol)
    accept(browser, row, seen)
    assert catalogue()[key]["en"] in browser.get(address("obligation", row)).content.decode()


def test_what_was_accepted_is_not_accepted_again_even_before_it_is_sealed(
    row: Obligation, bob: User, carol: User, alice: User, sign_in: SignIn
) -> None:
    doing.given(row, bob)
    seal()
    first, second = sign_in(carol), sign_in(alice)
    accept(first, row)
    assert "csrfmiddlewaretoken" in (page := first.get(address("obligation", row)).content.decode())
    assert address("accept", row) not in page
    for browser in (first, second):
        assert accept(browser, row).status_code == 302
    assert Acceptance.objects.count() == 1
    assert Artifact.objects.filter(kind="acceptance").count() == 1


@pytest.mark.parametrize("change", [{"active": False}, {"answer": "unknown"}, {"provision": "kz/gone/1@2020-01-01"}])
def test_nothing_is_accepted_that_is_not_owed(change: dict[str, Any], row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    doing.given(row, bob)
    seal()
    Obligation.objects.update(**change)
    page = sign_in(carol).get(address("obligation", row)).content.decode()
    assert catalogue()["proof.not_owed"]["en"] in page
    accept(sign_in(carol), row)
    assert not Acceptance.objects.exists()


def test_evidence_of_another_obligation_does_not_slip_in(row: Obligation, bob: User, carol: User, sign_in: SignIn) -> None:
    other = owe(row.system, path="230-VIII/5")
    own, foreign = doing.given(row, bob), doing.given(other, bob)
    seal()
    accept(sign_in(carol), row, [own, foreign])
    accept(sign_in(carol), row, [foreign])
    assert not Acceptance.objects.exists()
    assert status(other) == "evidenced"


# counts


def test_the_portfolio_is_counted_anew(company: Organisation, bob: User, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, SCORER, bob)
    before = system.open_statute
    dated = Obligation.objects.get(system=system, path="230-VIII/18/1/4")
    assert system.next_due == dated.due

    evidence = doing.given(dated, bob)
    seal()
    system.refresh_from_db()
    assert (system.open_statute, system.next_due) == (before - 1, dated.due)
    assert proved(System.objects.all()) == {"evidenced": 1}
    accept(sign_in(carol), dated)
    seal()
    system.refresh_from_db()
    assert (system.open_statute, system.next_due) == (before - 1, None)
    assert proved(System.objects.all()) == {"met": 1}
    withdraw(sign_in(bob), evidence)
    system.refresh_from_db()
    assert (system.open_statute, system.next_due) == (before, dated.due)
    assert proved(System.objects.all()) == {}


def test_settling_some_systems_leaves_the_others(system: System, company: Organisation, bob: User) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"}, owner=bob)
    rows = [owe(system), owe(other)]
    for row in rows:
        doing.given(row, bob)
    Artifact.objects.update(state="sealed", position=0)
    assert settle({other.pk}) == 1
    assert [status(row) for row in rows] == ["open", "evidenced"]
    assert settle() == 1


# any order of events

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from([None, -1, 0, 30])),
        st.tuples(st.sampled_from(["seal", "accept", "edition"]), st.just(0)),
        st.tuples(st.sampled_from(["withdraw", "expire", "erase"]), st.integers(0, 4)),
    ),
    max_size=14,
)


@pytest.mark.parametrize("layer", ["statute", "reported"])
def test_whatever_happens_in_whatever_order(layer: str, system: System, bob: User) -> None:
    """Against a model of a few lines."""
    number = count()

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(EVENTS)
    def check(events: list[tuple[str, Any]]) -> None:
        other = System.objects.create(organisation=system.organisation, slug=f"s{next(number)}", name={"en": "Other"})
        row = owe(other, layer=layer)
        items: list[dict[str, Any]] = []
        made: list[dict[str, Any]] = []
        for word, value in events:
            happen(row, bob, word, value, items, made)
        seal()
        settle()
        for each in (*items, *made):
            each["sealed"] = True
        assert status(row) == expected(layer, row.provision, items, made), events

    check()


def happen(row: Obligation, by: User, word: str, value: Any, items: list[dict[str, Any]], made: list[dict[str, Any]]) -> None:
    today = timezone.localdate()
    chosen = items[value % len(items)] if word in ("withdraw", "expire", "erase") and items else None
    if word == "put":
        expires = None if value is None else today + timedelta(days=value)
        artifact = outbox.keep(row.system.organisation, Sealable("upload", "file", b"x", "x"), by, row.system)
        evidence = Evidence.objects.create(obligation=row, artifact=artifact, expires=expires)
        items.append({"row": evidence, "live": expires is None or expires >= today, "sealed": False})
    elif word == "accept":
        valid = [each for each in items if each["live"] and each["sealed"]]
        if valid:
            artifact = outbox.record(row.system.organisation, "acceptance", {}, by, row.system)
            acceptance = Acceptance.objects.create(obligation=row, provision=row.provision, artifact=artifact, reviewer=by)
            acceptance.evidence.set([each["row"] for each in valid])
            made.append({"of": valid, "provision": row.provision})
    elif word == "edition":
        row.provision = row.provision.partition("@")[0] + ("@1" if row.provision.endswith("@2") else "@2")
        row.save()
    elif word == "seal":
        seal()
        for each in items:
            each["sealed"] = True
    elif chosen:
        evidence = Evidence.objects.filter(pk=chosen["row"].pk)
        if word == "withdraw":
            evidence.update(withdrawn_at=timezone.now())
        elif word == "expire":
            evidence.update(expires=today - timedelta(days=1))
        else:
            Artifact.objects.filter(evidence__in=evidence).update(erased_at=timezone.now())
        chosen["live"] = False


def expected(layer: str, provision: str, items: list[dict[str, Any]], made: list[dict[str, Any]]) -> str:
    holding = [each for each in made if each["provision"] == provision and all(item["live"] for item in each["of"])]
    if holding and layer == "statute":
        return "met"
    return "evidenced" if any(item["live"] for item in items) else "open"
