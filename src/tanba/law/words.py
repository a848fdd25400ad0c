"""Law data in readable words: citations, deadlines, answers, and conditions as trees. Every function takes the language last."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from tanba.law.conditions import AllOf, AnyOf, Node, Not, Term
from tanba.law.load import load
from tanba.law.model import Act, Fact, Law
from tanba.strings import catalogue, t


def bare(path: str) -> str:
    """`230-VIII/21/2` from a full id such as `kz/230-VIII/21/2@2026-01-18`."""
    return path.removeprefix("kz/").partition("@")[0]


LISTS = {"230-VIII": ("1", "4", "12", "14")}
"""Articles that are one list: what follows their number is a sub-paragraph, there is no paragraph."""


def cite(path: str, lang: str) -> str:
    """A place as a lawyer cites it: "№ 230-VIII Заң, 21-бап, 2-тармақ", "Law 230-VIII, art. 21(2)"."""
    act, _, place = bare(path).partition("/")
    known = load("kz").acts.get(act)
    inside = places(known, place, lang) if known else []
    return ", ".join(part for part in (act_name(known, lang) if known else act, ("" if lang == "en" else ", ").join(inside)) if part)


def act_name(act: Act, lang: str) -> str:
    """The short name of an act."""
    for key in (f"words.act.{act.name}", f"words.act_kind.{act.kind}"):
        if key in catalogue():
            return t(key, lang).format(name=act.name, number=act.name.removeprefix("order-"))
    return act.title[lang]


def places(act: Act, place: str, lang: str) -> list[str]:
    """Article, paragraph, sub-paragraph in words, as far as they are numbers."""
    numbers = list(takewhile(lambda part: part[:1].isdigit(), place.split("/")))
    if not numbers:
        return []
    ranks = ("point",) if numbers[0] in LISTS.get(act.name, ()) else ("part" if act.name == "CoAO" else "paragraph", "point")
    named = (t(f"words.cite.{rank}", lang, n=number) for rank, number in zip(ranks, numbers[1:], strict=False))
    return [t("words.cite.article", lang, n=numbers[0]), *named]


def word(group: str, name: str, lang: str) -> str:
    """A word of the shared vocabulary (strings/words.yaml), the notion's label for a role, or the bare name."""
    key = f"words.{group}.{name}"
    if key in catalogue():
        return t(key, lang)
    notion = load("kz").notions.get(name) if group == "role" else None
    return notion.label[lang] if notion else name.replace("_", " ")


def evidence(kind: str, lang: str) -> str:
    """The name of a kind of evidence."""
    key = f"evidence.{kind}"
    return t(key, lang) if key in catalogue() else kind.replace("-", " ")


def deadline(written: Mapping[str, Any] | None, lang: str) -> str:
    """A deadline of the text in words; empty where the text sets none."""
    if not written:
        return ""
    start = word("from", written["from"], lang) if "from" in written else ""
    if "before" in written:
        return t("words.deadline.before", lang, event=word("event", written["before"], lang))
    if "every" in written:
        return t("words.deadline.every", lang, period=word("period", written["every"], lang))
    if "within" in written:
        amount = t(f"words.unit.{written['unit']}", lang, count=int(written["within"]))
        return t("words.deadline.within", lang, amount=amount, event=start)
    if "for" in written:
        return t("words.deadline.for", lang, period=word("period", written["for"], lang))
    return t("words.deadline.at_once", lang, event=start)


def tenge(amount: int) -> str:
    """An amount as Kazakhstan writes it; no break falls within."""
    return f"{amount:,}\u00a0₸".replace(",", "\u00a0")


def answer(fact: Fact, value: Any, lang: str) -> str:
    """An answer to a fact in words."""
    if value is None:
        return t("words.answer.none", lang)
    if fact.type == "yes_no":
        return t("words.answer.yes" if value else "words.answer.no", lang)
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(fact.choices[choice][lang] for choice in chosen if choice in fact.choices) or t("words.answer.none_of_them", lang)


