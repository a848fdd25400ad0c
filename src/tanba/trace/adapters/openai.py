"""Clients that work like OpenAI's: `client.chat.completions.create = traced(client.chat.completions.create, tracer)`, streams too.

A suspended system is not called at all: the wrapper raises SuspendedError before the request. A person's id is taken from the call's `user`
or `safety_identifier`, or from what `describe` gives for the arguments.
"""

import functools
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from tanba.trace.adapters import Describe, Quiet, plain, read
from tanba.trace.model import Decision
from tanba.trace.tracer import FAILED, Tracer

MOST_PIECES = 1 << 20
"""Characters of a streamed answer that are put together; a longer one is recorded as far as that."""


def traced(create: Callable[..., Any], tracer: Tracer, *, describe: Describe | None = None, strict: bool = False) -> Callable[..., Any]:
    """The same call, recorded: plain or awaited, answered at once or streamed. Raises SuspendedError where the system is stopped."""
    quiet = Quiet(tracer, strict)

    @functools.wraps(create)
    def traced_create(*arguments: Any, **named: Any) -> Any:
        call = _Call(quiet, named, describe)
        with call.watched():
            answer = create(*arguments, **named)
        return _awaited(answer, call) if inspect.isawaitable(answer) else _handed(answer, call, named)

    return traced_create


async def _awaited(answer: Any, call: "_Call") -> Any:
    with call.watched():
        found = await answer
    return _AsyncStream(found, call) if hasattr(found, "__aiter__") else call.answered(found)


def _handed(answer: Any, call: "_Call", named: Mapping[str, Any]) -> Any:
    if hasattr(answer, "__aiter__"):
        return _AsyncStream(answer, call)
    return _Stream(answer, call) if hasattr(answer, "__next__") or named.get("stream") else call.answered(answer)


class _Call:
    """One call, from its arguments to its end, which is recorded once."""

    def __init__(self, quiet: Quiet, named: Mapping[str, Any], describe: Describe | None) -> None:
        quiet.tracer.refuse_suspended(str(named.get("user") or ""))
        self._quiet, self._named, self._describe = quiet, named, describe
        self._time, self._begun, self._open = datetime.now(UTC), time.perf_counter_ns(), True

    def answered(self, answer: Any) -> Any:
        """Record, and hand the answer on."""
        self.end("answered", "", plain(answer), read(answer, "model"))
        return answer

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Record where there is no answer."""
        try:
            yield
        except BaseException as error:
            self.end(FAILED, type(error).__name__, None, None)
            raise

    def end(self, outcome: str, reason: str, outputs: Any, model: Any) -> None:
        """Record, the first time."""
        if not self._open:
            return
        self._open = False
        self._quiet.record(lambda: self._decision(outcome, reason, outputs, model))

    def _decision(self, outcome: str, reason: str, outputs: Any, model: Any) -> Decision:
        named = self._named
        known = dict(self._describe(named)) if self._describe else {}
        fields = {
            "outcome": outcome,
            "reason": reason,
            "subject": str(named.get("user") or named.get("safety_identifier") or ""),
            "inputs": plain(named.get("messages", named.get("input", named.get("prompt")))),
            "outputs": outputs,
            "model": str(model or named.get("model") or "")[:200],
            "time": self._time,
            "duration": (time.perf_counter_ns() - self._begun) // 1000,
        }
        return Decision(**{**fields, **known})


class _Pieces:
    """What streams of both kinds share: text that came so far, and the call to end. All else is the answer's own."""

    def __init__(self, answer: Any, call: _Call) -> None:
        self._answer, self._call, self._text, self._length = answer, call, list[str](), 0
        self._model: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answer, name)

    def _seen(self, piece: Any) -> Any:
        self._model = read(piece, "model") or self._model
        text = read(piece, "choices", 0, "delta", "content") or read(piece, "choices", 0, "text") or ""
        if isinstance(text, str) and self._length < MOST_PIECES:
            self._text.append(text)
            self._length += len(text)
        return piece

    def _done(self, outcome: str = "answered", reason: str = "") -> None:
        self._call.end(outcome, reason, "".join(self._text), self._model)


class _Stream(_Pieces):
    """Pieces as they come; recorded when the stream ends, is closed, left or fails."""

    def __iter__(self) -> Iterator[Any]:
        try:
            for piece in self._answer:
                yield self._seen(piece)
        except GeneratorExit:
            self._done("interrupted")
            raise
        except Exception as error:
            self._done(FAILED, type(error).__name__)
            raise
        self._done()

    def __next__(self) -> Any:
        try:
            return self._seen(next(self._answer))
        except StopIteration:
            self._done()
            raise
        except Exception as error:
            self._done(FAILED, type(error).__name__)
            raise

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def close(self) -> None:
        """As the answer does it; what came so far is recorded."""
        try:
            if callable(close := getattr(self._answer, "close", None)):
                close()
        finally:
            self._done("interrupted")


class _AsyncStream(_Pieces):
    """The same, awaited."""

    async def __aiter__(self) -> AsyncIterator[Any]:
        try:
            async for piece in self._answer:
                yield self._seen(piece)
        except GeneratorExit:
            self._done("interrupted")
            raise
        except Exception as error:
            self._done(FAILED, type(error).__name__)
            raise
        self._done()

    async def __anext__(self) -> Any:
        try:
            return self._seen(await anext(self._answer))
        except StopAsyncIteration:
            self._done()
            raise
        except Exception as error:
            self._done(FAILED, type(error).__name__)
            raise

    async def __aenter__(self) -> "_AsyncStream":
        return self

    async def __aexit__(self, *trouble: object) -> None:
        try:
            if callable(close := getattr(self._answer, "close", None)):
                await close()
        finally:
            self._done("interrupted")
