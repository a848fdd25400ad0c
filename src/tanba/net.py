"""The only client of the network: HTTP with a time-out, a bound on what is read, and no redirects."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tanba.errors import InputError, NetworkError

PATIENCE = 20.0
"""Seconds for connecting and for each read."""

ALTOGETHER = 30.0
"""Seconds for reading the whole answer."""

LONGEST = 1 << 20
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `kind` is the content type without parameters."""

    status: int
    kind: str
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def post(address: str, body: bytes, kind: str, *, headers: Mapping[str, str] | None = None, patience: float = PATIENCE) -> Answer:
    """Send `body`, whatever the status of the answer.

    Raises InputError on an address that is not HTTP, NetworkError where nobody answers.
    """
    return _asked(address, body, {"Content-Type": kind, **(headers or {})}, patience)


def get(address: str, *, headers: Mapping[str, str] | None = None, patience: float = PATIENCE) -> Answer:
    """Ask, whatever the status of the answer. Raises as `post` does."""
    return _asked(address, None, dict(headers or {}), patience)


def _asked(address: str, body: bytes | None, headers: dict[str, str], patience: float) -> Answer:
    shown = _checked(address)
    request = urllib.request.Request(address, body, {"User-Agent": "tanba", **headers})
    try:
        with _OPENER.open(request, timeout=patience) as answer:
            return _read(answer, answer.status, shown)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error, error.code, shown)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NetworkError(
            "{address} does not answer: {problem}", "Is the address right? Try again later.", address=shown, problem=reason
        ) from None


def _checked(address: str) -> str:
    """The address as it may be shown: without a query or a password, which may be secrets."""
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        fits = None
    if not fits:
        raise InputError(
            "{address!r} is not an address on the network", "It begins with https:// or http://.", address=address.partition("?")[0]
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _read(answer: Any, status: int, shown: str) -> Answer:
    """All of a short answer, within `ALTOGETHER` seconds: who sends a byte now and then must not hold us."""
    body, end = b"", time.monotonic() + ALTOGETHER
    while piece := answer.read1(LONGEST):
        body += piece
        if len(body) > LONGEST:
            raise NetworkError("{address} answers with more than {limit:,} bytes", address=shown, limit=LONGEST)
        if time.monotonic() > end:
            raise NetworkError(
                "{address} does not answer: {problem}", "Is the address right? Try again later.", address=shown, problem="too slow"
            )
    return Answer(status, answer.headers.get_content_type(), body)
