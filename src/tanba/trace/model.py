"""What a decision is, and its two forms: the record that is sealed and the body that is spooled (spec/decisions.md, spec/spool.md). Pure.

The record holds no content: inputs and outputs stand in it as salted commitments, the person as a pseudonym. All salts come from one secret
of the decision, which lies beside the record and is dropped with it.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tanba.digest import MOST, commit
from tanba.errors import InputError
from tanba.identifiers import bin_is_valid

SCHEMA = "tanba.decision/1"
HUMANS = ("always_final_choice", "can_correct_or_cancel", "excluded")
"""What part a human has in the decision, in the words of the fact `human_control` (art. 17(2))."""

SECRET = 32
LONGEST = {"id": 36, "model": 200, "outcome": 200, "reason": 4000, "source": 300, "subject": 500, "system": 80}
"""Characters of the texts of a decision."""

MOST_SOURCES, MOST_KEPT = 50, 256 << 10
"""Data sources of one decision; bytes of inputs or outputs that are kept."""

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
CHANGED = {True: "true", False: "false", None: "null"}
_quoted = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_encode_any = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


@dataclass(slots=True)
class Decision:
    """One decision, filled in as it is made. Everything is optional but the outcome.

    `subject` is the organisation's own id of the person; only its pseudonym is kept. `inputs` and `outputs` are text, bytes, or what JSON
    can hold. `sources` name the data behind the decision, `reason` the rule or the model's reason. `human` is one of `HUMANS`, `changed`
    whether a human changed what the system had decided. `time` has a zone; `duration` is in microseconds. `id` is a UUID: what is recorded
    twice under one id counts once.
    """

    outcome: str = ""
    subject: str = ""
    inputs: Any = None
    outputs: Any = None
    model: str = ""
    sources: Sequence[str] = ()
    reason: str = ""
    human: str = ""
    changed: bool | None = None
    time: datetime | None = None
    duration: int | None = None
    id: str = ""


def checked_system(organisation: str, system: str) -> None:
    """Raises InputError where these name no system: `organisation` is a BIN or empty, `system` a slug."""
    if not _SLUG.fullmatch(system):
        raise InputError(
            "{system!r} does not name a system", "Use its short name in the register, such as credit-scorer.", system=system[:90]
        )
    if organisation and not bin_is_valid(organisation):
        raise InputError("{bin!r} is not a BIN", "A BIN has twelve digits, the last of which checks the others.", bin=organisation[:20])


def content_bytes(value: Any) -> bytes:
    """Inputs or outputs as they are committed to: bytes as they are, text in UTF-8, anything else as JSON with sorted keys."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else _encode_any(value)).encode("utf-8", "backslashreplace")


def salt(secret: bytes, part: str) -> bytes:
    """The salt of `record`, `inputs` or `outputs`: each can be shown without the others."""
    return hashlib.sha256(b"tanba.decision-salt/1\n" + part.encode() + b"\n" + secret).digest()


def commitment(secret: bytes, part: str, content: bytes) -> bytes:
    """The commitment to a part of a decision, 32 bytes."""
    return commit(salt(secret, part), hashlib.sha256(content).digest())


@dataclass(frozen=True, slots=True)
class Origin:
    """Where decisions come from, and what those say of themselves that say nothing else. With `keep`, contents are kept."""

    organisation: str
    system: str
    model: str = ""
    human: str = ""
    keep: bool = False


def body_of(made: Decision, origin: Origin, id: str, time: datetime, pseudonym: str, secret: bytes) -> bytes:
    """What is spooled: the secret, the record, a line feed, and where they are kept the contents. Raises InputError.

    The record is canonical JSON, put together by hand since a caller waits for it.
    """
    _check(made, id)
    parts = {name: content_bytes(value) for name, value in (("inputs", made.inputs), ("outputs", made.outputs)) if value is not None}
    inputs, outputs = (f'"{commitment(secret, name, parts[name]).hex()}"' if name in parts else "null" for name in ("inputs", "outputs"))
    record = (
        f'{{"duration":{"null" if made.duration is None else made.duration},"human":{_or_null(made.human or origin.human)},'
        f'"human_changed":{CHANGED[made.changed]},"id":"{id}","inputs":{inputs},"model":{_or_null(made.model or origin.model)},'
        f'"organisation":{_or_null(origin.organisation)},"outcome":{_quoted(made.outcome)},"outputs":{outputs},'
        f'"reason":{_or_null(made.reason)},"schema":"{SCHEMA}","sources":[{",".join(map(_quoted, made.sources))}],'
        f'"subject":{_or_null(pseudonym)},"system":"{origin.system}","time":"{_written(time)}"}}'
    )
    try:
        return b"%b%b\n%b" % (secret, record.encode(), _kept(parts) if origin.keep else b"")
    except UnicodeEncodeError:
        raise InputError("a text of the decision is not Unicode", "Decode it before it is recorded.") from None


