"""Every page of accounts and systems in three languages: nothing missing, nothing of another language."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import User
from tanba.web.language import COOKIE
from tanba.web.systems.models import Intake, System
from tanba.web.templatetags import day

SIGNED_OUT = ("accounts:sign_in",)
PAGES = ("accounts:people", "accounts:organisation", "systems:portfolio", "systems:create", "systems:import_new", "systems:proposals")
SYSTEM_PAGES = ("systems:show", "systems:edit", "systems:parts", "systems:upload", "systems:facts")


def foreign(page: str, language: str) -> list[str]:
    """Texts of our catalogue in another language that stand on the page."""
    words = re.sub(r"<[^>]*>", "\n", page)
    own = {text for texts in catalogue().values() if isinstance(text := texts[language], str)}
    ours = ("web.", "accounts.", "systems.", "words.")
    return [
        text
        for key, texts in catalogue().items()
        for other in LANGUAGES
        if key.startswith(ours) and other != language and isinstance(text := texts[other], str)
        if len(text) > 6 and text in words and "{" not in text and not any(text in mine for mine in own)
    ]


def check(answer: object, language: str) -> None:
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert f'<html lang="{language}">' in page
    assert catalogue()["words.disclaimer"][language] in page
    assert foreign(page, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_organisation(name: str, language: str, system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    Intake.objects.create(organisation=system.organisation, label="HR", created_by=alice)
    check(sign_in(alice, language).get(reverse(name, args=[system.organisation_id])), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SYSTEM_PAGES)
def test_pages_of_a_system(name: str, language: str, system: System, alice: User, sign_in: Callable[..., Client]) -> None:
    system.answer("stage", "pilot", "x", alice)
    system.answer("uses_model", True, "x", alice, confirmed=False)
    check(sign_in(alice, language).get(reverse(name, args=[system.organisation_id, system.slug])), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_person(language: str, alice: User, sign_in: Callable[..., Client]) -> None:
    for name in ("accounts:profile", "accounts:organisations", "accounts:new_organisation"):
        check(sign_in(alice, language).get(reverse(name)), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_for_people_who_are_signed_out(language: str, system: System, client: Client) -> None:
    link = Intake.objects.create(organisation=system.organisation, label="HR")
    client.cookies[COOKIE] = language
    check(client.get(reverse("accounts:sign_in")), language)
    check(client.get(reverse("systems:intake", args=[link.token])), language)


def test_kazakh_unless_somebody_chose(client: Client, db: None) -> None:
    assert '<html lang="kk">' in client.get("/sign-in/", headers={"accept-language": "de"}).content.decode()


def test_the_switch_works_signed_out_and_comes_back(client: Client, db: None) -> None:
    answer = client.post(reverse("language"), {"language": "ru", "next": "/sign-in/?next=/"})
    assert answer["Location"] == "/sign-in/?next=/"
    assert '<html lang="ru">' in client.get("/sign-in/").content.decode()


def test_the_choice_stays_with_the_person(alice: User, sign_in: Callable[..., Client]) -> None:
    sign_in(alice).post(reverse("language"), {"language": "kk"})
    alice.refresh_from_db()
    assert alice.language == "kk"
    elsewhere = Client()
    elsewhere.force_login(alice)
    assert '<html lang="kk">' in elsewhere.get("/account/").content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client: Client, db: None, wanted: str) -> None:
    assert client.post(reverse("language"), {"language": "ru", "next": wanted})["Location"] == "/"


def test_unknown_languages_are_ignored(client: Client, db: None) -> None:
    client.post(reverse("language"), {"language": "xx"})
    assert '<html lang="kk">' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize(("language", "written"), [("kk", "2026 жылғы 22 қараша"), ("ru", "22 ноября 2026 г."), ("en", "22 November 2026")])
def test_dates(language: str, written: str) -> None:
    with translation.override(language):
        assert day("2026-11-22") == written


MESSAGE = re.compile(r'^msgid "(.+)"$', re.MULTILINE)


def test_no_form_error_is_english_under_kazakh() -> None:
    """Every word of Django's forms and validators has a Kazakh text, ours or Django's."""
    from pathlib import Path

    import django

    root = Path(django.__file__).parent
    files = [
        root / "forms" / "fields.py",
        root / "forms" / "models.py",
        root / "core" / "validators.py",
        root / "contrib/auth/password_validation.py",
    ]
    found = {
        text for file in files for text in re.findall(r'(?:_|gettext|gettext_lazy)\(\s*"((?:[^"\\]|\\.)+)"\s*,?\s*\)', file.read_text())
    }
    assert len(found) > 40
    with translation.override("kk"):
        assert [text for text in found if translation.gettext(text) == text and text not in ("IPv4", "IPv6", "IPv4 or IPv6")] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_compiled_words_are_those_of_the_source(language: str) -> None:
    from pathlib import Path

    import tanba.web

    source = (Path(tanba.web.__file__).parent / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    with translation.override(language):
        pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)
        assert pairs
        assert [wanted for text, wanted in pairs if translation.gettext(text) != wanted] == []
