"""Marking in the browser: what is marked, handed back, remembered and sealed; what is refused; who may."""

import io
import json
import zipfile
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from marking.conftest import packed, scene
from tanba.digest import sha256
from tanba.marking.markid import text_of
from tanba.marking.register import Mark
from tanba.marking.standard import Standard
from tanba.marking.verify import verify
from tanba.strings import LANGUAGES, catalogue
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence.models import Artifact
from tanba.web.marks import desk, listing, making, views
from tanba.web.marks.handing import FORM
from tanba.web.systems.models import System
from tanba.workspace import current
from tests_web import OTHER_BIN
from web.evidence.doing import kinds, seal, well_sealed

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PICTURE = packed(scene(320, 240))
LANDSCAPE = packed(scene(300, 200, 5), "PNG")


def page(organisation: Organisation) -> str:
    return reverse("marks:marks", args=[organisation.pk])


def send(browser: Client, organisation: Organisation, *files: tuple[str, bytes], **values: Any) -> Any:
    """Mark files through the page, as browsers without scripts do."""
    given = [SimpleUploadedFile(name, content, "image/jpeg") for name, content in files]
    headers = {"accept": values.pop("accept", "text/html")}
    return browser.post(page(organisation), {"files": given, "source": "created", "languages": ["kk", "ru"], **values}, headers=headers)


def said(key: str, language: str = "en") -> str:
    return str(escape(catalogue()[key][language]))


def rows() -> list[Mark]:
    register = desk.register_if_any()
    return register.newest(100) if register else []


def big_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds none."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# what is marked


