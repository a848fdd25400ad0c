"""Pages of assessments, obligations and the law: who reads them, and in which language."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from believable import STUDIO, assessed
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User

SignIn = Callable[..., Client]
EVERYBODY = {"administrator", "compliance", "owner", "auditor"}
OFFICERS = {"administrator", "compliance"}
WRITERS = EVERYBODY - {"auditor"}
ORGANISATION = {
    "lawtracker:law": EVERYBODY,
    "lawtracker:claims": EVERYBODY,
    "lawtracker:changes": EVERYBODY,
    "lawtracker:confirmations": EVERYBODY,
    "lawtracker:policy": EVERYBODY,
    "lawtracker:import": OFFICERS,
    "obligations:all": EVERYBODY,
    "obligations:export": EVERYBODY,
}
SYSTEM = {
    "assessments:show": EVERYBODY,
    "assessments:history": EVERYBODY,
    "assessments:interview": WRITERS,
    "assessments:describe": WRITERS,
    "obligations:list": EVERYBODY,
}
PROVISIONS = ("230-VIII/21/2", "230-VIII/17/3/6", "CoAO/641-1/1/1", "practice/five-year-archive", "230-VIII/1/5")


def addresses(company: Organisation) -> list[tuple[str, set[str]]]:
    found = [(reverse(name, args=[company.pk]), roles) for name, roles in ORGANISATION.items()]
    found += [(reverse(name, args=[company.pk, "studio"]), roles) for name, roles in SYSTEM.items()]
    return found + [(reverse("lawtracker:provision", args=[company.pk, path]), EVERYBODY) for path in PROVISIONS]


def test_who_reads(company: Organisation, alice: User, carol: User, bob: User, dana: User, sign_in: SignIn) -> None:
    assessed(company, STUDIO, bob, "studio")
    for role, person in {"administrator": alice, "compliance": carol, "owner": bob, "auditor": dana}.items():
        browser = sign_in(person)
        for address, roles in addresses(company):
            assert browser.get(address).status_code == (200 if role in roles else 403), (role, address)


def foreign(page: str, language: str) -> list[str]:
    """Texts of the catalogue in another language that stand on the page; notes may quote another language's text."""
    seen = re.sub(r"<[^>]*>|«[^»]*»", "\n", re.sub(r'<option.*?</option>|<form class="languages".*?</form>', "", page, flags=re.S))
    own = {text for texts in catalogue().values() if isinstance(text := texts[language], str)}
    return [
        text
        for texts in catalogue().values()
        for other in LANGUAGES
        if other != language and isinstance(text := texts[other], str)
        if len(text) > 8
        and "{" not in text
        and not any(text in mine for mine in own)
        and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", seen)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_mixes_languages(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, STUDIO, carol, "studio")
    system.answer("human_contribution", True, "test", carol, confirmed=False)
    browser = sign_in(carol, language)
    for address, _ in addresses(company):
        if address.endswith(".csv"):
            continue
        page = browser.get(address).content.decode()
        assert f'<html lang="{language}">' in page
        assert catalogue()["words.disclaimer"][language] in page, address
        assert foreign(page, language) == [], address
