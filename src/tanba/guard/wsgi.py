"""The guard in front of a WSGI application (Flask, Bottle, Pyramid…): `app = wsgi(app, Guard(…))`."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from tanba.guard.check import LONGEST, PLAIN, Answer, Guard, Request

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def wsgi(app: App, guard: Guard, *, user: Callable[[Environ], str | None] | None = None) -> App:
    """`user` gives the pseudonym of who is signed in; without it a cookie of the guard's tells users apart."""

    def guarded(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = _request(environ, user)
        if guard.is_confirmation(request):
            answer: Answer | None = guard.confirm(request, _body(environ))
        else:
            answer = guard.check(request)
        if answer is None:
            return app(environ, start_response)
        length = ("Content-Length", str(len(answer.body)))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", [*answer.headers, length])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    return guarded


def _request(environ: Environ, user: Callable[[Environ], str | None] | None) -> Request:
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), safe=PLAIN, encoding="latin-1")
    known = user(environ) if user else None
    return Request(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), headers, environ["wsgi.url_scheme"] == "https", known)


def _body(environ: Environ) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    body: bytes = environ["wsgi.input"].read(max(0, min(length, LONGEST)))
    return body
