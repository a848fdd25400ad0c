"""Pictures: label into the pixels, watermark over it, metadata, and a signed manifest last, since it covers all the rest."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from tanba import c2pa_io
from tanba.errors import InputError, TanbaError
from tanba.marking import fingerprint, label, sight, watermark, xmp
from tanba.marking.formats.manifest import manifest_found, manifest_of
from tanba.marking.formats.picture import Picture, Pixels, encode, open_picture
from tanba.marking.keys import Issuer
from tanba.marking.model import LAYERS, SOURCE_TYPES, Ask, Found, Marked, Source, State, Statement
from tanba.marking.standard import Standard
from tanba.strings import LANGUAGES, t

PLACES_LOOKED_AT = 1e5
"""Scales, angles and shifts that a search tries, at most."""

OPAQUE = 255
SPREAD = tuple(step / 11 for step in range(12))
"""Of many frames, those at these shares of their number are looked at."""

UNLIKE = 92
"""Bits of 256 in which fingerprints of different pictures differ at least, with few exceptions."""


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """Pictures of one media type; see `Format`."""

    media_type: str

    def mark(self, data: bytes, what: Statement, issuer: Issuer, standard: Standard) -> Marked:
        """As `Format` says."""
        picture, work = open_picture(data), _Work(standard)
        frames = [frame.copy() for frame in picture.frames]
        warning = work.warn(frames, what.source)
        _uncover(picture, warning)
        luma = watermark.grey(frames[0])
        frames = work.watermark(frames, luma, what.id, issuer)
        prints = [(fingerprint.ALGORITHM, each) for each in fingerprint.to_keep(luma)]  # which the watermark does not change
        work.layers["fingerprint"] = "present" if prints else "not_applicable"
        packet = xmp.add(picture.packet, what, standard.aigc) if work.wants("metadata") else picture.packet
        content, manifest = encode(picture, frames, packet), None
        signs = work.wants("c2pa")
        if signs and picture.format == "TIFF" and len(frames) > 1:  # the library would lose the further pages
            work.lacks("c2pa", InputError("takes no C2PA manifest ({problem})", "Is the file whole?", problem="TIFF of several pages"))
        elif signs:
            parent = data if what.source == "altered" or c2pa_io.read(data, self.media_type) else None
            watermarked = work.layers["watermark"] == "present"
            definition = manifest_of(what, standard, self.media_type, has_parent=parent is not None, watermarked=watermarked)
            content, manifest = c2pa_io.sign(content, self.media_type, definition, issuer.credential, parent)
        return Marked(content, self.media_type, work.layers, prints, manifest, warning, work.reasons)

    def examine(self, data: bytes, issuer: Issuer | None, standard: Standard, deep: bool) -> list[Found]:
        """As `Format` says. `standard` tells the words and the size of our own warnings; warnings of others are not known here."""
        manifest = manifest_found(c2pa_io.read(data, self.media_type, issuer.roots if issuer else b""))
        try:
            picture = open_picture(data, luma=True)
        except InputError as error:
            return [manifest, *(Found(layer, "unknown", reason=error) for layer in LAYERS[1:])]
        pixels = picture.frames[0]
        asks = [Ask(fingerprint.ALGORITHM, fingerprint.WITHIN, fingerprint.variants(pixels), UNLIKE)]
        asks += [Ask(fingerprint.ALGORITHM, fingerprint.PARTS_WITHIN, fingerprint.parts(pixels))] if deep else []
        print_ = Found("fingerprint", "unknown" if asks[0].prints else "not_applicable", asks=asks)
        return [manifest, xmp.read(picture.packet), _watermark_found(pixels, issuer, deep), print_, _label_found(picture, standard, deep)]


@dataclass(slots=True)
class _Work:
    """One picture being marked: which layers were put on, and why one was not."""

    standard: Standard
    layers: dict[str, State] = field(default_factory=dict)
    reasons: dict[str, TanbaError] = field(default_factory=dict)

    def wants(self, layer: str) -> bool:
        """Whether the standard asks for it, which is noted."""
        wanted = layer in self.standard.layers
        self.layers[layer] = "absent" if not wanted else "valid" if layer == "c2pa" else "present"
        return wanted

    def lacks(self, layer: str, error: InputError) -> None:
        """A layer that this picture cannot bear."""
        self.layers[layer], self.reasons[layer] = "absent", error

    def warn(self, frames: list[Pixels], source: Source) -> Mapping[str, Any] | None:
        """Draw the label into every frame; a picture too small for letters goes without, and says so."""
        if not self.wants("label"):
            return None
        standard, words = self.standard, self.standard.words(source)
        try:
            drawn, *_ = [label.draw(frame, words, standard.place, standard.style, standard.size) for frame in frames]
        except InputError as error:
            self.lacks("label", error)
            return None
        return {name: getattr(drawn, name) for name in drawn.__slots__} | {"contrast": str(drawn.contrast)}

    def watermark(self, frames: list[Pixels], luma: Pixels, id: int, issuer: Issuer) -> list[Pixels]:
        """The frames with the invisible mark, or as they were where they cannot bear it; `luma` is the first one's brightness."""
        if not self.wants("watermark"):
            return frames
        try:
            pattern = patterns(issuer)[0]
            first = watermark.embed(frames[0], id, pattern, luma=luma)
            return [first, *(watermark.embed(frame, id, pattern) for frame in frames[1:])]
        except InputError as error:
            self.lacks("watermark", error)
            return frames


