"""Recording decisions from a program of one's own: `Tracer.decision` around the code that decides, or `Tracer.record` after it.

A decision that was recorded lies in the spool; `tanba trace drain`, or the register, takes it into the log and the ledger. What a high-risk
system decides is never lost in silence: no sampling, and a full spool or disk is the caller's error.
"""

import asyncio
import functools
import inspect
import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tanba.errors import InputError, StoreError, SuspendedError
from tanba.ids import uuid7
from tanba.suspension import Suspensions
from tanba.trace.model import HUMANS, SECRET, Decision, Origin, body_of, checked_system
from tanba.trace.spool import MOST, Spool
from tanba.trace.subjects import pseudonym

RISKS = ("high", "medium", "minimal", "unknown")
"""Degrees of risk (art. 17(1)). What is not known is treated as high."""

FULL = ("error", "wait", "drop")
"""What a full spool does to the caller."""

FAILED, SUSPENDED = "failed", "suspended"
"""Outcomes that the tracer itself writes: the code raised an error; the system is stopped, and did not decide."""

F = TypeVar("F", bound=Callable[..., Any])


class Tracer:
    """The decisions of one system, from any number of threads."""

    def __init__(
        self,
        system: str,
        organisation: str = "",
        *,
        folder: Path,
        secret: bytes,
        suspensions: Suspensions,
        risk: str = "unknown",
        model: str = "",
        human: str = "",
        keep: bool = False,
        sample: float = 1.0,
        durable: bool = False,
        full: str = "error",
        most: int = MOST,
        record_refusals: bool = False,
    ) -> None:
        """See `tanba.trace.home.open_tracer`, which finds folder, secret and stops of a workspace.

        `system` is a slug, `organisation` a BIN or empty; `model` and `human` are what decisions say that say nothing else. With `keep`,
        inputs and outputs are kept beside the log, encrypted for the person; otherwise only their commitments are. `sample` is the share of
        decisions recorded. `durable` syncs each one to the disk. `most` bounds the spool in bytes. With `record_refusals` an attempt to use
        a suspended system leaves a record. Raises InputError.
        """
        checked_system(organisation, system)
        _known("risk", risk, RISKS)
        _known("full", full, FULL)
        _known("human", human or HUMANS[0], HUMANS)
        if not 0 < sample <= 1:
            raise InputError("sample: {given} is no share", "Give a number above 0, at most 1.", given=sample)
        if risk not in ("medium", "minimal") and (sample < 1 or full == "drop"):
            raise InputError(
                "system {system}: decisions of a system of high or unknown risk are recorded without exception",
                "Leave out sampling and dropping, or say its degree of risk.",
                system=system,
            )
        self.system, self.organisation, self.risk = system, organisation, risk
        self.dropped = 0
        self._secret, self._suspensions, self._sample, self._drop = secret, suspensions, sample, full == "drop"
        self._origin, self._refusals = Origin(organisation, system, model, human, keep), record_refusals
        self._spool = Spool(folder, most=most, durable=durable, wait=full == "wait")

    @property
    def strict(self) -> bool:
        """Whether nothing may be lost: high risk, or risk not known."""
        return self.risk not in ("medium", "minimal")

    def decision(self, **known: Any) -> "Open":
        """A decision about to be made: `with`, `async with`, or a decorator. `known` are fields of `Decision`.

        For a decorated function its arguments are the inputs and its result the outputs; a field may then be a function: of the arguments
        by name, or for `outcome` and `reason` of the result.
        """
        return Open(self, known)

    def record(self, made: Decision, *, over: bool = False) -> str:
        """Keep a decision; its id, empty where it was left out by sampling or dropping.

        `over`: it cannot be prevented any more, or is a refusal: recorded also while the system is suspended. Raises SuspendedError,
        InputError, and StoreError where the spool or its disk is full.
        """
        if not over:
            self.refuse_suspended()
        if self._sample < 1 and random.random() >= self._sample:
            return ""
        id_ = made.id or str(uuid7())
        name = pseudonym(self._secret, self.organisation, made.subject) if made.subject else ""
        body = body_of(made, self._origin, id_, made.time or datetime.now(UTC), name, secrets.token_bytes(SECRET))
        try:
            self._spool.append(body)
        except StoreError:
            if not self._drop:
                raise
            self.dropped += 1
            return ""
        return id_

    def refuse_suspended(self, subject: str = "") -> None:
        """Raises SuspendedError where the system is stopped (art. 18(2)); with `record_refusals`, leaves a record of the attempt."""
        try:
            self._suspensions.refuse_stopped(self.organisation, self.system)
        except SuspendedError:
            if self._refusals:
                self.record(Decision(SUSPENDED, subject=subject), over=True)
            raise

    def close(self) -> None:
        """Let go of the spool; the next decision opens it again."""
        self._spool.close()
        self._suspensions.close()


class Open:
    """A decision while it is made. Entering gives a `Decision` to fill in; leaving records it, an error in the block as `failed`."""

    def __init__(self, tracer: Tracer, known: Mapping[str, Any]) -> None:
        """Nothing is asked or written yet."""
        self._tracer, self._known = tracer, known
        self._made: Decision | None = None
        self._begun = 0

    def __enter__(self) -> Decision:
        """Raises SuspendedError."""
        self._tracer.refuse_suspended(str(self._known.get("subject", "")))
        self._made, self._begun = Decision(**{"time": datetime.now(UTC), **self._known}), time.perf_counter_ns()
        return self._made

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Raises what `Tracer.record` raises, unless the block itself did."""
        made = self._made
        if made is None:
            return
        if made.duration is None:
            made.duration = (time.perf_counter_ns() - self._begun) // 1000
        if kind is None:
            self._tracer.record(made, over=True)
            return
        made.outcome, made.reason = made.outcome or FAILED, made.reason or kind.__name__
        self._tracer.record(made, over=True)

    async def __aenter__(self) -> Decision:
        """The same in a coroutine; the disk is asked in a thread."""
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """The same in a coroutine."""
        await asyncio.shield(asyncio.to_thread(self.__exit__, kind, error, trace))

    def __call__(self, function: F) -> F:
        """As a decorator, of a function or a coroutine function."""
        names = inspect.signature(function)

        def opened(arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Open, Callable[[Decision, Any], None]]:
            given = names.bind(*arguments, **named).arguments
            known = {name: value(given) if callable(value) and name not in LATER else value for name, value in self._known.items()}
            later = {name: known.pop(name) for name in LATER if callable(known.get(name))}
            return Open(self._tracer, {"inputs": dict(given), **known}), functools.partial(_finish, later)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def traced_async(*arguments: Any, **named: Any) -> Any:
                around, finish = opened(arguments, named)
                async with around as made:
                    result = await function(*arguments, **named)
                    finish(made, result)
                return result

            return traced_async  # type: ignore[return-value]

        @functools.wraps(function)
        def traced(*arguments: Any, **named: Any) -> Any:
            around, finish = opened(arguments, named)
            with around as made:
                result = function(*arguments, **named)
                finish(made, result)
            return result

        return traced  # type: ignore[return-value]


LATER = ("outcome", "reason")


def _finish(later: Mapping[str, Callable[[Any], str]], made: Decision, result: Any) -> None:
    made.outputs = result if made.outputs is None else made.outputs
    for name, value in later.items():
        setattr(made, name, value(result))


def _known(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise InputError("{name}: {given!r} is not known", "Known: {known}.", name=name, given=given, known=", ".join(known))
