"""A page for everybody must not be a lever against the server: so many requests from an address, so many heavy ones at a time.

Counted in the memory of each process. Behind a proxy all people share its address, and the bound is one for all of them.
"""

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

MOST, WINDOW = 30, 60.0
"""Requests of one address in so many seconds."""

ADDRESSES = 10_000
"""Remembered at most; whoever was seen longest ago is forgotten first."""

AT_ONCE = 2
"""Of the four threads of `tanba serve`: the register goes on answering."""


class BusyError(Exception):
    """All places are taken just now."""


class Limit:
    """How often each address has come lately."""

    def __init__(self, most: int = MOST, window: float = WINDOW) -> None:
        """`most` in `window` seconds."""
        self.most, self.window = most, window
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str, now: float | None = None) -> int:
        """Count a request: 0 where it may go on, else the seconds until it may."""
        now, key = time.monotonic() if now is None else now, network(address)
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while times and times[0] <= now - self.window:
                times.popleft()
            if len(times) >= self.most:
                return int(times[0] + self.window - now) + 1
            times.append(now)
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)
        return 0

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._seen.clear()


limit = Limit()
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def place() -> Iterator[None]:
    """One of the places for heavy work. Raises BusyError at once, so that no thread waits."""
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        _places.release()


def network(address: str) -> str:
    """An address of IPv4 as it is, also where it is written as one of IPv6; of IPv6 the /64 that belongs to one subscriber."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)