def _uncover(picture: Picture, warning: Mapping[str, Any] | None) -> None:
    """The warning is seen also where the picture was transparent."""
    if warning:
        top, left = warning["top"], warning["left"]
        picture.alphas = [alpha.copy() for alpha in picture.alphas]
        for alpha in picture.alphas:
            alpha[top : top + warning["height"], left : left + warning["width"]] = 255


def patterns(issuer: Issuer) -> list[watermark.Pattern]:
    """One for each of the issuer's secrets, newest first."""
    return [_pattern(secret) for secret in issuer.derive("watermark")]


@lru_cache(64)
def _pattern(secret: bytes) -> watermark.Pattern:
    return watermark.Pattern(secret)


def _watermark_found(pixels: Pixels, issuer: Issuer | None, deep: bool) -> Found:
    if issuer is None:
        reason = InputError("there are no marking keys in this workspace yet", "`tanba keys init` makes them.")
        return Found("watermark", "unknown", reason=reason)
    found = watermark.detect(pixels, patterns(issuer), deep=deep)
    if not found:
        return Found("watermark", "absent")
    best = max(found, key=lambda each: each.score)
    details = {"route": best.route, "score": round(float(best.score), 2), "whole": best.route == "direct"}
    return Found("watermark", "valid", list(dict.fromkeys(each.id for each in found)), _sure(best.score), details)


def _sure(score: float) -> float:
    """One minus the chance that noise shows a mark so clearly in some of the places that were looked at, if it is Gaussian."""
    return 1 - min(1.0, PLACES_LOOKED_AT * math.erfc(score / math.sqrt(2)) / 2)


def words_of(standard: Standard) -> list[str]:
    """Every warning that may stand on a picture: ours in three languages, and the standard's own."""
    usual = [t(f"marking.label.{source}", language) for source in SOURCE_TYPES for language in LANGUAGES]
    return list(dict.fromkeys([*usual, *(word for words in standard.wording.values() for word in words.values())]))


def _label_found(picture: Picture, standard: Standard, deep: bool) -> Found:
    """The warning has to stand in every frame, and on whatever shines through: of many frames, some spread over all are looked at."""
    words, least = words_of(standard), None
    for number in sorted({round(share * (len(picture.frames) - 1)) for share in SPREAD}):
        for pixels in _shown(picture, number):
            seen = sight.look(pixels, words, standard.size, deep)
            if seen is None:
                return Found("label", "absent")
            least = seen if least is None or seen.score < least.score else least
    if least is None:
        return Found("label", "absent")
    return Found("label", "present" if least.sure else "unknown", (), least.score, {"text": least.text})


def _shown(picture: Picture, number: int) -> list[Pixels]:
    """A frame's brightness as people see it: a transparent one on white and on black."""
    frame = picture.frames[number]
    if not picture.alphas or picture.alphas[number].min() == OPAQUE:
        return [frame]
    return [_laid_on(frame, picture.alphas[number], ground) for ground in (OPAQUE, 0)]


def _laid_on(frame: Pixels, alpha: Pixels, ground: int) -> Pixels:
    """A transparent frame on one grey; some rows at a time, since between the steps a pixel takes twelve times its memory."""
    laid = np.empty_like(frame)
    for top in range(0, len(frame), 256):
        share = alpha[top : top + 256].astype(np.float32) / OPAQUE
        laid[top : top + 256] = frame[top : top + 256] * share + ground * (1 - share) + np.float32(0.5)
    return laid
