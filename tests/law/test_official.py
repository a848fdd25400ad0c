"""Reading official texts: every act here is invented."""

import zipfile
from hashlib import sha256
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.law import official
from tanba.law.official import Article, article_digest, compare, normalise, read_articles

DATA = Path(__file__).parent / "data"
RUSSIAN = (DATA / "act.ru.txt").read_text(encoding="utf-8")


def known() -> dict[str, str]:
    return {article.number: article_digest(article) for article in read_articles(DATA / "act.ru.txt")}


def saved(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def as_docx(path: Path, text: str, table: bool = False) -> Path:
    document = docx.Document()
    rows = document.add_table(0, 1) if table else None
    for line in text.splitlines():
        if rows is None:
            document.add_paragraph(line)
        else:
            rows.add_row().cells[0].text = line
    document.save(str(path))
    return path


def packed(path: Path, body: str, doctype: str = "") -> Path:
    """The DOCX at `path` with another body, for what python-docx cannot write."""
    as_docx(path, "")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    parts["word/document.xml"] = f"{doctype}<w:document {word} {compatible}><w:body>{body}</w:body></w:document>".encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return path


@pytest.mark.parametrize(
    ("name", "numbers", "title"),
    [
        ("act.ru.txt", ["1", "2", "2-1", "3", "4"], "Основные понятия"),
        ("act.ru.html", ["1", "2", "2-1", "3", "4"], "Основные понятия"),
        ("act.kk.txt", ["1", "1-1", "2", "3"], "Негізгі ұғымдар"),
        ("act.en.txt", ["1", "1-1", "2"], "Terms"),
    ],
)
def test_articles_are_found_in_three_languages(name: str, numbers: list[str], title: str) -> None:
    articles = read_articles(DATA / name)
    assert [article.number for article in articles] == numbers
    assert articles[0].title == title


@pytest.mark.parametrize("name", ["act.ru.txt", "act.ru.html", "act.kk.txt", "act.en.txt"])
def test_headings_of_chapters_and_signatures_are_no_text_of_an_article(name: str) -> None:
    text = " ".join(article.text for article in read_articles(DATA / name))
    assert not [word for word in ("Глава", "тарау", "Chapter", "А. ВЫД", "Ә. ОЙ", "I. NV", "Президенті", "President") if word in text]


def test_a_norm_about_the_president_is_no_signature() -> None:
    last = read_articles(DATA / "act.ru.txt")[-1]
    assert "открывает первую голубятню" in last.text
    assert last.text.endswith("с первым снегом.")


def test_the_digest_covers_the_normalised_text_with_its_heading() -> None:
    article = read_articles(DATA / "act.ru.txt")[2]
    assert article_digest(article) == sha256("Статья 2-1. Отдых голубя Голубь отдыхает по воскресеньям.".encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("а\u00a0 б\r\n\tв\n", "а б в"),
        ("и\u0306", "й"),
        ("Примечание ИЗПИ!\n\nПорядок введения в действие см ст. 31.\nНорма.", "Норма."),
        ("Примечание РЦПИ! В статью предусмотрены изменения.\nНорма.", "Норма."),
        ("ЗҚАИ-ның ескертпесі!\nҚолданысқа енгізілу тәртібін 31-баптан қараңыз.\nНорма.", "Норма."),
        ("Порядок введения в действие определяется Правительством.", "Порядок введения в действие определяется Правительством."),
    ],
)
def test_normalise(text: str, normal: str) -> None:
    assert normalise(text) == normal


def test_the_same_act_has_the_same_digests_in_every_format(tmp_path: Path) -> None:
    files = [
        DATA / "act.ru.html",
        saved(tmp_path / "bom.txt", RUSSIAN.encode("utf-8-sig")),
        saved(tmp_path / "dos.txt", RUSSIAN.replace("\n", "\r\n").encode("cp1251")),
        saved(tmp_path / "wide.txt", RUSSIAN.encode("utf-16")),
        saved(tmp_path / "old.htm", f'<meta content="text/html; charset=windows-1251"><pre>{RUSSIAN}</pre>'.encode("cp1251")),
        saved(tmp_path / "bare.html", "".join(f"<div>{line}</div>" for line in RUSSIAN.splitlines())),
        as_docx(tmp_path / "plain.docx", RUSSIAN),
        as_docx(tmp_path / "table.docx", RUSSIAN, table=True),
    ]
    assert [compare(read_articles(file), known()).same for file in files] == [tuple(known())] * len(files)


