"""Bytes as Unicode variation selectors, one selector for a byte: U+FE00–FE0F for 0–15, U+E0100–E01EF for 16–255.

The mapping is that of C2PA (2.4, annex A.8). Selectors are invisible, take no width and stay the same under every normalisation.
"""

SELECTORS = "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
"""All 256, in the order of the bytes they stand for."""
CLASS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""The same as the inside of a regular expression's character class."""
JOINER, MARK_OF_WRAPPER = "\u200d", "\ufeff"

_BYTES = {selector: value for value, selector in enumerate(SELECTORS)}


def encode(data: bytes) -> str:
    """One selector for each byte."""
    return "".join(map(SELECTORS.__getitem__, data))


def decode(selectors: str) -> bytes:
    """The bytes of a text that holds nothing but selectors. Raises KeyError on any other character."""
    return bytes(map(_BYTES.__getitem__, selectors))
