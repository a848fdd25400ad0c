"""The notice policy: what people are told where a system of AI is used (art. 21(1), 7(1)), in each channel and language. Pure.

```yaml
languages: [kk, ru]      # in this order, where one text has to serve everybody
days: 180                # for how long a receipt counts; then the notice is shown again
repeat: "1"              # key on the telephone that repeats the notice
human: "0"               # key on the telephone that reaches a human
origins: [https://shop.example]       # sites whose pages may ask the register
texts: {bot: {kk: "Сәлем! Сізге {system} жауап береді…"}}
```

The statute names neither form nor time of the notice; that it comes before interaction is practice (`practice/user-notice`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit

from tanba.digest import canonical_json, sha256
from tanba.errors import InputError
from tanba.policyfile import unknown_setting
from tanba.strings import LANGUAGES, t

CHANNELS = ("text", "voice", "email", "bot", "label", "leaflet")
"""On a page, on the telephone (script), under a letter, a bot's first message, on goods and beside them."""

NAMES = ("organisation", "system", "page", "repeat", "human")
"""What a text may name in braces."""

LONGEST, MOST_DAYS, MOST_ORIGINS = 1200, 3650, 50
WORD = re.compile(r"\{([^{}]*)\}")
KEY = re.compile(r"[0-9*#]")


@dataclass(frozen=True, slots=True)
class Policy:
    """How people are told. `texts` {channel: {language: text}} replaces our own words."""

    languages: tuple[str, ...] = ("kk", "ru")
    days: int = 180
    repeat: str = "1"
    human: str = "0"
    origins: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def template(self, channel: str, language: str) -> str:
        """The words with their braces."""
        return self.texts.get(channel, {}).get(language) or t(f"notice.{channel}", language)

    def text(self, channel: str, language: str, about: Mapping[str, str]) -> str:
        """The words for one system: `about` gives organisation, system and page, in that language. Nothing else in braces is touched."""
        known = {"repeat": self.repeat, "human": self.human, **about}
        return WORD.sub(lambda found: known.get(found[1], found[0]), self.template(channel, language))

    @property
    def version(self) -> str:
        """Names exactly these texts, our own words included: the beginning of a digest over what is shown and spoken."""
        said = {channel: {language: self.template(channel, language) for language in LANGUAGES} for channel in CHANNELS}
        return sha256(canonical_json({"human": self.human, "repeat": self.repeat, "texts": said}))[:12]


def parse(written: Mapping[str, Any]) -> Policy:
    """A policy from its file. Raises InputError on a name or a value that does not fit."""
    for name, value in written.items():
        if name not in CHECKS:
            raise unknown_setting(name, CHECKS)
        if name == "texts":
            check_texts(value)
        elif not CHECKS[name](value):
            raise InputError("{name}: {given!r} does not fit", "See docs/notices.md.", name=name, given=value)
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}
    return Policy(**values)


def check_texts(value: Any) -> None:
    """Raises InputError on a channel, a language or a text that does not fit."""
    rows = value.items() if isinstance(value, dict) else [(value, None)]
    for channel, texts in rows:
        if channel not in CHANNELS or not isinstance(texts, dict) or not texts.keys() <= set(LANGUAGES):
            raise InputError(
                "texts: {given!r} is no channel with texts in kk, ru, en", "Channels: {known}.", given=channel, known=", ".join(CHANNELS)
            )
        for language, text in texts.items():
            check_text(f"{channel}.{language}", text)


def check_text(name: str, text: Any) -> str:
    """A text of a notice. Raises InputError where it says nothing, is too long, or names in braces what nobody knows."""
    if not isinstance(text, str) or sum(map(str.isalpha, text)) < 2 or len(text) > LONGEST or not all(map(_is_seen, text)):
        raise InputError(
            "{name}: a notice has words, at most {limit} characters, and none that cannot be seen",
            "See docs/notices.md.",
            name=name,
            limit=LONGEST,
        )
    wrong = next((word for word in WORD.findall(text) if word not in NAMES), None)
    if wrong is not None:
        raise InputError(
            "{name}: nobody knows what {word!r} in braces is", "Known: {known}.", name=name, word=wrong, known=", ".join(NAMES)
        )
    return text


def _is_seen(letter: str) -> bool:
    """No control or invisible characters, which could turn a sentence around; a line break and any space will do."""
    return letter.isprintable() or letter == "\n" or category(letter) == "Zs"


def is_origin(value: Any) -> bool:
    """Whether it is what a browser sends as `Origin`: scheme, host and port, nothing after them."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isascii() else None
        return bool(
            parts and parts.scheme in ("https", "http") and parts.hostname and value == f"{parts.scheme}://{parts.netloc}".lower()
        ) and ("@" not in value and (parts is None or parts.port != 0))
    except ValueError:
        return False


def _are_languages(value: Any) -> bool:
    plain = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return plain and bool(value) and len(set(value)) == len(value) and set(value) <= set(LANGUAGES)


CHECKS: Mapping[str, Any] = {
    "languages": _are_languages,
    "days": lambda value: type(value) is int and 1 <= value <= MOST_DAYS,
    "repeat": lambda value: isinstance(value, str) and KEY.fullmatch(value),
    "human": lambda value: isinstance(value, str) and KEY.fullmatch(value),
    "origins": lambda value: isinstance(value, list) and len(value) <= MOST_ORIGINS and all(map(is_origin, value)),
    "texts": check_texts,
}
