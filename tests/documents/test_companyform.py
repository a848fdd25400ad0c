"""A company's own form: little of Jinja is let in, everything else is refused with its place; values go in as text."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from company_form import PATH, form
from hostile_docx import BODY, W, changed, in_body, parts_of, plain_docx, zipped
from tanba.documents import companyform, filling
from tanba.documents.catalogue import TEMPLATES
from tanba.documents.companyform import Reading, read
from tanba.documents.docxfile import opened
from tanba.documents.filling import fill
from tanba.documents.layout import plain
from tanba.documents.offer import LISTS, documents, fields, offer
from tanba.errors import InputError
from tanba.law.facts import SystemFile, read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.material.common import Whose
from tanba.material.specimen import specimen
from tanba.material.system import material
from tanba.people.riskfile import read_register
from tanba.strings import LANGUAGES, explain, t
from tanba.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent.parent
BOOK = on(load(), date(2026, 11, 22))
OFFER = offer(specimen(BOOK))
WHOSE = Whose({"kk": "«Qarlygash» АҚ", "ru": "АО «Qarlygash»", "en": "Qarlygash JSC"}, "051140004567")


def empty(**details: Any) -> dict[str, Any]:
    return material(BOOK, SystemFile("x", dict.fromkeys(LANGUAGES, "X"), {}, details), Whose())


def scorer() -> dict[str, Any]:
    register = read_register(read_yaml(ROOT / "examples/risks/credit-scorer.yaml"))
    return material(BOOK, read_system(ROOT / "examples/systems/credit-scorer.yaml", BOOK.law), WHOSE, risks=register)


def table(*rows: str) -> bytes:
    file = docx.Document()
    grid = file.add_table(len(rows), 1)
    for row, text in zip(grid.rows, rows, strict=True):
        row.cells[0].text = text
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def found(content: bytes) -> Reading:
    return read(opened(content), OFFER)


def filled(content: bytes, known: dict[str, Any] | None = None, language: str = "kk") -> tuple[Any, int]:
    made, gaps = fill(opened(content), OFFER, known or empty(), language)
    opened(made)
    return docx.Document(BytesIO(made)), gaps


def text_of(file: Any) -> str:
    return "\n".join(
        [each.text for each in file.paragraphs] + [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    )


FORBIDDEN = (
    "{{ passport.__class__ }}",
    "{{ _x }}",
    "{{ passport.purpose.upper() }}",
    "{{ range(9) }}",
    "{{ passport['purpose'] }}",
    "{{ 7*7 }}",
    "{{ 'x' ~ day }}",
    "{{ day if day else digest }}",
    "{{ [1] }}",
    "{{ passport.purpose.x }}",
    "{{ day | attr('__class__') }}",
    "{{ day | default(digest) }}",
    "{{ day | safe }}",
    "{{ day | replace('a', 'b' * 999999999) }}",
    "{{ day is defined }}",
    "{{ day == 'x' }}",
    "{% if day > 1 %}{% endif %}",
    "{% if passport.purpose() %}{% endif %}",
    "{% set x = 1 %}",
    "{% include 'x' %}",
    "{% import 'x' as x %}",
    "{% extends 'x' %}",
    "{% macro x() %}{% endmacro %}",
    "{% raw %}{% endraw %}",
    "{% with %}{% endwith %}",
    "{% block x %}{% endblock %}",
    "{% filter upper %}{% endfilter %}",
    "{% call x() %}{% endcall %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% do x %}",
    "{% for x in range(9) %}{% endfor %}",
    "{% for x in [1] %}{% endfor %}",
    "{% for a, b in risks %}{% endfor %}",
    "{% for x in risks recursive %}{% endfor %}",
    "{% for x in risks if x.title %}{% endfor %}",
    "{{r day }}",
    "{{p day }}",
    "{% cellbg day %}",
    "{% colspan day %}",
    "{% vm %}",
    "{% if day %}" * 30 + "{% endif %}" * 30,
)


@pytest.mark.parametrize("tag", FORBIDDEN)
def test_what_is_not_a_field_a_loop_or_a_condition_is_refused_with_its_place(tag: str) -> None:
    problem = found(plain_docx("before", f"x {tag} y")).problems[0]
    assert (problem.kind, problem.place) == ("forbidden", "document")
    assert problem.tag[:9] in tag
    with pytest.raises(InputError) as caught:
        filled(plain_docx(tag))
    for language in LANGUAGES:
        assert all(explain(caught.value, language))


@pytest.mark.parametrize(
    "tag", ["{{ day", "day }}", "{% if day", "{{ day }", "{# x", "{% for r in risks %", "{{ {{ day }} }}", f"{{{{ day {' ' * 400} }}}}"]
)
def test_a_field_that_does_not_end_where_it_began_is_refused(tag: str) -> None:
    assert found(plain_docx(f"x {tag}")).problems[0].kind in ("unclosed", "broken", "forbidden")
    assert found(plain_docx(f"x {tag}", "}} %} #}")).problems


@pytest.mark.parametrize("tag", ["{% if day %}", "{% endfor %}", "{% for r in risks %}{% endif %}", "{{ }}", "{{ a b }}", "{{ 'a }}"])
def test_what_cannot_be_read_is_told_with_its_tag(tag: str) -> None:
    problem = found(plain_docx("x", tag)).problems[0]
    assert problem.kind == "broken"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("passport.purpse", "passport.purpose"),
        ("purpose", "passport.purpose"),
        ("pasport.risk_kk", "passport.risk"),
        ("organization.name", "organisation.name"),
        ("organisation.title", "organisation.name"),
        ("digets", "digest"),
        ("risks", ""),
    ],
)
def test_an_unknown_field_is_listed_with_the_names_that_may_be_meant(name: str, near: str) -> None:
    problem = found(plain_docx(tag := f"{{{{ {name} }}}}")).problems[0]
    assert (problem.kind, problem.tag) == ("unknown", tag)
    assert not near or near in problem.near


def test_an_unknown_column_a_list_and_a_name_outside_its_loop_are_listed() -> None:
    problems = found(table("{%tr for r in risks %}", "{{ r.titel }} {{ loop.cycle }}", "{%tr endfor %}", "{{ r.title }}")).problems
    assert [each.kind for each in problems] == ["unknown"] * 3
    assert problems[0].near[0] == "r.title"
    assert found(plain_docx("{% for r in risk %}{% endfor %}")).problems[0].near[0] == "risks"


def test_fields_in_headers_are_read_and_filled_and_those_in_comments_are_told() -> None:
    content = plain_docx("{{ day }}", header="{{ organisation.nam }}")
    assert [(each.kind, each.place) for each in found(content).problems] == [("unknown", "header1")]
    file, _ = filled(plain_docx("x", header="{{ organisation.name_ru }}"), scorer())
    assert file.sections[0].header.paragraphs[0].text == "АО «Qarlygash»"
    note = f"<w:comments {W}><w:p><w:r><w:t>{{{{ day }}}}</w:t></w:r></w:p></w:comments>"
    commented = changed(lambda parts: parts.update({"word/comments.xml": note.encode()}))
    assert [each.kind for each in found(commented).problems] == ["unfilled"]


def test_a_field_that_word_cut_into_runs_is_one() -> None:
    runs = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{each}</w:t></w:r>" for each in ("{", "{ passport", ".pur", "pose }", "}"))
    content = in_body(f"<w:p>{runs}</w:p>")
    assert found(content).used == {"passport.purpose"}
    assert "мақсат" in text_of(filled(content, empty(purpose={"kk": "мақсат"}))[0])


@pytest.mark.parametrize("name", [*OFFER.fields, *(f"{name}_{each}" for name in ("passport.purpose", "day") for each in LANGUAGES)])
def test_every_field_that_is_offered_prints_something_for_a_system_of_which_nothing_is_known(name: str) -> None:
    assert name.rpartition(".")[2] not in dir(dict)
    values, _ = filling.context(OFFER, empty(), "ru", Reading(OFFER))
    begin, _, last = name.rpartition(".")
    assert (values[begin][last] if begin else values[last]).strip()


def test_every_must_have_field_of_every_document_of_a_system_is_offered() -> None:
    assert {"passport", "classification", "prohibited", "risks", "dossier"} <= set(documents().values())
    shown = {**{name: name for name in LISTS}, "duties": "obligations"}
    for word, name in documents().items():
        assert all(f"{word}.{each}" in OFFER.fields or each in shown for each in TEMPLATES[name].must)
    assert all(part.isidentifier() for name in OFFER.fields for part in name.split("."))
    assert all(set(label) == set(LANGUAGES) for label in OFFER.fields.values())


def test_a_gap_prints_its_word_and_what_is_missing_and_counts_as_nothing() -> None:
    content = plain_docx(
        "{{ passport.purpose }}", "{% if passport.purpose %}A{% else %}B{% endif %}", "{{ passport.purpose | default('–', true) }}"
    )
    for language in LANGUAGES:
        file, gaps = filled(content, empty(), language)
        first, second, third = (each.text for each in file.paragraphs)
        assert first == f"{t('documents.gap', language)}: {t('documents.gap_purpose', language)}"
        assert (second, third, gaps) == ("B", "–", 1)
    file, gaps = filled(content, empty(purpose={"kk": "м"}))
    assert ([each.text for each in file.paragraphs], gaps) == (["м", "A", "м"], 0)


@pytest.mark.parametrize("name", LISTS)
def test_rows_grow_with_their_list_and_an_empty_one_says_what_is_missing(name: str) -> None:
    columns = " | ".join(f"{{{{ r.{column}_ru }}}}" for column in LISTS[name])
    content = table("{%tr for r in " + name + " %}", "{{ loop.index }}. " + columns, "{%tr endfor %}")
    file, _ = filled(content, scorer())
    texts = [row.cells[0].text for row in file.tables[0].rows]
    assert [each.partition(".")[0] for each in texts] == [str(number) for number in range(1, len(texts) + 1)]
    assert len(texts) == len(scorer()["system"][name]) if name in ("models", "data_libraries") else len(texts) > 3
    known = empty()
    if name != "obligations":
        bare, gaps = filled(content, known)
        assert t("documents.gap", "ru") in bare.tables[0].rows[0].cells[0].text
        assert gaps == 1
        assert "0" in text_of(filled(plain_docx(f"{{{{ {name} | length }}}}{{% if {name} %}}yes{{% endif %}}"), known)[0])


def test_a_list_and_a_document_of_one_name_are_both_there() -> None:
    content = plain_docx("{% for r in risks %}{{ r.title }};{% endfor %}", "{{ risks.refresh }}")
    file, _ = filled(content, scorer())
    assert file.paragraphs[0].text.count(";") > 3
    assert "2026" in file.paragraphs[1].text


def test_what_a_box_says_is_printed_where_it_is_ticked() -> None:
    assert "минималь" not in text_of(filled(plain_docx("{{ classification.risk }}"), scorer(), "ru")[0])
    assert "dossier.set" not in fields(empty())
    assert t("documents.part_system", "kk") in text_of(filled(plain_docx("{{ dossier.set }}"), scorer())[0])


def test_fields_the_document_must_have_and_the_form_does_not_show_are_named() -> None:
    content = plain_docx("{{ passport.name }} {{ organisation.name }} {% for r in models %}{{ r.name }}{% endfor %}")
    unused = found(content).unused
    assert {"passport.purpose", "passport.data_libraries", "passport.bin"} <= set(unused)
    assert not {"passport.name", "passport.organisation", "passport.models"} & set(unused)
    assert not any(each.startswith("dossier.") for each in unused)


def test_loops_within_loops_end(monkeypatch: pytest.MonkeyPatch) -> None:
    loops = "{% for a in obligations %}" * 9
    begun = perf_counter()
    with pytest.raises(InputError, match="more than 20,000 rows"):
        filled(plain_docx(loops + "{% endfor %}" * 9), scorer())
    assert perf_counter() - begun < 20
    monkeypatch.setattr(filling, "MAX_FILLED", 10_000)
    with pytest.raises(InputError, match="larger than 10,000 bytes"):
        filled(plain_docx("{% for a in obligations %}" + "x" * 1000 + "{% endfor %}"), scorer())


def test_a_loop_over_half_of_a_table_is_refused_and_nothing_is_lost() -> None:
    file = docx.Document()
    file.add_paragraph("{% for r in risks %}")
    file.add_table(1, 1).rows[0].cells[0].text = "{% endfor %}"
    made = BytesIO()
    file.save(made)
    with pytest.raises(InputError, match="begins in one cell"):
        filled(made.getvalue(), scorer())


def test_a_form_of_many_fields_or_a_large_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="more than 2,000 fields"):
        found(plain_docx(*["{{ day }}" * 100] * 21))
    monkeypatch.setattr(companyform, "MAX_XML", 3000)
    with pytest.raises(InputError, match="larger than 3,000 bytes"):
        found(plain_docx("{{ day }}", "x" * 5000))


@pytest.mark.parametrize(
    "make",
    [
        lambda: plain_docx("{{ day }} " + "{ {% x " * 1_900 + "x" * 900_000),
        lambda: plain_docx("{%  colspan day" + " " * 100_000 + "x"),
        lambda: plain_docx("{{ day }}", *["x{%- if day -%}" * 9] * 50, *["{% endif %}" * 9] * 50),
        lambda: in_body("<w:tbl><w:tr><w:tc>" + "<w:p><w:r><w:t>{%tr x</w:t></w:r></w:p>" * 1900 + "</w:tc></w:tr></w:tbl>"),
        lambda: table(*["{%tr if day %}{%tr endif %}" * 90 + "x" * 9000] * 10),
        lambda: table(*["{%tr if day %}", "{%tr endif %}"] * 450),
        lambda: plain_docx("{{ day }}" * 1900 + "x" * 900_000, "y" * 900_000),
        lambda: plain_docx("{% if day %}" + " " * 900_000 + "{{ day }}{% endif %}"),
        lambda: plain_docx("{%p if day %}", *["{{ day }} { % {"] * 1800, "{%p endif %}"),
        lambda: in_body("<w:p><w:r><w:t>{{ day }}</w:t></w:r></w:p>" + "<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 60_000),
    ],
)
def test_no_form_takes_long_to_read(make: Callable[[], bytes]) -> None:
    content = make()
    begun = perf_counter()
    found(content)
    assert perf_counter() - begun < 20


@settings(max_examples=30)
@example("\x1f")
@given(st.text(max_size=40) | st.sampled_from(["{{ day }}", "{% raw %}", "<w:p/>", "&amp; ]]>", "{_{", "a\tb\nc", "‮x", "\\g<0>", "]]&gt;"]))
def test_a_value_goes_in_as_text_whatever_it_holds(text: str) -> None:
    file, _ = filled(plain_docx("[{{ passport.purpose }}]", header="{{ passport.purpose_kk }}"), empty(purpose={"kk": text}))
    written = plain(text) if text.strip() else ""  # controls that Python takes for blanks are nobody's answer
    wanted = written or f"{t('documents.gap', 'kk')}: {t('documents.gap_purpose', 'kk')}"
    assert file.paragraphs[0].text == f"[{wanted}]"
    assert file.sections[0].header.paragraphs[0].text == wanted


def test_the_example_form_is_as_a_lawyer_made_it_and_is_filled_in_two_languages() -> None:
    content = PATH.read_bytes()
    assert parts_of(content)[BODY] == parts_of(form())[BODY]
    assert found(content).problems == []
    file, gaps = filled(content, scorer())
    text = text_of(file)
    assert gaps > 1
    for wanted in ("Кредиттік скоринг", "Кредитный скоринг", "alatau-pd-gbm 4.2", "ТОЛТЫРЫЛМАҒАН", "Retail risk"):
        assert wanted in text
    assert "{" not in text
    assert "Поставщик" not in text
    assert file.sections[0].header.paragraphs[0].text.startswith("«Qarlygash» АҚ")
    assert "SHA-256" in file.sections[0].footer.paragraphs[0].text


def test_a_form_stays_as_it_is_but_for_its_fields() -> None:
    parts = parts_of(plain_docx("{{ day }}"))
    made, _ = fill(opened(zipped(parts)), OFFER, empty(), "kk")
    assert parts_of(made)["word/styles.xml"].count(b"w:styleId") == parts["word/styles.xml"].count(b"w:styleId")
