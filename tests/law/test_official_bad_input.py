"""Official texts that are damaged, hostile or something else."""

import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law import official
from tanba.law.official import read_articles


def saved(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def as_docx(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("Article 1. One")
    document.save(str(path))
    return path


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.docx", b"not a zip", "DOCX"),
        ("a.docx", b"PK\x03\x04 broken", "DOCX"),
        ("a.pdf", b"%PDF-1.7", "format"),
        ("a.txt", b"%PDF-1.7", "format"),
        ("a.odt", b"Article 1. One", "format"),
        ("a.txt", b"", "empty"),
        ("a.html", b" \n", "empty"),
        ("a.html", b"<!-- -->", "HTML"),
        ("a.html", b"\xff\xfe\x00", "encoding"),
        ("a.txt", b"\x98", "encoding"),
        ("a.txt", "Статья без номера".encode(), "no article"),
        ("a.txt", b"Article 1. One\nArticle 1. One", "stands twice"),
        ("a.txt", b" " * 50_000_000, "larger"),
    ],
)
def test_bad_input(tmp_path: Path, name: str, content: bytes, part: str) -> None:
    with pytest.raises(InputError, match=part) as caught:
        read_articles(saved(tmp_path / name, content))
    assert caught.value.hint


def test_a_missing_file_and_a_folder_are_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(InputError):
            read_articles(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = as_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/bomb.bin", bytes(official.MAX_UNPACKED))
    with pytest.raises(InputError, match="unpacks"):
        read_articles(path)


@pytest.mark.parametrize("line", ["1" + " " * 100_000 + "x", "1-" * 50_000, "Президент " * 20_000, "<pre " * 50_000, "\n \n" * 50_000])
def test_hostile_lines_take_no_time(tmp_path: Path, line: str) -> None:
    for name in ("a.txt", "a.html"):
        assert read_articles(saved(tmp_path / name, f"Article 1. One\n{line}"))


@settings(max_examples=60, deadline=None)
@given(suffix=st.sampled_from([".txt", ".html", ".docx"]), content=st.binary(max_size=400))
def test_any_bytes_raise_input_error_only(tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes) -> None:
    path = saved(tmp_path_factory.getbasetemp() / f"fuzz{suffix}", content)
    with suppress(InputError):
        read_articles(path)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_docx_raises_input_error_only(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    raw = bytearray(as_docx(tmp_path_factory.getbasetemp() / "whole.docx").read_bytes())
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        read_articles(saved(tmp_path_factory.getbasetemp() / "broken.docx", bytes(raw)))
