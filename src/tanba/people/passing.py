"""May this request reach the system? Pure: facts in, an answer out; who reads files and headers is `tanba.guard`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tanba.errors import EvidenceError
from tanba.people.receipt import Claims, verify

Answer = Literal["allow", "show", "suspended", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a request. `free` paths touch no system; `fresh` says that the stop was looked for lately enough."""

    system: str
    user: str | None
    now: datetime
    version: str
    claims: Claims | None = None
    problem: str = ""
    stopped: bool = False
    fresh: bool = True
    free: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`why` is the word of what is wrong with the receipt: missing, forged, others, early, expired, former."""

    answer: Answer
    why: str = ""


def decide(asked: Asked) -> Decision:
    """A stop comes first (art. 18(2)), then whether it can be known at all, then the notice."""
    if asked.free:
        return Decision("allow")
    if asked.stopped:
        return Decision("suspended")
    if not asked.fresh:
        return Decision("unknown")
    if asked.claims is None or asked.user is None:
        return Decision("show", asked.problem or "missing")
    try:
        verify(asked.claims, asked.now, system=asked.system, user=asked.user, version=asked.version)
    except EvidenceError as error:
        return Decision("show", error.word)
    return Decision("allow" if asked.claims.subject == "notice" else "show", "" if asked.claims.subject == "notice" else "missing")
