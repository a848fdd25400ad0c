"""Texts of every kind: marked, verified, copied in part, retyped, signed and changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from marking.conftest import NOW
from tanba.errors import InputError
from tanba.marking.gate import judge
from tanba.marking.keys import Issuer
from tanba.marking.mark import Order, mark_file
from tanba.marking.register import Register
from tanba.marking.standard import Standard
from tanba.marking.verify import Checked, verify

ORDER = Order(Standard(), "created", "190140999998", "letters")
WORDS = """Құрметті клиент! Несиеңіз мақұлданды, шартты қосымшадан оқып шығыңыз. Төлем күні әр айдың оны болып белгіленді.
Уважаемый клиент! Ваш кредит одобрен, прочитайте договор в приложении. Днём платежа назначено десятое число каждого месяца.
Dear customer, your loan has been approved; please read the contract in the app. The day of payment is the tenth of each month."""
FILES = {
    "letter.txt": WORDS,
    "letter.md": f"# Хат\n\n{WORDS}\n\n```\ncode = 1\n```\n",
    "letter.html": f"<!doctype html><html lang='kk'><head><title>Хат</title></head><body><p>{WORDS}</p></body></html>",
    "letter.json": '{"answer": "Несие мақұлданды.", "score": 0.50}',
}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register(tmp_path / "marks.sqlite3")
    yield made
    made.close()


def check(text: str, name: str, issuer: Issuer, register: Register) -> Checked:
    return verify(text.encode(), name, Standard(), issuer, register)


def states(checked: Checked) -> dict[str, str]:
    return {found.layer: found.state for found in checked.layers}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("source", ["created", "altered"])
def test_both_parts_are_found_again(name: str, source: str, issuer: Issuer, register: Register) -> None:
    order = replace(ORDER, source=source)  # type: ignore[arg-type]
    marked, row = mark_file(FILES[name].encode(), name, order, issuer, register, NOW)
    checked = check(marked.content.decode(), name, issuer, register)
    assert judge(checked).passes is True
    assert (row.kind, row.id in checked.numbers or name.endswith("json")) == ("text", True)
    assert states(checked)["c2pa"] == ("valid" if name[-3:] in ("txt", ".md") else "not_applicable")
    assert states(checked)["label"] == "present"


def test_a_manifest_of_a_text_binds_every_letter(issuer: Issuer, register: Register) -> None:
    marked, _ = mark_file(WORDS.encode(), "a.txt", ORDER, issuer, register, NOW)
    text = marked.content.decode()
    assert states(check(text, "a.txt", issuer, register))["c2pa"] == "valid"
    changed = check(text.replace("approved", "refused"), "a.txt", issuer, register)
    assert states(changed)["c2pa"] == "invalid"
    assert "false_c2pa" in judge(changed).reasons
    assert states(check(text[: len(text) // 2], "a.txt", issuer, register))["c2pa"] != "valid"


def test_one_copied_sentence_is_enough(issuer: Issuer, register: Register) -> None:
    marked, row = mark_file(WORDS.encode(), "a.txt", ORDER, issuer, register, NOW)
    text = marked.content.decode()
    start = text.index("Dear customer")
    copied = "They wrote: " + text[start : text.index("The day of payment")] + "I do not believe it."
    checked = check(copied, "mail.txt", issuer, register)
    assert (list(checked.numbers), checked.machine, checked.warning) == ([row.id], "found", "not_found")


def test_a_retyped_text_is_found_by_its_words(issuer: Issuer, register: Register) -> None:
    _, row = mark_file(WORDS.encode(), "a.txt", ORDER, issuer, register, NOW)
    retyped = WORDS.upper().replace(",", "").replace("\n", " ")
    checked = check(retyped, "b.txt", issuer, register)
    assert (states(checked)["fingerprint"], list(checked.numbers)) == ("present", [row.id])
    assert judge(checked).passes is False


def test_how_far_a_text_is_from_what_was_marked_is_said(issuer: Issuer, register: Register) -> None:
    """A number can be copied onto other words, and a sentence quoted in another text: which it is, the reader has to judge."""
    marked, row = mark_file(WORDS.encode(), "a.txt", ORDER, issuer, register, NOW)
    text = marked.content.decode()
    run = "".join(letter for letter in text if ord(letter) > 0xE0000 or 0xFE00 <= ord(letter) <= 0xFE0F)[:13]
    other = "Мектеп оқушылары көктемде ағаш отырғызды және аулаларын тазалады. " * 2
    other += "Келесі аптада олар саябаққа барады, ұстаздары да бірге болады."
    forged, true = check(other.replace(".", f".{run}", 1), "c.txt", issuer, register), check(text, "a.txt", issuer, register)
    far, near = ({found.layer: found.details for found in each.layers}["watermark"]["distance_to_record"] for each in (forged, true))
    assert row.id in forged.numbers
    assert far > 80
    assert near == 0


def test_a_stranger_reads_no_numbers(issuer: Issuer, register: Register, tmp_path: Path) -> None:
    from tanba.marking import home
    from tanba.workspace import Workspace

    marked, _ = mark_file(WORDS.encode(), "a.txt", ORDER, issuer, register, NOW)
    other = home.renew(Workspace(tmp_path / "other"), "Other")
    found = states(verify(marked.content, "a.txt", Standard(), other, None))
    assert (found["watermark"], found["c2pa"], found["label"]) == ("absent", "present", "present")


def test_what_is_no_text_is_said(issuer: Issuer, register: Register) -> None:
    with pytest.raises(InputError, match="not text in UTF-8"):
        mark_file(("Сәлем. " * 2000).encode() + b"\xff", "a.txt", ORDER, issuer, register, NOW)
    with pytest.raises(InputError, match="kind that cannot be marked"):
        mark_file(b"\x00\x01\x02", "a.txt", ORDER, issuer, register, NOW)


def test_what_calls_itself_a_picture_is_not_marked_as_its_text(issuer: Issuer, register: Register) -> None:
    for name in ("a.jpg", "a.svg", "a.mp3"):
        with pytest.raises(InputError, match="kind that cannot be marked"):
            mark_file(WORDS.encode(), name, ORDER, issuer, register, NOW)


@pytest.mark.parametrize("how", ["hidden", 'style="display:none"', 'aria-hidden="true"', "style='visibility: hidden'"])
def test_a_hidden_warning_is_none(how: str, issuer: Issuer, register: Register) -> None:
    marked, _ = mark_file(FILES["letter.html"].encode(), "a.html", ORDER, issuer, register, NOW)
    hidden = marked.content.decode().replace('<p class="ai-disclosure" role="note">', f"<p {how}>")
    assert judge(check(hidden, "a.html", issuer, register)).reasons == ("no_warning",)
    commented = "<!--\nMade by AI\n-->\n\nThe text.\n"
    assert check(commented, "a.md", issuer, register).warning == "not_found"


@pytest.mark.parametrize("name", ["a.csv", "a.sh", "a.rtf", "a.xml"])
def test_tables_and_programs_are_left_alone(name: str, issuer: Issuer, register: Register) -> None:
    with pytest.raises(InputError, match="kind that cannot be marked"):
        mark_file(b"a,b\n1,2\n", name, ORDER, issuer, register, NOW)
    for start in (b"%PDF-1.7\n", b"#!/bin/sh\n", b"{\\rtf1", b"<?xml version='1.0'?>"):
        with pytest.raises(InputError, match="kind that cannot be marked"):
            mark_file(start + b" words", "", ORDER, issuer, register, NOW)
