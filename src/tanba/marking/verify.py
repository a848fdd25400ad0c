"""What marks a file bears, who marked it and when. Lists all it finds and raises for nothing in the file; finding nothing is no finding.

Layers are asked from the strongest statement to the weakest: signed manifest, metadata, watermark, fingerprint; then the warning that a
person sees. A number that several name is looked up in the register of marks.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tanba.errors import InputError
from tanba.marking import fingerprint
from tanba.marking.formats import format_of
from tanba.marking.keys import Issuer
from tanba.marking.markid import text_of
from tanba.marking.model import LAYERS, Found
from tanba.marking.register import Mark, Register
from tanba.marking.standard import Standard

SCHEMA = "tanba.mark-check/1"
HALF, SAME_WORDS = 128, 72
"""Bits of 256 in which fingerprints of different works differ on average; of one text at most."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`marks` are rows of the register that the file's layers lead to, `numbers` all numbers that were named.

    `bindings` say for each row why it is this file's (`_binding`). `machine` and `warning`: whether each part of art. 21(2) was found:
    `found`, `not_found` or `unknown`.
    """

    name: str
    media_type: str
    layers: Sequence[Found]
    marks: Sequence[Mark]
    numbers: Sequence[int]
    machine: str
    warning: str
    bindings: Mapping[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """`tanba.mark-check/1`. Whether a by-law not read asks for more stays `unknown`."""
        return {
            "conformity": "unknown",
            "file": self.name,
            "layers": [_layer(found) for found in self.layers],
            "machine_readable": self.machine,
            "marks": [{**_mark(row), "binding": self.bindings[row.id]} for row in self.marks],
            "media_type": self.media_type,
            "numbers": [text_of(number) for number in self.numbers],
            "schema": SCHEMA,
            "warning": self.warning,
        }


def verify(data: bytes, name: str, standard: Standard, issuer: Issuer | None, register: Register | None, deep: bool = False) -> Checked:
    """Examine one file. Raises StoreError only, where the register itself cannot be read."""
    known = format_of(data, name)
    if known is None:
        reason = InputError(
            "is of a kind that cannot be checked yet", "Known: JPEG, PNG, WebP, TIFF, GIF, AVIF; text, Markdown, HTML, JSON."
        )
        return Checked(name, "", [Found(layer, "unknown", reason=reason) for layer in LAYERS], [], [], "unknown", "unknown")
    kind, media_type, format = known
    layers = [_looked_up(found, register) for found in format.examine(data, issuer, standard, deep)]
    numbers = list(dict.fromkeys(number for found in layers for number in found.ids))
    rows = [row for number in numbers if register and (row := register.get(number)) and row.kind == kind]  # another kind: a copied number
    digest = hashlib.sha256(data).hexdigest()
    if register and not rows:
        rows = register.by_digest(digest)
    layers = [_bound(found, rows, layers) for found in layers]
    stating = [found for found in layers if found.layer not in ("label", "fingerprint") and found.details.get("states_ai", True)]
    machine = _either([found.state for found in stating])
    bindings = {row.id: _binding(row, layers, digest) for row in rows}
    return Checked(name, media_type, layers, rows, numbers, machine, _either([f.state for f in layers if f.layer == "label"]), bindings)


def _binding(row: Mark, layers: Sequence[Found], digest: str) -> str:
    """Why a row of the register belongs to a file with this digest.

    `proved`: it is the very file, or a layer that cannot be copied names it; `claimed`: the file names it and nothing proves it; `alike`:
    it only looks like it; `doubtful`: named by a layer that is false; `before`: the file as it was before marking.
    """
    naming = {found.layer: found for found in layers if row.id in found.ids}
    if digest == row.digest_after or any(_proves(found) for found in naming.values()):
        return "proved"
    if any(found.state in ("valid", "present") for layer, found in naming.items() if layer != "fingerprint"):
        return "claimed"
    return "alike" if "fingerprint" in naming else "doubtful" if naming else "before"


def _proves(found: Found) -> bool:
    """A manifest of a key we trust, and a watermark that is no copy: of a text, where the words are those that were marked."""
    if found.layer == "watermark" and "copies" in found.details:
        return bool(found.details.get("distance_to_record", HALF) <= SAME_WORDS)
    return found.layer in ("c2pa", "watermark") and found.state == "valid"


def _looked_up(found: Found, register: Register | None) -> Found:
    """The fingerprint layer, once the register was asked for works like this, or like a part of this."""
    if register is None or not any(ask.prints for ask in found.asks):
        return found
    for number, ask in enumerate(found.asks):
        near = [each for print_ in ask.prints for each in register.near(print_, ask.algorithm, ask.within)]
        if near:
            best = min(near, key=lambda each: each.distance)
            details = {"distance": best.distance, "part": number > 0}
            return replace(found, state="present", ids=[best.mark_id], confidence=round(1 - best.distance / HALF, 3), details=details)
    return replace(found, state="absent")


def _bound(found: Found, rows: Sequence[Mark], layers: Sequence[Found]) -> Found:
    """A watermark whose number belongs to a work unlike this one was copied here, unless this is only a part of a work."""
    if found.layer != "watermark" or found.state != "valid":
        return found
    row = next((row for row in rows if row.id in found.ids), None)
    ask = next((ask for each in layers for ask in each.asks if ask.unlike and ask.prints), None)
    known = [bits for algorithm, bits in row.fingerprints if ask and algorithm == ask.algorithm] if row else []
    if ask is None or not known:
        return found
    distance = min(fingerprint.distance(one, other) for one in ask.prints for other in known)
    copied = bool(found.details.get("whole")) and distance > ask.unlike
    return replace(found, state="invalid" if copied else found.state, details={**found.details, "distance_to_record": distance})


def _either(states: Sequence[str]) -> str:
    if any(state in ("valid", "present") for state in states):
        return "found"
    return "unknown" if "unknown" in states else "not_found"


def _layer(found: Found) -> dict[str, Any]:
    return {
        "confidence": None if found.confidence is None else round(found.confidence, 3),
        "details": dict(found.details),
        "ids": [text_of(number) for number in found.ids],
        "layer": found.layer,
        "reason": found.reason and found.reason.message,
        "state": found.state,
    }


def _mark(row: Mark) -> Mapping[str, Any]:
    kept = ("time", "kind", "media_type", "system", "organisation", "source", "policy", "name", "sealed")
    return {"id": text_of(row.id), **{name: getattr(row, name) for name in kept}}
