"""A document as DOCX that a lawyer can edit: styles for everything, languages of Kazakhstan, margins of 30 and 10 mm, numbered pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from tanba.documents.controls import control, stamp
from tanba.documents.qr import png

LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
FONT = "Times New Roman"
GREY = "555555"
SHORT = 1500
"""Letters of a row that is kept on one page; a longer one may not fit on any."""
TITLE_LENGTH = 255
"""The most that a property of the file takes."""


def docx(page: Mapping[str, Any]) -> bytes:
    """`page` from `layout.laid`."""
    from docx import Document

    file = Document()
    _styles(file, page["languages"])
    _paper(file, page)
    _head(file, page["organisation"], "tanba note", page["languages"])
    if page["letterhead"]:
        _letterhead(file, page["letterhead"], page["languages"])
    _head(file, page["title"], "Title", page["languages"])
    _head(file, page["subject"], "Subtitle", page["languages"])
    for block in page["blocks"]:
        DRAW[block["kind"]](file, block, page["languages"])
    core = file.core_properties
    core.title, core.author = page["header"][0][:TITLE_LENGTH], page["organisation"][0][:TITLE_LENGTH]
    core.language, core.comments = LOCALES[page["languages"][0]], ""
    core.created = core.modified = datetime.fromisoformat(page["date"])
    stamp(file, page)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _styles(file: Any, languages: Sequence[str]) -> None:
    """Black text of one font; what tanba adds has styles of its own, so that it can be restyled or removed at once."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    size = 10 if len(languages) > 1 else 12
    for name, points in (("Normal", size), ("Title", size + 6), ("Subtitle", size + 1), ("Heading 1", size + 2), ("Heading 2", size)):
        style = file.styles[name]
        _font(style, points, RGBColor(0, 0, 0))
        style.font.bold, style.font.italic = name.startswith(("Title", "Heading")), False
    for name in ("tanba note", "tanba source", "tanba table"):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH if name != "tanba source" else WD_STYLE_TYPE.CHARACTER)
        _font(style, size - 1 if name == "tanba table" else size - 2, None if name == "tanba table" else RGBColor.from_string(GREY))
        if name != "tanba source":
            style.paragraph_format.space_after = Pt(2)
    gap = file.styles.add_style("tanba gap", WD_STYLE_TYPE.CHARACTER)
    gap.font.bold = True
    gap.element.get_or_add_rPr().append(_element("w:shd", {"w:val": "clear", "w:fill": "FFF3CD"}))
    file.styles["Normal"].paragraph_format.space_after = Pt(6)
    _language(file.styles["Normal"].element.get_or_add_rPr(), languages[0])


def _font(style: Any, points: int, colour: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = FONT, Pt(points)
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [key for key in fonts.attrib if "heme" in key]:
        del fonts.attrib[key]  # the template's own theme would win
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), FONT)
    for spread in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spread)  # the template spaces out the letters of a subtitle
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _language(properties: Any, language: str) -> None:
    for old in properties.findall(_name("w:lang")):
        properties.remove(old)
    properties.append(_element("w:lang", {"w:val": LOCALES[language], "w:eastAsia": LOCALES[language], "w:bidi": LOCALES[language]}))


