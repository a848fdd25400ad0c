"""Every address of every organisation, for everybody: signed out, outsider, and each role."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tanba.marking.markid import text_of
from tanba.marking.register import Mark
from tanba.state.audit import Content
from tanba.trace import Decision
from tanba.web.accounts.models import User
from tanba.web.agreements.drafting import publish
from tanba.web.audits.desk import find
from tanba.web.decisions import desk as decisions
from tanba.web.documents import desk as documents
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Evidence
from tanba.web.exchange import desk as exchange
from tanba.web.incidents import acts
from tanba.web.marks import desk
from tanba.web.requests import desk as desk_of_requests
from tanba.web.requests.desk import Sent
from tanba.web.state.models import TrainingRecord
from tanba.web.systems.models import System
from tests_web import BIN
from web.audits.scoped import engage
from web.evidence.doing import owe
from web.risks.doing import give

EVERYBODY = {"administrator", "compliance", "owner", "auditor"}
READ = {
    "accounts:people": EVERYBODY,
    "accounts:organisation": {"administrator"},
    "accounts:invite": {"administrator"},
    "accounts:tokens": {"administrator"},
    "systems:portfolio": EVERYBODY,
    "systems:create": EVERYBODY - {"auditor"},
    "systems:import_new": EVERYBODY - {"auditor"},
    "systems:proposals": EVERYBODY,
    "systems:new_link": {"administrator", "compliance"},
    "systems:decide": {"administrator", "compliance"},
    "systems:show": EVERYBODY,
    "systems:edit": EVERYBODY - {"auditor"},
    "systems:export": EVERYBODY,
    "systems:parts": EVERYBODY,
    "systems:upload": EVERYBODY - {"auditor"},
    "systems:facts": EVERYBODY,
    "systems:fact": EVERYBODY,
    "evidence:ledger": EVERYBODY,
    "evidence:state": EVERYBODY,
    "evidence:artifact": EVERYBODY,
    "evidence:content": EVERYBODY,
    "evidence:receipt": EVERYBODY,
    "evidence:obligation": EVERYBODY,
    "evidence:system": EVERYBODY,
    "marks:marks": EVERYBODY,
    "marks:mark": EVERYBODY,
    "marks:text": EVERYBODY,
    "marks:synthetic": EVERYBODY,
    "marks:gate": EVERYBODY,
    "marks:guidelines": EVERYBODY,
    "marks:standard": EVERYBODY,
    "faces:all": EVERYBODY,
    "faces:users": EVERYBODY,
    "incidents:list": EVERYBODY,
    "incidents:new": EVERYBODY - {"auditor"},
    "incidents:show": EVERYBODY,
    "incidents:edit": EVERYBODY - {"auditor"},
    "incidents:draft": EVERYBODY,
    "incidents:ladder": EVERYBODY,
    "incidents:stop": EVERYBODY,
    "notices:policy": EVERYBODY,
    "notices:system": EVERYBODY,
    "requests:list": EVERYBODY,
    "requests:show": EVERYBODY,
    "requests:enter": EVERYBODY - {"auditor"},
    "requests:export": EVERYBODY,
    "requests:terms": EVERYBODY,
    "requests:calendar": EVERYBODY,
    "agreements:all": EVERYBODY,
    "agreements:show": EVERYBODY,
    "agreements:section": EVERYBODY,
    "agreements:version": EVERYBODY,
    "decisions:all": EVERYBODY,
    "decisions:list": EVERYBODY,
    "decisions:one": EVERYBODY,
    "decisions:proof": EVERYBODY,
    "documents:organisation": EVERYBODY,
    "documents:organisation_set": EVERYBODY,
    "documents:set": EVERYBODY,
    "documents:page": EVERYBODY,
    "documents:one": EVERYBODY,
    "companyforms:all": EVERYBODY,
    **{f"exchange:{name}": {"administrator", "compliance"} for name in ("imports", "show", "problems")},
    **{f"exchange:{name}": EVERYBODY for name in ("export", "template")},
}
READ |= {
    **{f"risks:{name}": EVERYBODY for name in ("register", "catalogue", "print", "controls", "principles", "fairness")},
    **{f"risks:{name}": EVERYBODY for name in ("fairness_report", "one")},
    "risks:new": EVERYBODY - {"auditor"},
}
READ |= {
    **{f"audits:{name}": EVERYBODY for name in ("list", "show", "log", "checks", "finding")},
    "audits:new": {"administrator", "compliance"},
    "audits:new_finding": set(),
    **{f"state:{name}": EVERYBODY for name in ("overview", "one", "checklist", "training")},
    "state:edit": EVERYBODY - {"auditor"},
    "state:training_edit": {"administrator", "compliance"},
}
SENT_ONLY = {
    **{f"audits:{name}": {"administrator", "compliance"} for name in ("new", "seat", "unseat", "change")},
    **{f"audits:{name}": set() for name in ("checks", "new_finding", "finding")},
    **{f"state:{name}": EVERYBODY - {"auditor"} for name in ("edit", "forward", "event", "take")},
    **{f"state:{name}": {"administrator", "compliance"} for name in ("training_edit", "add_record", "take_records", "erase_record")},
    **{f"risks:{name}": EVERYBODY - {"auditor"} for name in ("catalogue", "new", "review", "one", "remove")},
    **{f"risks:{name}": EVERYBODY - {"auditor"} for name in ("controls", "principles", "fairness")},
    "risks:accept": {"administrator", "compliance"},
    "accounts:tokens": {"administrator"},
    "accounts:revoke_token": {"administrator"},
    "accounts:change_member": {"administrator"},
    "accounts:withdraw_invitation": {"administrator"},
    "systems:decide": {"administrator", "compliance"},
    "accounts:invite": {"administrator"},
    "systems:remove_part": EVERYBODY - {"auditor"},
    "systems:confirm": EVERYBODY - {"auditor"},
    "systems:new_link": {"administrator", "compliance"},
    "systems:close_link": {"administrator", "compliance"},
    "evidence:check": EVERYBODY,
    "evidence:bundle": EVERYBODY,
    "evidence:confirm": {"administrator", "compliance"},
    "evidence:obligation": EVERYBODY - {"auditor"},
    "evidence:accept": {"administrator", "compliance"},
    "evidence:withdraw": EVERYBODY - {"auditor"},
    "evidence:erase": {"administrator", "compliance"},
    "marks:marks": EVERYBODY - {"auditor"},
    "marks:text": EVERYBODY - {"auditor"},
    "marks:gate": EVERYBODY,
    "marks:standard": {"administrator", "compliance"},
    "faces:users": EVERYBODY - {"auditor"},
    "incidents:new": EVERYBODY - {"auditor"},
    "incidents:edit": EVERYBODY - {"auditor"},
    "incidents:note": EVERYBODY - {"auditor"},
    "incidents:prove": {"administrator", "compliance"},
    "incidents:close": {"administrator", "compliance"},
    "incidents:ladder": {"administrator", "compliance"},
    "incidents:remove_step": {"administrator", "compliance"},
    "incidents:test_step": {"administrator", "compliance"},
    "incidents:add_term": {"administrator", "compliance"},
    "incidents:withdraw_term": {"administrator", "compliance"},
    "incidents:stop": EVERYBODY - {"auditor"},
    "incidents:restart": {"administrator", "compliance"},
    "incidents:decide": {"administrator", "compliance"},
    "notices:policy": {"administrator", "compliance"},
    "notices:system": EVERYBODY,
    "requests:enter": EVERYBODY - {"auditor"},
    "requests:act": EVERYBODY - {"auditor"},
    "requests:draft": EVERYBODY - {"auditor"},
    "requests:terms": {"administrator", "compliance"},
    "requests:calendar": {"administrator", "compliance"},
    "agreements:publish": {"administrator", "compliance"},
    "agreements:section": EVERYBODY - {"auditor"},
    "decisions:list": EVERYBODY,
    "documents:organisation": EVERYBODY,
    "documents:organisation_set": EVERYBODY,
    "documents:set": EVERYBODY,
    "documents:page": EVERYBODY,
    "documents:put_forward": EVERYBODY - {"auditor"},
    "documents:withdraw": {"administrator", "compliance"},
    "documents:sign": EVERYBODY - {"auditor"},
    "companyforms:all": {"administrator", "compliance"},
    "companyforms:withdraw": {"administrator", "compliance"},
    "companyforms:fill": EVERYBODY,
    "companyforms:edited": EVERYBODY - {"auditor"},
    "companyforms:apply": EVERYBODY - {"auditor"},
    "decisions:erase": {"administrator", "compliance"},
    **{f"exchange:{name}": {"administrator", "compliance"} for name in ("imports", "apply", "drop", "undo")},
}
OPEN = {
    "home", "language", "healthy", "accounts:sign_in", "accounts:sign_out", "accounts:link", "accounts:setup", "accounts:join",
    "accounts:profile", "accounts:organisations", "accounts:new_organisation", "systems:intake",
    "marks:verify", "marks:public_gate", "faces:page", "requests:ask", "requests:follow",
    "notices:api", "notices:api_shown",
    "agreements:public", "agreements:public_version", "agreements:api", "agreements:api_shown", "agreements:api_accepted",
    "decisions:api", "decisions:api_kept",
    "documents:check", "documents:check_statement", "documents:check_statement_receipt", "documents:check_file_receipt",
}  # fmt: skip
PLACES: dict[str, Any] = {
    "slug": "scorer",
    "pk": uuid4(),
    "path": "230-VIII/21/2",
    "name": "stage",
    "token": "x",
    "count": 1,
    "to": "breach",
    "number": text_of(7),
    "audience": "vendors",
    "section": "limits",
    "edition": 1,
    "seat": uuid4(),
    "form": "pilot",
    "part": "data",
    "plan": "courses",
}
OBLIGATION, EVIDENCE = uuid4(), uuid4()
PKS = {"evidence:obligation": OBLIGATION, "evidence:accept": OBLIGATION, "evidence:withdraw": EVIDENCE}
"""Rows that are there; an artifact lies under the key of `PLACES`, a request under its own."""


def let_go(answer: Any) -> None:
    """Close what it streams from; the connection to the database stays, since the test's transaction is open on it."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def addresses(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """(name, parameters) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", set(entry.pattern.regex.groupindex)


