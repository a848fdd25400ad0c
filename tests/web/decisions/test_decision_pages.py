"""The decision log in the register: found, shown with its proof, erased; spans of programs with a token."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tanba import decisions
from tanba.seal import Trust
from tanba.trace import Decision
from tanba.trace.rows import Query
from tanba.web.accounts.models import ApiToken, Organisation, User
from tanba.web.accounts.tokens import digest_of, new_secret
from tanba.web.decisions import desk
from tanba.web.decisions.example import load_decisions
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System
from tanba.workspace import current

HOSTILE = "<script>alert('x')</script>"
SignIn = Callable[..., Client]
ROOT = Path(__file__).parent.parent.parent.parent


def recorded(system: System, *made: Decision, keep: bool = True) -> list[str]:
    ids = [desk.tracer(system.organisation, system.slug, keep).record(each) for each in made]
    desk.drain()
    return ids


def address(name: str, system: System, *more: Any) -> str:
    return reverse(f"decisions:{name}", args=[system.organisation_id, system.slug, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_decisions_are_listed_and_shown_in_three_languages(system: System, alice: User, sign_in: SignIn, language: str) -> None:
    (id_,) = recorded(
        system, Decision("refused", reason="score", subject="c", human="excluded", changed=True, sources=["bureau"], inputs="in")
    )
    browser = sign_in(alice, language)
    listed = text(browser.get(address("list", system)))
    assert "refused" in listed
    shown = text(browser.get(address("one", system, id_)))
    for expected in ("refused", "score", "bureau", "in</pre>", id_):
        assert expected in shown
    assert "№ 0" in shown
    assert "refused" not in text(browser.get(reverse("decisions:all", args=[system.organisation_id])))
    assert "cli.trace" not in listed + shown
    assert "decisions." not in listed + shown


def test_every_text_may_be_hostile(system: System, alice: User, sign_in: SignIn) -> None:
    fields: dict[str, Any] = dict.fromkeys(("reason", "subject", "model", "inputs", "outputs"), HOSTILE)
    (id_,) = recorded(system, Decision(HOSTILE, sources=[HOSTILE], **fields))
    browser = sign_in(alice)
    pages = [browser.get(address("list", system)), browser.get(address("one", system, id_))]
    pages.append(browser.post(address("list", system), {"subject": HOSTILE, "outcome": HOSTILE, "model": HOSTILE}))
    pages.append(browser.get(address("list", system), {"outcome": HOSTILE}))
    pages.append(browser.post(reverse("decisions:erase", args=[system.organisation_id]), {"subject": HOSTILE, "reason": ""}))
    for page in pages:
        assert "<script>alert" not in text(page)
    assert "&lt;script&gt;alert" in text(pages[1])


def test_decisions_are_found_by_person_outcome_and_day(system: System, bob: User, sign_in: SignIn) -> None:
    time = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # the 21st in Almaty
    recorded(system, Decision("refused", subject="client-42", time=time), Decision("granted", subject="client-7", changed=False))
    browser = sign_in(bob)

    def outcomes(**asked: str) -> set[str]:
        page = text(browser.post(address("list", system), asked)).partition("<aside>")[0]
        return {word for word in ("refused", "granted") if word in page}

    assert outcomes() == {"refused", "granted"}
    assert outcomes(subject="client-42") == {"refused"}
    assert outcomes(subject="nobody") == set()
    assert outcomes(outcome="granted") == {"granted"}
    assert outcomes(changed="0") == {"granted"}
    assert outcomes(since="2026-11-21", until="2026-11-21") == {"refused"}
    assert outcomes(until="2026-11-20") == set()
    assert "client-42" not in text(browser.get(address("list", system)))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_without_moments_is_said_to_be_wrong(system: System, bob: User, sign_in: SignIn, day: str) -> None:
    for name in ("since", "until"):
        page = sign_in(bob).get(f"/o/{system.organisation_id}/systems/{system.slug}/decisions/", {name: day})
        assert page.status_code == 200
        assert page.context["form"].errors


def test_a_page_shows_fifty_and_the_next_the_others(system: System, bob: User, sign_in: SignIn) -> None:
    recorded(system, *(Decision(f"outcome-{number}-") for number in range(60)))
    browser = sign_in(bob)
    first, second = (text(browser.get(address("list", system), {"page": page})).partition("<aside>")[0] for page in (1, 2))
    assert (first.count("outcome-"), second.count("outcome-")) == (50, 10)


def test_the_downloaded_proof_holds(system: System, dana: User, sign_in: SignIn) -> None:
    (id_,) = recorded(system, Decision("refused", subject="c", inputs="secret"))
    answer = sign_in(dana).get(address("proof", system, id_))
    assert decisions.check(answer.content, Trust()).record is not None
    assert b"secret" not in answer.content
    assert answer["Content-Disposition"].endswith('.decision.json"')


def test_a_manager_erases_a_person_and_the_act_does_not_say_whom(system: System, carol: User, sign_in: SignIn) -> None:
    hers, other = recorded(system, Decision("refused", subject="client-42", inputs="secret"), Decision("granted", subject="client-7"))
    browser = sign_in(carol)
    answer = browser.post(
        reverse("decisions:erase", args=[system.organisation_id]), {"subject": "client-42", "reason": "request 12"}, follow=True
    )
    assert "1" in text(answer)
    shown = text(browser.get(address("one", system, hers)))
    assert "was erased on" in shown
    assert "refused" not in shown
    assert "secret" not in shown
    assert "№ 0" in shown
    assert "granted" in text(browser.get(address("one", system, other)))
    act = Artifact.objects.get(kind="decision-erasure")
    assert json.loads(act.made_here or b"")["details"] == {"count": 1, "reason": "request 12"}
    assert "client-42" not in str(act.made_here)
    assert "Erasure of decisions" in text(browser.get(reverse("evidence:artifact", args=[system.organisation_id, act.pk])))


def test_a_decision_of_another_system_or_organisation_is_not_found(system: System, alice: User, charlie: User, sign_in: SignIn) -> None:
    elsewhere = charlie.memberships.get().organisation
    other = System.objects.create(organisation=elsewhere, slug="scorer", name={"en": "Other"})
    (id_,) = recorded(other, Decision("refused"))
    for name in ("one", "proof"):
        assert sign_in(alice).get(address(name, system, id_)).status_code == 404
    assert "refused" not in text(sign_in(alice).get(address("list", system)))
    assert sign_in(charlie).get(address("one", other, id_)).status_code == 200


def test_a_ledger_that_is_away_loses_nothing_and_is_told(
    system: System, alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tanba.errors import StoreError

    def away(*_: Any) -> None:
        raise StoreError("the disk of {file} is full", "Nothing acknowledged is lost. Free some space and try again.", file="x")

    with monkeypatch.context() as patch:
        patch.setattr(decisions, "enter", away)
        (id_,) = recorded(system, Decision("refused"))
        page = text(sign_in(alice).get(address("list", system)))
        assert "the disk of x is full" in page
        assert "refused" in page
        assert sign_in(alice).get(address("proof", system, id_)).status_code == 404
        assert sign_in(alice).get(address("one", system, id_)).status_code == 200
    assert desk.drain() == 1
    assert "the disk" not in text(sign_in(alice).get(address("list", system)))


def test_a_damaged_segment_is_told_and_erasing_says_that_it_still_names_the_person(system: System, carol: User, sign_in: SignIn) -> None:
    recorded(system, Decision("refused", subject="client-42"))
    name = desk.pseudonym(system.organisation, "client-42")
    (current().spool / "x.damaged").write_bytes(b"torn" + name.encode())
    browser = sign_in(carol)
    assert "Damaged files of the spool were set aside: 1" in text(browser.get(address("list", system)))
    for subject, said in (("client-42", True), ("client-7", False)):
        sent = {"subject": subject, "reason": "asked for it"}
        page = text(browser.post(reverse("decisions:erase", args=[system.organisation_id]), sent, follow=True))
        assert ("still hold records about this person" in page) is said


def test_the_example_company_has_decided(company: Organisation) -> None:
    System.objects.create(organisation=company, slug="credit-scorer", name={"en": "Scorer"})
    for _ in range(2):
        assert load_decisions(ROOT / "examples" / "decisions", company.bin) == 40
        desk.drain()
    assert desk.book().count(Query(company.bin, "credit-scorer")) == 40


# Programs


@pytest.fixture
def secret(company: Organisation, alice: User) -> str:
    made = new_secret()
    ApiToken.objects.create(organisation=company, name="gateway", scope="decisions", digest=digest_of(made), made_by=alice)
    return made


def export(system: str = "scorer", outcome: str = "refused") -> bytes:
    attributes = [{"key": f"tanba.{key}", "value": {"stringValue": value}} for key, value in (("system", system), ("outcome", outcome))]
    attributes.append({"key": "tanba.inputs", "value": {"stringValue": "income"}})
    span = {"traceId": "ab" * 16, "spanId": "cd" * 8, "startTimeUnixNano": "1795339800000000000", "endTimeUnixNano": "1795339801000000000"}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [{**span, "attributes": attributes}]}]}]}).encode()


def send(secret: str, body: bytes, name: str = "api", **headers: str) -> Any:
    given = {"Authorization": f"Bearer {secret}", **headers}
    return Client(enforce_csrf_checks=True).post(reverse(f"decisions:{name}"), body, "application/json", headers=given)


@pytest.mark.parametrize(("name", "contents"), [("api", {}), ("api_kept", {"inputs": "income"})])
def test_spans_with_a_token_become_decisions(system: System, secret: str, name: str, contents: dict[str, str]) -> None:
    answer = send(secret, gzip.compress(export()), name, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()) == (200, {})
    assert desk.drain() == 1
    (row,) = desk.book().find(Query(system.organisation.bin, "scorer"))
    body = desk.book().content(row)
    assert body is not None
    assert body.contents() == contents


def test_what_a_token_does_not_open(system: System, secret: str, alice: User, charlie: User) -> None:
    assert send("tanba_wrong", export()).status_code == 401
    assert send(secret, export("nobody-s")).json()["partialSuccess"]["rejectedSpans"] == "1"
    System.objects.create(organisation=charlie.memberships.get().organisation, slug="theirs", name={"en": "Theirs"})
    assert "does not name a system" in send(secret, export("theirs")).json()["partialSuccess"]["errorMessage"]
    other = System.objects.create(organisation=system.organisation, slug="other", name={"en": "Other"})
    ApiToken.objects.update(system=other)
    assert "is not for system" in send(secret, export()).json()["partialSuccess"]["errorMessage"]
    assert send(secret, export("other")).json() == {}
    ApiToken.objects.update(scope="notices")
    assert send(secret, export()).status_code == 401


def test_hostile_bodies_are_bounded(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(secret, gzip.compress(bytes(40 << 20)), **{"Content-Encoding": "gzip"}).status_code == 413
    assert send(secret, b"{" * 5_000_000).status_code == 400
    assert send(secret, b"x" * (9 << 20)).status_code == 413
    assert Client().get(reverse("decisions:api"), headers={"Authorization": f"Bearer {secret}"}).status_code == 405
    from tanba.web.decisions import api

    monkeypatch.setattr(api.sending, "most", 1)
    answer = [send(secret, b"{}") for _ in range(2)][-1]
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
