"""Entries of the ledger, byte for byte (spec/entry.md). Pure."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tanba.digest import canonical_json
from tanba.errors import EvidenceError

SCHEMA = "tanba.entry/1"
LONGEST = 65_535
TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,80}")
KIND = re.compile(r"[a-z0-9._-]{1,40}")
_FORMS = {
    "artifact_schema": (re.compile(r"[a-z0-9._/-]{1,80}"), False),
    "author": (_HEX, True),
    "commitment": (_HEX, False),
    "id": (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), False),
    "kind": (KIND, False),
    "organisation": (_NAME, True),
    "schema": (re.compile(re.escape(SCHEMA)), False),
    "system": (_NAME, True),
    "time": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII), False),
}
"""Key → (form, whether null is allowed)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; `commitment` and `author` are 64 hex digits."""

    artifact_schema: str
    author: str | None
    commitment: str
    id: str
    kind: str
    organisation: str | None
    system: str | None
    time: str

    @classmethod
    def parse(cls, written: bytes) -> "Entry":
        """Raises EvidenceError where the bytes are not exactly the canonical form."""
        try:
            value = dict(json.loads(written)) if len(written) <= LONGEST else {}
            fits = _fits(value) and canonical_json(value) == written
        except (ValueError, TypeError, RecursionError):
            fits = False
        if not fits:
            raise EvidenceError("is not an entry of a ledger")
        return cls(**{key: each for key, each in value.items() if key != "schema"})


def prepare(
    *, artifact_schema: str, author: str | None, commitment: str, id: str, kind: str, organisation: str | None, system: str | None
) -> bytes:
    """An entry without its time, which the ledger adds. Raises EvidenceError on values outside their form."""
    value = {
        "artifact_schema": artifact_schema,
        "author": author,
        "commitment": commitment,
        "id": id,
        "kind": kind,
        "organisation": organisation,
        "schema": SCHEMA,
        "system": system,
    }
    if not _fits(value | {"time": stamp(datetime.fromtimestamp(0, UTC))}):
        raise EvidenceError("is not an entry of a ledger")
    return canonical_json(value)


def complete(prepared: bytes, time: str) -> bytes:
    """The entry with its time, the last key in canonical order."""
    return b'%b,"time":"%b"}' % (prepared[:-1], time.encode())


def time_of(entry: bytes) -> bytes:
    """The time of a completed entry, 27 ASCII characters, without parsing it."""
    return entry[-29:-2]


def has_id(entry: bytes, id_: str | None) -> bool:
    """Whether a completed entry carries this id, without parsing it: no value before the key can hold a quote."""
    at = entry.find(b'"id":"')
    return (at < 0) if id_ is None else at >= 0 and entry[at + 6 : at + 7 + len(id_)] == b'%b"' % id_.encode()


def is_time(text: Any) -> bool:
    """Whether `text` is a moment as entries write it."""
    try:
        return isinstance(text, str) and bool(_FORMS["time"][0].fullmatch(text)) and bool(datetime.strptime(text, TIME))
    except ValueError:
        return False


def stamp(moment: datetime) -> str:
    """A moment as entries write it, in UTC."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _fits(value: dict[str, Any]) -> bool:
    if value.keys() != _FORMS.keys():
        return False
    for key, (form, nullable) in _FORMS.items():
        if value[key] is None and nullable:
            continue
        if not isinstance(value[key], str) or not form.fullmatch(value[key]):
            return False
    return is_time(value["time"])