ADDRESSES = dict(addresses())
OURS = sorted(name for name, parts in ADDRESSES.items() if "org" in parts)


def place(name: str, org: Any) -> str:
    values = {**PLACES, "org": org, "pk": PKS.get(name, PLACES["pk"])}
    values |= {"number": 1} if name.startswith("audits:") else {}
    return reverse(name, kwargs={part: values[part] for part in ADDRESSES[name]})


@pytest.fixture
def system(system: System, bob: User, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> System:
    """Bob's system; for addresses of evidence with a sealed file put forward for one obligation."""
    if request.node.name.partition("[")[2].startswith("evidence:"):
        monkeypatch.setattr(outbox, "uuid7", lambda: PLACES["pk"])
        Evidence.objects.create(id=EVIDENCE, obligation=owe(system, id=OBLIGATION), artifact=given(system, bob))
        outbox.drain()
    if request.node.name.partition("[")[2].startswith("requests:"):
        row, _ = desk_of_requests.receive(system, Sent("support", "en", timezone.now(), {"text": "Credit scorer"}))
        PKS.update(dict.fromkeys(("requests:show", "requests:act", "requests:draft"), row.pk))
    if request.node.name.partition("[")[2].startswith("agreements:"):
        publish(system, timezone.localdate(), bob)
    if request.node.name.partition("[")[2].startswith("marks:"):
        row = Mark(7, "2026-11-22T09:30:00Z", "image", "image/png", "created", "1", organisation=BIN, name="Credit scorer.png")
        desk.register().add(row)
    if request.node.name.partition("[")[2].startswith("risks:"):
        PKS["risks:fairness_report"] = give(system, bob, PLACES["pk"]).pk
    if request.node.name.partition("[")[2].startswith("state:"):
        TrainingRecord.objects.create(
            id=PLACES["pk"], organisation=system.organisation, role="engineer", course="law", person="Credit scorer"
        )
    if request.node.name.partition("[")[2].startswith("incidents:"):
        acts.enter(system.organisation, {"what": "It broke", "aware": timezone.now()}, [system], bob)
    if request.node.name.partition("[")[2].startswith("documents:"):
        row, _ = documents.write(system, "prohibited", "en", "html", bob)
        PKS.update(dict.fromkeys(("documents:one", "documents:withdraw", "documents:sign"), row.made.pk))
    if request.node.name.partition("[")[2].startswith("exchange:"):
        row = exchange.take(system.organisation, "table.csv", b"slug,vendor\nscorer,V\n", bob, False, "en")
        exchange.look(row)
        PKS.update({f"exchange:{name}": row.pk for name in ("show", "problems", "apply", "undo")})
    if request.node.name.partition("[")[2].startswith("audits:"):
        audited(system, bob)
    if request.node.name.partition("[")[2].startswith("decisions:"):
        decisions.tracer(system.organisation, system.slug, keep=True).record(Decision("Credit scorer refused", id=str(PLACES["pk"])))
        decisions.drain()
    return system


def audited(system: System, by: User) -> None:
    """An engagement with a finding; nobody of the cast has a seat in it."""
    row = engage(system.organisation, [system], by)
    find(row, system, Content(seen="Credit scorer has no metadata"), by)
    PKS.update({name: row.pk for name in ADDRESSES if name.startswith("audits:")})


def given(system: System, by: User) -> Artifact:
    artifact = outbox.upload(system, "upload", "proof.pdf", b"Credit scorer", by)
    artifact.save()
    return artifact


def test_every_address_of_these_features_is_in_the_matrix() -> None:
    features = (
        "accounts",
        "systems",
        "evidence",
        "marks",
        "faces",
        "notices",
        "requests",
        "agreements",
        "incidents",
        "decisions",
        "risks",
        "documents",
        "companyforms",
        "exchange",
        "audits",
        "state",
    )
    ours = ("home", "language", "healthy", *features)
    listed = {name for name in ADDRESSES if name.partition(":")[0] in ours}
    assert listed == READ.keys() | SENT_ONLY.keys() | OPEN


@pytest.mark.parametrize("name", OURS)
def test_signed_out_people_are_sent_to_sign_in(name: str, system: System, client: Client) -> None:
    for send in (client.get, client.post):
        answer = send(place(name, system.organisation_id))
        assert answer.status_code in (302, 405), name
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize("name", OURS)
def test_outsiders_learn_nothing(name: str, system: System, charlie: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(charlie)
    for send in (browser.get, browser.post):
        answer = send(place(name, system.organisation_id))
        assert answer.status_code in (404, 405), name
        assert "Credit scorer" not in answer.content.decode()


@pytest.mark.parametrize("name", [name for name in OURS if "auditor" not in SENT_ONLY.get(name, ())])
def test_auditors_change_nothing(name: str, system: System, dana: User, sign_in: Callable[..., Client]) -> None:
    assert sign_in(dana).post(place(name, system.organisation_id)).status_code in (403, 405), name


@pytest.mark.parametrize(("name", "roles"), READ.items())
def test_roles_that_read(
    name: str, roles: set[str], system: System, alice: User, carol: User, bob: User, dana: User, sign_in: Callable[..., Client]
) -> None:
    for role, user in {"administrator": alice, "compliance": carol, "owner": bob, "auditor": dana}.items():
        answer = sign_in(user).get(place(name, system.organisation_id))
        let_go(answer)
        status = answer.status_code
        assert (status in (200, 302)) is (role in roles), (name, role, status)
        assert status in (200, 302, 403), (name, role, status)


@pytest.mark.parametrize(("name", "roles"), SENT_ONLY.items())
def test_roles_that_send(
    name: str, roles: set[str], system: System, alice: User, carol: User, bob: User, dana: User, sign_in: Callable[..., Client]
) -> None:
    System.objects.filter(pk=system.pk).update(state="proposed")
    for role, user in {"administrator": alice, "compliance": carol, "owner": bob, "auditor": dana}.items():
        answer = sign_in(user).post(place(name, system.organisation_id), {"fact": "none"})
        let_go(answer)
        status = answer.status_code
        assert (status != 403) is (role in roles), (name, role, status)


def test_system_owners_change_their_own_systems_only(system: System, bob: User, alice: User, sign_in: Callable[..., Client]) -> None:
    other = System.objects.create(organisation=system.organisation, slug="other", name={"en": "Other"}, owner=alice)
    browser = sign_in(bob)
    for name in ("systems:edit", "systems:upload", "systems:parts", "systems:fact", "systems:confirm", "systems:remove_part"):
        theirs = place(name, system.organisation_id).replace("/scorer/", f"/{other.slug}/")
        assert browser.post(theirs).status_code == 403, name
    assert browser.get(reverse("systems:show", args=[system.organisation_id, "other"])).status_code == 200


def test_a_system_of_another_organisation_is_not_found_under_ones_own(
    system: System, charlie: User, sign_in: Callable[..., Client]
) -> None:
    own = charlie.memberships.get().organisation_id
    assert sign_in(charlie).get(reverse("systems:show", args=[own, "scorer"])).status_code == 404
