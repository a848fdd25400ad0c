from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts.links import invitation_path
from tanba.web.accounts.models import Invitation, Membership, Organisation, User
from tests_web import PASSWORD


@pytest.fixture
def invitation(company: Organisation, alice: User) -> Invitation:
    return Invitation.objects.create(organisation=company, email="new@tanba.example", role="auditor", made_by=alice)


def test_an_invitation_is_shown_as_a_link(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(alice)
    browser.post(reverse("accounts:invite", args=[company.pk]), {"email": "New@tanba.example", "role": "compliance"})
    content = browser.get(reverse("accounts:people", args=[company.pk])).content.decode()
    made = Invitation.objects.get()
    assert (made.email, made.role) == ("new@tanba.example", "compliance")
    assert "http://testserver/join/" in content


def test_inviting_again_replaces_the_earlier_link(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    for role in ("auditor", "owner"):
        sign_in(alice).post(reverse("accounts:invite", args=[company.pk]), {"email": "new@tanba.example", "role": role})
    assert Invitation.objects.get().role == "owner"


@pytest.mark.parametrize(("email", "part"), [("new", "Enter a valid email address."), ("bob@tanba.example", "already a member")])
def test_a_wrong_address_is_kept_on_the_form(
    email: str, part: str, company: Organisation, alice: User, bob: User, sign_in: Callable[..., Client]
) -> None:
    content = sign_in(alice).post(reverse("accounts:invite", args=[company.pk]), {"email": email, "role": "owner"}).content.decode()
    assert part in content
    assert f'value="{email}"' in content
    assert not Invitation.objects.exists()


def test_only_administrators_see_invitations(
    company: Organisation, invitation: Invitation, carol: User, sign_in: Callable[..., Client]
) -> None:
    content = sign_in(carol).get(reverse("accounts:people", args=[company.pk])).content.decode()
    assert "Carol" in content
    assert invitation.email not in content


def test_a_new_person_joins(client: Client, invitation: Invitation, company: Organisation) -> None:
    path = invitation_path(invitation)
    assert "Аудитор" in client.get(path).content.decode()
    answer = client.post(path, {"name": "Жаңа Адам", "password": PASSWORD})
    assert answer["Location"] == reverse("systems:portfolio", args=[company.pk])
    user = User.objects.get(email="new@tanba.example")
    assert user.memberships.get().role == "auditor"
    assert user.check_password(PASSWORD)
    assert Client().get(path).status_code == 410


def test_a_weak_password_keeps_the_name(client: Client, invitation: Invitation) -> None:
    content = client.post(invitation_path(invitation), {"name": "Жаңа Адам", "password": "qwerty"}).content.decode()
    assert "Жаңа Адам" in content
    assert "Құпиясөз тым қысқа." in content


def test_a_known_person_has_to_be_that_person(invitation: Invitation, charlie: User, alice: User, sign_in: Callable[..., Client]) -> None:
    """An invitation must not let an administrator into another person's account."""
    Invitation.objects.update(email=charlie.email)
    path = invitation_path(invitation)
    stranger = Client()
    assert stranger.post(path, {"name": "x", "password": PASSWORD})["Location"].startswith("/sign-in/?next=%2Fjoin%2F")
    assert "_auth_user_id" not in stranger.session
    assert "another address" in sign_in(alice).post(path).content.decode()
    assert charlie.memberships.count() == 1
    assert sign_in(charlie).post(path).status_code == 302
    assert charlie.memberships.count() == 2


@pytest.mark.parametrize("change", [{"expires": timezone.now() - timedelta(days=1)}, {"accepted_at": timezone.now()}])
def test_an_ended_invitation_does_nothing(change: dict[str, object], client: Client, invitation: Invitation) -> None:
    Invitation.objects.update(**change)
    assert client.post(invitation_path(invitation), {"name": "x", "password": PASSWORD}).status_code == 410


def test_an_invitation_can_be_withdrawn(company: Organisation, invitation: Invitation, alice: User, sign_in: Callable[..., Client]) -> None:
    sign_in(alice).post(reverse("accounts:withdraw_invitation", args=[company.pk, invitation.pk]))
    assert not Invitation.objects.exists()


def change(company: Organisation, membership: Membership, browser: Client, **data: str) -> None:
    browser.post(reverse("accounts:change_member", args=[company.pk, membership.pk]), data)


def test_a_role_changes(company: Organisation, alice: User, bob: User, sign_in: Callable[..., Client]) -> None:
    change(company, bob.memberships.get(), sign_in(alice), role="compliance")
    assert bob.memberships.get().role == "compliance"
    change(company, bob.memberships.get(), sign_in(alice), role="king")
    assert bob.memberships.get().role == "compliance"


def test_a_member_leaves(company: Organisation, alice: User, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    change(company, bob.memberships.get(), sign_in(alice), role="owner", remove="1")
    assert browser.get(reverse("systems:portfolio", args=[company.pk])).status_code == 404


@pytest.mark.parametrize("data", [{"role": "auditor"}, {"role": "administrator", "remove": "1"}])
def test_the_last_administrator_stays(data: dict[str, str], company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    change(company, alice.memberships.get(), sign_in(alice), **data)
    assert alice.memberships.get().role == "administrator"


def test_members_of_other_organisations_are_out_of_reach(
    company: Organisation, alice: User, charlie: User, sign_in: Callable[..., Client]
) -> None:
    change(company, charlie.memberships.get(), sign_in(alice), role="auditor")
    assert charlie.memberships.get().role == "administrator"


def test_password_change(alice: User, sign_in: Callable[..., Client]) -> None:
    browser, new = sign_in(alice), "Basqa-qupiya-2027"
    assert "not your present password" in browser.post("/account/", {"form": "password", "old": "x", "password": new}).content.decode()
    assert "too common" in browser.post("/account/", {"form": "password", "old": PASSWORD, "password": "password"}).content.decode()
    browser.post("/account/", {"form": "password", "old": PASSWORD, "password": new})
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert browser.get("/account/").status_code == 200, "the session goes on"


def test_who_came_by_link_sets_a_first_password(db: None, sign_in: Callable[..., Client]) -> None:
    user = User.objects.create_user("link@tanba.example", name="Link")
    browser = sign_in(user)
    assert 'name="old"' not in browser.get("/account/").content.decode()
    browser.post("/account/", {"form": "password", "password": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_organisation_is_corrected(company: Organisation, alice: User, charlie: User, sign_in: Callable[..., Client]) -> None:
    browser, path = sign_in(alice), reverse("accounts:organisation", args=[company.pk])
    good = {"name_kk": "Жаңа атау", "bin": company.bin, "offender_class": "medium", "departments": "Заң | Право | Legal\nIT"}
    taken = browser.post(path, {**good, "bin": "200140999992"}).content.decode()
    assert "already here" in taken
    assert "Жаңа атау" in taken
    assert "one name, or three" in browser.post(path, {**good, "departments": "Заң | Право"}).content.decode()
    browser.post(path, good)
    company.refresh_from_db()
    assert company.name == {"kk": "Жаңа атау"}
    assert company.departments == [{"kk": "Заң", "ru": "Право", "en": "Legal"}, {"kk": "IT", "ru": "IT", "en": "IT"}]
    assert "Заң | Право | Legal\nIT<" in browser.get(path).content.decode(), "what is shown can be sent again"


def test_a_further_organisation(alice: User, sign_in: Callable[..., Client]) -> None:
    answer = sign_in(alice).post("/organisations/new/", {"name_en": "Second LLP", "bin": "200140999992"})
    assert answer.status_code == 302
    assert alice.memberships.get(organisation__bin="200140999992").role == "administrator"
