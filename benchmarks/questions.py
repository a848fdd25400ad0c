"""How many questions the interview asks until the result is decided, against the size of the vocabulary."""

import statistics
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.systems import examples, labelled
from tanba.law.interview import open_questions
from tanba.law.load import load
from tanba.law.rulebook import Rulebook, decide, on

DAY = date(2026, 11, 22)


def run() -> Iterator[str]:
    law = load()
    book = on(law, DAY)
    groups = {"examples": [s.facts for s in examples()], "labelled": [entry["facts"] for entry in labelled()]}
    yield f"{len(law.facts)} facts in the vocabulary"
    for group, systems in groups.items():
        for goal, reached in (("gate and three axes", headline_settled), ("every obligation", nothing_open)):
            counts = [asked(book, facts, reached) for facts in systems]
            complete = [count for count, done in counts if done]
            words = f"median {statistics.median(complete):.0f} (max {max(complete)})" if complete else "none decided"
            yield f"{group}, to {goal}: {words}, {len(complete)} of {len(counts)} decided by their facts"


def headline_settled(book: Rulebook, facts: dict[str, Any]) -> bool:
    """AI system, reach, gate and the three axes have no open end."""
    verdict = decide(book, facts)
    if verdict.env["ai_system"] is False or verdict.env["reach"] is False or verdict.gate:
        return True
    axes = all(len(verdict.env[axis]) == 1 for axis in ("risk", "autonomy", "mode"))
    return bool(verdict.env["ai_system"] and verdict.env["reach"] and verdict.gate is False and axes)


def nothing_open(book: Rulebook, facts: dict[str, Any]) -> bool:
    """No question is left."""
    return not open_questions(book, facts)


def asked(book: Rulebook, truth: dict[str, Any], reached: Callable[[Rulebook, dict[str, Any]], bool]) -> tuple[int, bool]:
    """(questions answered from `truth`, whether the goal was reached)."""
    facts: dict[str, Any] = {}
    while not reached(book, facts):
        question = next((fact for fact, _ in open_questions(book, facts) if fact in truth), None)
        if question is None:
            return len(facts), False
        facts[question] = truth[question]
    return len(facts), True
