"""The example form of a company, made the way a lawyer does it in Word: `python tests/company_form.py` writes it anew."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt, RGBColor

PATH = Path(__file__).parent.parent / "examples/templates/passport-qarlygash.docx"
GREEN = RGBColor(0x0B, 0x5D, 0x4A)
ROWS = (
    ("Жүйенің атауы", "Наименование системы", "passport.name"),
    ("Мақсаты", "Назначение", "passport.purpose"),
    ("Жауапты бөлімше", "Ответственное подразделение", "passport.department"),
    ("Жүйеге жауапты адам", "Ответственный за систему", "passport.responsible"),
    ("Қауіп-қатер дәрежесі", "Степень риска", "passport.risk"),
    ("Дербестігі", "Автономность", "passport.autonomy"),
    ("Пайдалану режимі", "Режим использования", "passport.mode"),
    ("Тыйым салынған мүмкіндіктер", "Запрещённые возможности", "passport.gate"),
    ("Дәлдігі", "Точность", "passport.accuracy"),
)


def form() -> bytes:
    """Letterhead, a styled heading, a table of fields in two languages, and tables that grow with models, risks and duties."""
    file = docx.Document()
    _paper(file)
    heading = file.add_heading("ЖИ жүйесінің паспорты  ·  Паспорт системы ИИ", 0)
    for run in heading.runs:
        run.font.color.rgb, run.font.size = GREEN, Pt(20)
    file.add_paragraph("{{ passport.name_kk }} · {{ passport.name_ru }}", style="Subtitle")
    _fields(file)
    loops = (
        ("Модельдер · Модели", "models", ("Модель", "Шығу тегі · Происхождение", "Лицензия"), ("name", "source", "licence")),
        (
            "Қауіп-қатерлер · Риски",
            "risks",
            ("Қауіп-қатер", "Риск", "Шараларға дейін · До мер", "Кейін · После"),
            ("title_kk", "title_ru", "before_kk", "after_kk"),
        ),
        (
            "Міндеттер · Обязанности",
            "obligations",
            ("Міндет", "Обязанность", "Негізі · Основание", "Дәлелдеме · Доказательство"),
            ("title_kk", "title_ru", "source_ru", "evidence_kk"),
        ),
    )
    for title, name, head, columns in loops:
        _loop(file, title, name, head, columns)
    file.add_paragraph("{%p if passport.vendor %}")
    file.add_paragraph("Жеткізуші · Поставщик: {{ passport.vendor }}")
    file.add_paragraph("{%p endif %}")
    file.add_paragraph("\nБекітемін · Утверждаю  ____________________  «___» ____________ 20___")
    file.core_properties.author, file.core_properties.title = "Qarlygash JSC, legal department", "Passport of an AI system"
    file.core_properties.created = file.core_properties.modified = datetime(2026, 2, 2)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _paper(file: Any) -> None:
    section = file.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(11)
    section.header.paragraphs[0].text = "{{ organisation.name_kk }}  |  {{ organisation.name_ru }}  |  БСН/БИН {{ organisation.bin }}"
    section.footer.paragraphs[0].text = "{{ day }}  ·  SHA-256 {{ digest }}"


def _fields(file: Any) -> None:
    rows = [
        ("Көрсеткіш", "Показатель", "Қазақша", "По-русски"),
        *((kk, ru, f"{{{{ {f}_kk }}}}", f"{{{{ {f}_ru }}}}") for kk, ru, f in ROWS),
    ]
    _table(file, rows)


def _loop(file: Any, title: str, name: str, head: Iterable[str], columns: Iterable[str]) -> None:
    run = file.add_heading(title, 1).runs[0]
    run.font.color.rgb = GREEN
    texts = [f"{{{{ r.{column} }}}}" for column in columns]
    blank = [""] * (len(texts) - 1)
    _table(file, [tuple(head), (f"{{%tr for r in {name} %}}", *blank), tuple(texts), ("{%tr endfor %}", *blank)])


def _table(file: Any, rows: list[tuple[str, ...]]) -> None:
    table = file.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


if __name__ == "__main__":
    PATH.write_bytes(form())
