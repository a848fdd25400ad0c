"""Server-sent events of chat completions: `data: {"choices":[{"delta":{"content":"…"}}]}` lines, ended by `data: [DONE]`.

Only the string after `content` is changed, and only where something belongs into it; every other byte passes as it came. A line goes
out when its end has come. The last ID needs an event of its own: the last one with content, said again with the ID alone.
"""

import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, NamedTuple

from tanba.errors import InputError
from tanba.marking.text.jsontext import items, load, members
from tanba.marking.text.mark import Mark
from tanba.marking.text.stream import Stream

_DATA = re.compile(rb"data: ?")


class _Choice(NamedTuple):
    """A choice of an event: its number, where its content lies in the line, the content, whether it is the last."""

    number: str
    start: int
    end: int
    content: str
    finished: bool


class Events:
    """A stream of events in pieces of bytes, cut anywhere: `feed` each, then `close`."""

    def __init__(self, mark: Mark) -> None:
        """Raises InputError where a stream cannot be marked so."""
        self._mark = mark
        Stream(mark)
        self._parts: list[bytes] = []
        self._open: dict[str, tuple[Stream, str, str]] = {}

    def feed(self, piece: bytes) -> bytes:
        """The lines that are complete by now, marked."""
        head, newline, rest = piece.rpartition(b"\n")
        if not newline:
            self._parts.append(piece)
            return b""
        whole = b"".join([*self._parts, head, newline])
        self._parts = [rest]
        return b"".join(map(self._line, whole.splitlines(keepends=True)))

    def close(self) -> bytes:
        """What is left: an unfinished line as it is, and IDs that no `[DONE]` called for."""
        rest = b"".join(self._parts)
        self._parts = []
        return self._finish() + rest

    def _line(self, line: bytes) -> bytes:
        data = _DATA.match(line)
        if not data:
            return line
        try:
            text = line[data.end() :].decode()
            if text.strip() == "[DONE]":
                return self._finish() + line
            choices = list(_choices(text))
        except (UnicodeDecodeError, InputError):
            return line
        before = b""
        for choice in reversed(choices):  # from the last on, so that offsets hold
            text, extra = self._choice(text, choice, line[: data.end()].decode())
            before = extra + before
        return before + line[: data.end()] + text.encode()

    def _choice(self, text: str, choice: _Choice, field: str) -> tuple[str, bytes]:
        """The event's text with one choice marked, and events to be sent before it."""
        begin, after = text[: choice.start], text[choice.end :]
        known = self._open.get(choice.number)
        if choice.end and choice.content:
            stream = known[0] if known else Stream(self._mark)
            written = stream.feed(choice.content)
            if choice.finished:
                self._open.pop(choice.number, None)
                written += stream.close()
            else:
                self._open[choice.number] = stream, field + begin, after.rstrip("\r\n")
            return (text if written == choice.content else begin + json.dumps(written) + after), b""
        if choice.finished and known:
            return text, self._last(choice.number)
        return text, b""

    def _finish(self) -> bytes:
        return b"".join(map(self._last, list(self._open)))

    def _last(self, number: str) -> bytes:
        """An event with the ID that ends a choice; nothing where its last sentence has one."""
        stream, begin, after = self._open.pop(number)
        last = stream.close()
        return f"{begin}{json.dumps(last)}{after}\n\n".encode() if last else b""


def marked_events(pieces: Iterable[bytes], mark: Mark) -> Iterator[bytes]:
    """The bytes of a response with the texts in it marked. Raises InputError."""
    events = Events(mark)
    for piece in pieces:
        if written := events.feed(piece):
            yield written
    if last := events.close():
        yield last


async def amarked_events(pieces: AsyncIterable[bytes], mark: Mark) -> AsyncIterator[bytes]:
    """The same for pieces that are awaited. Raises InputError."""
    events = Events(mark)
    async for piece in pieces:
        if written := events.feed(piece):
            yield written
    if last := events.close():
        yield last


def _choices(text: str) -> Iterator[_Choice]:
    """The choices of an event, in order."""
    data = load(text)
    if not isinstance(data, dict):
        return
    place = _place(text, text.index("{"), "choices")
    if not place or text[place] != "[":
        return
    for number, at in enumerate(items(text, place)):
        choice = data["choices"][number]
        if not isinstance(choice, dict):
            continue
        delta = _place(text, at, "delta")
        start, end, content = _content(text, delta) if delta and text[delta] == "{" else (0, 0, "")
        yield _Choice(str(choice.get("index", number)), start, end, content, choice.get("finish_reason") is not None)


def _content(text: str, delta: int) -> tuple[int, int, str]:
    found = [each for each in members(text, delta) if each.name == "content" and text[each.value] == '"']
    return (found[-1].value, found[-1].end, _string(text, found[-1].value)) if found else (0, 0, "")


def _string(text: str, at: int) -> str:
    value: Any = json.JSONDecoder().raw_decode(text, at)[0]
    return str(value)


def _place(text: str, at: int, name: str) -> int:
    """Where the last member `name` of the object at `at` begins; 0 where there is none."""
    return next((each.value for each in reversed(list(members(text, at))) if each.name == name), 0)
