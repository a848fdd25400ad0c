"""Spans of OpenTelemetry as decisions: OTLP as JSON or protobuf, GenAI semantic conventions, and `tanba.*` attributes of our own. Pure.

A span is a decision if it has an attribute `gen_ai.*` or `tanba.*`; others are passed over. One span counts once: its id follows from its
own and its trace's.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from tanba.errors import InputError, MissingExtraError
from tanba.trace.model import EPOCH, HUMANS, LONGEST, Decision

CONTENT = {
    "inputs": ("tanba.inputs", "gen_ai.input.messages", "gen_ai.prompt"),
    "outputs": ("tanba.outputs", "gen_ai.output.messages", "gen_ai.completion"),
}
"""Attributes with contents, ours first. They are committed to, and kept only where the tracer keeps."""

USAGE = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens")


def spans(body: bytes, kind: str) -> Iterator[Mapping[str, Any]]:
    """Spans of an export request, each as OTLP's JSON with ids in hex: `own` attributes, and `attributes` with the resource's.

    `kind` is the content type. Raises InputError, and MissingExtraError for protobuf without the extra.
    """
    exported = _from_protobuf(body) if kind == "application/x-protobuf" else _from_json(body)
    try:
        for resource in exported.get("resourceSpans", []):
            common = _attributes(resource.get("resource", {}).get("attributes", []))
            for scope in resource.get("scopeSpans", []):
                for span in scope.get("spans", []):
                    own = _attributes(span.get("attributes", []))
                    yield {**span, "own": own, "attributes": {**common, **own}}
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError, RecursionError):
        raise _no_spans() from None


def is_decision(span: Mapping[str, Any]) -> bool:
    """Whether the span is about a model's work, or is ours by name."""
    return any(name.startswith(("gen_ai.", "tanba.")) for name in span["own"])


def system_of(span: Mapping[str, Any]) -> str:
    """The slug that the span names, empty where it names none."""
    return str(span["attributes"].get("tanba.system", ""))


def decision_of(span: Mapping[str, Any]) -> Decision:
    """The span as a decision. Raises InputError where it is not of the form."""
    found = span["attributes"]
    try:
        begun, ended = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        time = EPOCH + timedelta(microseconds=begun // 1000)
        ids = f"{span['traceId']}{span['spanId']}".lower().encode()
    except (KeyError, ValueError, TypeError, OverflowError):
        raise _no_spans() from None
    error = _error(span)
    contents = {part: next((found[name] for name in names if name in found), None) for part, names in CONTENT.items()}
    return Decision(
        outcome=_text(found, "tanba.outcome", "outcome") or ("failed" if error is not None else "answered"),
        subject=_text(found, "tanba.subject", "subject"),
        inputs=contents["inputs"],
        outputs=contents["outputs"],
        model=_model(found),
        sources=_sources(found),
        reason=_text(found, "tanba.reason", "reason") or (_usage(found) if error is None else error),
        human=found["tanba.human"] if found.get("tanba.human") in HUMANS else "",
        changed=found.get("tanba.human_changed") if isinstance(found.get("tanba.human_changed"), bool) else None,
        time=time,
        duration=max(0, (ended - begun) // 1000),
        id=_id(ids),
    )


def _id(ids: bytes) -> str:
    """A UUID of version 8 (RFC 9562), the same for the same span."""
    number = int.from_bytes(hashlib.sha256(b"tanba.span/1\n" + ids).digest()[:16], "big")
    return str(UUID(int=number & ~(0xF << 76 | 3 << 62) | 8 << 76 | 2 << 62))


def _model(found: Mapping[str, Any]) -> str:
    """`tanba.model_version`, else provider and model as the conventions name them, the newer ones first."""
    if own := _text(found, "tanba.model_version", "model"):
        return own
    provider = found.get("gen_ai.provider.name") or found.get("gen_ai.system") or ""
    model = found.get("gen_ai.response.model") or found.get("gen_ai.request.model") or ""
    return "/".join(str(each) for each in (provider, model) if each)[: LONGEST["model"]]


def _sources(found: Mapping[str, Any]) -> list[str]:
    given = found.get("tanba.sources", found.get("gen_ai.data_source.id", []))
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _usage(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.removeprefix('gen_ai.usage.')}={found[name]}" for name in USAGE if name in found)


def _error(span: Mapping[str, Any]) -> str | None:
    status = span.get("status")
    if not isinstance(status, Mapping) or status.get("code") not in (2, "STATUS_CODE_ERROR"):
        return None
    return str(span["attributes"].get("error.type") or "error")


def _text(found: Mapping[str, Any], name: str, limit: str) -> str:
    return str(found.get(name, ""))[: LONGEST[limit] + 1]


def _attributes(listed: Any) -> dict[str, Any]:
    return {str(each["key"]): _value(each.get("value", {})) for each in listed}


def _value(value: Mapping[str, Any]) -> Any:
    """An AnyValue. JSON writes 64-bit integers as text."""
    for kind, found in value.items():
        if kind == "intValue":
            return int(found)
        if kind == "arrayValue":
            return [_value(each) for each in found.get("values", [])]
        if kind == "kvlistValue":
            return _attributes(found.get("values", []))
        return b64decode(found) if kind == "bytesValue" else found
    return None


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise _no_spans() from None
    if not isinstance(value, dict):
        raise _no_spans()
    return value


def _from_protobuf(body: bytes) -> dict[str, Any]:
    """The same, with ids in hex as in OTLP's JSON."""
    try:
        from google.protobuf.json_format import MessageToDict
        from google.protobuf.message import DecodeError
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    except ImportError:
        raise MissingExtraError("spans in protobuf need the extra otlp", "pip install 'tanba[otlp]', or export JSON.") from None
    try:
        exported: dict[str, Any] = MessageToDict(ExportTraceServiceRequest.FromString(body))
    except (DecodeError, RecursionError, ValueError):
        raise _no_spans() from None
    for resource in exported.get("resourceSpans", []):
        for scope in resource.get("scopeSpans", []):
            for span in scope.get("spans", []):
                for name in ("traceId", "spanId"):
                    span[name] = b64decode(span.get(name, "")).hex()
    return exported


def _no_spans() -> InputError:
    return InputError("is no export of OpenTelemetry spans", "Send OTLP over HTTP, as JSON or protobuf, to /v1/traces.")
