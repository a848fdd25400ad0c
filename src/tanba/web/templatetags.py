"""Tags and filters that every template has (builtins)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone

import tanba
from tanba.documents.render import EDITIONS, MEDIA_TYPES
from tanba.law.load import load
from tanba.strings import catalogue
from tanba.strings import kind_word as word_of_kind
from tanba.strings import t as text_of
from tanba.web import language

register = template.Library()

MONTHS = {
    "kk": "қаңтар,ақпан,наурыз,сәуір,мамыр,маусым,шілде,тамыз,қыркүйек,қазан,қараша,желтоқсан",
    "ru": "января,февраля,марта,апреля,мая,июня,июля,августа,сентября,октября,ноября,декабря",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}
PATTERNS = {"kk": "{year} жылғы {day} {month}", "ru": "{day} {month} {year} г.", "en": "{day} {month} {year}"}


@register.simple_tag
def t(key: str, **values: object) -> str:
    """`{% t "web.title" count=3 %}`: a text of the catalogue in the language of the page."""
    return text_of(key, language.current(), **values)


@register.filter
def text(texts: Mapping[str, str] | str | None) -> str:
    """`{{ system.name|text }}`: the language of the page out of {kk, ru, en}."""
    return language.pick(texts)


@register.filter
def says(prefix: str, last: object) -> str:
    """`{{ "systems.stage_"|says:stage }}`: the text of a key made of two parts."""
    return language.say(f"{prefix}{last}")


@register.filter
def kind_word(kind: str) -> str:
    """What a sealed artifact is called."""
    return word_of_kind(kind, language.current())


@register.filter
def day(moment: date | datetime | str | None, lang: str = "") -> str:
    """2026 жылғы 22 қараша · 22 ноября 2026 г. · 22 November 2026."""
    if not moment:
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    lang = lang or language.current()
    return PATTERNS[lang].format(year=moment.year, month=MONTHS[lang].split(",")[moment.month - 1], day=moment.day)


@register.filter
def at(moment: datetime | None) -> str:
    """The day with hours and minutes."""
    return f"{day(moment)}, {timezone.localtime(moment):%H:%M}" if moment else ""


@register.filter
def number(value: int | None) -> str:
    """12 345, with a space that does not break."""
    return f"{value or 0:,}".replace(",", "\u00a0")


@register.filter
def item(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """`{{ mapping|item:key }}`."""
    return (mapping or {}).get(key)


@register.inclusion_tag("parts/downloads.html")
def downloads(action: str = "", document: str = "", chosen: str = "") -> dict[str, Any]:
    """A document as DOCX, PDF or HTML in each of its languages, from an address that takes `as` and `in`."""
    labels = [(each, language.say(f"documentpages.languages_{each.replace('+', '_')}")) for each in EDITIONS]
    return {"action": action, "document": document, "editions": labels, "forms": MEDIA_TYPES, "language": chosen or language.current()}


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file; changes with the release, so that browsers may keep it."""
    return f"{static(path)}?v={tanba.__version__}"


@register.simple_tag
def part_label(name: str) -> str:
    """The label of a part's field; fields that files bring along keep their own names."""
    key = f"systems.part_{name}"
    return language.say(key) if key in catalogue() else name


@register.filter
def choice(value: str, fact: str) -> str:
    """`{{ system.stage|choice:"stage" }}`: the label that the law gives to a choice."""
    known = load("kz").facts[fact].choices
    return language.pick(known[value]) if value in known else value


@register.filter
def question(fact: str) -> str:
    """The question behind a fact's name."""
    known = load("kz").facts.get(fact)
    return language.pick(known.question) if known else fact