@dataclass(frozen=True, slots=True)
class Body:
    """A spooled decision taken apart. `written` is the record's canonical JSON, `record` the same parsed, `time` in microseconds."""

    secret: bytes
    written: bytes
    record: Mapping[str, Any]
    kept: bytes
    time: int

    @property
    def commitment(self) -> bytes:
        """What the batch holds of it."""
        return commitment(self.secret, "record", self.written)

    def contents(self) -> dict[str, Any]:
        """Inputs and outputs that were kept: text, or an object with `base64`."""
        return dict(json.loads(self.kept)) if self.kept else {}


_read = json.JSONDecoder().raw_decode
"""(value, where it ends) of a JSON text, without what `json.loads` does around it."""


def parse(body: bytes) -> Body | None:
    """A spooled decision, or None where this is none."""
    written, line_feed, kept = body[SECRET:].partition(b"\n")
    try:
        text = written.decode()
        record, end = _read(text)
        time = (datetime.fromisoformat(record["time"]) - EPOCH) // MICROSECOND
        found = Body(body[:SECRET], written, record, kept, time)
        fits = end == len(text) and record["schema"] == SCHEMA and _ID.fullmatch(record["id"]) and _asked_by_text(record)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if line_feed and fits else None


def _asked_by_text(record: Mapping[str, Any]) -> bool:
    """Whether the log can list it. Raises KeyError, TypeError, ValueError where not."""
    organisation, subject, model, human = record["organisation"], record["subject"], record["model"], record["human"]
    "".join(
        (
            record["system"],
            record["outcome"],
            "" if organisation is None else organisation,
            "" if subject is None else subject,
            "" if model is None else model,
            "" if human is None else human,
        )
    ).encode()
    return isinstance(record["human_changed"], bool | None)


def _check(made: Decision, id: str) -> None:
    for name, text in (("model", made.model), ("outcome", made.outcome), ("reason", made.reason), ("subject", made.subject)):
        _text(name, text, LONGEST[name])
    for source in made.sources:
        _text("sources", source, LONGEST["source"])
    if isinstance(made.sources, str) or len(made.sources) > MOST_SOURCES:
        raise InputError(
            "{name}: not a list of at most {most} texts", "Name the data behind the decision.", name="sources", most=MOST_SOURCES
        )
    if not made.outcome:
        raise InputError("a decision has no outcome", "Say in a word what was decided, such as refused.")
    if made.human and made.human not in HUMANS:
        raise InputError("human: {given!r} is not known", "Known: {known}.", given=made.human, known=", ".join(HUMANS))
    if not isinstance(made.changed, bool | None):
        raise InputError("changed: neither true nor false", "Say whether a human changed the decision, or leave it out.")
    if made.duration is not None and (type(made.duration) is not int or not 0 <= made.duration <= MOST):
        raise InputError("duration: not a whole number of microseconds", "Leave it out where it was not measured.")
    if not _ID.fullmatch(id):
        raise InputError("{given!r} is not an id", "Use a UUID in lower case, or leave it out.", given=id[:40])


def _text(name: str, value: object, most: int) -> None:
    if not isinstance(value, str):
        raise InputError("{name}: not a text", "Write it in quotes.", name=name)
    if len(value) > most:
        raise InputError("{name}: longer than {most} characters", "Shorten it; contents go into inputs and outputs.", name=name, most=most)


def _written(time: datetime) -> str:
    if time.tzinfo is None:
        raise InputError("time: a moment without a zone", "Write something like 2026-11-22T09:30:00Z.")
    utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def _or_null(text: str) -> str:
    return _quoted(text) if text else "null"


def _kept(parts: Mapping[str, bytes]) -> bytes:
    for name, content in parts.items():
        if len(content) > MOST_KEPT:
            raise InputError("{name}: larger than {most:,} bytes", "Keep it elsewhere; the commitment suffices.", name=name, most=MOST_KEPT)
    return _encode({name: _readable(content) for name, content in parts.items()}).encode()


def _readable(content: bytes) -> str | dict[str, str]:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}
