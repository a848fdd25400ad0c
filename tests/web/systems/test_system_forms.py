from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.systems.models import Part, System

GOOD = {
    "name_kk": "Чат-көмекші",
    "name_ru": "Чат-помощник",
    "purpose_ru": "Отвечает клиентам",
    "stage": "planned",
    "department": "Юридический департамент",
    "vendor": "ТОО «Алма»",
    "channels": "сайт\n сайт \n\nmobile app",
    "regions": "Алматы",
}


def create(browser: Client, company: Organisation, **changes: Any) -> Any:
    return browser.post(reverse("systems:create", args=[company.pk]), {**GOOD, **changes})


def test_a_system_is_entered_and_assessed(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    answer = create(sign_in(alice), company, owner=str(alice.pk))
    system = System.objects.get()
    assert answer["Location"] == reverse("systems:show", args=[company.pk, "chat-komekshi"])
    assert system.name == {"kk": "Чат-көмекші", "ru": "Чат-помощник"}
    assert (system.state, system.owner, system.stage) == ("approved", alice, "planned")
    assert system.facts() == {"stage": "planned"}
    assert system.channels == ["сайт", "mobile app"]
    assert system.department == "Заң департаменті", "one department, whatever the language it was typed in"
    assert system.conclusion == "undecided"
    assert system.questions > 0


def test_slugs_never_clash(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    for _ in range(3):
        create(sign_in(alice), company)
    create(sign_in(alice), company, name_kk="???", name_ru="")
    assert list(System.objects.order_by("id").values_list("slug", flat=True)) == [
        "chat-komekshi",
        "chat-komekshi-2",
        "chat-komekshi-3",
        "system",
    ]


def test_what_a_system_owner_adds_waits_for_approval(company: Organisation, bob: User, alice: User, sign_in: Callable[..., Client]) -> None:
    create(sign_in(bob), company, owner=str(alice.pk))
    system = System.objects.get()
    assert (system.owner, system.state, system.proposed_by) == (bob, "proposed", "Bob")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name_kk": "", "name_ru": ""}, "Бұл өрісті толтыру міндетті."),
        ({"stage": "dreamt"}, "dreamt"),
        ({"department": "x" * 121}, "Ең көбі 120 таңба енгізіңіз (қазір 121)."),
        ({"channels": "x" * 121}, "ең көбі 120 таңба"),
        ({"name_en": "x" * 201}, "Ең көбі 200 таңба енгізіңіз (қазір 201)."),
    ],
)
def test_errors_keep_what_was_typed(
    changes: dict[str, str], complaint: str, company: Organisation, alice: User, sign_in: Callable[..., Client]
) -> None:
    content = create(sign_in(alice, "kk"), company, **changes).content.decode()
    assert complaint in content
    assert "aria-invalid" in content or "errorlist" in content
    for typed in {**GOOD, **changes}.values():
        assert typed.split("\n")[0] in content
    assert not System.objects.exists()


def test_outsiders_and_auditors_cannot_be_made_owners(
    company: Organisation, alice: User, charlie: User, dana: User, sign_in: Callable[..., Client]
) -> None:
    for user in (charlie, dana):
        assert create(sign_in(alice), company, owner=str(user.pk)).status_code == 200
    assert not System.objects.exists()


