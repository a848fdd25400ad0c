"""Pages and calls of notices: texts as the policy says, receipts that count, refusals in words, hostile text harmless everywhere."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from tanba.people import noticefile
from tanba.people.notice import CHANNELS, Policy
from tanba.people.receipt import read, verify
from tanba.people.shown import opens
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import ApiToken, User
from tanba.web.accounts.tokens import digest_of, new_secret
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact, Lease
from tanba.web.faces.models import Face
from tanba.web.faces.suspensions import suspensions
from tanba.web.notices import api, desk, sealing
from tanba.web.notices.sealing import seal_when_due
from tanba.web.systems.models import System
from tanba.workspace import current
from tests_web import BIN

HOSTILE = '<img src=x onerror="alert(1)">'
SCHEMAS = Path(__file__).parent.parent.parent.parent / "spec" / "schema"
SignIn = Callable[..., Client]


def validate(name: str, value: object) -> None:
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(value)


@pytest.fixture
def public(system: System) -> System:
    Face.objects.create(system=system, published=True, contact={"kk": "1414"})
    return system


def policy_page(system: System) -> str:
    return reverse("notices:policy", args=[system.organisation_id])


def form(**changes: Any) -> dict[str, Any]:
    texts = {f"{channel}_{at}": Policy().template(channel, each) for channel in CHANNELS for at, each in enumerate(LANGUAGES)}
    names = {f"{channel}_{each}": Policy().template(channel, each) for channel in CHANNELS for each in LANGUAGES}
    return {"languages": ["kk", "ru"], "days": "180", "repeat": "1", "human": "0", "origins": "", **texts, **names, **changes}


def send(client: Client, system: System, given: Any, **headers: str) -> Any:
    body = given if isinstance(given, (bytes, str)) else json.dumps(given)
    return client.post(reverse("notices:api_shown", args=[system.pk]), body, content_type="application/json", headers=headers)


GIVEN = {"user": "user-1", "language": "kk", "channel": "text"}


def test_anybody_reads_the_notice_of_a_public_system_in_every_channel(public: System, client: Client) -> None:
    answer = client.get(reverse("notices:api", args=[public.pk]))
    value = answer.json()
    validate("notice", value)
    assert value["texts"]["text"]["en"].endswith("unless laws make it mandatory.")
    assert "Credit scorer" in value["texts"]["email"]["en"]
    assert value["page"] in value["texts"]["label"]["kk"]
    assert value["suspended"] is None
    assert [each["version"] for each in value["versions"]] == [value["version"]]


def test_a_receipt_says_which_words_this_user_saw_and_is_sealed_in_a_batch(public: System, client: Client) -> None:
    notice = client.get(reverse("notices:api", args=[public.pk])).json()
    answers = [send(client, public, {**GIVEN, "user": f"user-{number}", "version": notice["version"]}) for number in range(3)]
    given = answers[0].json()
    assert answers[0].status_code == 201
    validate("notice-given", given)
    claims = read(given["receipt"], notice["keys"])
    verify(claims, datetime.now(UTC), system=str(public.pk), user="user-0", version=notice["version"])
    assert (claims.via, claims.channel, claims.language, claims.act) == ("page", "text", "kk", "shown")
    validate("notice-receipt", json.loads(bytes(claims)))
    seal_when_due()
    outbox.drain()
    row = Artifact.objects.get(kind="notice-receipts")
    assert row.is_sealed
    content = json.loads(row.made_here or b"")
    validate("notice-batch", content)
    assert content["count"] == 3
    assert "user-0" not in json.dumps(content)
    proof = desk.shown().proof(claims.id)
    assert proof is not None
    assert opens(proof, content)
    assert proof[2].artifact == str(row.pk)


def test_a_batch_whose_process_died_is_kept_once(public: System, client: Client) -> None:
    send(client, public, GIVEN)
    batch = desk.shown().begin_batch()
    assert batch is not None
    sealing.seal_receipts()
    desk.shown().end_batch(batch.id, None)  # type: ignore[arg-type]  # as if the process had died before this was written
    sealing.seal_receipts()
    assert Artifact.objects.filter(kind="notice-receipts").count() == 1


def test_receipts_are_gathered_for_a_minute(public: System, client: Client) -> None:
    send(client, public, GIVEN)
    seal_when_due()
    send(client, public, GIVEN)
    seal_when_due()
    assert Artifact.objects.filter(kind="notice-receipts").count() == 1
    Lease.objects.filter(name="notices").update(due=datetime.now(UTC))
    seal_when_due()
    assert Artifact.objects.filter(kind="notice-receipts").count() == 2


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [
        ({**GIVEN, "user": "a@b.kz"}, 422, "wrong"),
        ({**GIVEN, "user": "870101300123"}, 422, "wrong"),
        ({**GIVEN, "user": None}, 422, "wrong"),
        ({**GIVEN, "language": "de"}, 422, "wrong"),
        ({**GIVEN, "language": ["kk"]}, 422, "wrong"),
        ({**GIVEN, "channel": HOSTILE}, 422, "wrong"),
        ({**GIVEN, "version": "ffffffffffff"}, 409, "former"),
        (b"[1]", 422, "wrong"),
        (b"{", 422, "wrong"),
        (b"[" * 9_000, 422, "wrong"),
        (b" " * 10_001, 413, "too_large"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_with_words(public: System, client: Client, given: Any, status: int, why: str) -> None:
    answer = send(client, public, given)
    assert (answer.status_code, answer.json()["why"]) == (status, why)
    validate("refused", answer.json())
    assert desk.shown().counts(str(public.pk)) == []


def test_a_system_that_is_not_public_and_one_that_is_not_there_look_alike(system: System, client: Client) -> None:
    answers = [client.get(reverse("notices:api", args=[pk])) for pk in (system.pk, uuid4())]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert send(client, system, GIVEN).status_code == 404


def test_a_flood_is_told_when_to_come_again(public: System, client: Client) -> None:
    statuses = [send(client, public, GIVEN).status_code for _ in range(api.showing.most + 1)]
    answer = send(client, public, GIVEN)
    assert statuses[-1] == answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    validate("refused", answer.json())


def token(system: System, *, scope: str = "notices", only: System | None = None) -> dict[str, str]:
    secret = new_secret()
    ApiToken.objects.create(organisation=system.organisation, name="Bot", scope=scope, digest=digest_of(secret), system=only)
    return {"authorization": f"Bearer {secret}"}


def test_a_service_with_a_token_has_no_limit_and_sees_systems_that_are_not_public(system: System, client: Client) -> None:
    headers = token(system)
    for number in range(api.showing.most + 2):
        answer = send(client, system, {**GIVEN, "user": f"u-{number}"}, **headers)
    assert answer.status_code == 201
    assert answer.json()["claims"]["via"] == "service"


def test_a_token_opens_neither_another_organisation_nor_another_system_nor_with_another_scope(
    system: System, charlie: User, client: Client
) -> None:
    theirs = System.objects.create(organisation=charlie.memberships.get().organisation, slug="x", name={"en": "X"})
    other = System.objects.create(organisation=system.organisation, slug="other", name={"en": "Other"})
    assert send(client, system, GIVEN, **token(theirs)).status_code == 404
    assert send(client, system, GIVEN, **token(system, only=other)).status_code == 404
    assert send(client, system, GIVEN, **token(system, scope="decisions")).status_code == 404
    assert send(client, system, GIVEN, **token(system, only=system)).status_code == 201


def test_only_listed_sites_may_ask_from_a_browser(public: System, client: Client) -> None:
    noticefile.save_policy(current(), Policy(origins=("https://shop.example",)))
    address = reverse("notices:api_shown", args=[public.pk])
    for origin, allowed in (("https://shop.example", "https://shop.example"), ("https://evil.example", None), ("null", None)):
        before = client.options(address, headers={"origin": origin})
        after = send(client, public, GIVEN, origin=origin)
        assert before.status_code == 204
        assert before.get("Access-Control-Allow-Origin") == after.get("Access-Control-Allow-Origin") == allowed
        assert "Access-Control-Allow-Credentials" not in after


def test_a_stopped_system_says_so_at_once_and_gives_no_receipt(public: System, client: Client) -> None:
    current().create()
    suspensions().stop(BIN, public.slug, datetime.now(UTC), "a secret reason", "Carol")
    answer = client.get(reverse("notices:api", args=[public.pk]))
    value = answer.json()
    validate("notice", value)
    assert "тоқтатыла тұрды" in value["suspended"]["words"]["kk"]
    assert b"secret" not in answer.content
    refused = send(client, public, GIVEN)
    assert (refused.status_code, refused.json()["why"]) == (503, "suspended")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(public: System, client: Client, method: str) -> None:
    assert getattr(client, method)(reverse("notices:api", args=[public.pk])).status_code == 405
    assert client.get(reverse("notices:api_shown", args=[public.pk])).status_code == 405


def test_a_manager_changes_a_text_and_the_act_is_sealed(system: System, carol: User, sign_in: SignIn) -> None:
    own = "Мұнда {system} жауап береді."
    answer = sign_in(carol).post(policy_page(system), form(bot_kk=own, origins="https://Shop.example/", days="30"))
    assert answer.status_code == 302
    policy = noticefile.load_policy(current())
    assert policy.texts == {"bot": {"kk": own}}
    assert (policy.days, policy.origins) == (30, ("https://shop.example",))
    act = json.loads(Artifact.objects.get(kind="notice-policy", by=carol).made_here or b"")
    assert act["details"]["version"] == policy.version
    page = sign_in(carol).get(policy_page(system)).content.decode()
    assert policy.version in page
    assert Policy().version in page


def test_a_look_saves_nothing(system: System, carol: User, sign_in: SignIn) -> None:
    page = sign_in(carol).post(policy_page(system), form(text_en=f"Look {HOSTILE}", look="1"))
    assert "Look &lt;img" in page.content.decode()
    assert not noticefile.place(current()).exists()


@pytest.mark.parametrize(
    "changes", [{"bot_kk": "Сәлем, {sistem}"}, {"bot_kk": "123"}, {"origins": "shop"}, {"human": "99"}, {"days": "0"}, {"languages": []}]
)
def test_a_policy_that_does_not_fit_stays_unsaved(system: System, carol: User, sign_in: SignIn, changes: dict[str, Any]) -> None:
    assert sign_in(carol).post(policy_page(system), form(**changes)).status_code == 422
    assert not noticefile.place(current()).exists()


def test_a_broken_file_is_said_and_people_are_told_in_our_words(public: System, carol: User, client: Client, sign_in: SignIn) -> None:
    current().create()
    noticefile.place(current()).write_text("days: никогда")
    page = sign_in(carol).get(policy_page(public)).content.decode()
    assert "days: &#x27;никогда&#x27; does not fit" in page
    assert client.get(reverse("notices:api", args=[public.pk])).json()["version"] == Policy().version


def test_hostile_text_is_shown_and_does_nothing(public: System, carol: User, client: Client, sign_in: SignIn) -> None:
    noticefile.save_policy(current(), Policy(texts={each: dict.fromkeys(LANGUAGES, f"{HOSTILE} {{system}}") for each in CHANNELS}))
    System.objects.filter(pk=public.pk).update(name=dict.fromkeys(LANGUAGES, HOSTILE))
    send(client, public, GIVEN)
    browser = sign_in(carol)
    for page in (policy_page(public), reverse("notices:system", args=[public.organisation_id, public.slug])):
        assert HOSTILE not in browser.get(page).content.decode()
    assert HOSTILE not in client.get(reverse("faces:page", args=[public.pk])).content.decode()


def test_a_receipt_is_checked_on_the_page_of_its_system(public: System, dana: User, client: Client, sign_in: SignIn) -> None:
    given = send(client, public, GIVEN).content.decode()
    sealing.seal_receipts()
    page = reverse("notices:system", args=[public.organisation_id, public.slug])
    browser = sign_in(dana)
    found = browser.post(page, {"receipt": given}).content.decode()
    assert t("cli.notice.genuine", "en") in found
    assert "notices-" in found
    other = System.objects.create(organisation=public.organisation, slug="other", name={"en": "Other"})
    for address, written, says in (
        (reverse("notices:system", args=[public.organisation_id, other.slug]), given, "the receipt is of another system"),
        (page, json.loads(given)["receipt"][:-4] + "AAAA", "this register did not sign it"),
        (page, HOSTILE, "this register did not sign it"),
        (page, "", "is not a receipt of a notice"),
        (page, "{" + HOSTILE, "is not a receipt of a notice"),
    ):
        answer = browser.post(address, {"receipt": written}).content.decode()
        assert says in answer
        assert HOSTILE not in answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_three_languages(public: System, carol: User, client: Client, sign_in: SignIn, language: str) -> None:
    send(client, public, GIVEN)
    browser = sign_in(carol, language)
    page = browser.get(reverse("notices:system", args=[public.organisation_id, public.slug])).content.decode()
    assert t("notices.counts", language) in page
    assert t("notice.act_shown", language) in page
    assert t("notices.preview", language) in browser.get(policy_page(public)).content.decode()
    told = browser.get(reverse("faces:page", args=[public.pk])).content.decode()
    assert t("notices.block", language) in told
