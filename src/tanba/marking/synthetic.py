"""Is an output a synthetic result (Law 230-VIII, art. 1(4)), so that art. 21(2) asks for mark and warning? Pure, three-valued.

The statute has two tests: made or altered by AI, and imitating a person's appearance, voice or behaviour, or events that did not happen. It
sets no measure of how much was altered, and no exception for art, satire or news.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

PERSON = ("appearance", "voice", "behaviour")
FACTS = ("by_ai", *PERSON, "event", "distributed", "reaches_users")
"""Made or altered by AI; imitates a person's appearance, voice, behaviour; shows an event that did not happen; is distributed; reaches the
users of goods, works or services."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`norm`: `21/2` (mark and warning), `21/1` (inform only), `none`, or `unknown`.

    `reasons` are codes of the catalogue (`synthetic.reason_…`), `open` the facts that could still change it; `by_policy` says that the
    organisation marks although the statute does not ask, or does not certainly ask.
    """

    norm: str
    reasons: tuple[str, ...]
    open: tuple[str, ...] = ()
    by_policy: bool = False

    @property
    def marks(self) -> bool:
        """Whether the output is to be marked."""
        return self.norm == "21/2" or self.by_policy


def decide(facts: Mapping[str, bool | None], everything: bool = False) -> Decision:
    """What the facts (True, False, None for unknown; absent is unknown) come to; with `everything`, the house marks whatever AI made."""
    made, imitates, spread = facts.get("by_ai"), _any(facts, (*PERSON, "event")), facts.get("distributed")
    decision = _decided(facts, made, imitates, spread)
    wanted = everything and made is True and decision.norm != "21/2"
    return replace(decision, by_policy=True, reasons=(*decision.reasons, "policy")) if wanted else decision


def _decided(facts: Mapping[str, bool | None], made: bool | None, imitates: bool | None, spread: bool | None) -> Decision:
    if made is False:
        return Decision("none", ("not_ai",))
    if made and imitates and spread:
        seen = tuple(name for name in (*PERSON, "event") if facts.get(name))
        return Decision("21/2", (*seen, "no_threshold", *(("users_too",) if facts.get("reaches_users") else ())))
    if imitates is False or spread is False:
        why = "no_imitation" if imitates is False else "not_distributed"
        informs = facts.get("reaches_users")
        if made is None or informs is None:
            return Decision("unknown", (why,), _open(facts, ("by_ai", "reaches_users")))
        return Decision("21/1" if informs else "none", (why, "users" if informs else "no_users"))
    doubtful = (*PERSON, "event") if imitates is None else ()
    return Decision("unknown", ("not_settled",), _open(facts, ("by_ai", *doubtful, "distributed")))


def _any(facts: Mapping[str, bool | None], names: tuple[str, ...]) -> bool | None:
    found = [facts.get(name) for name in names]
    return True if True in found else None if None in found else False


def _open(facts: Mapping[str, bool | None], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if facts.get(name) is None)
