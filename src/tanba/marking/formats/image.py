"""Pictures: label into the pixels, watermark over it, metadata, and a signed manifest last, since it covers all the rest."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tanba import __version__, c2pa_io
from tanba.errors import InputError, TanbaError
from tanba.marking import fingerprint, label, sight, watermark, xmp
from tanba.marking.formats.picture import Picture, Pixels, encode, open_picture
from tanba.marking.keys import Issuer
from tanba.marking.markid import parse, text_of
from tanba.marking.model import AI_SOURCES, SOURCE_TYPES, Found, Marked, Source, State, Statement
from tanba.marking.standard import Standard
from tanba.strings import LANGUAGES, t

PLACES_LOOKED_AT = 1e5
"""Scales, angles and shifts that a search tries, at most."""

WATERMARK, MARK = "kz.tanba.wm.1", "kz.tanba.mark"
"""Names of our watermark in C2PA's soft binding, and of our assertion."""


def mark(data: bytes, what: Statement, issuer: Issuer, standard: Standard, title: str = "") -> Marked:
    """The picture with every layer that the standard asks for. Raises InputError where it cannot be opened without loss."""
    picture = open_picture(data)
    reasons: dict[str, TanbaError] = {}
    layers: dict[str, State] = {"fingerprint": "present"}
    frames = [frame.copy() for frame in picture.frames]
    warning = _warn(frames, what.source, standard, layers, reasons)
    _uncover(picture, warning)
    frames = _watermarked(frames, what.id, issuer, standard, layers, reasons)
    prints = [(fingerprint.ALGORITHM, each) for each in fingerprint.to_keep(frames[0])]
    layers["metadata"] = "present" if "metadata" in standard.layers else "absent"
    content = encode(picture, frames, xmp.add(picture.packet, what, standard.aigc) if "metadata" in standard.layers else picture.packet)
    manifest = None
    if "c2pa" in standard.layers:
        parent = data if what.source == "altered" or c2pa_io.read(data, picture.media_type) else None
        definition = manifest_of(what, standard, picture.media_type, title, parent is not None, layers)
        content, manifest = c2pa_io.sign(content, picture.media_type, definition, issuer.credential, parent)
    layers["c2pa"] = "valid" if manifest else "absent"
    return Marked(content, picture.media_type, layers, prints, manifest, warning, reasons)


def _warn(
    frames: list[Pixels], source: Source, standard: Standard, layers: dict[str, State], reasons: dict[str, TanbaError]
) -> Mapping[str, Any] | None:
    """Draw the label into every frame; a picture too small for letters goes without, and says so."""
    layers["label"] = "absent"
    if "label" not in standard.layers:
        return None
    try:
        drawn, *_ = [label.draw(frame, standard.words(source), standard.place, standard.style, standard.size) for frame in frames]
    except InputError as error:
        reasons["label"] = error
        return None
    layers["label"] = "present"
    return {name: getattr(drawn, name) for name in drawn.__slots__} | {"contrast": str(drawn.contrast)}


def _uncover(picture: Picture, warning: Mapping[str, Any] | None) -> None:
    """The warning is seen also where the picture was transparent."""
    if warning:
        top, left = warning["top"], warning["left"]
        picture.alphas = [alpha.copy() for alpha in picture.alphas]
        for alpha in picture.alphas:
            alpha[top : top + warning["height"], left : left + warning["width"]] = 255


def _watermarked(
    frames: list[Pixels], id: int, issuer: Issuer, standard: Standard, layers: dict[str, State], reasons: dict[str, TanbaError]
) -> list[Pixels]:
    layers["watermark"] = "absent"
    if "watermark" not in standard.layers:
        return frames
    try:
        marked = [watermark.embed(frame, id, patterns(issuer)[0]) for frame in frames]
    except InputError as error:
        reasons["watermark"] = error
        return frames
    layers["watermark"] = "present"
    return marked


def patterns(issuer: Issuer) -> list[watermark.Pattern]:
    """One for each of the issuer's secrets, newest first."""
    return [_pattern(secret) for secret in issuer.derive("watermark")]


@lru_cache(64)
def _pattern(secret: bytes) -> watermark.Pattern:
    return watermark.Pattern(secret)


