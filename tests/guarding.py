"""The same request through three frameworks, in front of a service that always says "served"."""

import asyncio
import io
from typing import Any

from tanba.guard import Guard
from tanba.guard.asgi import asgi
from tanba.guard.wsgi import wsgi

BIN, SYSTEM, SLUG = "190140999998", "0198c0de-0000-7000-8000-000000000001", "chat-assistant"
ABOUT = {language: {"organisation": "Qarlygash", "system": "Көмек <b>"} for language in ("kk", "ru", "en")}


class Reply:
    """What came back. `cookies` holds names and values that the guard set."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body, self.text = status, body, body.decode()
        self.headers = {name.lower(): value for name, value in headers}
        pairs = [value.partition(";")[0].partition("=") for name, value in headers if name.lower() == "set-cookie"]
        self.cookies = {name: value for name, _, value in pairs}


def through_asgi(guard: Guard, method: str, path: str, headers: dict[str, str], body: bytes, query: str = "") -> Reply:
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": raw, "scheme": "https"}
    asyncio.run(asgi(app, guard)(scope, receive, send))
    pairs = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return Reply(sent[0]["status"], pairs, b"".join(each.get("body", b"") for each in sent))


def through_wsgi(guard: Guard, method: str, path: str, headers: dict[str, str], body: bytes, query: str = "") -> Reply:
    started: list[Any] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"served"]

    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
    }  # type: ignore[dict-item]
    environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": headers.get("content-type", "")}
    found = b"".join(wsgi(app, guard)(environ, lambda status, pairs: started.append((status, pairs))))
    return Reply(int(started[0][0][:3]), started[0][1], found)


def through_django(guard: Guard, method: str, path: str, headers: dict[str, str], body: bytes, query: str = "") -> Reply:
    from django.http import HttpResponse
    from django.test import RequestFactory, override_settings

    from tanba.guard.django import guarded

    kind = headers.get("content-type", "application/x-www-form-urlencoded")
    given = {name: value for name, value in headers.items() if name != "content-type"}
    request = RequestFactory().generic(method, path + (f"?{query}" if query else ""), body, kind, headers=given, secure=True)
    with override_settings(TANBA_GUARD=guard):
        response = guarded(lambda _: HttpResponse(b"served"))(request)
    pairs = [(name, value) for name, value in response.items()] + [
        ("Set-Cookie", each.OutputString()) for each in response.cookies.values()
    ]
    return Reply(response.status_code, pairs, response.content)


WAYS = {"asgi": through_asgi, "wsgi": through_wsgi, "django": through_django}
