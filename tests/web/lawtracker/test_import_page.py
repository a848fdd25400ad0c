"""Comparing an official text in the browser. The texts here are made up; their digests are put into the law for the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from believable import SCORER, assessed
from tanba.errors import TanbaError
from tanba.law.load import load
from tanba.law.official import article_digest, read_articles
from tanba.strings import LANGUAGES, catalogue, explain
from tanba.web.accounts.models import Organisation, User
from tanba.web.lawtracker import importing

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
TEXT = "Статья 17. Правовой режим\n1. Одно.\nСтатья 21. Прозрачность\n1. Другое.\nСтатья 23. Авторское право\n1. Третье.\n"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "known.txt"
    file.write_text(TEXT, encoding="utf-8")
    digests = {article.number: article_digest(article) for article in read_articles(file)}
    monkeypatch.setattr(importing, "known_digests", lambda law, act: digests if act == "230-VIII" else {})


def upload(browser: Client, company: Organisation, content: bytes, name: str = "law.txt", act: str = "230-VIII") -> Any:
    answer = browser.post(reverse("lawtracker:import", args=[company.pk]), {"act": act, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_text_has_no_difference(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = upload(sign_in(carol, language), company, TEXT.encode())
    assert answer.context["result"]["comparison"].same == ("17", "21", "23")
    assert catalogue()["lawtracker.import_same"][language] in answer.content.decode()


def test_a_changed_article_names_provisions_and_systems(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    altered = TEXT.replace("Другое", "Иное").replace("Статья 23. Авторское право\n1. Третье.\n", "Статья 99. Новая\n1. Новое.\n")
    answer = upload(sign_in(carol), company, altered.encode())
    result = answer.context["result"]
    assert (result["comparison"].changed, result["comparison"].missing, result["comparison"].new) == (("21",), ("23",), ("99",))
    assert {p.article for p in result["provisions"]} == {"21", "23"}
    assert result["systems_count"] == 1
    page = answer.content.decode()
    assert "/law/at/230-VIII/21/2/" in page
    assert "/systems/scorer/assessment/" in page
    assert catalogue()["lawtracker.import_not_kept"]["en"] in page


def test_a_changed_test_touches_every_system_that_is_measured(company: Organisation, carol: User, sign_in: SignIn) -> None:
    assessed(company, SCORER, carol)
    answer = upload(sign_in(carol), company, TEXT.replace("Одно", "Двое").encode())
    assert answer.context["result"]["all_measured"] == 1


def test_another_act_is_doubted(company: Organisation, carol: User, sign_in: SignIn) -> None:
    page = upload(sign_in(carol), company, "Статья 1. Иной закон\n1. Текст.\n".encode()).content.decode()
    assert catalogue()["lawtracker.import_doubtful"]["en"] in page


@pytest.mark.parametrize(
    ("content", "name", "template"),
    [
        (b"", "law.txt", "is empty"),
        (b"%PDF-1.7 x", "law.pdf", "is not a format that is read"),
        (b"PK not a zip", "law.docx", "is not a DOCX that can be read"),
        ("Просто текст".encode(), "law.txt", "no article was found"),
        ("Статья 1. А\nСтатья 1. А\n".encode(), "law.txt", "article {article} stands twice"),
        (b"x" * (importing.MAX_BYTES + 10), "law.txt", "is larger than {limit:,} bytes"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_files_are_named_in_the_language_of_the_page(
    language: str, content: bytes, name: str, template: str, company: Organisation, carol: User, sign_in: SignIn
) -> None:
    page = upload(sign_in(carol, language), company, content, name).content.decode()
    error = TanbaError(template, article="1", limit=importing.MAX_BYTES)
    assert f"{name}: {explain(error, language)[0]}" in page
    assert "/tmp/" not in page


def test_nothing_chosen_is_said(company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = sign_in(carol).post(reverse("lawtracker:import", args=[company.pk]), {"act": "230-VIII"})
    assert catalogue()["lawtracker.import_nothing"]["en"] in answer.content.decode()
    assert catalogue()["lawtracker.import_nothing"]["en"] in upload(sign_in(carol), company, TEXT.encode(), act="mars").content.decode()


def test_only_officers_compare(company: Organisation, bob: User, dana: User, sign_in: SignIn) -> None:
    for person in (bob, dana):
        assert sign_in(person).get(reverse("lawtracker:import", args=[company.pk])).status_code == 403


def test_the_law_knows_digests_of_the_statute() -> None:
    from tanba.law.touched import known_digests

    assert len(known_digests(load("kz"), "230-VIII")) == 31
