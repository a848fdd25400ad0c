"""Spans of OpenTelemetry, sent by its own SDK and exporter over loopback, and bodies that nobody should send."""

import gzip
import io
import json
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIServer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import Status, StatusCode

from decision_house import BIN, House
from tanba.errors import InputError, StoreError
from tanba.trace import Decision
from tanba.trace.receiver import LARGEST, Receiver, Tracers, _Handler, take, unpack
from tanba.trace.rows import Query


def receiver(house: House, default: str | None = None, **tracing: Any) -> Receiver:
    def opened(system: str) -> Any:
        if system.startswith("unknown"):
            raise InputError("{system!r} does not name a system", system=system)
        return house.tracer(system, keep=True, **tracing)

    return Receiver(Tracers(opened, default))


@contextmanager
def listening(made: Receiver) -> Iterator[str]:
    server = WSGIServer(("127.0.0.1", 0), _Handler)
    server.set_app(made)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def found(house: House) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    house.take()
    rows = reversed(house.book.find(Query()))
    return [(dict(body.record), body.contents()) for row in rows if (body := house.book.content(row))]


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip, Compression.Deflate])
def test_spans_of_the_real_sdk_become_decisions(house: House, compression: Compression) -> None:
    with listening(receiver(house)) as address:
        provider = TracerProvider(resource=Resource({"tanba.system": "scorer"}))
        provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(address, compression=compression)))
        tracer = provider.get_tracer("test")
        with tracer.start_as_current_span("GET /") as span:
            span.set_attribute("http.request.method", "GET")
        with tracer.start_as_current_span("chat gpt-4.1") as span:
            span.set_attributes({"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "gen_ai.usage.input_tokens": 12})
            span.set_attributes({"tanba.subject": "client-42", "tanba.outcome": "refused", "tanba.human": "excluded"})
            span.set_attributes({"tanba.human_changed": True, "tanba.sources": ["bureau", "form"], "gen_ai.input.messages": "[1]"})
        with tracer.start_as_current_span("chat") as span:
            span.set_attributes({"gen_ai.system": "mistral", "error.type": "timeout"})
            span.set_status(Status(StatusCode.ERROR))
        provider.shutdown()
    (first, contents), (second, _) = found(house)
    assert (first["outcome"], first["model"], first["human"], first["human_changed"]) == ("refused", "openai/gpt-4.1", "excluded", True)
    assert (first["sources"], first["reason"], contents) == (["bureau", "form"], "input_tokens=12", {"inputs": "[1]"})
    assert (first["system"], first["organisation"], len(first["subject"])) == ("scorer", BIN, 32)
    assert (second["outcome"], second["reason"], second["model"], second["subject"]) == ("failed", "timeout", "mistral", None)


def export(*spans: dict[str, Any], **resource: str) -> bytes:
    """As OTLP's JSON."""
    listed = [{"key": key, "value": {"stringValue": value}} for key, value in resource.items()]
    return json.dumps({"resourceSpans": [{"resource": {"attributes": listed}, "scopeSpans": [{"spans": list(spans)}]}]}).encode()


def span(number: int = 1, **attributes: Any) -> dict[str, Any]:
    values = {name.replace("__", "."): value for name, value in attributes.items()}
    return {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": f"{number:016x}",
        "startTimeUnixNano": "1795339800123456789",
        "endTimeUnixNano": "1795339801123456789",
        "attributes": [{"key": key, "value": value} for key, value in values.items()],
    }


TEXT = {"stringValue": "granted"}
SYSTEM = {"stringValue": "scorer"}


def asked(made: Receiver, body: bytes, kind: str = "application/json", **environ: Any) -> tuple[int, Any]:
    said: list[str] = []
    full = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/traces",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = b"".join(made(full | environ, lambda status, headers: said.append(status)))
    return int(said[0][:3]), json.loads(answer) if kind == "application/json" else answer


def test_json_of_every_kind_of_value(house: House) -> None:
    values = {
        "arrayValue": {"values": [{"intValue": "7"}, {"boolValue": True}, {"kvlistValue": {"values": [{"key": "ә", "value": TEXT}]}}]}
    }
    assert asked(receiver(house), export(span(tanba__system=SYSTEM, tanba__outcome=TEXT, tanba__inputs=values))) == (200, {})
    ((record, contents),) = found(house)
    assert (record["time"], record["duration"]) == ("2026-11-22T09:30:00.123456Z", 1_000_000)
    assert contents == {"inputs": '[7,true,{"ә":"granted"}]'}


def test_a_span_sent_twice_counts_once(house: House) -> None:
    made = receiver(house, "scorer")
    for _ in range(2):
        assert asked(made, export(span(gen_ai__system=TEXT)))[0] == 200
    assert len(found(house)) == 1


def test_spans_that_cannot_be_taken_are_reported_and_the_others_taken(house: House) -> None:
    body = export(span(1, tanba__outcome=TEXT), span(2, tanba__system={"stringValue": "unknown-1"}), span(3, tanba__system=SYSTEM))
    status, said = asked(receiver(house), body)
    assert status == 200
    assert said["partialSuccess"]["rejectedSpans"] == "2"
    assert "names no system" in said["partialSuccess"]["errorMessage"]
    assert len(found(house)) == 1


@pytest.mark.parametrize("wrong", [{"traceId": "\ud800"}, {"startTimeUnixNano": None}, span(3, tanba__system={"stringValue": "\ud800"})])
def test_one_wrong_span_takes_no_other_with_it(house: House, wrong: dict[str, Any]) -> None:
    good = span(1, tanba__system=SYSTEM)
    body = export(good, span(2, tanba__system=SYSTEM) | wrong)
    assert asked(receiver(house), body)[1]["partialSuccess"]["rejectedSpans"] == "1"
    assert len(found(house)) == 1


def test_what_is_odd_in_a_span_is_recorded_all_the_same(house: House) -> None:
    keys = {"kvlistValue": {"values": [{"key": 1, "value": TEXT}, {"key": "a", "value": TEXT}]}}
    body = export(span(1, tanba__system=SYSTEM, tanba__inputs=keys), span(2, tanba__system=SYSTEM) | {"status": "broken"})
    assert asked(receiver(house), body) == (200, {})
    assert len(found(house)) == 2


def test_html_in_every_attribute_stays_text(house: House) -> None:
    hostile = {"stringValue": "<script>alert('x')</script>\u2028\x00"}
    names = ("tanba.outcome", "tanba.reason", "tanba.subject", "tanba.sources", "tanba.human", "tanba.model_version", "tanba.inputs")
    body = export(span(tanba__system=SYSTEM, **{name.replace(".", "__"): hostile for name in names}))
    assert asked(receiver(house), body)[0] == 200
    ((record, _),) = found(house)
    assert record["outcome"] == record["reason"] == record["model"] == hostile["stringValue"]
    assert record["human"] is None


def test_a_span_of_a_suspended_system_is_recorded_since_it_is_over(house: House) -> None:
    house.stop()
    assert asked(receiver(house), export(span(tanba__system=SYSTEM)))[0] == 200
    assert len(found(house)) == 1


def test_no_room_is_answered_so_that_the_sender_tries_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = receiver(house, "scorer")

    def full(*_: Any, **__: Any) -> str:
        raise StoreError("the spool {folder} is full: {most:,} bytes of decisions wait", folder="x", most=1)

    monkeypatch.setattr(made.tracers.get("scorer"), "record", full)
    assert asked(made, export(span(gen_ai__system=TEXT)))[0] == 503


@pytest.mark.parametrize(
    ("body", "environ", "status"),
    [
        (b"", {"REQUEST_METHOD": "GET"}, 405),
        (b"", {"PATH_INFO": "/"}, 404),
        (b"{}", {"CONTENT_LENGTH": ""}, 411),
        (b"{}", {"CONTENT_LENGTH": "-1"}, 411),
        (b"{}", {"CONTENT_LENGTH": "9" * 30}, 413),
        (b"{}", {"CONTENT_LENGTH": str(LARGEST + 1)}, 413),
        (b"{}", {"HTTP_CONTENT_ENCODING": "br"}, 400),
        (b"{}", {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
        (b"[" * 100_000, {}, 400),
        (b"[]", {}, 400),
        (b"not json", {}, 400),
        (b'{"resourceSpans": 1}', {}, 400),
        (b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [{}]}]}]}]}', {}, 400),
        (export(span(gen_ai__system={"intValue": "many"})), {}, 400),
        (export(span(gen_ai__x={"intValue": 1})).replace(b'"intValue": 1', b'"intValue": 1e999'), {}, 400),
        (b"{}", {}, 200),
    ],
)
def test_what_nobody_should_send(house: House, body: bytes, environ: dict[str, str], status: int) -> None:
    assert asked(receiver(house, "scorer"), body, **environ)[0] == status
    assert found(house) == []


