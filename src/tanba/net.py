"""The only client of the network: HTTP with a time-out, a bound on what is read, and no redirects."""

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tanba.errors import InputError, NetworkError

PATIENCE = 20.0
"""Seconds for connecting and for each read."""

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


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(address: str, body: bytes, kind: str) -> Answer:
    """Send `body`, whatever the status of the answer.

    Raises InputError on an address that is not HTTP, NetworkError where nobody answers.
    """
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise InputError("{address!r} is not an address on the network", "It begins with https:// or http://.", address=address)
    request = urllib.request.Request(address, body, {"Content-Type": kind, "User-Agent": "tanba"})
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return _read(answer, answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error, error.code)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NetworkError(
            "{address} does not answer: {problem}", "Is the address right? Try again later.", address=address, problem=reason
        ) from None


def _read(answer: Any, status: int) -> Answer:
    body = answer.read(LONGEST + 1)
    if len(body) > LONGEST:
        raise NetworkError("{address} answers with more than {limit:,} bytes", address=answer.url, limit=LONGEST)
    return Answer(status, answer.headers.get_content_type(), body)
