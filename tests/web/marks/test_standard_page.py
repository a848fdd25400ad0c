"""The channel standard: changed by managers, written to its file, sealed, shown as it would look."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from tanba.marking.standard import Standard, parse
from tanba.marking.standardfile import load_standard, place, save_standard, written
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.models import Artifact
from tanba.workspace import current
from tanba.yamlfile import parse_yaml
from web.evidence.doing import kinds, seal, well_sealed

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
USUAL = {
    "first": "kk", "second": "ru", "third": "", "place": "bottom-right", "style": "auto", "size": "5",
    "layers": ["c2pa", "metadata", "watermark", "label"], "everything": "on",
}  # fmt: skip


def page(organisation: Organisation) -> str:
    return reverse("marks:standard", args=[organisation.pk])


def save(browser: Client, organisation: Organisation, **values: Any) -> Any:
    return browser.post(page(organisation), {**USUAL, "seen": load_standard(current()).version, **values})


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


def test_saved_sealed_and_shown(company: Organisation, carol: User, dana: User, sign_in: SignIn) -> None:
    before = Standard().version
    answer = save(sign_in(carol), company, third="en", place="top-left", size="7.5", created_kk="ЖИ «суреті»", aigc="on")
    assert answer.status_code == 302
    stands = load_standard(current())
    assert stands == Standard(("kk", "ru", "en"), "top-left", "auto", 0.075, {"created": {"kk": "ЖИ «суреті»"}}, aigc=True)
    assert stands.version in sign_in(dana).get(page(company)).content.decode()
    artifact = Artifact.objects.get()
    details = json.loads(artifact.made_here or b"")["details"]
    assert (artifact.kind, artifact.by, details["before"], details["version"]) == ("labelling-standard", carol, before, stands.version)
    assert parse(parse_yaml(details["standard"])) == stands
    assert seal() == 1
    assert kinds() == ["labelling-standard"]
    well_sealed()
    shown = sign_in(dana, "ru").get(reverse("evidence:artifact", args=[company.pk, artifact.pk])).content.decode()
    assert said("kinds.labelling-standard", "ru").capitalize() in shown
    assert stands.version in shown


def test_the_next_picture_follows_it(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    save(browser, company, first="en", second="")
    text = browser.get(reverse("marks:marks", args=[company.pk])).content.decode()
    assert re.findall(r'value="(\w\w)"[^>]*checked', text) == ["en"]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"second": "kk"}, "marking_pages.language_twice"),
        ({"size": "4"}, "web.form_wrong"),
        ({"size": "50"}, "web.form_wrong"),
        ({"size": "nan"}, "web.form_wrong"),
        ({"layers": []}, "web.form_wrong"),
        ({"layers": ["smell"]}, "web.form_wrong"),
        ({"place": "../../etc"}, "web.form_wrong"),
        ({"created_kk": "x" * 61}, "web.form_wrong"),
        ({"created_kk": "a\u202eb"}, "marking_pages.wording_wrong"),
        ({"seen": "older"}, "marking_pages.changed_meanwhile"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    values: Any, key: str, company: Organisation, carol: User, sign_in: SignIn
) -> None:
    answer = save(sign_in(carol), company, **values)
    assert answer.status_code == 422
    assert said(key) in answer.content.decode()
    assert not place(current()).exists()
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("words", ["true", "12 ЖИ", "a: b # c", '"quoted" \\ back', "{x: [y]}", "- dash", "ЖИ 🤖", "&anchor *alias !tag"])
def test_any_wording_survives_its_file(words: str, company: Organisation, alice: User, sign_in: SignIn) -> None:
    assert save(sign_in(alice), company, created_kk=words).status_code == 302
    assert load_standard(current()).wording == {"created": {"kk": words}}


def test_the_same_standard_is_the_same_text(tmp_path: Any) -> None:
    standard = Standard(("ru",), "top-right", "dark", 0.1, {"altered": {"ru": "xx", "kk": "yy"}}, ("label",), True, False)
    text = save_standard(current(), standard)
    assert place(current()).read_text(encoding="utf-8") == text == written(load_standard(current()))
    assert all(" # " in line for line in text.splitlines()[1:])


def test_owners_and_auditors_read_only(company: Organisation, bob: User, dana: User, sign_in: SignIn) -> None:
    for user in (bob, dana):
        browser = sign_in(user)
        text = browser.get(page(company)).content.decode()
        assert said("marking_pages.standard_read_only") in text
        assert 'name="first"' not in text
        assert save(browser, company).status_code == 403
    assert not place(current()).exists()


def pictures(text: str) -> list[Image.Image]:
    return [Image.open(BytesIO(b64decode(each))) for each in re.findall(r'src="data:image/png;base64,([^"]+)"', text)]


def test_a_look_shows_the_change_and_saves_nothing(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    now = pictures(browser.get(page(company)).content.decode())
    then = pictures(save(browser, company, place="top-left", look="1").content.decode())
    assert [(each.format, each.size) for each in now] == [("PNG", (640, 420))] * 2
    assert all(one.tobytes() != other.tobytes() for one, other in zip(now, then, strict=True))
    assert not place(current()).exists()
    assert not Artifact.objects.exists()


def test_what_article_21_asks_for_is_said_when_it_is_switched_off(company: Organisation, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    for layers, key in ((["c2pa"], "marking_pages.no_label"), (["label"], "marking_pages.no_machine")):
        assert said(key) in save(browser, company, layers=layers, look="1").content.decode()


def test_words_that_do_not_fit_on_the_sample(company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = save(sign_in(carol), company, created_kk="Ж" * 60, size="20", look="1")
    assert answer.status_code == 200
    assert "is too small for a warning" in answer.content.decode()


def test_a_broken_file_is_said_and_can_be_replaced(company: Organisation, carol: User, bob: User, sign_in: SignIn) -> None:
    current().create()
    place(current()).write_text("languages: [de]\n")
    browser = sign_in(carol)
    assert said("marking_pages.standard_broken") in browser.get(page(company)).content.decode()
    assert 'role="alert"' in sign_in(bob).get(reverse("marks:marks", args=[company.pk])).content.decode()
    assert browser.post(page(company), USUAL).status_code == 302
    assert load_standard(current()) == Standard()


def test_one_standard_for_several_organisations(company: Organisation, charlie: User, carol: User, sign_in: SignIn) -> None:
    text = sign_in(carol).get(page(company)).content.decode()
    assert said("marking_pages.standard_several") in text
    save(sign_in(carol), company, first="en", second="")
    elsewhere = charlie.memberships.get().organisation
    assert load_standard(current()).version in sign_in(charlie).get(page(elsewhere)).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_three_languages(language: str, company: Organisation, carol: User, sign_in: SignIn) -> None:
    text = sign_in(carol, language).get(page(company)).content.decode()
    for key, texts in catalogue().items():
        if key.startswith(("marking_pages.place_", "marking_pages.style_", "marking_pages.layer_")):
            assert str(escape(texts[language])) in text, key
