"""API tokens: shown once, kept as a digest, good for one scope, one organisation, and until revoked or expired."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts import tokens
from tanba.web.accounts.models import ApiToken, User
from tanba.web.accounts.tokens import TokenRequest, bearer, digest_of, new_secret
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System


def made(browser: Client, system: System, only: str = "") -> str:
    sent = {"name": "bot", "scope": "notices", "days": "30", "system": only}
    page = browser.post(reverse("accounts:tokens", args=[system.organisation_id]), sent)
    return str(page.context["secret"])


def asking(secret: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_shown_once_and_kept_as_a_digest(system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(alice)
    secret = made(browser, system)
    row = ApiToken.objects.get()
    assert secret.startswith("tanba_")
    assert row.digest == digest_of(secret)
    assert secret not in browser.get(reverse("accounts:tokens", args=[system.organisation_id])).content.decode()
    [artifact] = Artifact.objects.filter(kind="api-token")
    assert secret.encode() not in bytes(artifact.made_here or b"")
    assert row.digest.encode() not in bytes(artifact.made_here or b"")


def test_it_opens_its_scope_and_no_other(system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    secret = made(sign_in(alice), system)
    found = bearer(asking(secret), "notices")
    assert found is not None
    assert found.organisation == system.organisation
    assert found.system is None
    assert bearer(asking(secret), "decisions") is None
    assert bearer(asking(secret + "x"), "notices") is None
    assert ApiToken.objects.get().last_used is not None


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer ", "Bearer tanba_", "Bearer tanba_\u0416", "Bearer " + "x" * 9000])
def test_what_is_no_token_opens_nothing(db: None, header: str) -> None:
    assert bearer(RequestFactory().get("/", headers={"Authorization": header}), "notices") is None


def test_revoked_and_expired_tokens_are_refused_at_once(system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(alice)
    one, two = made(browser, system), made(browser, system)
    rows = {row.digest: row for row in ApiToken.objects.all()}
    browser.post(reverse("accounts:revoke_token", args=[system.organisation_id, rows[digest_of(one)].pk]))
    ApiToken.objects.filter(digest=digest_of(two)).update(expires=timezone.now() - timedelta(seconds=1))
    assert bearer(asking(one), "notices") is None
    assert bearer(asking(two), "notices") is None
    assert {row.state for row in ApiToken.objects.all()} == {"revoked", "expired"}
    assert Artifact.objects.filter(kind="api-token").count() == 3


def test_a_view_behind_a_token_knows_whose_it_is_and_tells_others_401_then_429(
    system: System, alice: User, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    @tokens.token("notices")
    def view(request: TokenRequest) -> JsonResponse:
        return JsonResponse({"bin": request.organisation.bin})

    assert view(asking(made(sign_in(alice), system))).status_code == 200
    monkeypatch.setattr(tokens.failures, "most", 2)
    answers = [view(asking(new_secret())) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_another_organisation_cannot_be_revoked(
    system: System, alice: User, charlie: User, sign_in: Callable[..., Client]
) -> None:
    made(sign_in(alice), system)
    theirs = charlie.memberships.get().organisation_id
    answer = sign_in(charlie).post(reverse("accounts:revoke_token", args=[theirs, ApiToken.objects.get().pk]))
    assert answer.status_code in (403, 404)
    assert ApiToken.objects.get().revoked_at is None


def test_a_system_of_another_organisation_cannot_be_chosen(
    system: System, alice: User, charlie: User, sign_in: Callable[..., Client]
) -> None:
    other = System.objects.create(organisation=charlie.memberships.get().organisation, slug="theirs", name={"en": "Theirs"})
    assert made(sign_in(alice), system, str(other.pk)) == ""
    assert not ApiToken.objects.exists()
