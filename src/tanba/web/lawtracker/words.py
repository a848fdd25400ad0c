"""Law data in readable words: citations, deadlines, periods, answers and condition trees, in the language of the page."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from tanba.law.conditions import AllOf, AnyOf, Node, Not, Term
from tanba.law.load import load
from tanba.law.model import Act, Fact, Law
from tanba.strings import catalogue
from tanba.web.language import current, pick, say


def bare(path: str) -> str:
    """`230-VIII/21/2` from a full id such as `kz/230-VIII/21/2@2026-01-18`."""
    return path.removeprefix("kz/").partition("@")[0]


LISTS = {"230-VIII": ("1", "4", "12", "14")}
"""Articles that are one list: what follows their number is a sub-paragraph, there is no paragraph."""


def cite(path: str) -> str:
    """A place as a lawyer cites it: "№ 230-VIII Заң, 21-бап, 2-тармақ", "Law 230-VIII, art. 21(2)"."""
    act, _, place = bare(path).partition("/")
    known = load("kz").acts.get(act)
    inside = places(known, place) if known else []
    return ", ".join(part for part in (act_name(known) if known else act, ("" if current() == "en" else ", ").join(inside)) if part)


def act_name(act: Act) -> str:
    """The short name of an act."""
    for key in (f"lawtracker.act_{act.name}", f"lawtracker.kind_of_act_{act.kind}"):
        if key in catalogue():
            return say(key).format(name=act.name, number=act.name.removeprefix("order-"))
    return pick(act.title)


def places(act: Act, place: str) -> list[str]:
    """Article, paragraph, sub-paragraph in words, as far as they are numbers."""
    numbers = list(takewhile(lambda part: part[:1].isdigit(), place.split("/")))
    if not numbers:
        return []
    ranks = ("point",) if numbers[0] in LISTS.get(act.name, ()) else ("part" if act.name == "CoAO" else "paragraph", "point")
    named = (say(f"lawtracker.{rank}", n=number) for rank, number in zip(ranks, numbers[1:], strict=False))
    return [say("lawtracker.article", n=numbers[0]), *named]


def word(group: str, name: str) -> str:
    """A word of the shared vocabulary (strings/words.yaml), the notion's label for a role, or the bare name."""
    key = f"words.{group}.{name}"
    if key not in catalogue() and group == "role" and name in load("kz").notions:
        return pick(load("kz").notions[name].label)
    return say(key) if key in catalogue() else name.replace("_", " ")


def evidence(kind: str) -> str:
    """The name of a kind of evidence."""
    key = f"evidence.{kind}"
    return say(key) if key in catalogue() else kind.replace("-", " ")


def deadline(written: Mapping[str, Any] | None) -> str:
    """A deadline of the text in words; empty where the text sets none."""
    if not written:
        return ""
    start = word("from", written["from"]) if "from" in written else ""
    if "before" in written:
        return say("words.deadline.before", event=word("event", written["before"]))
    if "every" in written:
        return say("words.deadline.every", period=word("period", written["every"]))
    if "within" in written:
        amount = say(f"words.unit.{written['unit']}", count=int(written["within"]))
        return say("words.deadline.within", amount=amount, event=start)
    if "for" in written:
        return say("words.deadline.for", period=word("period", written["for"]))
    return say("words.deadline.at_once", event=start)


def answer(fact: Fact, value: Any) -> str:
    """An answer to a fact in words."""
    if value is None:
        return say("lawtracker.no_answer")
    if fact.type == "yes_no":
        return say("words.answer.yes" if value else "words.answer.no")
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(pick(fact.choices[choice]) for choice in chosen if choice in fact.choices) or say("lawtracker.none_of_them")


def name_of(law: Law, name: str) -> str:
    """What a question bears on, in words: a notion, an axis, a provision, a fact."""
    if name in law.notions:
        return pick(law.notions[name].label)
    if name in law.axes:
        return pick(law.axes[name].label)
    editions = law.editions(bare(name))
    if editions:
        return pick(editions[-1].title)
    return pick(law.facts[name].question) if name in law.facts else name


def condition(law: Law, node: Node, negated: bool = False) -> dict[str, Any]:
    """A condition as a tree to show: {kind: all | any | term | always, parts, …}. `not` is moved inward, down to the terms."""
    match node:
        case Not(part):
            return condition(law, part, not negated)
        case AllOf(parts) | AnyOf(parts):
            shown = [condition(law, part, negated) for part in parts]
            return _group("all" if isinstance(node, AllOf) is not negated else "any", shown)
        case Term():
            return _term(law, node, negated)


def _group(kind: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Parts joined: what changes nothing is left out, what ends the matter stands alone, groups of the same kind read as one."""
    neutral, final = ("always", "never") if kind == "all" else ("never", "always")
    if any(part["kind"] == final for part in parts):
        return {"kind": final}
    left = [inner for part in parts if part["kind"] != neutral for inner in (part["parts"] if part["kind"] == kind else [part])]
    if not left:
        return {"kind": neutral}
    return left[0] if len(left) == 1 else {"kind": kind, "parts": left}


def _term(law: Law, term: Term, negated: bool) -> dict[str, Any]:
    if term.kind in ("yes_no", "notion"):
        wanted = say("words.answer.no" if negated else "words.answer.yes")
        if term.name in law.notions:
            notion = law.notions[term.name]
            inner = condition(law, notion.when, negated)
            if inner["kind"] in ("always", "never"):
                return inner
            return {"kind": "term", "text": pick(notion.label), "wanted": wanted, "governed_by": notion.governed_by, "inner": inner}
        if term.name not in law.facts:
            return {"kind": "term", "text": say(f"lawtracker.notion_{term.name}"), "wanted": wanted}
        return _fact_term(law.facts[term.name], wanted)
    labels = _labels(law, term)
    key = "anything" if not term.accepted else "one_of" if len(term.accepted) > 1 else "exactly"
    wanted = say(f"lawtracker.not_{key}" if negated else f"lawtracker.is_{key}", values=", ".join(labels))
    if term.kind == "axis":
        axis = law.axes[term.name]
        return {"kind": "term", "text": pick(axis.label), "wanted": wanted, "governed_by": axis.governed_by}
    return _fact_term(law.facts[term.name], wanted)


def _fact_term(fact: Fact, wanted: str) -> dict[str, Any]:
    return {"kind": "term", "text": pick(fact.question), "wanted": wanted, "governed_by": fact.governed_by, "fact": fact.name}


def _labels(law: Law, term: Term) -> list[str]:
    """Labels of the accepted choices or levels, in the order in which the data names them."""
    if term.kind == "axis":
        return [pick(level.label) for level in law.axes[term.name].levels if level.name in term.accepted]
    return [pick(text) for choice, text in law.facts[term.name].choices.items() if choice in term.accepted]
