"""Citations, basis badges, deadlines and answers for templates: `{% load law %}`."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.urls import reverse
from django.utils.html import format_html

from tanba.law.load import load
from tanba.law.model import Fact, Law, Provision
from tanba.law.words import tenge
from tanba.web.language import pick, say
from tanba.web.lawtracker import words

register = template.Library()
register.filter("cite", words.cite)
register.filter("deadline", words.deadline)
register.filter("evidence_kind", words.evidence)


@register.filter
def word(name: str, group: str) -> str:
    """`{{ role|word:"role" }}`: a word of the shared vocabulary."""
    return words.word(group, name)


@register.filter
def kzt(amount: int | None) -> str:
    """An amount in tenge."""
    return tenge(amount) if amount else ""


@lru_cache(maxsize=8)
def known_paths(law: Law) -> frozenset[str]:
    """Every path that has a page."""
    return frozenset(p.path for p in law.provisions)


@register.simple_tag(takes_context=True)
def provision(context: Any, path: str, words_instead: str = "") -> str:
    """A link to the provision's page, in the words of a citation; plain text for a place that is no provision of its own."""
    shown = words_instead or words.cite(path)
    bare = words.bare(path)
    if bare not in known_paths(load("kz")):
        return format_html("<span>{}</span>", shown)
    address = reverse("lawtracker:provision", args=[context["request"].organisation.pk, bare])
    return format_html('<a class="cite" href="{}">{}</a>', address, shown)


@register.filter
def named(path: str) -> str:
    """The citation; for practice and companion acts, which have no numbers, the title."""
    law = load("kz")
    act = law.acts.get(words.bare(path).partition("/")[0])
    return words.name_of(law, path) if act and act.kind in ("practice", "companion") else words.cite(path)


@register.simple_tag
def basis(entry: Any) -> str:
    """A badge: on what the provision rests, and whether its text was read. Practice and unread law never look like read law."""
    name, read = (entry["basis"], entry.get("text_read", True)) if isinstance(entry, Mapping) else (entry.basis, entry.text_read)
    if name == "practice":
        return format_html('<span class="badge practice">{}</span>', words.word("basis", name))
    if not read:
        return format_html('<span class="badge unknown">{}</span>', words.word("layer", "reported"))
    return format_html('<span class="badge law">{}</span>', words.word("basis", name))


@register.simple_tag
def fact(name: str) -> str:
    """The question of a fact."""
    return pick(load("kz").facts[name].question) if name in load("kz").facts else name


@register.simple_tag
def answer(name: str, value: Any) -> str:
    """An answer to a fact in words."""
    return words.answer(load("kz").facts[name], value) if name in load("kz").facts else str(value)


@register.filter
def bears_on(name: str) -> str:
    """What a question bears on, in words."""
    return words.name_of(load("kz"), name)


@register.filter
def verdict(name: str) -> str:
    """The label of a verdict on a claim."""
    return pick(load("kz").verdicts.get(name, name))


VERDICT_CLASSES = {"statutory": "law", "partly": "gold", "contradicted": "high", "unsupported": "medium"}


@register.filter
def verdict_class(name: str) -> str:
    """The colour of a verdict."""
    return VERDICT_CLASSES.get(name.lower(), "unknown")


@register.filter
def place(provision: Provision) -> str:
    """`21(2)`: the place within its act, as far as it has a number."""
    parts = takewhile(lambda part: part[:1].isdigit(), provision.path.removeprefix(f"{provision.act}/").split("/"))
    article, *rest = [*parts] or [""]
    return article + "".join(f"({part})" for part in rest)


@register.filter
def linkable(source: str) -> str:
    """The address at the beginning of a source."""
    return source.split()[0]


@register.filter
def host(source: str) -> str:
    """The site of a source, with what is said about it."""
    address, *rest = source.split(maxsplit=1)
    return " ".join([urlsplit(address).hostname or address, *rest])


@register.filter
def verifier(name: str) -> str:
    """Who verified a provision: ourselves, in the language of the page, or the name as it is written."""
    return say("lawtracker.verified_by_us") if name == "tanba engineering, not counsel" else name


@register.filter
def unique(values: list[str]) -> list[str]:
    """Each value once, in order."""
    return list(dict.fromkeys(values))


@register.simple_tag
def level(axis: str, name: str) -> str:
    """The label of one level of an axis."""
    return next((pick(level.label) for level in load("kz").axes[axis].levels if level.name == name), name)


@register.simple_tag
def governed(fact: Fact) -> str:
    """The basis badge of the provision that governs a question; a place without a provision of its own has its act's."""
    law = load("kz")
    editions = law.editions(fact.governed_by)
    return basis(editions[-1] if editions else law.acts[fact.governed_by.partition("/")[0]])