def test_kazakh_in_its_own_code_page(tmp_path: Path) -> None:
    text = (DATA / "act.kk.txt").read_text(encoding="utf-8")
    page = saved(tmp_path / "a.html", f'<meta charset="kz-1048"><pre>{text}</pre>'.encode("kz1048"))
    assert [article_digest(a) for a in read_articles(page)] == [article_digest(a) for a in read_articles(DATA / "act.kk.txt")]


def test_compare_names_what_changed(tmp_path: Path) -> None:
    text = RUSSIAN.replace("одного письма", "двух писем").replace("Статья 3.", "Статья 3-1.")
    result = compare(read_articles(saved(tmp_path / "a.txt", text)), known())
    assert result == official.Comparison(same=("1", "2-1", "4"), changed=("2",), missing=("3",), new=("3-1",))


def test_an_odd_hyphen_gives_the_same_number(tmp_path: Path) -> None:
    assert read_articles(saved(tmp_path / "a.txt", "Статья 17‑1. Заголовок\nТекст"))[0].number == "17-1"


def test_a_reference_to_an_article_is_no_heading(tmp_path: Path) -> None:
    text = "<p>Статья 1. Один</p><p>Согласно\nСтатья 5. сказано</p><p>Статья 6 сказана</p><p>Статья 7.1 тоже</p>"
    assert [article.number for article in read_articles(saved(tmp_path / "a.html", text))] == ["1"]


@pytest.mark.parametrize(
    "heading", ["Раздел 2. ОСОБЕННАЯ ЧАСТЬ", "РАЗДЕЛ II", "Параграф 2. Голуби", "2-бөлім. ҚҰСТАР", "II бөлім ҚҰСТАР", "2 тарау"]
)
def test_what_ends_an_article(tmp_path: Path, heading: str) -> None:
    path = saved(tmp_path / "a.txt", f"Статья 1. Один\nТекст.\n{heading}\nСтатья 2. Два\nТекст.")
    assert read_articles(path)[0] == Article("1", "Один", "Статья 1. Один\nТекст.")


def test_word_text_is_read_whole_and_once(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('Статья 1. Один')}</w:p>"
        f"<w:sdt><w:sdtContent><w:p><w:ins>{run.format('вставка')}</w:ins><w:del><w:r><w:delText>долой</w:delText></w:r></w:del></w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:moveFrom>{run.format('ушло')}</w:moveFrom>"
        f"<mc:AlternateContent><mc:Choice>{run.format('раз')}</mc:Choice><mc:Fallback>{run.format('два')}</mc:Fallback></mc:AlternateContent></w:p>"
        "<w:p><w:r><w:t>строка</w:t><w:br/><w:t>семь</w:t><w:noBreakHyphen/><w:t>один</w:t></w:r></w:p>"
    )
    assert normalise(read_articles(packed(tmp_path / "a.docx", body))[0].text) == "Статья 1. Один вставка раз строка семь-один"


def test_no_external_entity_is_followed(tmp_path: Path) -> None:
    secret = saved(tmp_path / "secret", "тайна")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    word = packed(tmp_path / "a.docx", "<w:p><w:r><w:t>Статья 1. Один &e;</w:t></w:r></w:p>", doctype)
    page = saved(tmp_path / "a.html", f"{doctype}<p>Статья 1. Один &e;</p>")
    assert "тайна" not in read_articles(word)[0].text + read_articles(page)[0].text


@given(st.text(max_size=200))
def test_normalise_is_settled_after_one_pass_on_one_line(text: str) -> None:
    line = " ".join(text.split())
    assert normalise(normalise(line)) == normalise(line)
