"""The channel standard: one policy file that says how an organisation marks, whatever the channel. Pure.

```yaml
languages: [kk, ru]          # of the warning, in this order
place: bottom-right          # of the label on pictures
style: auto                  # auto, dark or light plate
size: 0.05                   # height of the letters, share of the short side; not below 0.05
wording: {created: {kk: ЖИ жасаған}}
layers: [c2pa, metadata, watermark, label]
aigc: false                  # the field of GB 45438-2025 beside IPTC's
everything: true             # mark also where art. 21(2) would not ask for it
```
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanba.digest import canonical_json, sha256
from tanba.errors import InputError
from tanba.marking.label import PLACES, PLATES, SIZE, Place
from tanba.marking.model import Source
from tanba.policyfile import unknown_setting
from tanba.strings import LANGUAGES, t

CHOSEN = ("c2pa", "metadata", "watermark", "label")
LARGEST_SIZE = 0.2
LEAST_LETTERS, LONGEST_WORDING = 2, 60


@dataclass(frozen=True, slots=True)
class Standard:
    """How to mark. `wording` {source: {language: text}} replaces our own words."""

    languages: tuple[str, ...] = ("kk", "ru")
    place: Place = "bottom-right"
    style: str = "auto"
    size: float = SIZE
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layers: tuple[str, ...] = CHOSEN
    aigc: bool = False
    everything: bool = True

    def words(self, source: Source) -> list[str]:
        """The warning, one text for each language."""
        return [self.wording.get(source, {}).get(language) or t(f"marking.label.{source}", language) for language in self.languages]

    @property
    def version(self) -> str:
        """Names exactly this standard: the beginning of a digest over what it says."""
        return sha256(canonical_json({name: _plain(getattr(self, name)) for name in self.__slots__}))[:12]


def parse(written: Mapping[str, Any]) -> Standard:
    """A standard from its file. Raises InputError on a name or a value that does not fit."""
    for name in written:
        if name not in CHECKS:
            raise unknown_setting(name, CHECKS)
        if not CHECKS[name](written[name]):
            raise InputError("{name}: {given!r} does not fit", "See docs/marking.md.", name=name, given=written[name])
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}
    return Standard(**values)


def languages(text: str) -> tuple[str, ...]:
    """`kk+ru` → ("kk", "ru"). Raises InputError."""
    found = tuple(text.split("+"))
    if not _is_choice(LANGUAGES)(list(found)):
        raise InputError("{given!r} names no languages", "Write kk, ru, en, or several such as kk+ru.", given=text)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else str(value) if isinstance(value, float) else value


def _is_choice(among: Sequence[str]) -> Any:
    def fits(value: Any) -> bool:
        plain = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return plain and bool(value) and len(set(value)) == len(value) and set(value) <= set(among)

    return fits


def _is_wording(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"created", "altered"}:
        return False
    texts = [text for each in value.values() if isinstance(each, dict) for text in each.items()]
    whole = all(isinstance(each, dict) for each in value.values())
    return whole and all(name in LANGUAGES and isinstance(text, str) and _warns(text) for name, text in texts)


def _warns(text: str) -> bool:
    """Whether it can be a warning at all: some letters, nothing that is not drawn."""
    return sum(map(str.isalpha, text)) >= LEAST_LETTERS and len(text.strip()) <= LONGEST_WORDING and text.isprintable()


CHECKS: Mapping[str, Any] = {
    "languages": _is_choice(LANGUAGES),
    "place": lambda value: value in PLACES,
    "style": lambda value: value in ("auto", *PLATES),
    "size": lambda value: isinstance(value, float) and SIZE <= value <= LARGEST_SIZE,
    "wording": _is_wording,
    "layers": _is_choice(CHOSEN),
    "aigc": lambda value: isinstance(value, bool),
    "everything": lambda value: isinstance(value, bool),
}