def test_another_kind_of_content_is_refused(house: House) -> None:
    assert take(b"{}", "text/plain", "", receiver(house).tracers).status == 415
    assert asked(receiver(house), b"\xff\xff", "application/x-protobuf")[0] == 400


def test_a_bomb_is_not_unpacked() -> None:
    for packed in (gzip.compress(bytes(LARGEST * 4)), zlib.compress(bytes(LARGEST + 1))):
        assert len(packed) < 50_000
        assert unpack(packed, "gzip") is None
    assert unpack(gzip.compress(bytes(LARGEST)), "gzip") == bytes(LARGEST)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "application/x-protobuf"]))
def test_any_bytes_end_in_an_answer(house: House, body: bytes, kind: str) -> None:
    assert take(body, kind, "", receiver(house, "scorer").tracers).status in (200, 400)


NAMES = ["resourceSpans", "scopeSpans", "spans", "attributes", "key", "value", "stringValue", "intValue", "traceId", "status"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(NAMES), each, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=anything)
def test_any_json_ends_in_an_answer(house: House, value: Any) -> None:
    for body in (value, {"resourceSpans": value}, {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}):
        assert take(json.dumps(body).encode(), "application/json", "", receiver(house, "scorer").tracers).status in (200, 400)


def test_systems_are_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tanba.trace.receiver.MOST_TRACERS", 2)
    tracers = receiver(house).tracers
    tracers.get("a").record(Decision("x"))
    tracers.get("b")
    with pytest.raises(InputError, match="more than 2 systems"):
        tracers.get("c")
    assert tracers.get("a") is tracers.get("a")
