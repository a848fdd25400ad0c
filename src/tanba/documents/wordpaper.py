"""Paper, styles and the elements of a DOCX: what python-docx has no words for."""

from collections.abc import Mapping, Sequence
from typing import Any

LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
FONT = "Times New Roman"
GREY = "555555"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def styles(file: Any, languages: Sequence[str]) -> None:
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
    gap.element.get_or_add_rPr().append(element("w:shd", {"w:val": "clear", "w:fill": "FFF3CD"}))
    file.styles["Normal"].paragraph_format.space_after = Pt(6)
    mark_language(file.styles["Normal"].element.get_or_add_rPr(), languages[0])


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


def mark_language(properties: Any, language: str) -> None:
    """Which language a run or a style is in, for whoever checks its spelling."""
    for old in properties.findall(_name("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", {"w:val": LOCALES[language], "w:eastAsia": LOCALES[language], "w:bidi": LOCALES[language]}))


def paper(file: Any, page: Mapping[str, Any]) -> None:
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
    write(section.header.paragraphs[0], "  |  ".join(page["header"]), page["languages"][0], "tanba note")
    foot = section.footer.paragraphs[0]
    write(foot, "  ".join(page["footer"]) + "  ", page["languages"][0], "tanba note")
    before, _, rest = page["page"][0].partition("{n}")
    between, _, after = rest.partition("{m}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        foot.add_run(text)
        if field:
            _field(foot, field)


def _field(paragraph: Any, instruction: str) -> None:
    """A number that Word fills in."""
    field = element("w:fldSimple", {"w:instr": instruction})
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def write(paragraph: Any, text: str, language: str, style: str) -> Any:
    """A run of text in a paragraph of that style; the run."""
    paragraph._p.style = style_id(style)
    run = paragraph.add_run(text)
    mark_language(run._r.get_or_add_rPr(), language)
    return run


def style_id(name: str) -> str:
    """What the file calls a style. Set directly: python-docx looks through all styles for each paragraph."""
    return name.replace(" ", "")


def element(name: str, attributes: Mapping[str, str], *inside: Any) -> Any:
    """An element of the file by its prefixed name."""
    from docx.oxml import OxmlElement

    made = OxmlElement(name) if name.startswith("w:") else _word_2010(name)
    for key, value in attributes.items():
        made.set(_name(key), value)
    made.extend(inside)
    return made


def _word_2010(name: str) -> Any:
    from docx.oxml.parser import oxml_parser

    return oxml_parser.makeelement(_name(name), nsmap={"w14": W14})


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return f"{{{W14}}}{name.removeprefix('w14:')}" if name.startswith("w14:") else str(qn(name))


def colour(shade: str) -> Any:
    """Of six hexadecimal digits."""
    from docx.shared import RGBColor

    return RGBColor.from_string(shade)


def points(size: int) -> Any:
    """A length."""
    from docx.shared import Pt

    return Pt(size)