def test_one_picture_comes_back_marked_remembered_and_sealed(system: System, company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = send(sign_in(bob), company, ("Теңіз.jpg", PICTURE), system=str(system.pk))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "marked.jpg" in answer["Content-Disposition"]
    (row,) = rows()
    assert (row.organisation, row.system, row.name, row.source) == (company.bin, "scorer", "Теңіз.jpg", "created")
    assert row.digest_after == sha256(answer.content)
    checked = verify(answer.content, "x.jpg", Standard(), desk.issuer_if_any(), desk.register())
    assert (checked.machine, checked.warning, [mark.id for mark in checked.marks]) == ("found", "found", [row.id])
    artifact = Artifact.objects.get()
    assert (artifact.kind, artifact.schema, artifact.system, artifact.by) == ("mark", "tanba.mark/1", system, bob)
    assert row.sealed == str(artifact.pk)
    sealed = json.loads(artifact.made_here or b"")
    assert (sealed["id"], sealed["after"], sealed["system"]) == (text_of(row.id), row.digest_after, "scorer")
    assert "Теңіз" not in json.dumps(sealed, ensure_ascii=False)


def test_it_is_sealed_once_and_the_ledger_verifies(company: Organisation, bob: User, dana: User, sign_in: SignIn) -> None:
    send(sign_in(bob), company, ("a.jpg", PICTURE), ("b.png", LANDSCAPE))
    assert seal() == 2
    assert seal() == 0
    assert kinds() == ["mark", "mark"]
    well_sealed()
    artifact = Artifact.objects.first()
    assert artifact
    shown = sign_in(dana).get(reverse("evidence:artifact", args=[company.pk, artifact.pk])).content.decode()
    assert "c2sp.org/tlog-proof@v1" in shown
    assert said("ledger.word_altered") not in shown


def test_the_order_of_the_form_is_obeyed(company: Organisation, carol: User, sign_in: SignIn) -> None:
    answer = send(sign_in(carol), company, ("a.jpg", PICTURE), source="altered", languages=["en"])
    checked = verify(answer.content, "a.jpg", Standard(), desk.issuer_if_any(), desk.register())
    assert rows()[0].source == "altered"
    assert [found.details["text"] for found in checked.layers if found.layer == "label"] == ["Altered by AI"]


def test_several_with_one_bad(company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = send(sign_in(bob), company, ("a.jpg", PICTURE), ("page.jpg", b"<html><script>alert(1)</script>"), ("a.jpg", LANDSCAPE))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["001 a.marked.jpg", "002 a.marked.jpg", "tanba.txt"]
    lines = archive.read("tanba.txt").decode().splitlines()
    assert [text_of(row.id) in "".join(lines) for row in rows()] == [True, True]
    assert "page.jpg" in lines[1]
    assert Artifact.objects.count() == 2


def test_the_script_gets_line_and_file_as_parts(company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = send(sign_in(bob), company, ("a.jpg", PICTURE), accept=FORM)
    line, file = parts(answer)
    (row,) = rows()
    assert text_of(row.id) in line.decode()
    assert reverse("marks:mark", args=[company.pk, text_of(row.id)]) in line.decode()
    assert sha256(file) == row.digest_after
    refused = send(sign_in(bob), company, ("<b>.jpg", b"nothing"), accept=FORM)
    (line,) = parts(refused)
    assert "&lt;b&gt;.jpg" in line.decode()
    assert len(rows()) == 1


def parts(answer: Any) -> list[bytes]:
    """The parts of an answer, as another reader than ours sees them."""
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {answer['Content-Type']}\r\n\r\n".encode() + answer.content)
    return [part.get_payload(decode=True) for part in message.iter_parts()]  # type: ignore[attr-defined]


# what is refused


HOSTILE = {
    "html.jpg": b"<!doctype html><script>alert(1)</script>",
    "truncated.jpg": PICTURE[: len(PICTURE) // 2],
    "huge.png": big_header(50_000, 50_000),
    "empty.jpg": b"",
    "head.png": b"\x89PNG\r\n\x1a\n",
    "svg.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_marked_is_said_and_changes_nothing(
    name: str, language: str, company: Organisation, bob: User, sign_in: SignIn
) -> None:
    answer = send(sign_in(bob, language), company, (name, HOSTILE[name]))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert name in text
    assert said("marking_pages.not_marked", language) in text
    assert "Traceback" not in text
    assert rows() == []
    assert not Artifact.objects.exists()


def test_a_file_beyond_the_bound(company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LARGEST", 1000)
    assert "larger than" in send(sign_in(bob), company, ("a.jpg", PICTURE)).content.decode()
    assert rows() == []


@pytest.mark.parametrize(
    ("files", "values", "key"),
    [
        ((), {}, "marking_pages.files_none"),
        ((("a.jpg", PICTURE),), {"languages": []}, "web.form_wrong"),
        ((("a.jpg", PICTURE),), {"source": "dreamt"}, "web.form_wrong"),
    ],
)
def test_a_form_that_does_not_fit(files: Any, values: Any, key: str, company: Organisation, bob: User, sign_in: SignIn) -> None:
    answer = send(sign_in(bob), company, *files, **values)
    assert answer.status_code == 422
    assert said(key) in answer.content.decode()
    assert rows() == []


def test_too_many_files(company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_FILES", 1)
    answer = send(sign_in(bob), company, ("a.jpg", PICTURE), ("b.jpg", PICTURE))
    assert "At most 1 files" in answer.content.decode()
    assert rows() == []


def test_who_waits_too_long_is_told(company: Organisation, bob: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PATIENCE", 0)
    with making._turn:
        answer = send(sign_in(bob), company, ("a.jpg", PICTURE))
        assert send(sign_in(bob), company, ("a.jpg", PICTURE), accept=FORM).status_code == 429
    assert said("marking_pages.busy") in answer.content.decode()
    with making._places, making._places:
        assert said("marking_pages.busy") in send(sign_in(bob), company, ("a.jpg", PICTURE)).content.decode()
    assert send(sign_in(bob), company, ("a.jpg", PICTURE)).status_code == 200


def test_a_register_that_cannot_be_opened(company: Organisation, bob: User, sign_in: SignIn) -> None:
    current().create().marks.write_bytes(b"not a database" * 100)
    browser = sign_in(bob)
    answer = send(browser, company, ("a.jpg", PICTURE))
    assert answer.status_code == 422
    assert not Artifact.objects.exists()
    assert 'role="alert"' in browser.get(page(company)).content.decode()


# who may, and who sees


def test_system_owners_mark_for_their_own_systems(company: Organisation, system: System, alice: User, bob: User, sign_in: SignIn) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"}, owner=alice)
    assert send(sign_in(bob), company, ("a.jpg", PICTURE), system=str(other.pk)).status_code == 422
    assert rows() == []
    assert send(sign_in(alice), company, ("a.jpg", PICTURE), system=str(other.pk)).status_code == 200


def test_a_system_of_another_organisation_is_refused(company: Organisation, charlie: User, bob: User, sign_in: SignIn) -> None:
    theirs = System.objects.create(organisation=charlie.memberships.get().organisation, slug="theirs", name={"en": "Theirs"})
    assert send(sign_in(bob), company, ("a.jpg", PICTURE), system=str(theirs.pk)).status_code == 422
    assert rows() == []


def test_auditors_read_and_are_offered_nothing(company: Organisation, bob: User, dana: User, sign_in: SignIn) -> None:
    send(sign_in(bob), company, ("a.jpg", PICTURE))
    text = sign_in(dana).get(page(company)).content.decode()
    assert text_of(rows()[0].id) in text
    assert "data-mark" not in text
    assert send(sign_in(dana), company, ("a.jpg", PICTURE)).status_code == 403
    assert len(rows()) == 1


def test_each_organisation_sees_its_own_marks(company: Organisation, system: System, bob: User, charlie: User, sign_in: SignIn) -> None:
    elsewhere = charlie.memberships.get().organisation
    System.objects.create(organisation=elsewhere, slug="shared", name={"en": "Shared"})
    System.objects.create(organisation=company, slug="shared", name={"en": "Shared"})
    facts = {
        1: (company.bin, None), 2: (OTHER_BIN, "scorer"), 3: (None, "scorer"), 4: (None, "shared"), 5: (None, None)
    }  # fmt: skip
    for number, (bin_, slug) in facts.items():
        desk.register().add(Mark(number, "2026-11-22T09:30:00Z", "image", "image/png", "created", "1", slug, bin_))
    ours, theirs = (sign_in(user).get(page(place)).content.decode() for user, place in ((bob, company), (charlie, elsewhere)))
    assert [number for number in facts if text_of(number) in ours] == [1, 3]
    assert [number for number in facts if text_of(number) in theirs] == [2]
    for number in facts:
        status = sign_in(bob).get(reverse("marks:mark", args=[company.pk, text_of(number)])).status_code
        assert status == (200 if number in (1, 3) else 404), number


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_in_three_languages(language: str, company: Organisation, system: System, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob, language)
    send(browser, company, ("a.jpg", PICTURE), system=str(system.pk))
    seal()
    number = text_of(rows()[0].id)
    for address in (page(company), reverse("marks:mark", args=[company.pk, number])):
        text = browser.get(address).content.decode()
        assert f'<html lang="{language}">' in text
        assert number in text
        assert "{" not in text.partition("<main")[2].replace('"{done}', "").replace("{name}", "").replace("{done}", "").replace(
            "{refused}", ""
        )
    one = browser.get(reverse("marks:mark", args=[company.pk, number])).content.decode()
    for text in (
        str(escape(system.name[language])),
        rows()[0].digest_before,
        rows()[0].policy,
        "Bob",
        said("marks.layer_watermark", language),
    ):
        assert text
        assert text in one


def test_search_by_number(company: Organisation, bob: User, sign_in: SignIn) -> None:
    browser = sign_in(bob)
    send(browser, company, ("a.jpg", PICTURE))
    number = text_of(rows()[0].id)
    found = browser.get(page(company), {"number": f" {number.lower()} "})
    assert found["Location"] == reverse("marks:mark", args=[company.pk, number])
    for wrong in ("9F3K2", "<b>", text_of(12345)):
        text = browser.get(page(company), {"number": wrong}).content.decode()
        assert str(escape(catalogue()["marking_pages.number_not_here"]["en"].format(number=wrong))) in text


def test_a_system_shows_its_newest_marks_and_leads_to_all(company: Organisation, system: System, dana: User, sign_in: SignIn) -> None:
    """Marks of another system, and of another organisation's system of that name, are not among them."""
    facts = {
        1: (company.bin, "scorer"),
        2: (OTHER_BIN, "scorer"),
        3: (company.bin, "other"),
        **dict.fromkeys((4, 5, 6), (company.bin, "scorer")),
    }
    for number, (bin_, slug) in facts.items():
        name = "<b>.png" if number == 6 else f"{number}.png"
        desk.register().add(Mark(number, "2026-11-22T09:30:00Z", "image", "image/png", "created", "1", slug, bin_, name=name))
    browser = sign_in(dana)
    text = browser.get(reverse("systems:show", args=[company.pk, "scorer"])).content.decode()
    assert [number for number in facts if text_of(number) in text] == [4, 5, 6]
    assert "&lt;b&gt;.png" in text
    every = f"{page(company)}?system=scorer"
    assert f'href="{every}#list"' in text
    found = browser.get(every).content.decode()
    assert [number for number in facts if text_of(number) in found] == [1, 4, 5, 6]
    assert "Credit scorer" in found


def test_earlier_marks_are_a_link_away(company: Organisation, dana: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        desk.register().add(Mark(number, "2026-11-22T09:30:00Z", "image", "image/png", "created", "1", None, company.bin))
    monkeypatch.setattr(listing, "NEWEST", 2)
    browser, address, seen = sign_in(dana), page(company), []
    for _ in range(3):
        text = browser.get(address).content.decode()
        seen.append([number for number in range(1, 6) if text_of(number) in text.partition("<table")[2].partition("</table")[0]])
        address = f"{page(company)}?before={text_of(min(seen[-1]))}"
        assert (f"before={text_of(min(seen[-1]))}" in text) is (min(seen[-1]) > 1)
    assert seen == [[4, 5], [2, 3], [1]]


def test_a_list_of_marks_takes_the_same_queries_however_long(company: Organisation, system: System, dana: User, sign_in: SignIn) -> None:
    browser, counts = sign_in(dana), []
    for numbers in (range(1, 2), range(2, 31)):
        for number in numbers:
            desk.register().add(Mark(number, "2026-11-22T09:30:00Z", "image", "image/png", "created", "1", "scorer", company.bin))
        with CaptureQueriesContext(connection) as queries:
            text = browser.get(page(company)).content.decode()
        counts.append(len(queries))
    assert text.count("<tr>") == 31
    assert counts[0] == counts[1]


def test_a_system_s_page_opens_where_its_marks_cannot_be_read(company: Organisation, system: System, dana: User, sign_in: SignIn) -> None:
    current().create().marks.write_bytes(b"not a database" * 100)
    assert sign_in(dana).get(reverse("systems:show", args=[company.pk, "scorer"])).status_code == 200
