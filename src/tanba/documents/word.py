"""A document as DOCX that a lawyer can edit: styles for everything, languages of Kazakhstan, margins of 30 and 10 mm, numbered pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from tanba.documents.controls import control, stamp
from tanba.documents.qr import png
from tanba.documents.wordpaper import LOCALES, colour, element, mark_language, paper, points, style_id, styles, write

SHORT = 1500
"""Letters of a row that is kept on one page; a longer one may not fit on any."""
TITLE_LENGTH = 255
"""The most that a property of the file takes."""


def docx(page: Mapping[str, Any]) -> bytes:
    """`page` from `layout.laid`."""
    from docx import Document

    file = Document()
    styles(file, page["languages"])
    paper(file, page)
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


def _head(file: Any, texts: Sequence[str], style: str, languages: Sequence[str]) -> None:
    if any(texts):
        _both(file, languages, lambda paragraph, i: write(paragraph, texts[i], languages[i], style))


def _letterhead(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """Number and date on the left, to whom on the right, for each language."""
    _, grid = _grid(file, 1, [3, 2] * len(languages), languages, None)
    for i, (rows, to) in enumerate(zip(block["rows"], block["to"], strict=True)):
        left, right = grid[0][2 * i : 2 * i + 2]
        for number, (label, cell) in enumerate(rows):
            paragraph = left.add_paragraph() if number else left.paragraphs[0]
            write(paragraph, f"{label['text']}: ", languages[i], "Normal")
            _say(paragraph, cell)
        _say(right.paragraphs[0], to)
    file.add_paragraph()


def _notes(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    _both(file, languages, lambda paragraph, i: write(paragraph, "\n".join(block["cells"][i]), languages[i], "tanba note"))


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
    _both(file, languages, lambda paragraph, i: write(paragraph, block["texts"][i], languages[i], f"Heading {block['level']}"))


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
    states = [element(name, {"w14:val": code, "w14:font": "Segoe UI Symbol"}) for name, code in signs.items()]
    state = element("w14:checkbox", {}, element("w14:checked", {"w14:val": "1" if ticked else "0"}), *states)
    run = paragraph.add_run("☑" if ticked else "☐")
    run.font.name = "Segoe UI Symbol"
    box = element("w:sdt", {}, element("w:sdtPr", {}, state), element("w:sdtContent", {}, run._r))
    paragraph._p.append(box)


def _signature(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    def draw(paragraph: Any, i: int) -> None:
        paragraph.paragraph_format.space_before = points(18)
        paragraph.paragraph_format.keep_together = True
        blanks = "   ".join(f"{'_' * width} ({word})" for width, word in zip((12, 18, 10), block["words"][i], strict=True))
        write(paragraph, f"{block['texts'][i]}\n{blanks}", languages[i], "Normal")

    _both(file, languages, draw)


def _table(file: Any, block: Mapping[str, Any], languages: Sequence[str]) -> None:
    """Two languages stand in one table, so that their rows stay beside one another."""
    heads = [(text, lang) for texts, lang in zip(block["head"], languages, strict=True) for text in texts]
    table, grid = _grid(file, 1 + len(block["rows"]), list(block["widths"]) * len(languages), languages, "Table Grid")
    table._tbl.tr_lst[0].get_or_add_trPr().append(element("w:tblHeader", {}))
    for cell, (text, lang) in zip(grid[0], heads, strict=True):
        write(cell.paragraphs[0], text, lang, "tanba table").bold = True
        cell._tc.get_or_add_tcPr().append(element("w:shd", {"w:val": "clear", "w:fill": "F2F2F2"}))
    for cells, row in zip(grid[1:], block["rows"], strict=True):
        if sum(len(each["text"]) for texts in row for each in texts) < SHORT:
            cells[0]._tc.getparent().get_or_add_trPr().append(element("w:cantSplit", {}))
        for cell, said in zip(cells, [each for texts in row for each in texts], strict=True):
            cell.paragraphs[0]._p.style = style_id("tanba table")
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
        run = write(cell.paragraphs[0], "■ ", languages[0], "tanba table")
        run.font.color.rgb = colour(shade)
        write(cell.paragraphs[0], "\n".join(texts), languages[0], "tanba table").bold = True
    for cells, row in zip(grid[1:], block["rows"], strict=True):
        for cell, text in zip((cells[0], *cells[2:]), ("\n".join(row["labels"]), *map(str, row["counts"])), strict=True):
            write(cell.paragraphs[0], text, languages[0], "tanba table")
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
    row.get_or_add_trPr().append(element("w:trHeight", {"w:val": "200", "w:hRule": "exact"}))
    for part, column, (count, shade) in zip(row.tc_lst, inner._tbl.tblGrid.gridCol_lst, parts, strict=True):
        part.width = column.w = int(cell.width * 0.9 * count / block["whole"])
        if shade:
            part.get_or_add_tcPr().append(element("w:shd", {"w:val": "clear", "w:fill": shade}))
    cell._tc.remove(cell.paragraphs[0]._p)
    cell.paragraphs[-1].paragraph_format.line_spacing = points(2)


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
    run._r.style = style_id(style) if style else None
    mark_language(run._r.get_or_add_rPr(), cell["lang"])
    return run


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