def manifest_of(
    what: Statement, standard: Standard, media_type: str, title: str, has_parent: bool, layers: Mapping[str, State]
) -> dict[str, Any]:
    """The definition of a C2PA manifest: how it came about, the watermark that points to it, and our own statement."""
    source = SOURCE_TYPES[what.source]
    parent = {"ingredientIds": [c2pa_io.PARENT]}
    opened = [{"action": "c2pa.opened", "parameters": parent}, {"action": "c2pa.edited", "digitalSourceType": source}]
    created = [{"action": "c2pa.created", "digitalSourceType": source}]
    marked = [{"action": "c2pa.watermarked.bound"}] if layers.get("watermark") == "present" else []
    number = text_of(what.id)
    binding = {"alg": WATERMARK, "blocks": [{"scope": {}, "value": number}]}
    ours = {"id": number, "source": what.source, "organisation": what.bin, "system": what.system, "policy": standard.version}
    ours["time"] = what.time.isoformat(timespec="seconds")
    return {
        "claim_generator_info": [{"name": "tanba", "version": __version__}],
        "title": title,
        "format": media_type,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [*(opened if has_parent else created), *marked]}},
            *([{"label": "c2pa.soft-binding", "data": binding}] if marked else []),
            {"label": MARK, "data": {name: text for name, text in ours.items() if text}},
        ],
    }


def examine(data: bytes, media_type: str, issuer: Issuer | None, standard: Standard, deep: bool = False) -> list[Found]:
    """Every layer of a picture but the look-up of its fingerprint, which is stated. Never raises for what stands in the file.

    `standard` tells the words and the size of our own warnings; warnings of others are not known here.
    """
    roots = issuer.roots if issuer else b""
    found = [manifest_found(c2pa_io.read(data, media_type, roots))]
    try:
        picture = open_picture(data)
    except InputError as error:
        return [*found, *(Found(layer, "unknown", reason=error) for layer in ("metadata", "watermark", "fingerprint", "label"))]
    pixels = picture.frames[0]
    found.append(xmp.read(picture.packet))
    found.append(_watermark_found(pixels, issuer, deep))
    prints, parts = fingerprint.variants(pixels), fingerprint.parts(pixels) if deep else ()
    hexed = {"fingerprints": [each.hex() for each in prints], "parts": [each.hex() for each in parts]}
    found.append(Found("fingerprint", "unknown" if prints else "not_applicable", details=hexed))
    found.append(_label_found(pixels, standard, deep))
    return found


def manifest_found(reading: c2pa_io.Reading | None) -> Found:
    """What a manifest says, as a layer."""
    if reading is None:
        return Found("c2pa", "absent")
    ours = reading.assertions.get(MARK) or {}
    actions = (reading.assertions.get("c2pa.actions.v2") or {}).get("actions", [])
    sources = [each["digitalSourceType"] for each in actions if isinstance(each, dict) and "digitalSourceType" in each]
    details: dict[str, Any] = {
        "issuer": reading.issuer,
        "name": reading.common_name,
        "time": reading.time,
        "problems": list(reading.problems),
    }
    states_ai = bool(ours) or any(source in AI_SOURCES for source in sources)
    details |= {"sources": sources, "ours": ours, "manifests": reading.count, "title": reading.title, "states_ai": states_ai}
    state: State = "valid" if reading.state == "trusted" else "present" if reading.state == "valid" else "invalid"
    return Found("c2pa", state, _ids(ours), details=details)


def _ids(ours: Any) -> list[int]:
    try:
        return [parse(str(ours["id"]))]
    except (InputError, KeyError, TypeError):
        return []


def _watermark_found(pixels: Pixels, issuer: Issuer | None, deep: bool) -> Found:
    if issuer is None:
        return Found(
            "watermark", "unknown", reason=InputError("there are no marking keys in this workspace yet", "`tanba keys init` makes them.")
        )
    found = watermark.detect(pixels, patterns(issuer), deep=deep)
    if not found:
        return Found("watermark", "absent")
    best = max(found, key=lambda each: each.score)
    details = {"route": best.route, "score": round(float(best.score), 2)}
    return Found("watermark", "valid", list(dict.fromkeys(each.id for each in found)), _sure(best.score), details)


def _sure(score: float) -> float:
    """One minus the chance that noise shows a mark so clearly in some of the places that were looked at, if it is Gaussian."""
    return 1 - min(1.0, PLACES_LOOKED_AT * math.erfc(score / math.sqrt(2)) / 2)


def _label_found(pixels: Pixels, standard: Standard, deep: bool) -> Found:
    usual = [t(f"marking.label.{source}", language) for source in SOURCE_TYPES for language in LANGUAGES]
    ours = [word for words in standard.wording.values() for word in words.values()]
    seen = sight.look(pixels, list(dict.fromkeys([*usual, *ours])), standard.size, deep)
    return Found("label", "present", (), seen.score, {"text": seen.text}) if seen else Found("label", "absent")
