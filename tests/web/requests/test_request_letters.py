"""The letter of an answer: from the draft as it was made, from what somebody wrote, from what was sent; none after erasure."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tanba.documents.render import EDITIONS, MEDIA_TYPES
from tanba.strings import LANGUAGES, t
from tanba.web import bounds
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.requests.models import Request
from web.requests.conftest import HOSTILE, address, answer, do

Filer = Callable[..., Request]
SignIn = Callable[..., Client]


def letter(browser: Client, row: Request, edition: str = "en", form: str = "html") -> Any:
    return browser.get(address("show", row.organisation, row.pk), {"as": form, "in": edition})


def shown(browser: Client, row: Request, edition: str = "en") -> str:
    return unescape(letter(browser, row, edition).content.decode())


def test_an_unedited_draft_is_there_in_every_language(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file("objection", written={"name": "Viktor"}), sign_in(carol)
    assert t("requests.letter", "en") not in browser.get(address("show", row.organisation, row.pk)).content.decode()
    assert letter(browser, row).status_code == 404
    browser.post(address("draft", row.organisation, row.pk), {"outcome": "rejected", "reason": "not_justified", "text": "", "new": "1"})
    assert t("requests.letter", "en") in browser.get(address("show", row.organisation, row.pk)).content.decode()
    for language in LANGUAGES:
        page = shown(browser, row, language)
        assert t("answers.objection_rejected", language) in page
        assert t("documents.letter_remark", language, gap=t("documents.gap", language)) in page
        assert row.number in page
        assert "Viktor" in page
        assert "[en]" not in page


@pytest.mark.parametrize("form", MEDIA_TYPES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_what_was_written_and_sent_is_there_in_its_language_in_every_form(
    edition: str, form: str, file: Filer, carol: User, dana: User, sign_in: SignIn
) -> None:
    row = file()
    do(sign_in(carol), row, "take")
    assert answer(sign_in(carol), row, text="Good day,\n\nYour income was too low.").status_code == 302
    found = letter(sign_in(dana), row, edition, form)
    assert found.status_code == 200
    assert f"answer-{row.number}.{edition}.{form}" in found["Content-Disposition"]
    assert found.content.startswith({"docx": b"PK", "html": b"<!doctype", "pdf": b"%PDF"}[form])
    if form == "html":
        page = unescape(found.content.decode())
        assert ("income was too low. [en]" in page) is (edition != "en")
        assert t("documents.letter_remark", "en", gap=t("documents.gap", "en")) not in page


def test_once_it_is_erased_there_is_no_letter(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file(), sign_in(carol)
    do(browser, row, "take")
    answer(browser, row)
    outbox.drain()
    do(browser, row, "erase")
    assert letter(browser, row).status_code == 404


def test_hostile_words_stay_words(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file(written={"name": HOSTILE}), sign_in(carol)
    do(browser, row, "take")
    answer(browser, row, text=HOSTILE)
    page = letter(browser, row, "kk+ru").content.decode()
    assert "<script>" not in page
    assert "<img" not in page


def test_another_organisation_gets_nothing_and_odd_words_of_the_address_are_refused(
    file: Filer, carol: User, charlie: User, sign_in: SignIn
) -> None:
    row = file()
    do(sign_in(carol), row, "take")
    answer(sign_in(carol), row)
    assert letter(sign_in(charlie), row).status_code in (403, 404)
    assert letter(sign_in(carol), row, "de").status_code == 404
    assert sign_in(carol).get(address("show", row.organisation, row.pk), {"as": "exe"}).status_code == 200  # the page itself


def test_when_all_places_are_taken_it_says_so(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file(), sign_in(carol)
    do(browser, row, "take")
    answer(browser, row)
    with bounds.place(), bounds.place():
        busy = letter(browser, row)
    assert (busy.status_code, busy["Retry-After"]) == (503, "60")
    assert t("documentpages.busy", "en") in busy.content.decode()
