"""Assess: facts + day + adopted house policy → what the law asks, why, and what would change it.

Pure. The answer is one JSON-ready value ("tanba.assessment/1", spec/schema/assessment.json); every text in it is {kk, ru, en}, so one
assessment serves all languages. Order of thought: is it an AI system and within reach → roles → the prohibitions, a gate
before any tier → risk, autonomy, mode → documentation depth → provisions → exposure, plausibility, questions.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tanba.law.conditions import Answer, Node
from tanba.law.exposure import exposure
from tanba.law.model import ASSESSED, Element, Notion, Provision
from tanba.law.plausibility import plausibility
from tanba.law.reasons import AXES, MAIN_NOTIONS, ROLES, axis_facts, facts_behind, facts_to_ask, questions
from tanba.law.rulebook import Facts, Rulebook, Verdict, decide
from tanba.law.whatif import answer_word, what_would_change

SCHEMA = "tanba.assessment/1"
IMPACT = ("safety", "rights", "freedoms", "legitimate_interests", "public_order")
LAYERS = ("statute", "by-law", "other-law", "reported", "companion", "house", "recommended")
"""Where an obligation comes from: read law of three ranks, law reported and not read, neighbouring acts, adopted and unadopted practice."""


def assess(
    book: Rulebook, facts: Facts, *, system: str = "", adopted: Collection[str] = (), similar: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Assess one system. `adopted` holds paths of practice provisions that a named officer adopted as house policy by that day."""
    verdict = decide(book, facts)
    asked = questions(book, verdict)
    provisions = [_provision(book, verdict, path, adopted) for path, answer in verdict.rules.items() if _shown(book, path, answer)]
    report = {
        "schema": SCHEMA,
        "system": system,
        "date": book.day.isoformat(),
        "jurisdiction": book.law.jurisdiction,
        "conclusion": conclusion(verdict),
        "notions": {name: _notion(book, verdict, book.law.notions[name]) for name in (*MAIN_NOTIONS, "synthetic_results")},
        "roles": {name: _notion(book, verdict, book.law.notions[name]) for name in ROLES},
        "gate": {"answer": answer_word(verdict.gate, "prohibited", "clear"), "bans": _capabilities(book, verdict, verdict.bans)},
        "axes": {name: _axis(book, verdict, name) for name in (*AXES, "documentation")},
        "impact": _impact(facts),
        "provisions": provisions,
        "screen": _capabilities(book, verdict, verdict.screen),
        "counts": _counts(provisions),
        "exposure": exposure(book, verdict, facts.get("offender_class")),
        "plausibility": plausibility(book.law, verdict.env, similar),
        "what_would_change": what_would_change(book, verdict),
        "questions": [{"fact": fact, "bears_on": bears_on} for fact, bears_on in asked],
        "verify_again": _verify_again(book),
    }
    return report | {"facts": _glossary(book, facts, report)}


def conclusion(verdict: Verdict) -> str:
    """The one-word headline. A prohibition found comes before any tier."""
    if verdict.env["ai_system"] is False:
        return "not_ai_system"
    if verdict.env["reach"] is False:
        return "out_of_reach"
    if verdict.gate:
        return "prohibited"
    settled = verdict.gate is False and verdict.env["ai_system"] and verdict.env["reach"] and len(verdict.env["risk"]) == 1
    return "classified" if settled else "undecided"


def layer(provision: Provision, adopted: Collection[str]) -> str:
    """Which layer an applicable provision belongs to; statute and house policy are never mixed."""
    if provision.strength == "practice":
        return "house" if provision.path in adopted else "recommended"
    if provision.strength == "binding":
        return provision.basis
    return provision.strength


def _shown(book: Rulebook, path: str, answer: Answer) -> bool:
    return answer is not False and book.provisions[path].kind in ASSESSED


def _because(book: Rulebook, node: Node, verdict: Verdict) -> dict[str, list[str]]:
    """The facts behind a settled answer, or the questions of an open one."""
    if node.check(verdict.env) is None:
        return {"because": [], "ask": facts_to_ask(book, node, verdict.env)}
    return {"because": facts_behind(book, node, verdict.env), "ask": []}


def _notion(book: Rulebook, verdict: Verdict, notion: Notion) -> dict[str, Any]:
    answer = verdict.env[notion.name]
    return {
        "answer": answer_word(answer),
        "label": notion.label,
        "provision": _id(book, notion.governed_by),
        **_because(book, notion.when, verdict),
    }


