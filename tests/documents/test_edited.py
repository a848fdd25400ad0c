"""Write, read: no difference. Edit some fields, read: exactly those. What cannot be taken says why."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_docx import changed, parts_of, plain_docx, zipped
from papers import as_docx
from tanba.documents import edited as edits
from tanba.documents.catalogue import TEMPLATES, make
from tanba.documents.controls import NOTE
from tanba.documents.docxfile import opened
from tanba.documents.edited import Edited, read
from tanba.documents.layout import plain
from tanba.documents.render import EDITIONS, render
from tanba.errors import InputError
from tanba.law.facts import Answer, SystemFile, read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.common import Whose
from tanba.material.system import material
from tanba.strings import LANGUAGES, t
from word_edits import edited

ROOT = Path(__file__).parent.parent.parent
BOOK = on(load(), date(2026, 11, 22))
SCORER = read_system(ROOT / "examples/systems/credit-scorer.yaml", BOOK.law)
OF_SYSTEM = [name for name, each in TEMPLATES.items() if each.of == "system"]
TEXT = st.text("ӘәҒғҚқҢңӨөҰұҮүҺһІі№ab «»&<>{}\t\r\n\v‮", max_size=40) | st.text(max_size=30)
WORD = st.text("ӘәҒғҚқҢңӨөҰұҮүҺһІі№ab", min_size=1, max_size=20)


def known(**details: Any) -> dict[str, Any]:
    name = details.pop("name", dict.fromkeys(LANGUAGES, "X"))
    return material(BOOK, SystemFile("x", name, {"stage": Answer("pilot")}, details), Whose())


def scorer() -> dict[str, Any]:
    return material(BOOK, SCORER, Whose())


def written(name: str, said: dict[str, Any], languages: str = "kk") -> bytes:
    return render(make(name, said), languages, "docx")


def back(content: bytes, said: dict[str, Any]) -> Edited:
    return read(opened(content), said)


def reasons(found: Edited) -> dict[str, str]:
    return {f"{each.field}@{each.language}": each.reason for each in found.edits}


@pytest.mark.parametrize("languages", EDITIONS)
@pytest.mark.parametrize("name", OF_SYSTEM)
def test_a_document_that_nobody_edited_has_no_differences(name: str, languages: str) -> None:
    found = back(written(name, scorer(), languages), scorer())
    assert (found.edits, found.rest, found.stale) == ((), 0, False)
    assert found.about["document"] == name


@settings(max_examples=25)
@given(st.data())
def test_whatever_the_texts_hold_writing_and_reading_gives_no_difference(data: st.DataObject) -> None:
    texts = {key: {each: data.draw(TEXT) for each in LANGUAGES} for key in ("purpose", "name")}
    parts = [{"name": data.draw(TEXT), "source": data.draw(TEXT)} for _ in range(data.draw(st.integers(0, 2)))]
    said = known(**texts, department=data.draw(TEXT), channels=data.draw(st.lists(TEXT, max_size=3)), models=parts)
    found = back(written("passport", said, data.draw(st.sampled_from(EDITIONS))), said)
    assert (found.edits, found.rest, found.stale) == ((), 0, False)


PLACES = {
    "name@kk": ("name", "kk"),
    "purpose@kk": ("purpose", "kk"),
    "department@kk": ("department", "kk"),
    "accuracy@kk": ("limits", "accuracy", "kk"),
    "channels@kk": ("channels",),
    "regions@kk": ("regions",),
    "models.0.name@kk": ("models", 0, "name"),
    "models.0.licence@kk": ("models", 0, "licence"),
    "data_libraries.1.producer@kk": ("data_libraries", 1, "producer"),
}


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(sorted(PLACES)), WORD, max_size=5))
def test_as_many_fields_as_were_edited_come_back_and_no_other(texts: dict[str, str]) -> None:
    content = edited(written("passport", scorer()), {f"passport/{tag}": text for tag, text in texts.items()})
    found = back(content, scorer())
    assert {each.path: each.value for each in found.edits} == {
        PLACES[tag]: [text] if PLACES[tag][0] in ("channels", "regions") else text for tag, text in texts.items()
    }
    assert not any(each.reason for each in found.edits)
    assert found.rest == 0


def test_principles_come_back_in_their_language() -> None:
    said = material(BOOK, SystemFile("x", dict.fromkeys(LANGUAGES, "X"), {"failure_emergency": Answer(True)}, {}), Whose())
    content = edited(written("dossier", said, "kk+ru"), {"dossier/principle_fairness@ru": "Меряем доли\nкаждый квартал"})
    [edit] = back(content, said).edits
    assert (edit.path, edit.value, edit.reason) == (("principles", "fairness", "ru"), "Меряем доли\nкаждый квартал", "")


def test_a_gap_that_is_filled_in_is_an_edit_and_one_that_keeps_its_word_is_none() -> None:
    said = known()
    content = written("passport", said)
    [edit] = back(edited(content, {"passport/purpose@kk": "Мақсаты"}), said).edits
    assert (edit.reason, edit.value) == ("", "Мақсаты")
    assert edit.was.startswith(t("documents.gap", "kk"))
    kept = f"{t('documents.gap', 'kk')}: басқа"
    assert reasons(back(edited(content, {"passport/purpose@kk": kept}), said)) == {"purpose@kk": "gap"}


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("risk", "computed"),
        ("gate", "computed"),
        ("stage", "fact"),
        ("organisation", "organisation"),
        ("identifier", "fixed"),
        ("responsible", "person"),
    ],
)
def test_what_is_computed_asked_or_kept_elsewhere_is_not_taken_and_says_why(field: str, reason: str) -> None:
    found = back(edited(written("passport", scorer()), {f"passport/{field}@kk": "өзге"}), scorer())
    assert reasons(found) == {f"{field}@kk": reason}
    assert all(t(f"edited.reason_{reason}", each) for each in LANGUAGES)


def test_a_field_that_was_removed_or_emptied_or_is_too_long_changes_nothing() -> None:
    content = written("passport", scorer())
    removed = ("passport/purpose@kk", "passport/models.0.name@kk")
    assert reasons(back(edited(content, {}, removed), scorer())) == {"purpose@kk": "removed", "models.0.name@kk": "removed"}
    assert reasons(back(edited(content, {"passport/purpose@kk": " \n"}), scorer())) == {"purpose@kk": "emptied"}
    assert reasons(back(edited(content, {"passport/purpose@kk": "ә" * 2001, "passport/name@kk": "ә" * 201}), scorer())) == {
        "purpose@kk": "long",
        "name@kk": "long",
    }


def test_a_register_that_changed_meanwhile_is_a_conflict_of_three() -> None:
    was, now = known(purpose={"kk": "бір"}, department="a"), known(purpose={"kk": "екі"}, department="a")
    content = edited(written("passport", was), {"passport/purpose@kk": "үш", "passport/department@kk": "b"})
    found = back(content, now)
    assert found.stale
    assert reasons(found) == {"purpose@kk": "conflict", "department@kk": ""}
    conflict = next(each for each in found.edits if each.reason)
    assert (conflict.was, conflict.now, conflict.text) == ("бір", "екі", "үш")
    assert back(content, known(purpose={"kk": "үш"}, department="b")).edits == ()


def test_details_of_a_part_that_is_another_one_now_are_a_conflict() -> None:
    was, now = known(models=[{"name": "a", "licence": "MIT"}]), known(models=[{"name": "b", "licence": "MIT"}])
    content = edited(written("passport", was), {"passport/models.0.licence@kk": "Apache"})
    assert reasons(back(content, now)) == {"models.0.licence@kk": "conflict"}
    assert reasons(back(content, known())) == {"models.0.licence@kk": "conflict"}


def test_two_languages_of_one_value_agree_or_are_not_taken() -> None:
    content = written("passport", scorer(), "kk+ru")
    one = {"passport/regions@kk": "Риск"}
    assert [each.path for each in back(edited(content, one), scorer()).edits] == [("regions",)]
    assert [each.reason for each in back(edited(content, {**one, "passport/regions@ru": "Риск"}), scorer()).edits] == [""]
    assert [each.reason for each in back(edited(content, {**one, "passport/regions@ru": "Risk"}), scorer()).edits] == ["twice"] * 2


def test_a_text_in_another_language_stays_in_it_or_is_translated() -> None:
    said = known(purpose={"ru": "цель"})
    content = written("passport", said)
    [kept] = back(edited(content, {"passport/purpose@kk": "новая цель [ru]"}), said).edits
    [translated] = back(edited(content, {"passport/purpose@kk": "мақсат"}), said).edits
    assert (kept.path, kept.value) == (("purpose", "ru"), "новая цель")
    assert (translated.path, translated.value) == (("purpose", "kk"), "мақсат")


def test_lists_are_read_by_their_commas_and_names_with_commas_are_left_alone() -> None:
    [edit] = back(edited(written("passport", scorer()), {"passport/channels@kk": "қосымша, сайт;\nфилиал,"}), scorer()).edits
    assert edit.value == ["қосымша", "сайт", "филиал"]
    said = known(channels=["a, b"], vendor="A, B")
    content = edited(written("passport", said), {"passport/channels@kk": "c", "passport/vendor@kk": "d"})
    assert set(reasons(back(content, said)).values()) == {"list"}


def test_texts_outside_of_fields_are_counted() -> None:
    found = back(edited(written("passport", scorer()), {}, outside="Бұл туралы келісілді."), scorer())
    assert (found.edits, found.rest) == ((), 1)


def test_what_libreoffice_saved_reads_back(tmp_path: Path) -> None:
    """LibreOffice 7.4 drops the tags of controls and keeps their bookmarks."""
    content = written("passport", scorer(), "kk+ru")
    untouched = back(as_docx(content, tmp_path), scorer())
    assert (untouched.edits, untouched.rest, untouched.stale) == ((), 0, False)
    texts = {
        "passport/purpose@ru": "Новая цель\nв двух строках",
        "passport/models.0.licence@kk": "MIT",
        "passport/accuracy@kk": "0,91",
        "passport/stage@kk": "x",
    }
    found = back(as_docx(edited(content, texts), tmp_path), scorer())
    assert {each.field: each.value for each in found.edits if not each.reason} == {
        "purpose": "Новая цель\nв двух строках",
        "models.0.licence": "MIT",
        "accuracy": "0,91",
    }
    assert found.rest == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace(NOTE, "urn:x"), "does not say which document"),
        (lambda text: text.replace('document="passport"', 'document="poem"'), "no document 'poem'"),
        (lambda text: text.replace('document="passport"', 'document="board"'), "nothing of this document"),
        (lambda text: text.replace('languages="kk"', 'languages="kk+xx"'), "nothing of this document"),
        (lambda text: text.replace('system="credit-scorer"', 'system="other"'), "about 'other', not about 'credit-scorer'"),
        (lambda text: text.replace("<tanba", "<!DOCTYPE x><tanba"), "types or entities"),
    ],
)
def test_a_note_that_does_not_fit_is_refused_in_one_sentence(change: Any, said: str) -> None:
    parts = parts_of(written("passport", scorer()))
    name = next(each for each, part in parts.items() if NOTE.encode() in part and each.startswith("customXml"))
    parts[name] = change(parts[name].decode()).encode()
    with pytest.raises(InputError, match=said) as caught:
        back(zipped(parts), scorer())
    assert caught.value.hint


def test_a_file_of_somebody_else_is_refused_and_a_note_that_lies_changes_no_more_than_its_fields() -> None:
    with pytest.raises(InputError, match="does not say which"):
        back(plain_docx(), scorer())
    note = (
        f'<tanba xmlns="{NOTE}" document="passport" system="credit-scorer" languages="kk">'
        '<field tag="passport/models.99999.name@kk">x</field><field tag="passport/__class__@kk">x</field><field tag="">x</field>'
        '<field tag="passport/models.-1.name@kk">x</field><field tag="passport/principle_@kk">x</field></tanba>'
    )
    found = back(changed(lambda parts: parts.update({"customXml/item7.xml": note.encode()})), scorer())
    assert {each.reason for each in found.edits} == {"removed"}
    assert plain(found.about["digest"]) == ""
    assert edits.ITEMS.split("a,b") == ["a", "b"]
