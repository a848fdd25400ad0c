"""What is left of a mark after what happens to files on their way: every attack, every layer.

Pictures are stored anew without metadata after each attack, as messengers and screenshots do: metadata and manifest are gone then.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tanba.marking import fingerprint, sight, watermark
from tanba.marking.attacks import ATTACKS, HARD, Attack
from tanba.marking.formats import Format
from tanba.marking.formats.image import patterns, words_of
from tanba.marking.formats.picture import open_picture
from tanba.marking.formats.text import decoded
from tanba.marking.keys import Issuer
from tanba.marking.mark import put_on
from tanba.marking.markid import new_id
from tanba.marking.model import Marked, Statement
from tanba.marking.standard import Standard
from tanba.marking.text import fingerprint as words
from tanba.marking.text import selectors, wrapper


@dataclass(frozen=True, slots=True)
class Row:
    """One attack: {layer: whether it was found afterwards}."""

    attack: str
    found: Mapping[str, bool]


def survive(data: bytes, name: str, issuer: Issuer, standard: Standard, hard: bool = False) -> Iterator[Row]:
    """Mark the file in memory, attack the copy, look. Nothing is kept or registered. Raises InputError where it cannot be marked."""
    what = Statement(new_id(), datetime.now(UTC), "created", issuer.organisation)
    kind, format, marked = put_on(data, name, what, issuer, standard)
    if kind == "image":
        return _pictures(marked.content, what.id, issuer, standard, hard)
    return _texts(marked, what.id, format, issuer, standard)


def _pictures(content: bytes, id: int, issuer: Issuer, standard: Standard, hard: bool) -> Iterator[Row]:
    pixels = open_picture(content).frames[0]
    kept = fingerprint.to_keep(pixels)
    attacks: dict[str, Attack] = {**ATTACKS, **(HARD if hard else {})}
    for number, (attack, change) in enumerate(attacks.items()):
        copy = np.ascontiguousarray(change(pixels, np.random.default_rng(number)))
        marks = watermark.detect(copy, patterns(issuer)[:1], deep=attack in HARD)
        seen = sight.look(copy, words_of(standard), standard.size, deep=True)
        yield Row(
            attack,
            {"watermark": any(mark.id == id for mark in marks), "fingerprint": _near(copy, kept), "label": seen is not None and seen.sure},
        )


def _near(pixels: np.ndarray, kept: tuple[bytes, ...]) -> bool:
    asked = ((fingerprint.variants(pixels), fingerprint.WITHIN), (fingerprint.parts(pixels), fingerprint.PARTS_WITHIN))
    return any(fingerprint.distance(one, other) <= within for prints, within in asked for one in prints for other in kept)


def _texts(marked: Marked, id: int, format: Format, issuer: Issuer, standard: Standard) -> Iterator[Row]:
    kept = [print_ for _, print_ in marked.fingerprints]
    for attack, change in TEXT_ATTACKS.items():
        found = {each.layer: each for each in format.examine(change(decoded(marked.content)).encode(), issuer, standard, False)}
        near = any(words.distance(one, other) <= words.NEAR for ask in found["fingerprint"].asks for one in ask.prints for other in kept)
        states = {layer: found[layer].state in ("valid", "present") for layer in ("label", "c2pa")}
        yield Row(attack, {"watermark": id in found["watermark"].ids, "fingerprint": near, **states})


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
