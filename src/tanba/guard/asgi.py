"""The guard in front of an ASGI application (Starlette, FastAPI, Quart…): `app = asgi(app, Guard(…))`."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from tanba.guard.check import LONGEST, PLAIN, Answer, Guard, Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def asgi(app: App, guard: Guard, *, user: Callable[[Scope], str | None] | None = None) -> App:
    """`user` gives the pseudonym of who is signed in; without it a cookie of the guard's tells users apart."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await app(scope, receive, send)
        request = _request(scope, user)
        if scope["type"] == "http" and guard.is_confirmation(request):
            body = await _body(receive)
            return await _send(await asyncio.to_thread(guard.confirm, request, body), send)
        answer = guard.check(request)
        if answer is None:
            return await app(scope, receive, send)
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008, "reason": str(answer.status)})
        await _send(answer, send)

    return guarded


def _request(scope: Scope, user: Callable[[Scope], str | None] | None) -> Request:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        headers[key] = f"{headers[key]}; {value.decode('latin-1')}" if key in headers else value.decode("latin-1")
    return Request(
        scope.get("method", "GET"),
        quote(scope["path"], safe=PLAIN),
        scope.get("query_string", b"").decode("latin-1"),
        headers,
        scope.get("scheme") in ("https", "wss"),
        user(scope) if user else None,
    )


async def _body(receive: Receive) -> bytes:
    body = b""
    while len(body) <= LONGEST:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return body


async def _send(answer: Answer, send: Send) -> None:
    length = ("Content-Length", str(len(answer.body)))
    headers = [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in (*answer.headers, length)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
