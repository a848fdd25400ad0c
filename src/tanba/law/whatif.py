"""What answer would change the result: every fact behind the headline is turned once, and the headline is decided again."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from tanba.law.conditions import names
from tanba.law.model import Fact
from tanba.law.reasons import AXES, MAIN_NOTIONS, ROLES
from tanba.law.rulebook import Rulebook, capability, headline


def what_would_change(book: Rulebook, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each single answer that would move the headline: [{fact, answer, changes: [{what, before, after}]}]."""
    before = summary(*headline(book, facts))
    found = []
    for name in headline_facts(book):
        for answer in alternatives(book.law.facts[name], facts.get(name)):
            after = summary(*headline(book, {**facts, name: answer}))
            changes = [{"what": key, "before": before[key], "after": after[key]} for key in before if before[key] != after[key]]
            if changes:
                found.append({"fact": name, "answer": answer, "changes": changes})
    return sorted(found, key=lambda entry: not any(_settles(change) for change in entry["changes"]))


def _settles(change: Mapping[str, Any]) -> bool:
    """Whether a change ends in a definite answer; those come first."""
    return change["after"] != "unknown" and not (isinstance(change["after"], list) and len(change["after"]) > 1)


def summary(env: Mapping[str, Any], bans: Mapping[str, bool | None]) -> dict[str, Any]:
    """The headline as plain values: notions and bans as yes / no / unknown, axes as sorted possible levels."""
    values: dict[str, Any] = {name: answer_word(env[name]) for name in (*MAIN_NOTIONS, *ROLES)}
    values |= {name: sorted(env[name]) for name in AXES}
    return values | {path: answer_word(value, "found", "clear") for path, value in bans.items()}


def answer_word(value: bool | None, yes: str = "yes", no: str = "no") -> str:
    """A three-valued answer as a word."""
    return "unknown" if value is None else yes if value else no


def alternatives(fact: Fact, current: Any) -> Iterator[Any]:
    """Other answers to try: for lists the empty and the full one, since conditions ask for `some` or for members."""
    if fact.type == "yes_no":
        options: list[Any] = [True, False]
    elif fact.type == "one_of":
        options = list(fact.choices)
    else:
        options = [[], list(fact.choices)]
    yield from (option for option in options if option != current)


@lru_cache(maxsize=32)
def headline_facts(book: Rulebook) -> tuple[str, ...]:
    """Facts that the notions, axes and bans of the headline mention, directly or through other notions."""
    return tuple(dict.fromkeys(_mentioned(book)))


def _mentioned(book: Rulebook) -> Iterator[str]:
    law, seen = book.law, set()
    queue = [*MAIN_NOTIONS, *ROLES, *AXES]
    queue += [name for path, _ in book.bans for name in names(capability(book.provisions[path]))]
    for name in queue:
        if name in law.facts:
            yield name
        elif name not in seen:
            seen.add(name)
            nodes = [law.notions[name].when] if name in law.notions else [level.when for level in law.axes[name].levels]
            queue.extend(mention for node in nodes for mention in names(node))
