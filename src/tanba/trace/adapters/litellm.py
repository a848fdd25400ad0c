"""LiteLLM: `litellm.callbacks = [LiteLLMCallback(tracer)]`. Works by the names of its callbacks; LiteLLM itself is not imported.

A person's id is taken from the call's `metadata={"tanba_subject": …}`, or else from `user`; other fields of a decision from
`metadata={"tanba_outcome": …}` and so on.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tanba.trace.adapters import Quiet, plain, read
from tanba.trace.model import Decision
from tanba.trace.tracer import FAILED, Tracer

OWN = ("outcome", "reason", "human", "sources", "changed")


class LiteLLMCallback:
    """What LiteLLM reports is over: a call of a suspended system is recorded. To prevent it, ask `Tracer.refuse_suspended` before."""

    def __init__(self, tracer: Tracer, *, strict: bool = False) -> None:
        """With `strict` a decision that cannot be recorded raises, which LiteLLM itself may catch."""
        self.quiet = Quiet(tracer, strict)

    def log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """A call was answered."""
        self.quiet.record(lambda: _decision(kwargs, response_obj, start_time, end_time, "answered", ""))

    def log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """A call failed."""
        self.quiet.record(lambda: _decision(kwargs, None, start_time, end_time, FAILED, type(read(kwargs, "exception")).__name__))

    async def async_log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """The same, awaited."""
        self.log_success_event(kwargs, response_obj, start_time, end_time)

    async def async_log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """The same, awaited."""
        self.log_failure_event(kwargs, response_obj, start_time, end_time)

    def log_pre_api_call(self, model: Any, messages: Any, kwargs: Any) -> None:
        """Nothing to record yet."""

    def log_post_api_call(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """The events of success and failure say it."""

    def log_stream_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """The last event of a stream is one of success."""

    async def async_log_stream_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """The same."""

    def __call__(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """As a plain function among `litellm.success_callback`."""
        self.log_success_event(kwargs, response_obj, start_time, end_time)


def _decision(kwargs: Any, response: Any, start: Any, end: Any, outcome: str, reason: str) -> Decision:
    metadata = read(kwargs, "litellm_params", "metadata") or read(kwargs, "metadata") or {}
    own = {name: metadata[f"tanba_{name}"] for name in OWN if isinstance(metadata, Mapping) and f"tanba_{name}" in metadata}
    return Decision(
        **{
            "outcome": outcome,
            "reason": reason,
            "subject": str(read(metadata, "tanba_subject") or read(kwargs, "user") or read(kwargs, "optional_params", "user") or ""),
            "inputs": plain(read(kwargs, "messages") or read(kwargs, "input")),
            "outputs": plain(response),
            "model": str(read(response, "model") or read(kwargs, "model") or "")[:200],
            "time": _moment(start),
            "duration": _between(start, end),
            **own,
        }
    )


def _moment(value: Any) -> datetime | None:
    """LiteLLM gives local times without a zone."""
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def _between(start: Any, end: Any) -> int | None:
    both = isinstance(start, datetime) and isinstance(end, datetime)
    return max(0, (end - start) // timedelta(microseconds=1)) if both else None
