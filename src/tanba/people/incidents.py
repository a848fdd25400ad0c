"""An incident with an AI system: what is known of it. Pure.

The law of AI knows no incidents and no hours; the facts below decide which clocks of other law, of contracts and of the house run
(`people.clocks`). A fact that nobody has answered is None, and stays so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tanba.calendars import LONGEST, UNITS
from tanba.errors import InputError

SCHEMA = "tanba.incident/1"
SEVERITIES = ("minor", "serious", "critical")
FACTS = ("high_risk", "harm", "personal_data", "critical_infrastructure", "vendor")
"""Whether a system of high risk was touched, harm was done, security of personal data was breached, a critically important object was
touched, a vendor or counter-party has to be told by contract."""

CLOCKS = ("breach", "critical", "vendor", "house")
TEXTS = ("what", "root_cause", "measures", "lessons")
LONGEST_TEXT, MOST_PERSONS, MOST_SYSTEMS = 5_000, 10**9, 100
ANSWERS = {True: True, False: False, None: None, "unknown": None, "yes": True, "no": False}
KNOWN = ("schema", *TEXTS, "systems", "aware", "severity", *FACTS, "persons", "critical_term", "vendor_term", "sent")


@dataclass(frozen=True, slots=True)
class Term:
    """`within` of a unit of `tanba.calendars`; `source`: where it is written, in words."""

    within: int
    unit: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Proof that a notification left: when, and under which number. It stops a clock."""

    at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """`aware`: when the organisation learned of it, not when it was entered. `persons`: how many are affected, never who."""

    what: str
    aware: datetime
    systems: tuple[str, ...] = ()
    severity: str | None = None
    facts: Mapping[str, bool | None] = field(default_factory=dict)
    persons: int | None = None
    root_cause: str = ""
    measures: str = ""
    lessons: str = ""
    critical_term: Term | None = None
    vendor_term: Term | None = None
    sent: Mapping[str, Sent] = field(default_factory=dict)


def parse(written: Mapping[str, Any], now: datetime) -> Incident:
    """A file of `tanba.incident/1`; moments without a zone are in the zone of `now`. Raises InputError on what does not fit."""
    for name in written:
        if name not in KNOWN:
            raise InputError("unknown setting {name!r}", "Known: {known}.", name=name, known=", ".join(KNOWN))
    aware = moment("aware", written.get("aware"), now)
    texts = {name: text_of(name, written.get(name, "")) for name in TEXTS}
    if not texts["what"]:
        raise InputError("an incident says what happened", "Write `what: …`.")
    return Incident(
        aware=aware,
        systems=_systems(written.get("systems", [])),
        severity=_one_of("severity", written.get("severity"), (*SEVERITIES, None)),
        facts={name: ANSWERS[_one_of(name, written.get(name), tuple(ANSWERS))] for name in FACTS},
        persons=_persons(written.get("persons")),
        critical_term=term("critical_term", written.get("critical_term")),
        vendor_term=term("vendor_term", written.get("vendor_term")),
        sent={name: _sent(name, proof, aware, now) for name, proof in _mapping("sent", written.get("sent")).items()},
        **texts,
    )


def moment(name: str, given: Any, now: datetime) -> datetime:
    """A moment that has come. Raises InputError."""
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        raise InputError("{name}: {given!r} is not a moment", "Write YYYY-MM-DDTHH:MM.", name=name, given=given) from None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    if not datetime(2000, 1, 1, tzinfo=UTC) <= found <= now:
        raise InputError("{name}: {given} is not a time that has come", "Check the date and the clock.", name=name, given=found.isoformat())
    return found


def term(name: str, written: Any) -> Term | None:
    """{within, unit, source}. Raises InputError: a term that somebody entered says where it is written."""
    if written is None:
        return None
    given = _mapping(name, written)
    within, unit, source = given.get("within"), given.get("unit"), given.get("source")
    number = isinstance(within, int) and not isinstance(within, bool) and 0 < within <= LONGEST
    if given.keys() - {"within", "unit", "source"} or not number or unit not in UNITS or not (isinstance(source, str) and source.strip()):
        raise InputError(
            "{name}: {given!r} is no term",
            "Write within, unit ({known}) and source, such as the clause of a contract.",
            name=name,
            given=written,
            known=", ".join(UNITS),
        )
    return Term(int(given["within"]), str(unit), text_of(name, source))


def refuse_unsent(at: datetime, aware: datetime) -> None:
    """Raises InputError where something was sent before anybody knew."""
    if at < aware:
        raise InputError("{at} is before the awareness time", "Correct the time of sending.", at=at.isoformat())


def _sent(name: str, written: Any, aware: datetime, now: datetime) -> Sent:
    _one_of("sent", name, CLOCKS)
    given = _mapping(name, written)
    at = moment(name, given.get("at"), now)
    refuse_unsent(at, aware)
    return Sent(at, text_of(name, given.get("number", "")))


def _one_of(name: str, given: Any, known: tuple[Any, ...]) -> Any:
    if isinstance(given, (str, bool, type(None))) and given in known:
        return given
    words = ", ".join("unknown" if each is None else str(each).lower() for each in dict.fromkeys(known))
    raise InputError("{name}: {given!r} is not known", "Known: {known}.", name=name, given=given, known=words)


def text_of(name: str, given: Any) -> str:
    """A text of at most `LONGEST_TEXT` letters, without those that nothing can store. Raises InputError."""
    if not isinstance(given, str) or len(given) > LONGEST_TEXT or re.search(r"[\x00\ud800-\udfff]", given):
        raise InputError("{name}: not a text of at most {most} letters", "Write it in fewer words.", name=name, most=LONGEST_TEXT)
    return given.strip()


def _systems(given: Any) -> tuple[str, ...]:
    if isinstance(given, list) and len(given) <= MOST_SYSTEMS and all(isinstance(each, str) and 0 < len(each) <= 80 for each in given):
        return tuple(dict.fromkeys(given))
    raise InputError("systems: {given!r} is no list of systems", "Write their short names, such as [credit-scorer].", given=given)


def _persons(given: Any) -> int | None:
    if given in (None, "unknown"):
        return None
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_PERSONS:
        return given
    raise InputError("persons: {given!r} is no number of people", "Write a number, never names.", given=given)


def _mapping(name: str, given: Any) -> Mapping[str, Any]:
    if given is None:
        return {}
    if isinstance(given, dict):
        return given
    raise InputError("{name}: {given!r} does not fit", "Write `key: value` pairs.", name=name, given=given)
