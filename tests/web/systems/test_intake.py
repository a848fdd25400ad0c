from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tanba.web.accounts.models import Organisation, User
from tanba.web.systems import intake as intake_pages
from tanba.web.systems.models import Intake, System

GOOD = {
    "name": "Түйіндеме сүзгісі",
    "purpose": "Үміткерлерді іріктейді",
    "department": "Кадр бөлімі",
    "person": "Мадина, 123",
    "stage": "planned",
    "processes_personal_data": "true",
    "has_users": "",
}


@pytest.fixture
def link(company: Organisation, carol: User) -> Intake:
    return Intake.objects.create(organisation=company, label="HR", created_by=carol)


def propose(link: Intake, client: Client, **changes: str) -> Any:
    return client.post(reverse("systems:intake", args=[link.token]), {**GOOD, **changes})


def test_a_department_proposes_without_an_account(link: Intake, client: Client) -> None:
    answer = propose(link, client)
    assert "Түйіндеме сүзгісі" in answer.content.decode()
    system = System.objects.get()
    assert (system.state, system.proposed_by, system.intake, system.name) == ("proposed", "Мадина, 123", link, {"kk": "Түйіндеме сүзгісі"})
    assert system.facts() == {}
    assert {name: row.value for name, row in system.suggested().items()} == {"stage": "planned", "processes_personal_data": True}
    assert system.questions > 0


def test_it_shows_nothing_of_the_register(link: Intake, system: System, client: Client) -> None:
    content = client.get(reverse("systems:intake", args=[link.token])).content.decode()
    assert "Қарлығаш" in content
    assert "скоринг" not in content


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("purpose", " "), ("person", ""), ("stage", "dreamt"), ("has_users", "maybe")])
def test_errors_keep_what_was_typed(field: str, value: str, link: Intake, client: Client) -> None:
    content = propose(link, client, **{field: value}).content.decode()
    assert not System.objects.exists()
    for name, typed in GOOD.items():
        if name not in (field, "stage", "has_users", "processes_personal_data"):
            assert typed in content
    assert "errorlist" in content


def test_a_link_ends_or_is_closed(link: Intake, client: Client, carol: User, sign_in: Callable[..., Client]) -> None:
    sign_in(carol).post(reverse("systems:close_link", args=[link.organisation_id, link.pk]))
    assert propose(link, client).status_code == 410
    Intake.objects.update(expires=timezone.now() + timedelta(days=1))
    assert propose(link, client).status_code == 200


def test_a_link_takes_only_so_many(link: Intake, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_pages, "WAITING_PER_LINK", 2)
    assert [propose(link, client).status_code for _ in range(3)] == [200, 200, 410]
    assert System.objects.count() == 2


def test_an_invented_link_is_refused(client: Client, db: None) -> None:
    assert client.get(reverse("systems:intake", args=["x" * 32])).status_code == 410


def test_compliance_gives_out_links_and_sees_what_comes(link: Intake, client: Client, carol: User, sign_in: Callable[..., Client]) -> None:
    browser, path = sign_in(carol), reverse("systems:proposals", args=[link.organisation_id])
    browser.post(reverse("systems:new_link", args=[link.organisation_id]), {"label": "Маркетинг бөлімі"})
    propose(link, client)
    content = browser.get(path).content.decode()
    for part in ("Маркетинг бөлімі", f"http://testserver/propose/{link.token}/", "Түйіндеме сүзгісі", "Мадина, 123"):
        assert part in content


def test_others_do_not_see_links(link: Intake, bob: User, sign_in: Callable[..., Client]) -> None:
    assert link.token not in sign_in(bob).get(reverse("systems:proposals", args=[link.organisation_id])).content.decode()


def test_a_link_needs_a_label(link: Intake, carol: User, sign_in: Callable[..., Client]) -> None:
    answer = sign_in(carol).post(reverse("systems:new_link", args=[link.organisation_id]), {"label": ""})
    assert "This field is required." in answer.content.decode()
    assert Intake.objects.count() == 1
