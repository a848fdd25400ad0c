"""LangChain: `model.invoke(…, config={"callbacks": [handler(tracer)]})`. Needs langchain-core of the caller; tanba does not bring it.

A person's id and other fields of a decision are taken from the run's metadata: `tanba_subject`, `tanba_outcome`, `tanba_reason` and so on.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tanba.errors import MissingExtraError
from tanba.trace.adapters import Quiet, plain, read
from tanba.trace.model import Decision
from tanba.trace.tracer import FAILED, Tracer

MOST_OPEN = 10_000
"""Runs that have begun and not ended; older ones are given up."""

OWN = ("subject", "outcome", "reason", "human", "sources", "changed")


def handler(tracer: Tracer, *, strict: bool = False) -> Any:
    """A callback handler that records each run of a model. With `strict`, a suspended system and a record that fails raise to the caller.

    Raises MissingExtraError without langchain-core.
    """
    try:
        from langchain_core.callbacks import BaseCallbackHandler
    except ImportError:
        raise MissingExtraError("langchain-core is not installed", "Install it: pip install langchain-core.") from None

    class Handler(Runs, BaseCallbackHandler):  # type: ignore[misc,unused-ignore]
        """Both: LangChain's methods, and ours."""

        raise_error = strict

    return Handler(Quiet(tracer, strict))


class Runs:
    """The runs of models that are under way. Methods have the names and arguments of `BaseCallbackHandler`."""

    def __init__(self, quiet: Quiet) -> None:
        """Nothing runs yet."""
        self.quiet = quiet
        self._open: dict[UUID, Decision] = {}

    def on_llm_start(self, serialized: Any, prompts: Any, *, run_id: UUID, metadata: Any = None, **kwargs: Any) -> None:
        """A model begins with texts."""
        self._begin(run_id, prompts, metadata, kwargs)

    def on_chat_model_start(self, serialized: Any, messages: Any, *, run_id: UUID, metadata: Any = None, **kwargs: Any) -> None:
        """A model begins with messages."""
        self._begin(run_id, [[plain(each) for each in some] for some in messages], metadata, kwargs)

    def on_llm_end(self, response: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has answered."""
        texts = [[read(each, "text") or plain(each) for each in some] for some in read(response, "generations") or []]
        self._end(run_id, "answered", "", texts, read(response, "llm_output", "model_name"))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has failed."""
        self._end(run_id, FAILED, type(error).__name__, None, None)

    def _begin(self, run_id: UUID, inputs: Any, metadata: Any, kwargs: Mapping[str, Any]) -> None:
        if self.quiet.strict:
            self.quiet.tracer.refuse_suspended()
        metadata = metadata if isinstance(metadata, Mapping) else {}
        own = {name: metadata[f"tanba_{name}"] for name in OWN if f"tanba_{name}" in metadata}
        model = read(metadata, "ls_model_name") or read(kwargs, "invocation_params", "model") or ""
        self._open[run_id] = Decision(**{"inputs": inputs, "model": str(model)[:200], "time": datetime.now(UTC), **own})
        while len(self._open) > MOST_OPEN:
            self._open.pop(next(iter(self._open)), None)

    def _end(self, run_id: UUID, outcome: str, reason: str, outputs: Any, model: Any) -> None:
        made = self._open.pop(run_id, None)
        if made is None or made.time is None:
            return
        made.duration = (datetime.now(UTC) - made.time) // timedelta(microseconds=1)
        made.outcome, made.reason, made.outputs = made.outcome or outcome, made.reason or reason, outputs
        made.model = made.model or str(model or "")[:200]
        self.quiet.record(lambda: made)
