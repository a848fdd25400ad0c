"""`POST /v1/traces`: an OTLP/HTTP receiver as a WSGI application of its own, or inside another's. Bodies are bounded, packed ones too."""

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from tanba.errors import COULD_NOT_CHECK, InputError, MissingExtraError, TanbaError
from tanba.trace import otlp
from tanba.trace.model import checked_system
from tanba.trace.tracer import Tracer

PATH = "/v1/traces"
LARGEST, MOST_TRACERS = 8 << 20, 1000
"""Bytes of a body, as it is sent and unpacked; systems that one receiver knows."""

JSON, PROTOBUF = "application/json", "application/x-protobuf"
PATIENCE = 20.0
"""Seconds in which a sender has to send."""


class Tracers:
    """A tracer for each system that spans name, opened when it is first named."""

    def __init__(self, opened: Callable[[str], Tracer], default: str | None = None) -> None:
        """`opened` raises TanbaError on a system that it does not know; `default` is for spans that name none."""
        self._opened, self._default = opened, default
        self._known: dict[str, Tracer] = {}

    def get(self, system: str) -> Tracer:
        """Raises InputError where the span names no system that is known."""
        name = system or self._default
        if not name:
            raise InputError("a span names no system", "Set the attribute tanba.system, of the span or of the resource.")
        checked_system("", name)
        if name not in self._known:
            if len(self._known) >= MOST_TRACERS:
                raise InputError("spans name more than {most} systems", "Does tanba.system hold something else?", most=MOST_TRACERS)
            self._known[name] = self._opened(name)
        return self._known[name]

    def close(self) -> None:
        """Let go of all of them."""
        for tracer in self._known.values():
            tracer.close()
        self._known.clear()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told. `kind` is the content type."""

    status: int
    kind: str
    body: bytes


STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    411: "411 Length Required",
    413: "413 Content Too Large",
    415: "415 Unsupported Media Type",
    503: "503 Service Unavailable",
}


def take(body: bytes, kind: str, encoding: str, tracers: Tracers) -> Answer:
    """Record the spans of one export. What can be sent again (no room) is answered with 503, what cannot with 400 or a partial success."""
    if kind not in (JSON, PROTOBUF):
        return _said(415, kind, f"send {JSON} or {PROTOBUF}")
    try:
        unpacked = unpack(body, encoding)
        if unpacked is None:
            return _said(413, kind, f"more than {LARGEST} bytes")
        rejected, problem = _record(unpacked, kind, tracers)
    except MissingExtraError as error:
        return _said(415, kind, error.message)
    except InputError as error:
        return _said(400, kind, error.message)
    except TanbaError as error:
        return _said(503 if error.exit_code == COULD_NOT_CHECK else 400, kind, error.message)
    return _taken(kind, rejected, problem)


def unpack(body: bytes, encoding: str) -> bytes | None:
    """The body without its packing, None where that is more than `LARGEST` bytes. Raises InputError."""
    if encoding in ("", "identity"):
        return body if len(body) <= LARGEST else None
    if encoding not in ("gzip", "deflate"):
        raise InputError("{encoding!r}: bodies are packed with gzip or not at all", "Choose another compression.", encoding=encoding[:40])
    unpacker = zlib.decompressobj(wbits=47)
    try:
        unpacked = unpacker.decompress(body, LARGEST + 1)
    except zlib.error:
        raise InputError("the packed body is damaged", "Send it again.") from None
    if len(unpacked) > LARGEST or unpacker.unconsumed_tail:
        return None
    if not unpacker.eof:
        raise InputError("the packed body is damaged", "Send it again.")
    return unpacked


def _record(body: bytes, kind: str, tracers: Tracers) -> tuple[int, str]:
    """(spans that could not be recorded, why the first could not). A span tells what is over: also a suspended system's is recorded."""
    rejected, problem = 0, ""
    for span in otlp.spans(body, kind):
        if not otlp.is_decision(span):
            continue
        try:
            tracers.get(otlp.system_of(span)).record(otlp.decision_of(span), over=True)
        except InputError as error:
            rejected, problem = rejected + 1, problem or error.message
    return rejected, problem


def _taken(kind: str, rejected: int, problem: str) -> Answer:
    if kind == PROTOBUF:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTracePartialSuccess, ExportTraceServiceResponse

        partial = ExportTracePartialSuccess(rejected_spans=rejected, error_message=problem) if rejected else None
        return Answer(200, kind, ExportTraceServiceResponse(partial_success=partial).SerializeToString())
    told = {"partialSuccess": {"rejectedSpans": str(rejected), "errorMessage": problem}} if rejected else {}
    return Answer(200, kind, json.dumps(told, ensure_ascii=False).encode())


def _said(status: int, kind: str, message: str) -> Answer:
    """An error as google.rpc.Status: for protobuf only its message field, written by hand."""
    if kind != PROTOBUF:
        return Answer(status, JSON, json.dumps({"message": message}, ensure_ascii=False).encode())
    text = message.encode()[:120]
    return Answer(status, PROTOBUF, b"\x12" + bytes([len(text)]) + text)


class Receiver:
    """The WSGI application."""

    def __init__(self, tracers: Tracers) -> None:
        """It owns the tracers."""
        self.tracers = tracers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        answer = self._answer(environ)
        headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
        start_response(STATUS[answer.status], [*headers, ("Retry-After", "5")] if answer.status == 503 else headers)
        return [answer.body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
        length = str(environ.get("CONTENT_LENGTH") or "")
        if environ.get("PATH_INFO") != PATH:
            return _said(404, kind, f"send to {PATH}")
        if environ["REQUEST_METHOD"] != "POST":
            return _said(405, kind, "send with POST")
        if not (length.isascii() and length.isdecimal()):
            return _said(411, kind, "the length of the body is missing")
        if len(length) > 12 or int(length) > LARGEST:
            return _said(413, kind, f"more than {LARGEST} bytes")
        body = environ["wsgi.input"].read(int(length))
        return take(body, kind, str(environ.get("HTTP_CONTENT_ENCODING", "")).strip().lower(), self.tracers)


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing about requests is written."""


def serve(receiver: Receiver, port: int, told: Callable[[str], None]) -> None:
    """Listen on this machine only until stopped, one request at a time; `told` learns the address. Raises InputError."""
    try:
        server = WSGIServer(("127.0.0.1", port), _Handler)
    except (OSError, OverflowError) as error:
        raise InputError(
            "cannot listen on {address} ({problem})",
            "Choose another port: --port, or TANBA_PORT.",
            address=f"127.0.0.1:{port}",
            problem=error,
        ) from None
    server.set_app(receiver)
    with server:
        told(f"http://127.0.0.1:{server.server_port}{PATH}")
        try:
            server.serve_forever()
        finally:
            receiver.tracers.close()
