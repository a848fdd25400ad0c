"""What people may ask about a system: kinds, which provision gives each, and how a request moves. Pure.

What the law says is handed in as `provisions` and `answers` (a rulebook's, by path); no text and no term of a provision stands here.
A right that the facts rule out is said so, one they leave open stays open, and what no provision gives is the house's own offer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from tanba.errors import InputError

Text = Mapping[str, str]
"""{kk, ru, en}."""

Standing = Literal["applies", "in_cases", "unknown", "not_applicable", "not_in_force", "house"]
"""`in_cases`: the facts fit, but the right is there only in cases that other legislation sets, and none was found."""


class Place(Protocol):
    """A provision as the law's data have it."""

    @property
    def id(self) -> str:
        """Such as kz/230-VIII/16/1/4@2026-01-18."""

    @property
    def path(self) -> str:
        """The same without jurisdiction and day."""

    @property
    def title(self) -> Text:
        """What it is called."""

    @property
    def must(self) -> Text:
        """What it says, in our own words."""

    @property
    def note(self) -> Text | None:
        """What is doubtful about it."""

    @property
    def deadline(self) -> Mapping[str, Any] | None:
        """{within, unit, from} where it sets a term."""

    @property
    def basis(self) -> str:
        """Statute, by-law, other-law or practice."""

    @property
    def start(self) -> date:
        """First day in force."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`path` gives the right or the duty, `limits` bound it; `identity`: the most that may be asked; `in_cases`: see `Standing`."""

    path: str = ""
    limits: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    in_cases: bool = False


ABOUT_ONE = ("contract_number", "confirm_channel", "show_document", "authority")
"""Data about one must not go to another: a number, a word back from a channel that we know, a look at a document without keeping a copy."""

KINDS: Mapping[str, Kind] = {
    "explanation": Kind("230-VIII/16/1/4", identity=ABOUT_ONE),
    "data": Kind("230-VIII/16/1/5", identity=ABOUT_ONE),
    "refusal": Kind("230-VIII/16/1/6"),
    "objection": Kind("94-V/19-1/3", identity=ABOUT_ONE),
    "review": Kind("255-VIII/43/4/3", identity=ABOUT_ONE, in_cases=True),
    "withdrawal": Kind("94-V/8/7", limits=("94-V/8/2",), identity=ABOUT_ONE),
    "support": Kind("230-VIII/15/2/4"),
    "complaint": Kind(),
}
CATEGORIES = ("use", "access", "fault", "result", "other")
"""Of support."""

CHANNELS = ("form", "phone", "letter", "email", "visit")
STATES = ("received", "identity", "work", "answered", "refused", "withdrawn")
CLOSED = frozenset({"answered", "refused", "withdrawn"})
MOVES: Mapping[str, frozenset[str]] = {
    "received": frozenset(STATES) - {"received"},
    "identity": frozenset({"work", "refused", "withdrawn"}),
    "work": frozenset({"identity", *CLOSED}),
    **dict.fromkeys(CLOSED, frozenset()),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands behind a kind for one system on one day. `changed`: a reported amendment touches the place, so verify it again."""

    kind: str
    standing: Standing
    place: Place | None = None
    limits: tuple[Place, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """What a door hands in: provisions in force on the day, answers to them, and what reported amendments touch, all by path."""

    provisions: Mapping[str, Place] = field(default_factory=dict)
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    changed: Collection[str] = ()


def grounds(law: Law) -> dict[str, Ground]:
    """The ground of every kind.

    >>> grounds(Law())["complaint"].standing, grounds(Law())["review"].standing
    ('house', 'not_in_force')
    """
    return {name: _ground(name, kind, law) for name, kind in KINDS.items()}


def _ground(name: str, kind: Kind, law: Law) -> Ground:
    if not kind.path:
        return Ground(name, "house")
    place = law.provisions.get(kind.path)
    if place is None:
        return Ground(name, "not_in_force")
    answer = law.answers.get(kind.path)
    given: Standing = "in_cases" if kind.in_cases else "applies"
    standing = given if answer else "unknown" if answer is None else "not_applicable"
    limits = tuple(law.provisions[path] for path in kind.limits if path in law.provisions)
    return Ground(name, standing, place, limits, kind.path in law.changed)


def kind_of(name: str) -> Kind:
    """Raises InputError on a kind that there is not."""
    if name not in KINDS:
        raise InputError("there is no kind of request {name!r}", "Choose one of: {known}.", name=name, known=", ".join(KINDS))
    return KINDS[name]


def refuse_move(state: str, to: str) -> None:
    """Raises InputError where a request cannot go from one state to the other; one that ended stays as it is."""
    if to not in MOVES[state]:
        raise InputError(
            "a request that is {state} cannot become {to}",
            "Look at it again: somebody may have dealt with it meanwhile.",
            state=state,
            to=to,
        )


def refuse_identity(kind: str, asked: Collection[str]) -> None:
    """Raises InputError where more is asked of who a person is than the kind needs, or nothing."""
    allowed = kind_of(kind).identity
    if not asked or not set(asked) <= set(allowed):
        raise InputError(
            "nothing may be asked of who the person is for {kind}" if not allowed else "ask one of these, and nothing else: {allowed}",
            "Ask only what keeps data about one person from another.",
            kind=kind,
            allowed=", ".join(allowed),
        )
