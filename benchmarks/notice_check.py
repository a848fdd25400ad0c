"""What the guard adds to a request: an ASGI application that only answers, bare and guarded, in turn, in one run.

The guarded one checks receipts of a thousand users and asks the state file at each request.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.guard import Guard, Local
from tanba.guard.asgi import asgi
from tanba.suspension import Suspensions
from tanba.workspace import Workspace

REQUESTS, USERS, ROUNDS = 20_000, 1_000, 3


async def bare(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b""}


def scopes(source: Local) -> list[dict[str, Any]]:
    found = []
    for number in range(USERS):
        user = f"user-{number}"
        cookie = f"theme=dark; tanba_user={user}; tanba_receipt={source.issue(user, 'kk')}".encode()
        headers = [(b"accept", b"text/html"), (b"accept-language", b"kk,ru;q=0.8"), (b"cookie", cookie)]
        found.append({"type": "http", "method": "GET", "path": "/chat", "query_string": b"", "headers": headers, "scheme": "https"})
    return found


async def timed(app: Any, asked: list[dict[str, Any]], status: int) -> tuple[list[float], list[float]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    times: list[tuple[float, float]] = []
    for number in range(REQUESTS):
        sent.clear()
        began, worked = time.perf_counter(), time.thread_time()
        await app(asked[number % len(asked)], receive, send)
        times.append((time.perf_counter() - began, time.thread_time() - worked))
        assert sent[0]["status"] == status
    return sorted(wall for wall, _ in times), sorted(cpu for _, cpu in times)


def told(name: str, times: tuple[list[float], list[float]]) -> tuple[str, float]:
    """A line, and the p99 of CPU time: that of the clock also holds what other processes of a busy machine take."""
    median, p99, cpu = times[0][REQUESTS // 2] * 1e6, times[0][int(REQUESTS * 0.99)] * 1e6, times[1][int(REQUESTS * 0.99)] * 1e6
    return f"{name}: median {median:.1f} us, p99 {p99:.1f} us, p99 of CPU time {cpu:.1f} us", cpu


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder)).create()
        source = Local(workspace, "190140999998", "0198c0de-0000-7000-8000-000000000001", "chat-assistant")
        asked = scopes(source)
        # the state file is there, and another system is stopped: the usual case, and the dearer one
        Suspensions(workspace.state).stop("190140999998", "other", datetime.now(UTC), "test", "test")
        strangers = [{**each, "headers": each["headers"][:2]} for each in asked]
        guarded = asgi(bare, Guard(source))
        for number in range(1, ROUNDS + 1):
            yield f"round {number}, {REQUESTS:,} requests of {USERS:,} users"
            line, plain = told("bare", asyncio.run(timed(bare, asked, 200)))
            yield line
            line, p99 = told("guarded, notice was shown", asyncio.run(timed(guarded, asked, 200)))
            yield line
            yield told("guarded, notice page", asyncio.run(timed(guarded, strangers, 428)))[0]
            yield f"the check adds {p99 - plain:.1f} us of CPU time at p99 ({p99 / plain:.0f} x bare)"
        source.close()
