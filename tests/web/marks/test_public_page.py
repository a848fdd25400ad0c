"""The page for everybody: what an outsider learns, and what not; what cannot be used against the server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from marking.conftest import opened, packed
from tanba.errors import StoreError
from tanba.marking import home
from tanba.marking.markid import text_of
from tanba.strings import LANGUAGES, catalogue
from tanba.web import bounds
from tanba.web.accounts.models import Organisation, User
from tanba.web.bounds import Limit, network
from tanba.web.language import COOKIE
from tanba.web.marks import desk, outside
from tanba.web.systems.models import System
from tanba.workspace import current
from web.marks.test_marking_pages import HOSTILE, PICTURE, rows, send

pytestmark = pytest.mark.django_db
VERIFY = "/verify/"
ROOT = Path(__file__).parents[3]
JSON = {"accept": "application/json"}


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


@pytest.fixture
def outsider() -> Client:
    browser = Client()
    browser.cookies[COOKIE] = "en"
    return browser


@pytest.fixture
def marked(company: Organisation, system: System, bob: User, sign_in: Callable[..., Client]) -> bytes:
    """Bob's picture, marked for his system."""
    return bytes(send(sign_in(bob), company, ("secret-campaign.jpg", PICTURE), system=str(system.pk)).content)


def check(browser: Client, content: bytes, name: str = "x.jpg", **headers: str) -> Any:
    return browser.post(VERIFY, {"file": SimpleUploadedFile(name, content)}, headers=headers)


# what an outsider learns


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_marked_file_in_three_languages(language: str, marked: bytes, company: Organisation, outsider: Client) -> None:
    outsider.cookies[COOKIE] = language
    answer = check(outsider, marked)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text
    for key in ("verdict_found", "how_proved", "conformity_unknown", "sealed_yes"):
        assert said(f"marking_pages.{key}", language) in text, key
    for key in ("marks.state_valid", "marks.found", "words.disclaimer", "marks.source_created"):
        assert said(key, language) in text, key
    assert str(escape(company.name[language])) in text
    assert text_of(rows()[0].id) in text


@pytest.mark.parametrize("headers", [{}, JSON])
def test_nothing_internal_leaks(headers: dict[str, str], marked: bytes, system: System, outsider: Client) -> None:
    """Neither system nor file name nor standard nor account: also not by way of the manifest, which names some of them."""
    number = text_of(rows()[0].id)
    answers = [check(outsider, marked, **headers), check(outsider, PICTURE, **headers)]
    answers.append(outsider.get(VERIFY, {"number": number}, headers=headers))
    for answer in answers:
        text = answer.content.decode()
        assert number in text
        for secret in (
            "scorer",
            *system.name.values(),
            "secret-campaign",
            rows()[0].policy,
            "Bob",
            rows()[0].sealed or "?",
            str(current().root),
        ):
            assert secret not in text, secret


def test_json(marked: bytes, company: Organisation) -> None:
    answer = check(Client(enforce_csrf_checks=True), marked, **JSON)
    assert answer["Content-Type"] == "application/json"
    found = answer.json()
    assert found.keys() == {"conformity", "layers", "machine_readable", "marks", "media_type", "numbers", "schema", "warning"}
    assert (found["schema"], found["conformity"], found["machine_readable"], found["warning"]) == (
        "tanba.mark-check-public/1", "unknown", "found", "found",
    )  # fmt: skip
    assert [layer["layer"] for layer in found["layers"]] == ["c2pa", "metadata", "watermark", "fingerprint", "label"]
    (mark,) = found["marks"]
    row = rows()[0]
    owned = {"organisation": company.name, "sealed": True, "source": "created", "time": row.time}
    assert mark == {"found": "proved", "id": text_of(row.id), **owned}


@pytest.mark.parametrize("name", [*HOSTILE, "marked.jpg"])
def test_every_json_answer_follows_its_schema(name: str, marked: bytes, outsider: Client) -> None:
    schema = json.loads((ROOT / "spec/schema/mark-check-public.json").read_text())
    follows = jsonschema.Draft202012Validator(schema).validate
    follows(check(outsider, {**HOSTILE, "marked.jpg": marked}[name], name, **JSON).json())
    for number in (text_of(rows()[0].id), text_of(1), "x"):
        follows(outsider.get(VERIFY, {"number": number}, headers=JSON).json())


