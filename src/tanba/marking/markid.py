"""The number of a mark: 64 random bits, written `9F3K2-M7QXW-41AT`.

Thirteen characters of Crockford's base 32 (https://www.crockford.com/base32.html) and one of check. The check is a Reed-Solomon code with
one symbol over GF(32): it finds every single wrong character and every two that changed places, however far apart. A number says nothing
about whose mark it is, or when it was made.
"""

import secrets

from tanba.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EXAMPLE = "9F3K2-M7QXW-41AT"
DIGITS, BITS, LARGEST = 13, 5, (1 << 64) - 1
GROUPS = (5, 10)
"""Dashes stand after so many characters."""

FIELD = 0b100101
"""x⁵ + x² + 1, primitive over GF(2): x has 31 different powers, more than there are characters."""

READ_AS = str.maketrans("OILАВЕКМНОРСТУХ", "011ABEKMH0PCTYX", "- \t\r\n–—")
"""What people write for a character: letters for digits, Cyrillic letters of the same shape; dashes and spaces are dropped."""


def new_id() -> int:
    """A new number, never 0. Among a thousand million marks two are equal with a chance of 3 in 100."""
    return secrets.randbelow(LARGEST) + 1


def text_of(id: int) -> str:
    """The number as people write it. Raises ValueError unless 0 ≤ `id` < 2**64."""
    if not 0 <= id <= LARGEST:
        raise ValueError("a mark's number has 64 bits")
    digits = [id >> BITS * place & 31 for place in reversed(range(DIGITS))]
    text = "".join(ALPHABET[digit] for digit in [*digits, _rest([*digits, 0])])
    return f"{text[: GROUPS[0]]}-{text[GROUPS[0] : GROUPS[1]]}-{text[GROUPS[1] :]}"


def parse(text: str) -> int:
    """The number that somebody wrote or typed. Raises InputError where it is none, or has a typing error."""
    found = [ALPHABET.find(character) for character in text.upper().translate(READ_AS)]
    if len(found) != DIGITS + 1 or -1 in found:
        raise InputError(
            "{given!r} is not the number of a mark", "It has 14 letters and digits, as in {example}.", given=text, example=EXAMPLE
        )
    value = 0
    for digit in found[:DIGITS]:
        value = value << BITS | digit
    if _rest(found) or value > LARGEST:
        raise InputError("{given!r} has a typing error", "Compare it with the original, character by character.", given=text)
    return value


def _rest(digits: list[int]) -> int:
    """The polynomial with these coefficients, highest first, at x: 0 for a whole number with its check."""
    rest = 0
    for digit in digits:
        rest <<= 1
        rest ^= digit ^ (FIELD if rest > 31 else 0)
    return rest
