"""Pages of assessments, obligations and the law: who reads them, and in which language."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from believable import STUDIO, assessed
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from web.evidence.doing import accept, address, erase, given, seal, withdraw

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
    "evidence:ledger": EVERYBODY,
}
SYSTEM = {
    "assessments:show": EVERYBODY,
    "assessments:history": EVERYBODY,
    "assessments:interview": WRITERS,
    "assessments:describe": WRITERS,
    "obligations:list": EVERYBODY,
    "evidence:system": EVERYBODY,
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
        for where, roles in addresses(company):
            assert browser.get(where).status_code == (200 if role in roles else 403), (role, where)


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
        and text in seen  # the quickest question first
        and "{" not in text
        and not any(text in mine for mine in own)
        and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", seen)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_evidence_mixes_languages(language: str, company: Organisation, bob: User, carol: User, sign_in: SignIn) -> None:
    """File names, entries and proofs are no language; what people typed is in their own."""
    row = assessed(company, STUDIO, bob, "studio").obligations.get(path="230-VIII/5")
    evidence, gone = given(row, bob, expires=timezone.localdate()), given(row, bob)
    seal()
    browser = sign_in(carol, language)
    erase(browser, gone.artifact)
    accept(browser, row)
    seal()
    pages = [reverse("evidence:ledger", args=[company.pk]), reverse("evidence:system", args=[company.pk, "studio"])]
    pages += [address("obligation", row), *(address("artifact", each) for each in company.artifacts.all())]
    for where in (*pages, withdraw(browser, evidence)["Location"]):
        page = browser.get(where).content.decode()
        assert f'<html lang="{language}">' in page
        assert catalogue()["words.disclaimer"][language] in page, where
        assert foreign(re.sub(r"<pre.*?</pre>|[a-z-]+\.(json|pdf)", "", page, flags=re.S), language) == [], where


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_mixes_languages(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    system = assessed(company, STUDIO, carol, "studio")
    system.answer("human_contribution", True, "test", carol, confirmed=False)
    browser = sign_in(carol, language)
    for where, _ in addresses(company):
        if where.endswith("/export"):  # a file
            continue
        page = browser.get(where).content.decode()
        assert f'<html lang="{language}">' in page
        assert catalogue()["words.disclaimer"][language] in page, where
        assert foreign(page, language) == [], where
