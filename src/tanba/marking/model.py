"""Values that every format shares: what a mark states, what came out, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tanba.errors import TanbaError

Source = Literal["created", "altered"]
"""Art. 21(2) speaks of results created or altered by AI."""

LAYERS = ("c2pa", "metadata", "watermark", "fingerprint", "label")
"""Of the machine-readable mark, strongest statement first; `label` is the warning that a person perceives."""

State = Literal["present", "valid", "invalid", "absent", "not_applicable", "unknown"]
"""`valid`: present and proved; `present`: there, and nobody the reader trusts proves it; `unknown`: could not be looked for."""

DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPES: Mapping[str, str] = {
    "created": DIGITAL_SOURCE + "trainedAlgorithmicMedia",
    "altered": DIGITAL_SOURCE + "compositeWithTrainedAlgorithmicMedia",
}
"""IPTC digital source types, which XMP and C2PA share."""


AI_SOURCES = frozenset(
    DIGITAL_SOURCE + name
    for name in (
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "algorithmicMedia",
        "virtualRecording",
    )
)
"""Source types that say of a file that AI, or an algorithm, made or altered it; others, such as a camera's, are no mark."""


def plain_source(text: object) -> str:
    """A source type as IPTC writes it, also where somebody wrote it with https."""
    return str(text).replace("https://", "http://", 1)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a mark says. `id` names the row of the mark register; nothing of a person stands in a mark."""

    id: int
    time: datetime
    source: Source = "created"
    organisation: str = ""
    bin: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked file, and what was done: {layer: state}, with the reason where one is missing."""

    content: bytes
    media_type: str
    layers: Mapping[str, State]
    fingerprints: Sequence[tuple[str, bytes]] = ()
    manifest: bytes | None = None
    warning: Mapping[str, Any] | None = None
    reasons: Mapping[str, TanbaError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Fingerprints to look up: those of one algorithm that differ in at most `within` bits are of the same work.

    `unlike`: bits in which those of different works differ at least; 0 where only parts are compared.
    """

    algorithm: str
    within: int
    prints: Sequence[bytes]
    unlike: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One layer of a file under examination. `ids` are the marks it names; `confidence` from 0 to 1 where it is measured.

    `details` are JSON-ready; `reason` says why it is unknown; `asks` are fingerprints to look up in the register, one after another.
    """

    layer: str
    state: State
    ids: Sequence[int] = ()
    confidence: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: TanbaError | None = None
    asks: Sequence[Ask] = ()
