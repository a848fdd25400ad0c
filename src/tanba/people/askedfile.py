"""A request and how it was decided, as a file: what an answer is drafted from without a register. Pure.

```yaml
schema: tanba.request/1
kind: data               # explanation, data, refusal, objection, review, withdrawal, support, complaint
outcome: refused
ground: protected        # of a refusal
number: K7QM-2T9X
received: 2026-11-20
to: Виктор
system: ../systems/credit-scorer.yaml
decision: {number: D-18, time: "2026-11-18 10:02", outcome: declined, reason: "…", model: "…", data: [income], human: "…"}
identity_shown: true
text: {ru: "…"}          # the answer in words of one's own, in place of the draft
```
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tanba.errors import InputError
from tanba.people.answers import OUTCOMES, refusal_reasons, state_after
from tanba.people.decisions import Decision
from tanba.people.incidents import text_of
from tanba.people.requests import kind_of
from tanba.strings import LANGUAGES

SCHEMA = "tanba.request/1"
KNOWN = ("schema", "kind", "outcome", "ground", "number", "received", "to", "system", "decision", "identity_shown", "text")
DECISION = ("number", "time", "outcome", "reason", "model", "data", "human")


@dataclass(frozen=True, slots=True)
class Asked:
    """`ground`: of a refusal; `received`: a day as ISO has it; `text`: the answer as somebody wrote it, by language. Empty: not known."""

    kind: str
    outcome: str
    ground: str = ""
    number: str = ""
    received: str = ""
    to: str = ""
    system: str = ""
    decision: Decision | None = None
    identity_shown: bool = False
    text: Mapping[str, str] = field(default_factory=dict)


def parse(written: Mapping[str, Any]) -> Asked:
    """Raises InputError on what does not fit."""
    _only(written, KNOWN)
    kind = text_of("kind", written.get("kind", ""))
    kind_of(kind)
    outcome = text_of("outcome", written.get("outcome", next(iter(OUTCOMES[kind]))))
    ground = text_of("ground", written.get("ground", ""))
    if ground and ground not in refusal_reasons(kind):
        state_after(kind, next(each for each, state in OUTCOMES[kind].items() if state == "refused"), ground)
    state_after(kind, outcome, ground or refusal_reasons(kind)[0])
    return Asked(
        kind,
        outcome,
        ground,
        received=_day(written.get("received")),
        decision=_decision(written.get("decision")),
        identity_shown=_flag("identity_shown", written.get("identity_shown", False)),
        text=_texts(written.get("text", {})),
        **{name: text_of(name, written.get(name, "")) for name in ("number", "to", "system")},
    )


def _only(written: Any, known: tuple[str, ...]) -> None:
    for name in written:
        if name not in known:
            raise InputError("unknown setting {name!r}", "Known: {known}.", name=name, known=", ".join(known))


def _day(given: Any) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat() if given else ""
    except ValueError:
        raise _unfit("received", given) from None


def _decision(given: Any) -> Decision | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise _unfit("decision", given)
    _only(given, DECISION)
    told = {name: text_of(name, given.get(name, "")) for name in DECISION if name != "data"}
    data = given.get("data", [])
    if not told["number"] or not isinstance(data, list):
        raise _unfit("decision", given)
    return Decision(data=tuple(text_of("data", each) for each in data), **told)


def _flag(name: str, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    raise _unfit(name, given)


def _texts(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not given.keys() <= set(LANGUAGES):
        raise _unfit("text", given)
    return {each: text for each, said in given.items() if (text := text_of("text", said))}


def _unfit(name: str, given: Any) -> InputError:
    return InputError("{name}: {given!r} does not fit", "See docs/documents.md.", name=name, given=given)
