"""Texts that come token by token, alone and inside server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marking.text.texts import EN, ID, KK, MARKDOWN, RU, RUN, SECRET, any_text, cut
from tanba.errors import InputError
from tanba.marking.text import disclosure, plain
from tanba.marking.text.mark import Mark
from tanba.marking.text.sse import Events, amarked_events, marked_events
from tanba.marking.text.stream import Stream, amarked, marked

MARK = Mark(ID, SECRET, ("kk", "ru"))
LINE = disclosure.line(("kk", "ru"))


@pytest.mark.parametrize("text", [KK, RU, EN, MARKDOWN, ""], ids=["kk", "ru", "en", "markdown", "empty"])
def test_letter_by_letter_is_the_same_as_at_once(text: str) -> None:
    assert "".join(marked(text, MARK)) == plain.mark(text, MARK)


@given(any_text.filter(lambda text: not disclosure.present(text)), st.lists(st.integers(0, 1000), max_size=30))
def test_any_cutting_is_the_same_as_at_once(text: str, places: list[int]) -> None:
    assert "".join(marked(cut(text, places), MARK)) == plain.mark(text, MARK)


@given(any_text, st.lists(st.integers(0, 1000), max_size=30))
def test_every_token_leaves_when_it_comes(text: str, places: list[int]) -> None:
    stream = Stream(MARK)
    for number, piece in enumerate(cut(text, places)):
        written = stream.feed(piece)
        assert written.replace(RUN, "").endswith(piece.replace(RUN, ""))
        assert number or written.replace(RUN, "").startswith(LINE)


def test_an_async_stream_is_the_same() -> None:
    async def tokens() -> AsyncIterator[str]:
        for token in KK.split(" "):
            yield token + " "

    async def joined() -> str:
        return "".join([piece async for piece in amarked(tokens(), MARK)])

    assert asyncio.run(joined()) == plain.mark(KK + " ", MARK)


def test_who_reads_along_is_warned_first() -> None:
    with pytest.raises(InputError, match="at its start"):
        Stream(Mark(ID, SECRET, ("kk",), place="end"))


def test_a_line_without_end_takes_the_same_time_for_each_token() -> None:
    stream = Stream(MARK)

    def seconds() -> float:
        begin = time.process_time()
        for _ in range(3000):
            stream.feed("аа`")
        return time.process_time() - begin

    first = min(seconds() for _ in range(2))
    for _ in range(6):
        seconds()
    assert seconds() < 5 * first + 0.05


def chunk(content: str | None, index: int = 0, finish: str | None = None) -> str:
    delta = {} if content is None else {"content": content}
    choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
    data = {"id": "chatcmpl-1", "created": 1700000000, "model": "m", "system_fingerprint": 1.50, "choices": [choice]}
    return f"data: {json.dumps(data)}\n\n"


def texts_of(events: bytes) -> dict[int, str]:
    """What a client would join, by choice."""
    found: dict[int, str] = {}
    for line in events.decode().splitlines():
        if line.startswith("data: {"):
            for choice in json.loads(line[6:])["choices"]:
                found[choice["index"]] = found.get(choice["index"], "") + (choice["delta"].get("content") or "")
    return found


ROLE = 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n'


@given(st.lists(st.integers(0, 100_000), max_size=20))
def test_events_cut_anywhere_are_marked_as_the_whole_text(places: list[int]) -> None:
    tokens = cut(KK, list(range(0, 300, 7)))
    stream = (ROLE + ": ping\n\n" + "".join(map(chunk, tokens)) + chunk(None, finish="stop") + "data: [DONE]\n\n").encode()
    ends = sorted({place % len(stream) for place in places} | {0, len(stream)})
    out = b"".join(marked_events([stream[start:end] for start, end in pairwise(ends)], MARK))
    assert texts_of(out) == {0: plain.mark(KK, MARK)}
    assert out.startswith((ROLE + ": ping\n\n").encode())
    assert out.endswith((chunk(None, finish="stop") + "data: [DONE]\n\n").encode())


def test_two_choices_are_two_texts_and_a_finish_with_content_closes() -> None:
    stream = chunk("Бір", 0) + chunk("Один", 1) + chunk(". Соңы", 0, "stop") + chunk(None, 1, "stop") + "data: [DONE]\n\n"
    out = b"".join(marked_events([stream.encode()], MARK))
    assert texts_of(out) == {0: plain.mark("Бір. Соңы", MARK), 1: plain.mark("Один", MARK)}


@pytest.mark.parametrize(
    "line",
    [
        "event: message_start\n\n",
        "data: {broken\n\n",
        "data: [1, 2]\n\n",
        'data: {"choices": 5}\n\n',
        'data: {"choices": [5, {"delta": null}, {"delta": {"content": null}}]}\n\n',
        'data: {"error": {"message": "a. b"}}\r\n\r\n',
        "data: " + "[" * 100_000 + "\n\n",
        "\n\n: comment\nretry: 5\n",
        "data: {} without an end",
    ],
)
def test_everything_else_passes_byte_for_byte(line: str) -> None:
    assert b"".join(marked_events([line.encode()], MARK)) == line.encode()


def test_only_the_content_of_an_event_changes() -> None:
    first, second = chunk("Бір"), chunk("нәрсе")
    events = Events(MARK)
    before, after = first.split(json.dumps("Бір"))
    written = events.feed(first.encode()).decode()
    assert written.startswith(before)
    assert written.endswith(after)
    assert events.feed(second.encode()).decode() == second


def test_a_stream_that_breaks_off_still_gets_its_last_id() -> None:
    out = b"".join(marked_events([chunk("Бір сөйлем").encode()], MARK))
    assert texts_of(out) == {0: plain.mark("Бір сөйлем", MARK)}


def test_async_events_are_the_same() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield chunk("Бір сөйлем").encode()

    async def joined() -> bytes:
        return b"".join([piece async for piece in amarked_events(pieces(), MARK)])

    assert asyncio.run(joined()) == b"".join(marked_events([chunk("Бір сөйлем").encode()], MARK))


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_never_raise(data: bytes) -> None:
    b"".join(marked_events([data, b'\ndata: {"choices":' + data + b"}\n"], MARK))
