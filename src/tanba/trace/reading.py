"""Decisions in from JSON lines, and out as JSON for people and programs (spec/schema/decision-view.json)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tanba.errors import InputError
from tanba.trace.book import Book
from tanba.trace.model import EPOCH, Decision
from tanba.trace.rows import Row

VIEW = "tanba.decision-view/1"
FIELDS = frozenset(Decision.__slots__)


def decision_of(written: bytes | str) -> Decision:
    """One JSON object with fields of `Decision`; `time` is RFC 3339. Raises InputError."""
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        raise InputError("is not JSON", "Write one object on each line.") from None
    if not isinstance(value, dict):
        raise InputError("is not JSON", "Write one object on each line.")
    if unknown := sorted(value.keys() - FIELDS):
        raise InputError("unknown field {name!r}", "Known: {known}.", name=unknown[0][:40], known=", ".join(sorted(FIELDS)))
    if not isinstance(value.get("sources", []), list):
        raise InputError("{name}: not a list of at most {most} texts", "Name the data behind the decision.", name="sources", most=50)
    given: dict[str, Any] = {name: each for name, each in value.items() if each is not None}
    return Decision(**given | ({"time": _moment(given["time"])} if "time" in given else {}))


def view(book: Book, row: Row, *, whole: bool = False) -> dict[str, Any]:
    """A decision as JSON: the record, where it stands, what was erased; with `whole`, inputs and outputs that were kept."""
    body = book.content(row)
    batch = book.batch(row.batch)
    return {
        "contents": body.contents() if body and whole else None,
        "entry": batch.id,
        "erased": row.erased,
        "id": row.id,
        "place": row.place,
        "position": batch.position,
        "record": dict(body.record) if body else None,
        "schema": VIEW,
        "state": "waiting" if batch.position is None else "sealed",
        "time": written(row.time),
    }


def written(microseconds: int) -> str:
    """A moment of the log as RFC 3339."""
    return f"{(EPOCH + timedelta(microseconds=microseconds)).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def microseconds(moment: datetime) -> int:
    """The other way round; the moment has a zone."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError("time: a moment without a zone", "Write something like 2026-11-22T09:30:00Z.")
    return moment


def summary(counts: Mapping[Any, int]) -> dict[str, int]:
    """Counts by word, for JSON; what has no word is under an empty one."""
    return {"" if word is None else str(word): count for word, count in counts.items()}