def _paper(file: Any, page: Mapping[str, Any]) -> None:
    """A4, upright for one language and wide for two; what is printed on every page."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = file.sections[0]
    wide = len(page["languages"]) > 1
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(30), Mm(10), Mm(20), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = False
    _write(section.header.paragraphs[0], "  |  ".join(page["header"]), page["languages"][0], "tanba note")
    foot = section.footer.paragraphs[0]
    _write(foot, "  ".join(page["footer"]) + "  ", page["languages"][0], "tanba note")
    before, _, rest = page["page"][0].partition("{n}")
    between, _, after = rest.partition("{m}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        foot.add_run(text)
        if field:
            _field(foot, field)


def _field(paragraph: Any, instruction: str) -> None:
    """A number that Word fills in."""
    field = _element("w:fldSimple", {"w:instr": instruction})
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _head(file: Any, texts: Sequence[str], style: str, languages: Sequence[str]) -> None:
    if any(texts):
        _both(file, languages, lambda paragraph, i: _write(paragraph, texts[i], languages[i], style))


def _letterhead(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """Number and date on the left, to whom on the right, for each language."""
    _, grid = _grid(file, 1, [3, 2] * len(languages), languages, None)
    for i, (rows, to) in enumerate(zip(block["rows"], block["to"], strict=True)):
        left, right = grid[0][2 * i : 2 * i + 2]
        for number, (label, cell) in enumerate(rows):
            paragraph = left.add_paragraph() if number else left.paragraphs[0]
            _write(paragraph, f"{label['text']}: ", languages[i], "Normal")
            _say(paragraph, cell)
        _say(right.paragraphs[0], to)
    file.add_paragraph()


def _notes(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    _both(file, languages, lambda paragraph, i: _write(paragraph, "\n".join(block["cells"][i]), languages[i], "tanba note"))


def _proof(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """A code where there is one, then the lines."""
    if block["address"]:
        from docx.shared import Mm

        paragraph = file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(BytesIO(png(block["address"])), Mm(32), Mm(32))
        picture._inline.docPr.set("descr", " · ".join(block["alt"]))
    _notes(file, block, languages)


def _heading(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    _both(file, languages, lambda paragraph, i: _write(paragraph, block["texts"][i], languages[i], f"Heading {block['level']}"))


def _paragraph(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    _both(file, languages, lambda paragraph, i: _say(paragraph, block["cells"][i]))


def _check(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    def draw(paragraph: Any, i: int) -> None:
        _box(paragraph, block["checked"])
        _say(paragraph, block["cells"][i], " ")

    _both(file, languages, draw)


def _box(paragraph: Any, ticked: bool) -> None:
    """A box that can be ticked in Word."""
    signs = {"w14:checkedState": "2611", "w14:uncheckedState": "2610"}
    states = [_element(name, {"w14:val": code, "w14:font": "Segoe UI Symbol"}) for name, code in signs.items()]
    state = _element("w14:checkbox", {}, _element("w14:checked", {"w14:val": "1" if ticked else "0"}), *states)
    run = paragraph.add_run("☑" if ticked else "☐")
    run.font.name = "Segoe UI Symbol"
    box = _element("w:sdt", {}, _element("w:sdtPr", {}, state), _element("w:sdtContent", {}, run._r))
    paragraph._p.append(box)


def _signature(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    def draw(paragraph: Any, i: int) -> None:
        paragraph.paragraph_format.space_before = _points(18)
        paragraph.paragraph_format.keep_together = True
        blanks = "   ".join(f"{'_' * width} ({word})" for width, word in zip((12, 18, 10), block["words"][i], strict=True))
        _write(paragraph, f"{block['texts'][i]}\n{blanks}", languages[i], "Normal")

    _both(file, languages, draw)


def _table(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """Two languages stand in one table, so that their rows stay beside one another."""
    heads = [(text, lang) for texts, lang in zip(block["head"], languages, strict=True) for text in texts]
    table, grid = _grid(file, 1 + len(block["rows"]), list(block["widths"]) * len(languages), languages, "Table Grid")
    table._tbl.tr_lst[0].get_or_add_trPr().append(_element("w:tblHeader", {}))
    for cell, (text, lang) in zip(grid[0], heads, strict=True):
        _write(cell.paragraphs[0], text, lang, "tanba table").bold = True
        cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:fill": "F2F2F2"}))
    for cells, row in zip(grid[1:], block["rows"], strict=True):
        if sum(len(each["text"]) for texts in row for each in texts) < SHORT:
            cells[0]._tc.getparent().get_or_add_trPr().append(_element("w:cantSplit", {}))
        for cell, said in zip(cells, [each for texts in row for each in texts], strict=True):
            cell.paragraphs[0]._p.style = _style_id("tanba table")
            _say(cell.paragraphs[0], said)
    file.add_paragraph(style="tanba note")


def _chart(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """A table with a bar in each row, made of shaded cells."""
    title = file.add_paragraph(style="tanba table")
    title.paragraph_format.keep_with_next = True
    title.add_run("\n".join(block["titles"])).bold = True
    widths = [6, 10, *(3 for _ in block["series"])]
    _, grid = _grid(file, 1 + len(block["rows"]), widths, languages, "Table Grid")
    for cell, texts, shade in zip(grid[0][2:], block["series"], block["shades"], strict=True):
        run = _write(cell.paragraphs[0], "■ ", languages[0], "tanba table")
        run.font.color.rgb = _colour(shade)
        _write(cell.paragraphs[0], "\n".join(texts), languages[0], "tanba table").bold = True
    for cells, row in zip(grid[1:], block["rows"], strict=True):
        for cell, text in zip((cells[0], *cells[2:]), ("\n".join(row["labels"]), *map(str, row["counts"])), strict=True):
            _write(cell.paragraphs[0], text, languages[0], "tanba table")
        _bar(cells[1], row["counts"], block)
    file.add_paragraph(style="tanba note")


def _bar(cell: Any, counts: Sequence[int], block: Mapping[str, Any]) -> None:
    """A table of one row within a cell; Word wants a paragraph after it."""
    parts = [(count, shade) for count, shade in zip(counts, block["shades"], strict=True) if count]
    rest = block["whole"] - sum(counts)
    parts += [(rest, "")] if rest else []
    inner = cell.add_table(1, len(parts))
    inner.autofit = False
    row = inner._tbl.tr_lst[0]
    row.get_or_add_trPr().append(_element("w:trHeight", {"w:val": "200", "w:hRule": "exact"}))
    for part, column, (count, shade) in zip(row.tc_lst, inner._tbl.tblGrid.gridCol_lst, parts, strict=True):
        part.width = column.w = int(cell.width * 0.9 * count / block["whole"])
        if shade:
            part.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:fill": shade}))
    cell._tc.remove(cell.paragraphs[0]._p)
    cell.paragraphs[-1].paragraph_format.line_spacing = _points(2)


def _grid(file: Any, rows: int, widths: Sequence[int], languages: Sequence[str], style: str | None) -> tuple[Any, list[list[Any]]]:
    """A table as wide as the page, and its cells. They are taken once: python-docx looks through the whole table for each row."""
    from docx.shared import Mm
    from docx.table import _Cell

    table = file.add_table(rows, len(widths), style=style)
    table.autofit = False
    whole = 257 if len(languages) > 1 else 170
    sizes = [Mm(whole * width / sum(widths)) for width in widths]
    for column, size in zip(table._tbl.tblGrid.gridCol_lst, sizes, strict=True):
        column.w = size
    for row in table._tbl.tr_lst:
        for cell, size in zip(row.tc_lst, sizes, strict=True):
            cell.width = size
    return table, [[_Cell(cell, table) for cell in row.tc_lst] for row in table._tbl.tr_lst]


def _both(file: Any, languages: Sequence[str], draw: Any) -> None:
    """A paragraph, or one in each of two columns without lines."""
    if len(languages) == 1:
        draw(file.add_paragraph(), 0)
        return
    _, grid = _grid(file, 1, [1] * len(languages), languages, None)
    for i, cell in enumerate(grid[0]):
        draw(cell.paragraphs[0], i)


def _write(paragraph: Any, text: str, language: str, style: str) -> Any:
    paragraph._p.style = _style_id(style)
    run = paragraph.add_run(text)
    _language(run._r.get_or_add_rPr(), language)
    return run


def _style_id(name: str) -> str:
    """What the file calls a style. Set directly: python-docx looks through all styles for each paragraph."""
    return name.replace(" ", "")


def _say(paragraph: Any, cell: Mapping[str, str], before: str = "") -> None:
    """What is said and its source; what is said in a field stands in a control."""
    if before:
        paragraph.add_run(before)
    runs = [_run(paragraph, f"{cell['gap']}: ", "tanba gap", cell)] if cell["gap"] else []
    runs += [_run(paragraph, cell["text"], None, cell)] if cell["text"] else []
    if cell.get("field"):
        box = control(cell)
        box[-1].extend(run._r for run in runs)
        paragraph._p.append(box)
    if cell["source"]:
        _run(paragraph, f"\n{cell['source']}", "tanba source", cell)


def _run(paragraph: Any, text: str, style: str | None, cell: Mapping[str, str]) -> Any:
    run = paragraph.add_run(text)
    run._r.style = _style_id(style) if style else None
    _language(run._r.get_or_add_rPr(), cell["lang"])
    return run


def _element(name: str, attributes: Mapping[str, str], *inside: Any) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(name) if name.startswith("w:") else _word_2010(name)
    for key, value in attributes.items():
        made.set(_name(key), value)
    made.extend(inside)
    return made


def _word_2010(name: str) -> Any:
    from docx.oxml.parser import oxml_parser

    return oxml_parser.makeelement(_name(name), nsmap={"w14": W14})


W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return f"{{{W14}}}{name.removeprefix('w14:')}" if name.startswith("w14:") else str(qn(name))


def _colour(shade: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(shade)


def _points(size: int) -> Any:
    from docx.shared import Pt

    return Pt(size)


DRAW = {
    "chart": _chart,
    "check": _check,
    "heading": _heading,
    "notes": _notes,
    "paragraph": _paragraph,
    "proof": _proof,
    "signature": _signature,
    "table": _table,
}
