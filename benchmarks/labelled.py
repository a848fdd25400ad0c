"""Forty labelled systems: share right from facts; from what a description suggests, nothing corrected; bans beside the peer.

Labels were written from the law's text before the engine ran on them; `unknown` is a valid label.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from benchmarks.peer import peer_tiers
from benchmarks.systems import labelled
from tanba.law.describe import flagged, suggest
from tanba.law.load import load
from tanba.law.rulebook import Verdict, decide, on
from tanba.law.whatif import answer_word

WHAT = ("ai_system", "gate", "risk", "autonomy", "mode", "synthetic_marking")
DAY = date(2026, 11, 22)


def run() -> Iterator[str]:
    systems = labelled()
    yield f"{len(systems)} systems, {len(systems) * len(WHAT)} labels"
    wrong: list[str] = []
    yield "from facts: " + _shares(systems, [_answers(entry["facts"]) for entry in systems], wrong)
    yield from (f"  differs: {line}" for line in wrong)
    for lang in ("en", "ru", "kk"):
        answers = [_answers(suggested(entry["description"][lang])) for entry in systems]
        yield f"from the description alone, {lang}: " + _shares(systems, answers, [])
        yield f"  settled and wrong: {_settled_and_wrong(systems, answers)}"
    yield from _prohibited(systems)


def suggested(text: str) -> dict[str, Any]:
    """Suggestions taken as answers without anybody correcting them: for measuring only; the product never does this."""
    return {item.fact: item.value for item in suggest(load(), text)}


def _answers(facts: dict[str, Any]) -> dict[str, str]:
    verdict = decide(on(load(), DAY), facts)
    return {
        "ai_system": answer_word(verdict.env["ai_system"]),
        "gate": answer_word(verdict.gate, "prohibited", "clear"),
        "synthetic_marking": answer_word(verdict.rules["230-VIII/21/2"], "applies", "not_applicable"),
        **{axis: _level(verdict, axis) for axis in ("risk", "autonomy", "mode")},
    }


def _level(verdict: Verdict, axis: str) -> str:
    possible = verdict.env[axis]
    return next(iter(possible)) if len(possible) == 1 else "unknown"


def _shares(systems: list[dict[str, Any]], answers: list[dict[str, str]], wrong: list[str]) -> str:
    right = dict.fromkeys(WHAT, 0)
    for entry, answer in zip(systems, answers, strict=True):
        for what in WHAT:
            right[what] += answer[what] == entry["label"][what]
            if answer[what] != entry["label"][what]:
                wrong.append(f"{entry['id']}: {what} is {answer[what]}, label {entry['label'][what]}")
    total = sum(right.values())
    each = ", ".join(f"{what} {count}/{len(systems)}" for what, count in right.items())
    return f"{total}/{len(systems) * len(WHAT)} = {total / len(systems) / len(WHAT):.0%} ({each})"


def _settled_and_wrong(systems: list[dict[str, Any]], answers: list[dict[str, str]]) -> int:
    """Answers that claim to know and do not match: worse than `unknown`."""
    return sum(
        answer[what] not in ("unknown", entry["label"][what]) for entry, answer in zip(systems, answers, strict=True) for what in WHAT
    )


def _prohibited(systems: list[dict[str, Any]]) -> Iterator[str]:
    """Prohibited or not, from the description alone: bans flagged for a close look, beside the peer (EU AI Act art. 5)."""
    truth = [entry["label"]["gate"] == "prohibited" for entry in systems]
    book = on(load(), DAY)
    for lang in ("en", "ru", "kk"):
        texts = [entry["description"][lang] for entry in systems]
        ours = [bool(flagged(book, suggest(load(), text))) for text in texts]
        yield f"prohibited from the description, {lang}: tanba flags {_hits(truth, ours)}"
        tiers = peer_tiers(texts)
        if tiers is not None:
            yield f"prohibited from the description, {lang}: peer        {_hits(truth, [tier == 'unacceptable' for tier in tiers])}"


def _hits(truth: list[bool], found: list[bool]) -> str:
    both = sum(t and f for t, f in zip(truth, found, strict=True))
    false = sum(f and not t for t, f in zip(truth, found, strict=True))
    right = sum(t == f for t, f in zip(truth, found, strict=True))
    return f"found {both}/{sum(truth)}, false alarms {false}/{len(truth) - sum(truth)}, right {right}/{len(truth)}"