def name_of(law: Law, name: str, lang: str) -> str:
    """What a question bears on, in words: a notion, an axis, a provision, a fact."""
    if name in law.notions:
        return law.notions[name].label[lang]
    if name in law.axes:
        return law.axes[name].label[lang]
    editions = law.editions(bare(name))
    if editions:
        return editions[-1].title[lang]
    return law.facts[name].question[lang] if name in law.facts else name


def condition(law: Law, node: Node, lang: str, negated: bool = False) -> dict[str, Any]:
    """A condition as a tree to show: {kind: all | any | term | always, parts, …}. `not` is moved inward, down to the terms."""
    match node:
        case Not(part):
            return condition(law, part, lang, not negated)
        case AllOf(parts) | AnyOf(parts):
            shown = [condition(law, part, lang, negated) for part in parts]
            return _group("all" if isinstance(node, AllOf) is not negated else "any", shown)
        case Term():
            return _term(law, node, lang, negated)


def _group(kind: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Parts joined: what changes nothing is left out, what ends the matter stands alone, groups of the same kind read as one."""
    neutral, final = ("always", "never") if kind == "all" else ("never", "always")
    if any(part["kind"] == final for part in parts):
        return {"kind": final}
    left = [inner for part in parts if part["kind"] != neutral for inner in (part["parts"] if part["kind"] == kind else [part])]
    if not left:
        return {"kind": neutral}
    return left[0] if len(left) == 1 else {"kind": kind, "parts": left}


def _term(law: Law, term: Term, lang: str, negated: bool) -> dict[str, Any]:
    if term.kind in ("yes_no", "notion"):
        wanted = t("words.answer.no" if negated else "words.answer.yes", lang)
        if term.name in law.notions:
            notion = law.notions[term.name]
            inner = condition(law, notion.when, lang, negated)
            if inner["kind"] in ("always", "never"):
                return inner
            return {"kind": "term", "text": notion.label[lang], "wanted": wanted, "governed_by": notion.governed_by, "inner": inner}
        if term.name not in law.facts:
            return {"kind": "term", "text": t(f"words.notion.{term.name}", lang), "wanted": wanted}
        return _fact_term(law.facts[term.name], wanted, lang)
    labels = _labels(law, term, lang)
    key = "anything" if not term.accepted else "one_of" if len(term.accepted) > 1 else "exactly"
    wanted = t(f"words.term.not_{key}" if negated else f"words.term.is_{key}", lang, values=", ".join(labels))
    if term.kind == "axis":
        axis = law.axes[term.name]
        return {"kind": "term", "text": axis.label[lang], "wanted": wanted, "governed_by": axis.governed_by}
    return _fact_term(law.facts[term.name], wanted, lang)


def _fact_term(fact: Fact, wanted: str, lang: str) -> dict[str, Any]:
    return {"kind": "term", "text": fact.question[lang], "wanted": wanted, "governed_by": fact.governed_by, "fact": fact.name}


def _labels(law: Law, term: Term, lang: str) -> list[str]:
    """Labels of the accepted choices or levels, in the order in which the data names them."""
    if term.kind == "axis":
        return [level.label[lang] for level in law.axes[term.name].levels if level.name in term.accepted]
    return [text[lang] for choice, text in law.facts[term.name].choices.items() if choice in term.accepted]


def condition_text(law: Law, node: Node, lang: str) -> str:
    """A condition as one sentence, groups in brackets."""
    return _sentence(condition(law, node, lang), lang)


def _sentence(shown: Mapping[str, Any], lang: str) -> str:
    if shown["kind"] in ("always", "never"):
        return t(f"words.condition.{shown['kind']}", lang)
    if shown["kind"] == "term":
        wanted = shown["wanted"].removeprefix("– ")
        plain = "inner" in shown and wanted == t("words.answer.yes", lang)
        return str(shown["text"]) if plain else f"{shown['text']} – {wanted}"
    parts = [f"({_sentence(part, lang)})" if "parts" in part else _sentence(part, lang) for part in shown["parts"]]
    return t(f"words.condition.{shown['kind']}", lang).join(parts)
