from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.law.facts import parse_system, read_system
from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.systems.files import new_system, read_file, system_yaml, take, take_parts, take_principles
from tanba.web.systems.models import System

EXAMPLES = Path(__file__).parents[3] / "examples"
CARD = b"---\nlicense: mit\npipeline_tag: text-to-image\ndatasets: [laion]\n---\n# My model\n"
YAML = """schema: tanba.system/1
system: helper
name: {kk: Көмекші, ru: Помощник, en: Helper}
department: IT
models: [{name: bert, version: "1"}]
vendor: Алма
channels: [web]
facts:
  uses_model: true
  stage: {value: pilot, source: memo, confirmed: true}
"""


def send(browser: Client, address: str, name: str, content: bytes | str) -> Any:
    content = content.encode() if isinstance(content, str) else content
    return browser.post(address, {"file": SimpleUploadedFile(name, content)})


def upload(system: System, browser: Client, name: str, content: bytes | str) -> Any:
    return send(browser, reverse("systems:upload", args=[system.organisation_id, system.slug]), name, content)


def test_a_model_card_becomes_suggestions_and_parts(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    answer = upload(system, sign_in(bob), "README.md", CARD)
    assert answer["Location"] == reverse("systems:facts", args=[system.organisation_id, system.slug])
    assert system.facts() == {}
    waiting = system.suggested()
    assert waiting["generates_or_alters_media"].value is True
    assert "text-to-image" in waiting["generates_or_alters_media"].source
    assert [(part.kind, part.details["name"]) for part in system.parts.order_by("id")] == [("model", "My model"), ("data_library", "laion")]


def test_the_same_file_twice_changes_nothing(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    for _ in range(2):
        upload(system, sign_in(bob), "README.md", CARD)
    assert system.parts.count() == 2
    assert system.fact_rows.count() == len(system.suggested())


def test_a_file_never_overrides_what_was_confirmed(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    system.answer("stage", "planned", "Bob", bob)
    upload(system, sign_in(bob), "helper.yaml", YAML)
    assert system.facts() == {"stage": "planned"}
    assert {name: row.value for name, row in system.suggested().items()} == {"uses_model": True, "stage": "pilot"}


def test_a_new_system_from_a_file(company: Organisation, alice: User, sign_in: Callable[..., Client]) -> None:
    send(sign_in(alice), reverse("systems:import_new", args=[company.pk]), "helper.yaml", YAML)
    system = System.objects.get()
    assert (system.slug, system.name["kk"], system.vendor, system.channels) == ("helper", "Көмекші", "Алма", ["web"])
    assert system.facts() == {}, "answers of a file wait for confirmation"
    assert system.suggested()["stage"].source == "memo"
    assert system.conclusion == "undecided"


def test_a_new_system_from_a_model_card(company: Organisation, bob: User, sign_in: Callable[..., Client]) -> None:
    send(sign_in(bob), reverse("systems:import_new", args=[company.pk]), "README.md", CARD)
    system = System.objects.get()
    assert (system.slug, system.state, system.owner) == ("my-model", "proposed", bob)


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("helper.yaml", "schema: tanba.system/1\nfacts:\n  colour: red\n", "helper.yaml:3: unknown fact"),
        ("helper.yaml", "schema: tanba.system/1\nfacts: {stage: dreamt}\n", "expected one of"),
        ("helper.yaml", "facts:\n  a: &x 1\n  b: *x\n", "anchors and aliases"),
        ("helper.yaml", b"facts:\n  \xff\xfe\n", "not UTF-8"),
        ("helper.yaml", "", "not a format that can be imported"),
        ("photo.png", b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        ("README.md", "---\n[\n---\n", "broken YAML"),
        ("../../etc/passwd", "root", "passwd: is not a format"),
        ("big.yaml", b"facts: {}\n" + b"#" * 5_000_001, "larger than"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_written(
    name: str, content: bytes | str, part: str, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    browser = sign_in(bob)
    for address in (
        reverse("systems:upload", args=[system.organisation_id, system.slug]),
        reverse("systems:import_new", args=[system.organisation_id]),
    ):
        answer = send(browser, address, name, content)
        assert answer.status_code == 422
        assert part in answer.content.decode()
        assert "/tmp" not in answer.content.decode()
    assert System.objects.count() == 1
    assert not system.fact_rows.exists()


@pytest.mark.parametrize(
    ("lang", "message", "hint"),
    [
        ("kk", "a.yaml:2: белгісіз факт: ", "Сөздікті `tanba facts` көрсетеді."),
        ("ru", "a.yaml:2: неизвестный факт ", "Словарь показывает `tanba facts`."),
        ("en", "a.yaml:2: unknown fact ", "See `tanba facts` for the vocabulary."),
    ],
)
def test_a_refusal_speaks_the_language_of_the_page(
    lang: str, message: str, hint: str, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    page = send(sign_in(bob, lang), reverse("systems:import_new", args=[system.organisation_id]), "a.yaml", "facts:\n  qqq: 1\n")
    assert message in page.content.decode()
    assert hint in page.content.decode()


@pytest.mark.parametrize("written", ["{kindness: x}", "{safety: [x]}", "x", "{safety: {de: x}}"])
def test_what_is_no_text_of_a_principle_is_told(written: str, system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    content = f"schema: tanba.system/1\nsystem: s\nname: S\nprinciples: {written}\nfacts: {{stage: pilot}}\n"
    page = send(sign_in(bob), reverse("systems:import_new", args=[system.organisation_id]), "a.yaml", content)
    assert page.status_code == 422
    assert "principles" in page.content.decode()


def test_no_file_is_said(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    address = reverse("systems:upload", args=[system.organisation_id, system.slug])
    assert "This field is required." in sign_in(bob).post(address, {"x": "1"}).content.decode()


@pytest.mark.parametrize("path", sorted((EXAMPLES / "systems").glob("*.yaml")), ids=lambda path: path.stem)
def test_examples_come_out_as_they_went_in(path: Path, company: Organisation, bob: User) -> None:
    """File → register → file keeps every answer, source, suggestion and part."""
    law = load("kz")
    before = read_system(path, law)
    system = new_system(company, before, owner=bob)
    take_parts(system, before)
    take_principles(system, before, bob)
    for name, answer in before.answers.items():
        system.answer(name, answer.value, answer.source, bob, confirmed=answer.confirmed)
    after = parse_system(system_yaml(system), law, Path("again.yaml"))
    assert after.answers == before.answers
    assert after.name == before.name
    assert after.slug == before.slug
    for key in ("models", "data_libraries", "channels", "regions", "principles"):
        assert (after.details.get(key) or []) == (before.details.get(key) or [])


def test_export_is_a_download(system: System, dana: User, sign_in: Callable[..., Client]) -> None:
    answer = sign_in(dana).get(reverse("systems:export", args=[system.organisation_id, system.slug]))
    assert answer["Content-Disposition"] == 'attachment; filename="scorer.yaml"'
    assert "Кредиттік скоринг" in answer.content.decode()


def test_repeated_values_are_written_out(system: System, bob: User) -> None:
    """Our reader refuses anchors, so our writer must not make them."""
    system.purpose = system.name
    system.save()
    assert parse_system(system_yaml(system), load("kz"), Path("x.yaml")).details["purpose"] == system.name


def test_imports_of_the_examples(company: Organisation, bob: User) -> None:
    for path in (EXAMPLES / "imports").iterdir():
        found = read_file(path)
        system = new_system(company, found, owner=bob)
        assert take(system, found, path.name, bob) > 0, path.name
        assert system.parts.exists()


def test_a_nameless_model_is_not_called_after_our_temporary_folder(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    upload(system, sign_in(bob), "README.md", b"---\nlicense: mit\n---\n")
    assert system.parts.get().details["name"] == "model"


def test_a_long_kazakh_file_name_is_read(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    assert upload(system, sign_in(bob), "ұ" * 240 + ".yaml", YAML).status_code == 302
    assert set(system.suggested()) == {"uses_model", "stage"}


@pytest.mark.parametrize(("written", "kept"), [("web", ["web"]), ("5", ["5"]), ("[a, b]", ["a", "b"]), ("", [])])
def test_channels_in_any_shape(company: Organisation, tmp_path: Path, written: str, kept: list[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"channels: {written}\nregions: {written}\nfacts: {{}}\n")
    made = new_system(company, read_system(path, load("kz")))
    assert (made.channels, made.regions) == (kept, kept)
