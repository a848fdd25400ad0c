"""The only client of the network: HTTP within bounds, without redirects, to no link-local address; mail by SMTP, encrypted."""

import http.client
import ipaddress
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from tanba.errors import InputError, NetworkError

PATIENCE = 20.0
"""Seconds for connecting and for each read."""

ALTOGETHER = 30.0
"""Seconds for a whole answer, from its first byte."""

LONGEST = 1 << 20
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `kind` is the content type without parameters."""

    status: int
    kind: str
    body: bytes


def post(
    address: str,
    body: bytes,
    kind: str,
    *,
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    secret: bool = False,
) -> Answer:
    """Send `body`, whatever the status of the answer. With `secret`, errors name the host alone: the path is a key.

    Raises InputError on an address that is not HTTP, NetworkError where nobody answers.
    """
    return _asked(address, body, {"Content-Type": kind, **(headers or {})}, patience, secret)


def get(address: str, *, headers: Mapping[str, str] | None = None, patience: float = PATIENCE) -> Answer:
    """Ask, whatever the status of the answer. Raises as `post` does."""
    return _asked(address, None, dict(headers or {}), patience)


def _asked(address: str, body: bytes | None, headers: dict[str, str], patience: float, secret: bool = False) -> Answer:
    shown, end = _host(address) if secret else _checked(address), time.monotonic() + ALTOGETHER
    try:
        with _answering(address, body, headers, patience) as answer:
            return _read(answer, shown, end)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() > end:
            raise _too_slow(shown) from None
        problem = type(error).__name__ if secret else error
        raise NetworkError(
            "{address} does not answer: {problem}", "Is the address right? Try again later.", address=shown, problem=problem
        ) from None


@contextmanager
def _answering(address: str, body: bytes | None, headers: dict[str, str], patience: float) -> Iterator[http.client.HTTPResponse]:
    """The answer, cut off after `ALTOGETHER` seconds: who sends a byte now and then, be it in a header, must not hold us."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=patience)
    connection.connect()
    end = threading.Timer(ALTOGETHER, _cut, (connection.sock,))
    end.daemon = True
    end.start()
    try:
        _refuse_link_local(connection.sock.getpeername()[0])
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": "tanba", "Connection": "close", **headers}
        connection.request("GET" if body is None else "POST", target, body, sent)
        with connection.getresponse() as answer:
            yield answer
    finally:
        end.cancel()
        connection.close()


def _refuse_link_local(peer: str) -> None:
    """There clouds keep the secrets of their machines. The peer is known by now, whatever name led to it. Raises OSError."""
    address = ipaddress.ip_address(peer.partition("%")[0])
    if (getattr(address, "ipv4_mapped", None) or address).is_link_local:
        raise OSError("a link-local address")


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # ended meanwhile
        sock.shutdown(socket.SHUT_RDWR)


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


def _host(address: str) -> str:
    """The host of an address that is secret. Raises InputError without showing more."""
    try:
        return urlsplit(_checked(address)).hostname or ""
    except InputError:
        raise InputError(
            "a secret address of the settings is not an address on the network", "It begins with https:// or http://."
        ) from None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `security`: tls from the first byte, or starttls. `authority`: a PEM file of a private authority."""

    host: str
    port: int
    security: str = "tls"
    user: str = ""
    password: str = ""
    authority: str = ""


def mail(server: MailServer, sender: str, to: str, subject: str, text: str, *, patience: float = PATIENCE) -> None:
    """Hand one message over; the server's certificate is checked, and nothing is said to a server without one.

    Raises NetworkError where the server does not take it.
    """
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message.set_content(text)
        with _connected(server, patience) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NetworkError(
            "the mail server {host} did not take the message: {problem}",
            "Check the settings that begin with smtp_.",
            host=server.host,
            problem=_without_addresses(error),
        ) from None


@contextmanager
def _connected(server: MailServer, patience: float) -> Iterator[smtplib.SMTP]:
    """A connection that ends after `ALTOGETHER` seconds at most: who sends a byte now and then must not hold us."""
    context = ssl.create_default_context(cafile=server.authority or None)
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=patience, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=patience)
    end = threading.Timer(ALTOGETHER, connection.close)
    end.daemon = True
    end.start()
    try:
        if server.security != "tls":
            connection.starttls(context=context)
        yield connection
        connection.quit()
    finally:
        end.cancel()
        connection.close()


def _without_addresses(error: Exception) -> str:
    """A refused recipient is a person's address: the code is enough."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"recipient refused ({next(iter(error.recipients.values()))[0]})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return str(error) if isinstance(error, OSError) else type(error).__name__


def _read(answer: http.client.HTTPResponse, shown: str, end: float) -> Answer:
    """All of a short answer that came in time."""
    body = b""
    while piece := answer.read1(LONGEST):
        body += piece
        if len(body) > LONGEST:
            raise NetworkError("{address} answers with more than {limit:,} bytes", address=shown, limit=LONGEST)
    if time.monotonic() > end:  # cut off, which looks like an end
        raise _too_slow(shown)
    return Answer(answer.status, answer.headers.get_content_type(), body)


def _too_slow(shown: str) -> NetworkError:
    return NetworkError("{address} does not answer: {problem}", "Is the address right? Try again later.", address=shown, problem="too slow")
