"""What an outsider is told about a file: its marks, when and by which organisation. Systems, file names and standards stay inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tanba.marking.gate import judge
from tanba.marking.markid import text_of
from tanba.marking.model import Found
from tanba.marking.register import Mark
from tanba.marking.standard import Standard
from tanba.marking.verify import Checked, verify
from tanba.suspension import Act
from tanba.web.accounts.models import Organisation
from tanba.web.language import NATIVE, say, told
from tanba.web.marks import desk

SCHEMA = "tanba.mark-check-public/1"
GATE = "tanba.gate-public/1"
TOLD = ("issuer", "name", "time", "problems", "sources", "DigitalSourceType", "route", "distance", "text")
"""Details of layers that stand in the file for everybody, or measure it."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A row of the register for outsiders.

    `how` it was found: `named` by a sound layer, `alike`, `doubtful`, or the file `before` it was marked.
    """

    number: str
    time: datetime
    source: str
    organisation: Mapping[str, str] | str
    sealed: bool
    how: str = "proved"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: why it was not looked at, and what else is known about it, in the language of the page."""

    found: Found
    reason: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A check without what is internal. `verdict` names the sentence above it."""

    checked: Checked
    layers: Sequence["Layer"]
    marks: Sequence[Owned]
    verdict: str


def check(data: bytes, name: str, standard: Standard) -> Answer:
    """Check a file. Raises InputError where it is too large to open, or keys cannot be read, and StoreError."""
    desk.refuse_huge(data, desk.CHECK_PIXELS)
    issuer = desk.issuer_if_any()
    checked = verify(data, name, standard, issuer, desk.register_if_any())
    hidden = "watermark" if issuer is None else ""  # that there are no keys yet is nobody's business
    checked = replace(checked, layers=[_looked_at(found) for found in checked.layers])
    layers = [Layer(found, _reason(found, hidden), _remarks(found)) for found in checked.layers]
    marks = [of_row(row, checked.bindings[row.id]) for row in checked.marks]
    return Answer(checked, layers, marks, _verdict(checked, marks))


def of_row(row: Mark, how: str = "proved") -> Owned:
    """A row with the name of the organisation; its BIN where it is none of this register."""
    known = Organisation.objects.filter(bin=row.organisation or "").first()
    name: Mapping[str, str] | str = known.name if known else row.organisation or ""
    return Owned(text_of(row.id), datetime.fromisoformat(row.time), row.source, name, bool(row.sealed), how)


def as_json(answer: Answer) -> dict[str, Any]:
    """`tanba.mark-check-public/1`: `tanba.mark-check/1` without what is internal."""
    return {
        "conformity": "unknown",
        "layers": [_layer_json(layer.found, layer.reason) for layer in answer.layers],
        "machine_readable": answer.checked.machine,
        "marks": [mark_json(mark) for mark in answer.marks],
        "media_type": answer.checked.media_type,
        "numbers": [text_of(number) for number in answer.checked.numbers],
        "schema": SCHEMA,
        "warning": answer.checked.warning,
    }


def gate_json(answer: Answer, stop: Act | None = None) -> dict[str, Any]:
    """`tanba.gate-public/1`: the gate's verdict alone, without rows of the register. `stop`: of the system that the caller names."""
    verdict = judge(answer.checked, stop)
    return {
        "conformity": "unknown",
        "machine_readable": answer.checked.machine,
        "media_type": answer.checked.media_type,
        "passes": verdict.passes,
        "reasons": list(verdict.reasons),
        "schema": GATE,
        "warning": answer.checked.warning,
    }


def mark_json(mark: Owned) -> dict[str, Any]:
    """One mark."""
    return {
        "found": mark.how,
        "id": mark.number,
        "organisation": mark.organisation or None,
        "sealed": mark.sealed,
        "source": mark.source,
        "time": mark.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _layer_json(found: Found, reason: str) -> dict[str, Any]:
    return {
        "confidence": None if found.confidence is None else round(found.confidence, 3),
        "details": {name: found.details[name] for name in TOLD if name in found.details},
        "ids": [text_of(number) for number in found.ids],
        "layer": found.layer,
        "reason": reason or None,
        "state": found.state,
    }


def _looked_at(found: Found) -> Found:
    """A damaged file, in which no manifest was found, bears no false one."""
    damaged = found.layer == "c2pa" and found.state == "invalid" and not found.details.get("manifests")
    return Found("c2pa", "unknown") if damaged else found


def _reason(found: Found, hidden: str) -> str:
    return told(found.reason)[0] if found.reason and found.layer != hidden else ""


def _remarks(found: Found) -> str:
    """How sure it is, who signed, what words were seen, what is wrong, which numbers are named."""
    details = found.details
    sure = say("marking_pages.confidence", share=round(found.confidence * 100)) if found.confidence is not None else ""
    signer = details.get("issuer") or details.get("name") if found.layer == "c2pa" else ""
    signed = say("marking_pages.signed_by", name=signer) if signer else ""
    seen = _seen(str(details.get("text", "")))
    return " · ".join(filter(None, [seen, sure, signed, *map(text_of, found.ids), *map(str, details.get("problems", []))]))


def _seen(text: str) -> str:
    """The words on a picture; of the line before a text, in which languages it stands."""
    codes = text.split(", ")
    return ", ".join(NATIVE[code] for code in codes) if NATIVE.keys() >= set(codes) else f"«{text}»" if text else ""


def _verdict(checked: Checked, marks: Sequence[Owned]) -> str:
    """The worst first: a false layer is said before a found one."""
    if any(found.state == "invalid" for found in checked.layers):
        return "invalid"
    if checked.machine == "found":
        return "found" if any(mark.how in ("proved", "claimed") for mark in marks) else "found_unknown"
    if marks:
        return "alike"
    return checked.machine