def test_a_damaged_file_without_a_mark_is_not_called_false(marked: bytes, outsider: Client) -> None:
    whole = packed(np.random.default_rng(3).integers(0, 255, (300, 400, 3), np.uint8), "PNG")
    text = check(outsider, whole[: len(whole) // 2], "x.png").content.decode()
    assert said("marking_pages.verdict_unknown") in text
    assert said("marking_pages.verdict_invalid") not in text


def test_nothing_found_is_no_finding(marked: bytes, outsider: Client) -> None:
    text = check(outsider, packed(np.random.default_rng(3).integers(0, 255, (300, 400, 3), np.uint8))).content.decode()
    assert said("marking_pages.verdict_not_found") in text
    assert said("marks.nothing") in text


def test_where_nothing_was_ever_marked_nothing_is_made(outsider: Client) -> None:
    """Without keys nobody can say that there is no watermark; why is nobody's business."""
    text = check(outsider, PICTURE).content.decode()
    assert said("marking_pages.verdict_unknown") in text
    assert said("marks.nothing") in text
    assert "tanba keys" not in text
    assert not current().marks.exists()
    assert not home.exists(current())


def test_a_picture_like_a_marked_one_is_not_called_marked(marked: bytes, outsider: Client) -> None:
    pixels = np.asarray(opened(PICTURE).convert("RGB").resize((300, 225)))
    found = check(outsider, packed(pixels, quality=60), **JSON).json()
    assert found["machine_readable"] == "not_found"
    assert [mark["found"] for mark in found["marks"]] == ["alike"]
    text = check(outsider, PICTURE).content.decode()
    assert said("marking_pages.verdict_alike") in text
    assert said("marking_pages.verdict_found") not in text


def test_a_changed_file_does_not_pass(marked: bytes, outsider: Client) -> None:
    changed = bytearray(marked)
    changed[-40] ^= 0x55
    text = check(outsider, bytes(changed)).content.decode()
    assert said("marking_pages.verdict_invalid") in text


def test_a_mark_of_nobody_in_this_register(marked: bytes, outsider: Client) -> None:
    Organisation.objects.update(bin="200140999992")
    text = check(outsider, marked).content.decode()
    assert rows()[0].organisation in text


def test_a_mark_of_another_register(marked: bytes, outsider: Client) -> None:
    desk.close()
    current().marks.unlink()
    text = check(outsider, marked).content.decode()
    assert said("marking_pages.verdict_found_unknown") in text


def test_by_number(marked: bytes, outsider: Client, company: Organisation) -> None:
    number = text_of(rows()[0].id)
    assert company.name["en"] in outsider.get(VERIFY, {"number": number.lower()}).content.decode()
    typo = outsider.get(VERIFY, {"number": number[:-1] + ("0" if number[-1] != "0" else "1")})
    assert (typo.status_code, "has a typing error" in typo.content.decode()) == (422, True)
    unknown = outsider.get(VERIFY, {"number": text_of(1)})
    assert (unknown.status_code, said("marking_pages.number_unknown") in unknown.content.decode()) == (404, True)
    assert outsider.get(VERIFY, {"number": "<script>"}).content.decode().count("<script>") == 0
    assert outsider.get(VERIFY, {"number": text_of(1)}, headers=JSON).json()["error"] == "unknown"


# what cannot be used against the server


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name: str, language: str, marked: bytes, outsider: Client) -> None:
    outsider.cookies[COOKIE] = language
    answer = check(outsider, HOSTILE[name], name)
    text = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert said("marking_pages.verdict_found", language) not in text
    assert said("marking_pages.verdict_not_found", language) not in text, "could not be looked at is not: nothing was found"
    assert "alert(1)" not in text
    assert check(outsider, HOSTILE[name], name, **JSON).status_code == answer.status_code


def test_forms_of_browsers_need_their_token() -> None:
    assert check(Client(enforce_csrf_checks=True), PICTURE).status_code == 403


def test_too_many_requests(outsider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds.limit, "most", 2)
    assert [check(outsider, b"x").status_code for _ in range(3)] == [200, 200, 429]
    answer = outsider.get(VERIFY, {"number": text_of(1)})
    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 61) == (429, True)
    assert said("marking_pages.refused_too_many") in answer.content.decode()
    assert check(outsider, b"x", **JSON).json()["error"] == "too_many"
    assert outsider.get(VERIFY).status_code == 200
    assert outsider.post(VERIFY, {}, REMOTE_ADDR="10.0.0.9").status_code == 422


def test_all_places_taken(outsider: Client) -> None:
    with bounds.place(), bounds.place():
        answer = check(outsider, PICTURE)
        assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        assert said("marking_pages.refused_busy") in answer.content.decode()
    assert check(outsider, PICTURE).status_code == 200


def test_places_are_given_back_after_trouble(outsider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise StoreError("/secret/path", "broken")

    monkeypatch.setattr(outside, "verify", fails)
    for _ in range(bounds.AT_ONCE + 1):
        answer = check(outsider, PICTURE)
        assert answer.status_code == 503
        assert "secret" not in answer.content.decode()


def test_a_long_file_is_refused_before_it_is_read(outsider: Client) -> None:
    answer = outsider.post(VERIFY, data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(desk.LARGEST * 2))
    assert answer.status_code == 413
    assert said("marking_pages.refused_too_large") in answer.content.decode()


def test_many_pixels_are_refused_before_they_are_opened(outsider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "CHECK_PIXELS", 1000)
    answer = check(outsider, PICTURE)
    assert answer.status_code == 422
    assert "pixels" in answer.content.decode()


def test_the_bound_counts_by_address_and_forgets() -> None:
    limit = Limit(most=2, window=10)
    assert [limit.wait("10.0.0.1", now) for now in (0, 1, 2)] == [0, 0, 9]
    assert limit.wait("10.0.0.2", 2) == 0
    assert limit.wait("10.0.0.1", 10.5) == 0
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:9::1") != network("2001:db8:1:3::1")
    assert network("no address") == "no address"


def test_addresses_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ADDRESSES", 5)
    limit = Limit()
    for number in range(50):
        limit.wait(f"10.0.0.{number}", 0.0)
    assert len(limit._seen) == 5


def test_links_lead_here(outsider: Client, company: Organisation, dana: User, sign_in: Callable[..., Client]) -> None:
    assert f'href="{VERIFY}"' in outsider.get("/sign-in/").content.decode()
    assert f'href="{VERIFY}"' in sign_in(dana).get(reverse("marks:marks", args=[company.pk])).content.decode()
    assert outsider.put(VERIFY).status_code == 405


def test_the_switch_of_languages_stays_on_the_page(outsider: Client) -> None:
    answer = outsider.post(reverse("language"), {"language": "ru", "next": VERIFY})
    assert answer["Location"] == VERIFY
    assert said("marking_pages.verify_lead", "ru") in outsider.get(VERIFY).content.decode()
