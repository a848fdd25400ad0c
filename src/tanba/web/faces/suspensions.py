"""Stops of systems, asked anew at each call: the file of the current workspace, opened once."""

import threading
from pathlib import Path

from tanba.suspension import Act, Suspensions
from tanba.web.systems.models import System
from tanba.workspace import current

_lock = threading.Lock()
_open: dict[Path, Suspensions] = {}


def suspensions() -> Suspensions:
    """Those of the current workspace. Reading makes no file and no folder."""
    path = current().state
    with _lock:
        if path not in _open:
            _open[path] = Suspensions(path)
        return _open[path]


def stop_of(system: System) -> Act | None:
    """The stop that is in force for a system. Raises StoreError."""
    return suspensions().concerning(system.organisation.bin, system.slug)


def close() -> None:
    """Let go of every file of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].close()
