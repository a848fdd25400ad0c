"""What is left of a mark after what happens to files on their way: every attack, every layer.

Pictures are stored anew without metadata after each attack, as messengers and screenshots do: metadata and manifest are gone then.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tanba.errors import InputError
from tanba.marking import fingerprint, sight, watermark
from tanba.marking.attacks import ATTACKS, HARD, Attack
from tanba.marking.formats import format_of
from tanba.marking.formats.image import patterns, words_of
from tanba.marking.formats.picture import open_picture
from tanba.marking.formats.text import decoded
from tanba.marking.keys import Issuer
from tanba.marking.markid import new_id
from tanba.marking.model import Statement
from tanba.marking.standard import Standard
from tanba.marking.text import fingerprint as words
from tanba.marking.text import selectors, wrapper
from tanba.marking.text.carriers import carrier_of, kind_of

PICTURE_LAYERS, TEXT_LAYERS = ("watermark", "fingerprint", "label"), ("watermark", "fingerprint", "label", "c2pa")


@dataclass(frozen=True, slots=True)
class Row:
    """One attack: {layer: whether it was found afterwards}."""

    attack: str
    found: Mapping[str, bool]


def survive(data: bytes, name: str, issuer: Issuer, standard: Standard, hard: bool = False) -> Iterator[Row]:
    """Mark the file in memory, attack the copy, look. Nothing is kept or registered. Raises InputError where it cannot be marked."""
    known = format_of(data, name)
    if known is None:
        raise InputError(
            "is of a kind that cannot be marked yet", "Known: JPEG, PNG, WebP, TIFF, GIF, AVIF; text, Markdown, HTML, JSON.", name
        )
    kind, _, format = known
    what = Statement(new_id(), datetime.now(UTC), "created", issuer.organisation)
    try:
        content = format.mark(data, what, issuer, standard).content
    except InputError as error:
        raise error.at(name) from None
    return _pictures(content, what.id, issuer, standard, hard) if kind == "image" else _texts(content, name, what.id, issuer)


def _pictures(content: bytes, id: int, issuer: Issuer, standard: Standard, hard: bool) -> Iterator[Row]:
    pixels = open_picture(content).frames[0]
    kept = fingerprint.to_keep(pixels)
    attacks: dict[str, Attack] = {**ATTACKS, **(HARD if hard else {})}
    for number, (attack, change) in enumerate(attacks.items()):
        copy = np.ascontiguousarray(change(pixels, np.random.default_rng(number)))
        marks = watermark.detect(copy, patterns(issuer)[:1], deep=attack in HARD)
        seen = sight.look(copy, words_of(standard), standard.size, deep=True)
        yield Row(attack, {"watermark": any(mark.id == id for mark in marks), "fingerprint": _near(copy, kept), "label": seen is not None})


def _near(pixels: np.ndarray, kept: tuple[bytes, ...]) -> bool:
    asked = ((fingerprint.variants(pixels), fingerprint.WITHIN), (fingerprint.parts(pixels), fingerprint.PARTS_WITHIN))
    return any(fingerprint.distance(one, other) <= within for prints, within in asked for one in prints for other in kept)


def _texts(content: bytes, name: str, id: int, issuer: Issuer) -> Iterator[Row]:
    text, kind = decoded(content), kind_of(name, content) or "plain"
    kept = words.fingerprints(text)
    for attack, change in TEXT_ATTACKS.items():
        copy = change(text)
        borne = carrier_of(kind).read(copy, issuer.derive("text")) if kind != "json" or copy.startswith("{") else None
        near = any(words.distance(one, other) <= words.NEAR for one in words.fingerprints(copy) for other in kept)
        manifest = wrapper.read_manifest(copy)
        numbers = borne is not None and any(read.id == id for read in borne.ids)
        warned = borne is not None and bool(borne.languages)
        whole = manifest is not None and manifest.manifest is not None
        yield Row(attack, {"watermark": numbers, "fingerprint": near, "label": warned, "c2pa": whole})


def _every_tenth_word_changed(text: str) -> str:
    return " ".join("so" if number % 10 == 9 else word for number, word in enumerate(text.split(" ")))


TEXT_ATTACKS: Mapping[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "first half": lambda text: text[: len(text) // 2],
    "second half": lambda text: text[len(text) // 2 :],
    "spaces collapsed": lambda text: " ".join(text.split()),
    "form NFKC": lambda text: unicodedata.normalize("NFKC", text),
    "upper case": str.upper,
    "every tenth word changed": _every_tenth_word_changed,
    "selectors removed": lambda text: selectors.strip(wrapper.strip_manifest(text)),
    "through cp1251": lambda text: text.encode("cp1251", "ignore").decode("cp1251"),
    "through ASCII": lambda text: text.encode("ascii", "ignore").decode(),
}
