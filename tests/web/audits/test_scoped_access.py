"""Who gets in by an engagement, what they may send, until when, and what is logged of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.digest import canonical_json, sha256
from tanba.web.accounts.models import Invitation, Membership, Organisation, User
from tanba.web.audits import desk
from tanba.web.audits.models import Engagement, Opening, Seat
from tanba.web.evidence import outbox
from tanba.web.evidence.acts import details_of
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System
from tests_web import OTHER_BIN, PASSWORD
from web.audits.scoped import EMAIL, engage, seated, turn_to

SignIn = Callable[..., Client]


@pytest.fixture
def engagement(company: Organisation, system: System, carol: User) -> Engagement:
    return engage(company, [system], carol)


@pytest.fixture
def erlan(engagement: Engagement, carol: User) -> User:
    return seated(engagement, carol)


def portfolio(organisation: Organisation) -> str:
    return reverse("systems:portfolio", args=[organisation.pk])


def page(name: str, system: System) -> str:
    return reverse(name, args=[system.organisation_id, system.slug])


def test_an_officer_opens_an_engagement_and_invites_and_the_auditor_comes_in(
    company: Organisation, system: System, carol: User, sign_in: SignIn, client: Client
) -> None:
    today = timezone.localdate()
    sent = {
        "systems": [str(system.pk)],
        "auditor": "Burkit Audit LLP",
        "bin": OTHER_BIN,
        "starts": today.isoformat(),
        "ends": (today + timedelta(days=5)).isoformat(),
        "people": "Erlan\nAigul",
        "further": "Access rights are reviewed",
    }
    officer = sign_in(carol)
    shown = officer.post(reverse("audits:new", args=[company.pk]), sent, follow=True)
    row = Engagement.objects.get()
    assert (row.people, row.further) == (["Erlan", "Aigul"], [{"id": "1", "text": "Access rights are reviewed"}])
    assert "Burkit Audit LLP" in shown.content.decode()
    invited = officer.post(
        reverse("audits:seat", args=[company.pk, row.pk]), {"email": "Erlan@audit.example"}, follow=True
    ).content.decode()
    path = invited.partition('value="http://testserver')[2].partition('"')[0]
    answer = client.post(path, {"name": "Erlan", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "Credit scorer" in answer.content.decode() or "скоринг" in answer.content.decode()
    member = Membership.objects.get(user__email=EMAIL)
    assert (member.role, member.scoped, member.writes, member.manages) == ("auditor", True, False, False)
    sealed = Artifact.objects.filter(kind="audit-engagement", system=system)
    assert [details_of(each)["did"] for each in sealed] == ["open"]
    assert "Erlan" not in str(details_of(sealed[0]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ends": "2020-01-01"}, "within a year"),
        ({"ends": "2099-01-01"}, "within a year"),
        ({"bin": "123456789012"}, "BIN"),
        ({"systems": []}, "required"),
    ],
)
def test_a_wrong_engagement_is_refused_on_the_form(
    company: Organisation, system: System, carol: User, sign_in: SignIn, change: dict[str, Any], said: str
) -> None:
    today = timezone.localdate().isoformat()
    sent = {"systems": [str(system.pk)], "auditor": "Burkit", "starts": today, "ends": today, **change}
    answer = sign_in(carol).post(reverse("audits:new", args=[company.pk]), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Engagement.objects.exists()


def test_who_works_there_gets_no_seat_and_a_whole_auditor_stays_one(
    engagement: Engagement, company: Organisation, carol: User, bob: User, dana: User, sign_in: SignIn
) -> None:
    place = reverse("audits:seat", args=[company.pk, engagement.pk])
    refused = sign_in(carol).post(place, {"email": bob.email})
    assert refused.status_code == 422
    assert "independent" in refused.content.decode()
    sign_in(carol).post(place, {"email": dana.email})
    assert not Invitation.objects.exists()
    assert Seat.objects.get().email == dana.email
    assert not dana.memberships.get().scoped


@pytest.mark.parametrize("role", ["administrator", "compliance", "owner"])
def test_only_an_auditor_can_be_scoped(company: Organisation, role: str) -> None:
    user = User.objects.create_user("x@audit.example", name="X")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, organisation=company, role=role, scoped=True)


def test_another_role_makes_the_member_whole_and_the_role_auditor_does_not(
    company: Organisation, erlan: User, alice: User, sign_in: SignIn
) -> None:
    member = erlan.memberships.get()
    place = reverse("accounts:change_member", args=[company.pk, member.pk])
    sign_in(alice).post(place, {"role": "auditor"})
    assert erlan.memberships.get().scoped
    sign_in(alice).post(place, {"role": "owner"})
    assert not erlan.memberships.get().scoped


def test_the_last_day_is_the_last_and_who_has_nothing_else_is_signed_out(
    engagement: Engagement, company: Organisation, system: System, erlan: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(erlan)
    turn_to(monkeypatch, engagement.ends)
    assert browser.get(page("systems:show", system)).status_code == 200
    turn_to(monkeypatch, engagement.ends + timedelta(days=1))
    answer = browser.get(page("systems:show", system))
    assert answer.status_code == 403
    assert "Access has ended" in answer.content.decode()
    assert "Credit scorer" not in answer.content.decode()
    assert browser.get(page("systems:show", system))["Location"].startswith("/sign-in/")


def test_before_the_first_day_the_page_says_when(
    company: Organisation, system: System, carol: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = engage(company, [system], carol, starts=timezone.localdate() + timedelta(days=2))
    answer = sign_in(seated(row, carol)).get(portfolio(company))
    assert answer.status_code == 403
    assert "has not begun" in answer.content.decode()


@pytest.mark.parametrize("how", ["close", "unseat", "sooner"])
def test_access_ends_at_once(
    engagement: Engagement, company: Organisation, system: System, erlan: User, carol: User, sign_in: SignIn, how: str
) -> None:
    browser = sign_in(erlan)
    assert browser.get(page("systems:show", system)).status_code == 200
    Engagement.objects.filter(pk=engagement.pk).update(starts=timezone.localdate() - timedelta(days=5))
    officer, row = sign_in(carol), Engagement.objects.get()
    if how == "unseat":
        officer.post(reverse("audits:unseat", args=[company.pk, row.pk, Seat.objects.get().pk]))
    else:
        yesterday = timezone.localdate() - timedelta(days=1)
        officer.post(
            reverse("audits:change", args=[company.pk, row.pk]), {"close": "1"} if how == "close" else {"ends": yesterday.isoformat()}
        )
    assert browser.get(page("systems:show", system)).status_code == 403
    assert not browser.session.get("_auth_user_id")


def test_who_has_another_organisation_stays_signed_in(
    engagement: Engagement, company: Organisation, erlan: User, carol: User, charlie: User, sign_in: SignIn
) -> None:
    Membership.objects.create(user=erlan, organisation=charlie.memberships.get().organisation, role="owner")
    browser = sign_in(erlan)
    desk.close(engagement, carol)
    assert browser.get(portfolio(company)).status_code == 403
    assert browser.session.get("_auth_user_id") == str(erlan.pk)


def test_a_seat_in_one_engagement_opens_nothing_of_another(
    engagement: Engagement, company: Organisation, system: System, erlan: User, alice: User, carol: User, sign_in: SignIn
) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"}, owner=alice)
    second = engage(company, [other], carol, auditor="Kyran")
    browser = sign_in(erlan)
    assert browser.get(page("systems:show", other)).status_code == 404
    for name in ("show", "log"):
        assert browser.get(reverse(f"audits:{name}", args=[company.pk, second.pk])).status_code == 404
    assert browser.get(reverse("audits:checks", args=[company.pk, second.pk, "scorer"])).status_code == 404
    assert browser.get(reverse("audits:checks", args=[company.pk, engagement.pk, "other"])).status_code == 404
    desk.invite(second, EMAIL, carol)
    assert browser.get(page("systems:show", other)).status_code == 200
    assert browser.get(reverse("audits:checks", args=[company.pk, engagement.pk, "other"])).status_code == 404


@pytest.mark.parametrize(
    "name", ["systems:edit", "systems:facts", "assessments:again", "incidents:stop", "risks:new", "risks:review", "faces:users"]
)
def test_a_scoped_auditor_changes_nothing_of_the_system(name: str, system: System, erlan: User, sign_in: SignIn) -> None:
    assert sign_in(erlan).post(page(name, system), {"reason": "because I can"}).status_code in (403, 405)


def test_what_an_auditor_opens_and_takes_is_logged_for_both_sides(
    engagement: Engagement, company: Organisation, system: System, erlan: User, carol: User, bob: User, sign_in: SignIn
) -> None:
    artifact = outbox.upload(system, "upload", "proof.pdf", b"x", bob)
    artifact.save()
    outbox.drain(everything=True)
    browser = sign_in(erlan)
    browser.get(page("systems:show", system))
    browser.get(reverse("evidence:artifact", args=[company.pk, artifact.pk]))
    browser.get(reverse("evidence:content", args=[company.pk, artifact.pk]))
    browser.get(reverse("obligations:export", args=[company.pk]))
    browser.get(reverse("audits:show", args=[company.pk, engagement.pk]))
    browser.get(reverse("systems:show", args=[company.pk, "nothing"]))
    found = [(each.page, each.taken, each.system, each.artifact) for each in Opening.objects.order_by("id")]
    assert found == [
        ("systems:show", False, system, None),
        ("evidence:artifact", False, system, artifact),
        ("evidence:content", True, system, artifact),
        ("obligations:export", True, None, None),
    ]
    for user in (erlan, carol):
        assert "proof.pdf" in sign_in(user).get(reverse("audits:log", args=[company.pk, engagement.pk])).content.decode()
    log = sign_in(carol).get(reverse("audits:log", args=[company.pk, engagement.pk]), {"format": "json"}).json()
    assert [each["page"] for each in log["openings"]] == [each[0] for each in found]


def test_the_log_of_a_system_is_sealed_by_its_digest_when_the_audit_is_closed(
    engagement: Engagement, system: System, erlan: User, carol: User, sign_in: SignIn
) -> None:
    sign_in(erlan).get(page("systems:show", system))
    desk.close(engagement, carol)
    said = details_of(Artifact.objects.filter(kind="audit-engagement").order_by("-id")[0])
    assert said["openings"] == 1
    assert said["openings_digest"] == sha256(canonical_json(desk.openings(engagement, system)))


def test_an_auditor_of_the_whole_company_with_a_seat_is_logged_and_without_one_is_not(
    engagement: Engagement, system: System, dana: User, carol: User, sign_in: SignIn
) -> None:
    browser = sign_in(dana)
    browser.get(page("systems:show", system))
    assert not Opening.objects.exists()
    desk.invite(engagement, dana.email, carol)
    browser.get(page("systems:show", system))
    assert Opening.objects.get().user == dana


def test_the_pages_are_there_in_every_language(
    engagement: Engagement, company: Organisation, system: System, erlan: User, carol: User, sign_in: SignIn
) -> None:
    for user in (erlan, carol):
        for language, word in (("kk", "Аудиттер"), ("ru", "Аудиты"), ("en", "Audits")):
            browser = sign_in(user, language)
            assert word in browser.get(reverse("audits:list", args=[company.pk])).content.decode()
            for name, more in (("show", []), ("log", []), ("checks", [system.slug])):
                assert browser.get(reverse(f"audits:{name}", args=[company.pk, engagement.pk, *more])).status_code == 200
