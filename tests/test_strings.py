"""Every string of our own: three languages, the same placeholders, plural forms that the language needs."""

import re
import string
from pathlib import Path

import pytest

from tanba.datafolder import read_folder
from tanba.strings import LANGUAGES, catalogue, plural, t

FORMS = {"kk": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
SOURCES = Path(__file__).parent.parent / "src" / "tanba"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_complete_in_three_languages(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == set(LANGUAGES)
    found = []
    for lang in LANGUAGES:
        text = texts[lang]
        if isinstance(text, dict):
            assert set(text) == FORMS[lang]
            found.append(set().union(*(placeholders(form) for form in text.values())))
        else:
            assert text.strip()
            found.append(placeholders(text))
    assert found[0] == found[1] == found[2]


def test_no_key_stands_in_two_files() -> None:
    files = read_folder(SOURCES / "strings").items()
    keys = [f"{name.partition('/')[0]}.{key}" for name, entries in files for key in entries if key != "kazakh"]
    assert len(keys) == len(set(keys)) == len(catalogue())


def test_kazakh_texts_are_kazakh_and_russian_ones_russian() -> None:
    """A Kazakh text that equals the Russian one, and is longer than a word, was probably forgotten."""
    same = [key for key, texts in catalogue().items() if texts["kk"] == texts["ru"] and len(str(texts["kk"]).split()) > 3]
    assert same == []


def test_every_key_that_code_names_exists() -> None:
    pattern = re.compile(r"""\bt\(\s*f?["']([a-z_]+\.[a-z_.]+)["']""")
    named = {match for path in SOURCES.rglob("*.py") for match in pattern.findall(path.read_text())}
    assert {key for key in named if key not in catalogue() and not key.endswith(("_", "."))} == set()
    assert len(named) > 20


@pytest.mark.parametrize(
    ("count", "ru", "en"),
    [
        (1, "one", "one"),
        (2, "few", "other"),
        (5, "many", "other"),
        (11, "many", "other"),
        (21, "one", "other"),
        (112, "many", "other"),
        (0, "many", "other"),
    ],
)
def test_plural(count: int, ru: str, en: str) -> None:
    assert (plural("ru", count), plural("en", count)) == (ru, en)


def test_placeholders_are_filled() -> None:
    assert t("words.unit.working_days", "ru", count=3) == "3 рабочих дня"
    assert t("words.unit.working_days", "kk", count=1) == "1 жұмыс күні"