def _capabilities(book: Rulebook, verdict: Verdict, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    return [_capability(book, verdict, book.provisions[path], answer) for path, answer in answers.items()]


def _capability(book: Rulebook, verdict: Verdict, provision: Provision, answer: Answer) -> dict[str, Any]:
    return {
        "provision": provision.id,
        "title": provision.title,
        "must": provision.must,
        "note": provision.note,
        "basis": provision.basis,
        "answer": answer_word(answer, "found", "clear"),
        "elements": [_element(book, verdict, element) for element in provision.elements],
        "exceptions": [_element(book, verdict, element) for element in provision.exceptions],
        **_because(book, book.capabilities[provision.path], verdict),
    }


def _element(book: Rulebook, verdict: Verdict, element: Element) -> dict[str, Any]:
    answer = element.when.check(verdict.env)
    return {"id": element.id, "text": element.text, "answer": answer_word(answer), **_because(book, element.when, verdict)}


def _axis(book: Rulebook, verdict: Verdict, name: str) -> dict[str, Any]:
    """The possible levels from lowest to highest: one is a decision, more bound it from both sides."""
    axis = book.law.axes[name]
    possible = [level for level in axis.levels if level.name in verdict.env[name]]
    decided = len(possible) == 1
    return {
        "label": axis.label,
        "basis": axis.basis,
        "text_read": axis.text_read,
        "ordered": axis.ordered,
        "levels": [level.name for level in possible],
        "labels": [level.label for level in possible],
        "tests": [level.test for level in possible if level.test],
        "provisions": [_id(book, level.provision) for level in possible],
        "decided": decided,
        "because": axis_facts(book, name, verdict.env) if decided else [],
        "ask": [] if decided else [fact for fact in axis_facts(book, name, verdict.env) if verdict.env.get(fact) is None],
        "note": axis.note,
    }


def _impact(facts: Facts) -> dict[str, str]:
    """The five interests of art. 15(2)(3): affected or not."""
    affected = facts.get("impact_on")
    return {interest: answer_word(None if affected is None else interest in affected) for interest in IMPACT}


def _provision(book: Rulebook, verdict: Verdict, path: str, adopted: Collection[str]) -> dict[str, Any]:
    provision = book.provisions[path]
    applies = verdict.rules[path] and provision.kind != "companion"
    return {
        "provision": provision.id,
        "path": path,
        "kind": provision.kind,
        "layer": layer(provision, adopted),
        "basis": provision.basis,
        "text_read": provision.text_read,
        "confidence": provision.confidence,
        "answer": "applies" if applies else "unknown",
        "title": provision.title,
        "must": provision.must,
        "note": provision.note,
        "roles": [role for role in provision.binds if role in verdict.env and verdict.env[role] is not False],
        "deadline": provision.deadline,
        "sanction": _sanction(book, verdict, provision.sanction),
        "evidence": list(provision.evidence),
        "source": provision.source,
        "verified": dict(provision.verified),
        "verify_again": path in book.changed,
        "counsel": bool(provision.kind == "companion" and verdict.rules[path]),
        **_because(book, provision.applies, verdict),
    }


def _sanction(book: Rulebook, verdict: Verdict, path: str | None) -> str | None:
    """The fine's provision, unless the facts rule its own conditions out: a fine is never shown stronger than its basis."""
    return None if path is None or verdict.rules.get(path, False) is False else _id(book, path)


def _counts(provisions: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Per layer, how many apply and how many are open; rights are not counted as duties."""
    counts = {name: {"applies": 0, "unknown": 0} for name in LAYERS}
    for entry in provisions:
        if entry["kind"] != "right":
            counts[entry["layer"]][entry["answer"]] += 1
    return counts


def _verify_again(book: Rulebook) -> list[dict[str, Any]]:
    """Reported amendments that have begun by the day of assessment."""
    return [
        {"act": act.name, "by": change.by, "from": change.start.isoformat(), "confidence": change.confidence, "summary": change.summary}
        for act in book.law.acts.values()
        for change in act.changes
        if change.start <= book.day
    ]


def _id(book: Rulebook, path: str) -> str:
    """The id of the edition in force, or the bare path of a place that is not itself a provision."""
    return book.provisions[path].id if path in book.provisions else f"{book.law.jurisdiction}/{path}"


def _glossary(book: Rulebook, facts: Facts, report: dict[str, Any]) -> dict[str, Any]:
    """Every fact that is given or asked, with its question, value and the provision that governs it."""
    mentioned = [*facts, *(entry["fact"] for entry in report["questions"]), *(entry["fact"] for entry in report["what_would_change"])]
    return {
        name: {
            "question": book.law.facts[name].question,
            "value": facts.get(name),
            "governed_by": _id(book, book.law.facts[name].governed_by),
            "legal": book.law.facts[name].legal,
        }
        for name in dict.fromkeys(mentioned)
    }
