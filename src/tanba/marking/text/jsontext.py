"""JSON: one member at the top, `ai_disclosure`, put in as text, so that numbers, order and white space of all others stay as written.

Strings within the JSON are data and bear no selectors.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tanba.errors import InputError
from tanba.marking.text import disclosure
from tanba.marking.text.mark import Found, Mark, check_claims, join_reads, texts_in

KEY = "ai_disclosure"

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_SPACE = re.compile(r"[ \t\n\r]*")


class Member(NamedTuple):
    """A member of an object: its name, where name and value begin, where the value ends."""

    name: str
    start: int
    value: int
    end: int


def mark(text: str, mark: Mark) -> str:
    """`text` with the member, in place of one of ours that was there. Raises InputError where it is no JSON object."""
    if any(claim.get("mark") == mark.token for claim in _claims(text)):
        return text
    bare = strip(text)
    begin = bare.index("{") + 1
    said = {"warning": {lang: disclosure.phrase(lang, mark.source) for lang in mark.languages}, **mark.fields()}
    after = "" if bare[_skip(bare, begin)] == "}" else ","
    return f"{bare[:begin]}{json.dumps(KEY)}:{json.dumps(said, ensure_ascii=False)}{after}{bare[begin:]}"


def read(text: str, secrets: Sequence[bytes]) -> Found:
    """What the object bears; what is no JSON object bears nothing."""
    try:
        members = _ours(text)
        claims = _claims(text)
    except InputError:
        return Found()
    warnings = [_DECODER.raw_decode(text, each.value)[0].get("warning") for each in members]
    said = [phrase for each in warnings if isinstance(each, dict) for phrase in each.values() if isinstance(phrase, str)]
    languages = tuple(dict.fromkeys(lang for phrase in said for lang in disclosure.told(phrase)))
    return Found(languages, join_reads(check_claims(claims, secrets)), tuple(claims))


def strip(text: str) -> str:
    """`text` without the member. Raises InputError where it is no JSON object."""
    for member in reversed(_ours(text)):
        start, end = member.start, _skip(text, member.end)
        if text[end] == ",":
            text = text[:start] + text[end + 1 :]
        else:  # the last one: the comma before it goes too
            before = text[:start].rstrip(" \t\r\n")
            text = (before[:-1] if before.endswith(",") else text[:start]) + text[member.end :]
    return text


def members(text: str, at: int) -> Iterator[Member]:
    """Members of the object that begins at `at` in sound JSON."""
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, end = _DECODER.raw_decode(text, at)
        value = _skip(text, _skip(text, end) + 1)
        _, end = _DECODER.raw_decode(text, value)
        yield Member(name, at, value, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def items(text: str, at: int) -> Iterator[int]:
    """Where the items of the array that begins at `at` in sound JSON begin."""
    at = _skip(text, at + 1)
    while text[at] != "]":
        yield at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at


def load(text: str) -> Any:
    """What `text` says, numbers as text. Raises InputError."""
    try:
        return _DECODER.decode(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError("broken JSON: {problem}", problem=str(error)) from None


def _ours(text: str) -> list[Member]:
    if not isinstance(load(text), dict):
        raise InputError("only a JSON object can bear a mark, not a list or a single value", "Put what you have into an object.")
    found = [each for each in members(text, text.index("{")) if each.name == KEY]
    if any(text[each.value] != "{" for each in found):
        raise InputError("`{key}` in this JSON is somebody else's", "Rename it: tanba writes an object under this name.", key=KEY)
    return found


def _claims(text: str) -> list[dict[str, str]]:
    read = [_DECODER.raw_decode(text, each.value)[0] for each in _ours(text)]
    return [texts_in(each) for each in read]


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space is not None  # it matches the empty text
    return space.end()