def test_editing_changes_the_stage_as_a_fact(system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    path = reverse("systems:edit", args=[system.organisation_id, system.slug])
    for _ in range(2):
        sign_in(alice).post(path, {**GOOD, "owner": str(alice.pk), "stage": "production"})
    system.refresh_from_db()
    assert str(system.stage) == "production"
    assert system.fact_rows.filter(name="stage").count() == 1, "the same answer is not written twice"
    sign_in(alice).post(path, {**GOOD, "stage": ""})
    system.refresh_from_db()
    assert (system.stage, system.facts()) == ("", {})


def test_bob_keeps_his_system_when_he_edits_it(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    sign_in(bob).post(reverse("systems:edit", args=[system.organisation_id, system.slug]), GOOD)
    system.refresh_from_db()
    assert system.owner == bob


def test_markup_in_a_name_stays_text(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    create(sign_in(alice), company, name_kk='<script>alert("x")</script>', vendor="<b>v</b>")
    for name, args in (("systems:portfolio", []), ("systems:show", [System.objects.get().slug])):
        content = sign_in(alice).get(reverse(name, args=[company.pk, *args])).content.decode()
        assert "<script>alert" not in content
        assert "<b>v" not in content


class TestDecision:
    @pytest.fixture
    def proposal(self, system: System) -> System:
        System.objects.filter(pk=system.pk).update(state="proposed")
        return system

    def decide(self, proposal: System, browser: Client, decision: str, reason: str) -> Any:
        return browser.post(reverse("systems:decide", args=[proposal.organisation_id, "scorer"]), {"decision": decision, "reason": reason})

    @pytest.mark.parametrize(("decision", "state"), [("approve", "approved"), ("reject", "rejected"), ("", "rejected")])
    def test_with_a_reason(self, decision: str, state: str, proposal: System, carol: User, sign_in: Callable[..., Client]) -> None:
        self.decide(proposal, sign_in(carol), decision, "Because of article 20")
        proposal.refresh_from_db()
        assert (proposal.state, proposal.decided_by, proposal.decision_reason) == (state, carol, "Because of article 20")
        assert (
            "Because of article 20"
            in sign_in(carol).get(reverse("systems:show", args=[proposal.organisation_id, "scorer"])).content.decode()
        )

    def test_without_one_nothing_happens(self, proposal: System, carol: User, sign_in: Callable[..., Client]) -> None:
        assert "This field is required." in self.decide(proposal, sign_in(carol), "approve", " ").content.decode()
        proposal.refresh_from_db()
        assert proposal.state == "proposed"

    def test_only_once(self, proposal: System, carol: User, sign_in: Callable[..., Client]) -> None:
        self.decide(proposal, sign_in(carol), "approve", "yes")
        assert self.decide(proposal, sign_in(carol), "reject", "no").status_code == 403


class TestParts:
    def add(self, system: System, browser: Client, kind: str, **fields: str) -> Any:
        path = reverse("systems:parts", args=[system.organisation_id, system.slug])
        return browser.post(path, {"kind": kind, **{f"{kind}-{name}": value for name, value in fields.items()}})

    def test_added_and_removed(self, system: System, bob: User, sign_in: Callable[..., Client]) -> None:
        browser = sign_in(bob)
        self.add(system, browser, "model", name="bert", licence="mit", version="")
        self.add(system, browser, "vendor", name="Алма", country="KZ")
        assert [(part.kind, part.details) for part in system.parts.order_by("id")] == [
            ("model", {"name": "bert", "licence": "mit"}),
            ("vendor", {"name": "Алма", "country": "KZ"}),
        ]
        browser.post(reverse("systems:remove_part", args=[system.organisation_id, system.slug, Part.objects.order_by("id")[0].pk]))
        assert system.parts.get().kind == "vendor"

    def test_a_part_needs_a_name_and_keeps_the_rest(self, system: System, bob: User, sign_in: Callable[..., Client]) -> None:
        content = self.add(system, sign_in(bob), "data_library", name="", producer="Алма дата").content.decode()
        assert "This field is required." in content
        assert "Алма дата" in content

    def test_unknown_kinds_are_not_kept(self, system: System, bob: User, sign_in: Callable[..., Client]) -> None:
        self.add(system, sign_in(bob), "spell", name="x")
        assert not Part.objects.exists()


def test_an_auditor_elsewhere_may_own_systems_here(
    company: Organisation, alice: User, bob: User, dana: User, charlie: User, sign_in: Callable[..., Client]
) -> None:
    elsewhere = charlie.memberships.get().organisation
    Membership.objects.create(user=bob, organisation=elsewhere, role="auditor")
    Membership.objects.create(user=dana, organisation=elsewhere, role="owner")
    create(sign_in(alice), company, owner=str(bob.pk))
    assert System.objects.get().owner == bob
    assert list(company.writers()) == [alice, bob], "Dana writes elsewhere and only reads here"
