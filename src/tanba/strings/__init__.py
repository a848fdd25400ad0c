"""One catalogue of tanba's own words, Kazakh first: `t("words.disclaimer", "kk")`.

The YAML files beside this one map a key to its kk, ru and en text; the name of the file, or of the folder it lies in, is the key's first
part. Placeholders are `{name}`; counted words take `one`, `few`, `many`, `other` forms chosen by the CLDR rules of each language.
"""

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, cast

from tanba.datafolder import read_folder
from tanba.errors import TanbaError

LANGUAGES = ("kk", "ru", "en")


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """All strings as {key: {kk, ru, en}}."""
    folder = Path(__file__).parent
    files = read_folder(folder).items()
    return {f"{name.partition('/')[0]}.{key}": texts for name, entries in files for key, texts in entries.items() if key != "kazakh"}


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of `key` in `lang`, placeholders filled. Raises KeyError for an unknown key: the tests find every one.

    >>> t("words.unit.working_days", "ru", count=3)
    '3 рабочих дня'
    """
    text = catalogue()[key][lang]
    if isinstance(text, dict):
        text = text.get(plural(lang, int(cast(int, values["count"]))), text["other"])
    return text.format(**values) if values else cast(str, text)


def kind_word(kind: str, lang: str) -> str:
    """What a sealed artifact is called; a kind of somebody else's is shown as it is written."""
    return str(catalogue().get(f"kinds.{kind}", {}).get(lang, kind))


def explain(error: TanbaError, lang: str) -> tuple[str, str]:
    """What is wrong, with `file:line: ` before it, and what to do next, in `lang`; English where the catalogue lacks the template.

    >>> explain(TanbaError("no fact {name!r}", "`tanba facts` lists them all.", name="stag"), "ru")
    ("нет факта 'stag'", 'Все факты показывает `tanba facts`.')
    """
    return error.where + _told(error.template, lang, error.values), _told(error.hint_template, lang, error.values)


def _told(template: str, lang: str, values: dict[str, Any]) -> str:
    text: str = catalogue().get(f"errors.{template}", {}).get(lang, template)
    formatter = Formatter() if lang == "en" else _Spaced()
    return formatter.vformat(text, (), values) if values else text


class _Spaced(Formatter):
    """Kazakh and Russian part thousands with spaces where English has commas."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One filled placeholder."""
        text: str = super().format_field(value, format_spec)
        return text.replace(",", "\N{NO-BREAK SPACE}") if format_spec == "," else text


def plural(lang: str, count: int) -> str:
    """CLDR plural category of a whole number.

    >>> plural("ru", 21), plural("ru", 22), plural("ru", 25), plural("kk", 5)
    ('one', 'few', 'many', 'other')
    """
    if lang != "ru":
        return "one" if count == 1 else "other"
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "many"
