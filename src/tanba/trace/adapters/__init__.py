"""Callbacks for what calls models: none imports the library it is for, and none breaks the caller.

What goes wrong while recording is logged and counted in `Quiet.failed`; with `strict`, which is meant for high-risk systems, it is raised.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from tanba.trace.model import Decision
from tanba.trace.tracer import Tracer

_report = logging.getLogger("tanba.trace")

Describe = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""From the arguments of a call to fields of `Decision` that only the caller knows, such as `subject`."""


class Quiet:
    """Records without breaking the caller."""

    def __init__(self, tracer: Tracer, strict: bool = False) -> None:
        """`strict` raises what goes wrong."""
        self.tracer, self.strict, self.failed = tracer, strict, 0

    def record(self, make: Callable[[], Decision]) -> str:
        """Make and record a decision that is over; its id, empty where that failed."""
        try:
            return self.tracer.record(make(), over=True)
        except Exception:
            self.failed += 1
            if self.strict:
                raise
            _report.exception("a decision of %s was not recorded", self.tracer.system)
            return ""


def plain(value: Any) -> Any:
    """A library's object as what JSON can hold, as far as it says how."""
    for name in ("model_dump", "dict", "to_dict"):
        method = getattr(value, name, None)
        if callable(method):
            try:
                return method()
            except Exception:
                return str(value)
    return value


def read(value: Any, *path: str | int) -> Any:
    """A part of nested objects or mappings; None where it is not there.

    >>> read({"choices": [{"text": "yes"}]}, "choices", 0, "text")
    'yes'
    """
    for step in path:
        try:
            value = value[step] if isinstance(step, int) or isinstance(value, Mapping) else getattr(value, step)
        except (KeyError, IndexError, AttributeError, TypeError):
            return None
    return value
