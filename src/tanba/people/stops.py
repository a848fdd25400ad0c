"""A stop of systems under art. 18(2) and the restart that ends it, as orders tell them: what is known, and nothing else. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tanba.errors import InputError
from tanba.people.incidents import moment, text_of
from tanba.strings import LANGUAGES

SCHEMA = "tanba.stop/1"
MOST = 50
POINTS = ("1", "2", "3", "4", "5", "6", "7")
"""Points of article 17(3)."""

Words = str | Mapping[str, str]
"""A text in whatever language, or {kk, ru, en}."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The end of a stop: what was mended, who approved it, what shows that it was. `number` and `day` are those of the order."""

    at: datetime | None = None
    mended: Words = ""
    approved: tuple[str, ...] = ()
    evidence: tuple[Words, ...] = ()
    number: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """`found`: points of art. 17(3) of which a risk was identified; `basis`: another one. Whatever is empty is not known."""

    systems: tuple[Words, ...] = ()
    at: datetime | None = None
    by: str = ""
    reason: Words = ""
    found: tuple[str, ...] = ()
    basis: Words = ""
    incident: Words = ""
    measures: Words = ""
    responsible: str = ""
    number: str = ""
    day: str = ""
    restart: Restart | None = None


STOP = ("schema", "systems", "at", "by", "reason", "found", "basis", "incident", "measures", "responsible", "number", "day", "restart")
RESTART = ("at", "mended", "approved", "evidence", "number", "day")


def parse(written: Mapping[str, Any], now: datetime) -> Stop:
    """A file of `tanba.stop/1`; moments without a zone are in the zone of `now`. Raises InputError on what does not fit."""
    _known(written, STOP)
    if not written.get("systems"):
        raise InputError("a stop names its systems", "Write `systems: [credit-scorer]`, or their names in kk, ru, en.")
    ended = written.get("restart")
    return Stop(
        systems=_several("systems", written["systems"]),
        found=_points(written.get("found", [])),
        restart=_restart(ended, now) if ended is not None else None,
        at=_moment(written, now),
        day=_day(written),
        **_texts(written),
    )


def _texts(written: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: words(name, written.get(name, "")) for name in ("reason", "basis", "incident", "measures")}
    return told | {name: text_of(name, written.get(name, "")) for name in ("by", "responsible", "number")}


def _restart(written: Any, now: datetime) -> Restart:
    if not isinstance(written, Mapping):
        raise _unfit("restart", written)
    _known(written, RESTART)
    return Restart(
        _moment(written, now),
        words("mended", written.get("mended", "")),
        tuple(text_of("approved", each) for each in _several("approved", written.get("approved", []))),
        _several("evidence", written.get("evidence", [])),
        text_of("number", written.get("number", "")),
        _day(written),
    )


def words(name: str, given: Any) -> Words:
    """A text, or a text for each language. Raises InputError."""
    if isinstance(given, Mapping) and given.keys() <= set(LANGUAGES):
        return {each: text_of(name, text) for each, text in given.items()}
    return text_of(name, given)


def _several(name: str, given: Any) -> tuple[Words, ...]:
    if not isinstance(given, list) or len(given) > MOST:
        raise _unfit(name, given)
    return tuple(words(name, each) for each in given)


def _points(given: Any) -> tuple[str, ...]:
    if isinstance(given, list) and all(str(each) in POINTS for each in given):
        return tuple(dict.fromkeys(str(each) for each in given))
    raise InputError("found: {given!r} are no points of article 17(3)", "Write numbers from 1 to 7, such as [6].", given=given)


def _moment(written: Mapping[str, Any], now: datetime) -> datetime | None:
    return moment("at", written["at"], now) if written.get("at") else None


def _day(written: Mapping[str, Any]) -> str:
    given = written.get("day", "")
    try:
        return date.fromisoformat(str(given)).isoformat() if given else ""
    except ValueError:
        raise _unfit("day", given) from None


def _known(written: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in written:
        if name not in known:
            raise InputError("unknown setting {name!r}", "Known: {known}.", name=name, known=", ".join(known))


def _unfit(name: str, given: Any) -> InputError:
    return InputError("{name}: {given!r} does not fit", "See docs/documents.md.", name=name, given=given)
