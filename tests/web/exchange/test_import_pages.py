"""Pages of import and export."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.exchange.files import FORMS, read
from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
from tanba.web.systems.models import System
from web.exchange.importing import applied, table

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
CONTENT = table(
    ["slug", "name_en", "vendor", "stage"], ["scorer", None, "Aq", None], ["bot", "Bot", None, None], ["x", "X", None, "someday"]
)


def given(browser: Client, company: Organisation, content: bytes = CONTENT, answers: str = "suggested") -> str:
    sent = {"file": SimpleUploadedFile("inventory.csv", content), "answers": answers}
    answer = browser.post(reverse("exchange:imports", args=[company.pk]), sent)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_table_is_given_looked_at_applied_and_undone(
    company: Organisation, carol: User, system: System, sign_in: SignIn, language: str
) -> None:
    browser = sign_in(carol, language)
    page = given(browser, company)
    assert 'hx-trigger="every 1s"' in browser.get(page).content.decode()
    desk.work()
    shown = browser.get(page).content.decode()
    assert "hx-trigger" not in shown
    assert {"kk": "Бұрынғы мәні", "ru": "Было", "en": "Before"}[language] in shown
    assert "&#x27;someday&#x27;" in shown
    assert System.objects.count() == 1
    browser.post(f"{page}apply/")
    desk.work()
    assert System.objects.get(slug="bot").conclusion
    assert reverse("exchange:undo", args=[company.pk, Import.objects.get().pk]) in browser.get(page).content.decode()
    browser.post(f"{page}undo/")
    desk.work()
    assert {"kk": "Импорт қайтарылды", "ru": "Импорт отменён", "en": "The import was undone"}[language] in browser.get(
        page
    ).content.decode()
    assert System.objects.count() == 1


def test_every_problem_can_be_had_as_csv(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    page = given(browser, company, table(["slug", "name_en", "stage"], *([f"s{n}", "S", "=x"] for n in range(120))))
    desk.work()
    answer = browser.get(f"{page}problems/")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 121
    assert browser.get(page).context["pages"] == 3
    assert len(browser.get(f"{page}?page=3").context["problems"]) == 20


def test_undoing_what_was_changed_since_says_why(company: Organisation, carol: User, sign_in: SignIn) -> None:
    row = applied(company, carol, table(["slug", "name_en"], ["bot", "Bot"]))
    System.objects.update(vendor="Later")
    browser = sign_in(carol)
    answer = browser.post(reverse("exchange:undo", args=[company.pk, row.pk]), follow=True)
    assert "1 systems were changed since: bot" in answer.content.decode()


def test_a_file_is_put_away_unless_it_was_applied(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    given(browser, company)
    row = Import.objects.get()
    browser.post(reverse("exchange:drop", args=[company.pk, row.pk]))
    assert not Import.objects.exists()
    row = applied(company, carol, table(["slug", "name_en"], ["bot", "Bot"]))
    browser.post(reverse("exchange:drop", args=[company.pk, row.pk]))
    assert Import.objects.get().state == "done"


def test_a_form_without_file_or_choice_is_told(company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = sign_in(carol).post(reverse("exchange:imports", args=[company.pk]), {"answers": "perhaps"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file", "answers"}


@pytest.mark.parametrize("form", [*FORMS])
def test_an_auditor_exports(company: Organisation, dana: User, system: System, sign_in: SignIn, form: str) -> None:
    answer = sign_in(dana).get(reverse("exchange:export", args=[company.pk]), {"format": form})
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert [entry.slug for entry in read(answer.content, load("kz")).entries] == ["scorer"]
    template = sign_in(dana).get(reverse("exchange:template", args=[company.pk]))
    assert read(template.content, load("kz")).rows == 0


def test_the_portfolio_offers_import_to_managers_and_export_to_all(
    company: Organisation, carol: User, dana: User, system: System, sign_in: SignIn
) -> None:
    home, imports = reverse("systems:portfolio", args=[company.pk]), reverse("exchange:imports", args=[company.pk])
    export = reverse("exchange:export", args=[company.pk])
    assert imports in (page := sign_in(carol).get(home).content.decode())
    assert export in page
    assert imports not in (page := sign_in(dana).get(home).content.decode())
    assert export in page
