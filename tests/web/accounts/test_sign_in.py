from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts.links import setup_path, sign_in_path
from tanba.web.accounts.models import Membership, Organisation, SignInAttempt, SignInLink, User
from tests_web import PASSWORD

SIGN_IN = "/sign-in/"


def attempt(client: Client, email: str = "alice@tanba.example", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"email": email, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_it_works_and_goes_to_the_portfolio(client: Client, alice: User, company: Organisation) -> None:
    answer = attempt(client, "  Alice@TANBA.example ")
    assert answer["Location"] == "/"
    assert client.get("/")["Location"] == reverse("systems:portfolio", args=[company.pk])
    assert client.get(SIGN_IN).status_code == 302, "who is in already is not asked again"


def test_it_goes_on_to_the_page_that_was_wanted_and_nowhere_else(alice: User, company: Organisation) -> None:
    wanted = reverse("accounts:people", args=[company.pk])
    assert attempt(Client(), next=wanted)["Location"] == wanted
    assert attempt(Client(), next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(("email", "password"), [("alice@tanba.example", "wrong"), ("nobody@tanba.example", PASSWORD)])
def test_a_wrong_pair_tells_nothing_more(email: str, password: str, client: Client, alice: User) -> None:
    answer = attempt(client, email, password)
    content = answer.content.decode()
    assert not signed_in(client)
    assert "Электрондық пошта немесе құпиясөз қате." in content
    assert email in content, "what was typed is kept"
    assert password not in content, "except the password"


def test_people_who_were_shut_out_stay_out(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    attempt(client)
    assert not signed_in(client)


def test_guessing_is_slowed_down_and_time_heals(client: Client, alice: User) -> None:
    for _ in range(5):
        assert attempt(client, password="wrong").status_code == 200
    answer = attempt(client)
    assert answer.status_code == 429
    assert not signed_in(client)
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    attempt(client)
    assert signed_in(client)


def test_somebody_elses_guessing_does_not_lock_alice_out(alice: User) -> None:
    for _ in range(6):
        attempt(Client(REMOTE_ADDR="203.0.113.7"), password="wrong")
    browser = Client(REMOTE_ADDR="198.51.100.2")
    attempt(browser)
    assert signed_in(browser)


def test_one_address_cannot_try_many_people(alice: User) -> None:
    for n in range(30):
        attempt(Client(), f"person{n}@tanba.example", "wrong")
    assert attempt(Client()).status_code == 429


def test_success_clears_earlier_failures(client: Client, alice: User) -> None:
    for _ in range(4):
        attempt(client, password="wrong")
    attempt(client)
    assert not SignInAttempt.objects.exists()


def test_signing_out_needs_the_button(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert not signed_in(client)


class TestLink:
    def test_opening_it_shows_a_button_and_pressing_it_signs_in(self, client: Client, alice: User) -> None:
        path = sign_in_path(alice)
        assert b"Alice" in client.get(path).content
        assert b"Alice" in client.get(path).content, "a preview does not use it up"
        assert client.post(path)["Location"] == "/"
        assert signed_in(client)

    def test_it_works_once(self, alice: User) -> None:
        path = sign_in_path(alice)
        Client().post(path)
        second = Client()
        assert second.post(path).status_code == 410
        assert second.get(path).status_code == 410
        assert not signed_in(second)

    def test_whoever_forgot_the_password_sets_a_new_one_once(self, client: Client, alice: User) -> None:
        client.post(sign_in_path(alice))
        new = {"form": "password", "password": "Қарлығаш-көктемде-2026"}
        assert client.post(reverse("accounts:profile"), new).status_code == 302
        alice.refresh_from_db()
        assert alice.check_password(new["password"])
        assert client.post(reverse("accounts:profile"), new | {"password": "another-Long-1-secret"}).status_code == 200

    def test_it_ends(self, client: Client, alice: User) -> None:
        path = sign_in_path(alice)
        SignInLink.objects.update(expires=timezone.now())
        assert client.post(path).status_code == 410

    def test_it_cannot_be_made_up(self, client: Client, alice: User) -> None:
        sign_in_path(alice)
        pk = str(SignInLink.objects.get().pk)
        for token in (
            pk,
            signing.dumps(pk),
            signing.dumps(pk, salt="invitation"),
            signing.dumps("x", salt="sign-in"),
            signing.dumps(5, salt="sign-in"),
        ):
            assert client.post(reverse("accounts:link", args=[token])).status_code == 410

    def test_it_does_not_let_in_who_was_shut_out(self, client: Client, alice: User) -> None:
        path = sign_in_path(alice)
        User.objects.update(is_active=False)
        assert client.post(path).status_code == 410


GOOD = {
    "name": "Асель",
    "email": "asel@tanba.example",
    "password": PASSWORD,
    "organisation-name_kk": "«Жаңа» ЖШС",
    "organisation-bin": "190140999998",
    "organisation-offender_class": "small",
}


class TestSetup:
    def test_an_empty_register_gets_its_first_administrator(self, client: Client, db: None) -> None:
        answer = client.post(setup_path(), GOOD)
        organisation = Organisation.objects.get()
        assert answer["Location"] == reverse("systems:portfolio", args=[organisation.pk])
        assert organisation.name == {"kk": "«Жаңа» ЖШС"}
        assert Membership.objects.get().role == "administrator"
        assert signed_in(client)

    @pytest.mark.parametrize(
        ("field", "value", "complaint"),
        [
            ("organisation-bin", "190140999997", "БСН жарамсыз"),
            ("organisation-bin", "", "Бұл өрісті толтыру міндетті."),
            ("organisation-name_kk", "", "Бұл өрісті толтыру міндетті."),
            ("email", "asel", "Электрондық пошта мекенжайын дұрыс енгізіңіз."),
            ("password", "12345678", "Құпиясөз тек цифрлардан тұрады."),
            ("password", "asel@tanba.example", "тым ұқсас"),
        ],
    )
    def test_errors_keep_what_was_typed(self, field: str, value: str, complaint: str, client: Client, db: None) -> None:
        content = client.post(setup_path(), {**GOOD, field: value}).content.decode()
        assert complaint in content
        assert "Асель" in content
        assert not User.objects.exists()
        assert not Organisation.objects.exists()

    def test_the_link_is_dead_once_somebody_is_there(self, client: Client, alice: User) -> None:
        assert client.post(setup_path(), GOOD).status_code == 410

    def test_it_cannot_be_made_up(self, client: Client, db: None) -> None:
        assert client.post(reverse("accounts:setup", args=[signing.dumps("first")]), GOOD).status_code == 410


def test_start_page(client: Client, alice: User, charlie: User, company: Organisation, sign_in: Callable[..., Client]) -> None:
    assert client.get("/")["Location"] == SIGN_IN
    Membership.objects.create(user=charlie, organisation=company, role="auditor")
    assert b"Elsewhere LLP" in sign_in(charlie).get("/").content
    Membership.objects.filter(user=alice).delete()
    assert sign_in(alice).get("/")["Location"] == reverse("accounts:new_organisation")
