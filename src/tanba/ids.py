"""UUIDv7 (RFC 9562): ids that sort by time of making. Python has them from 3.14 on."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def many_uuid7(count: int) -> list[UUID]:
    """The same, so many at once: greater than every earlier one, in order."""
    global _last
    drawn = secrets.token_bytes(8 * count)
    with _lock:
        first = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        _last = first + count - 1
    found = []
    for at in range(count):
        milliseconds, fraction = divmod(first + at, 4096)
        tail = int.from_bytes(drawn[8 * at : 8 * at + 8]) >> 2
        found.append(UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | tail))
    return found


def uuid7() -> UUID:
    """A new id, greater than every earlier one of this process: milliseconds, their 4096th parts, 62 random bits."""
    global _last
    with _lock:
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        milliseconds, fraction = divmod(_last, 4096)
    return UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62))
