"""The channel code of the mark: a 64-bit ID, a CRC, and a tail-biting convolutional code read by a soft Viterbi decoder.

Rate 1/4, constraint length 9, generators 463, 535, 733, 745 (octal; Johannesson & Zigangirov, Fundamentals of Convolutional Coding,
table of optimum free distance codes: d = 24). Tail-biting: the register begins as it ends, so no bits are spent on a tail.
"""

from functools import cache, reduce
from operator import xor

import numpy as np
import numpy.typing as npt

ID_BITS = 64
CRC_BITS = 16
CRC_POLYNOMIAL = 0x1021
BITS = ID_BITS + CRC_BITS
RATE = 4
CODED = BITS * RATE
GENERATORS = (0o463, 0o535, 0o733, 0o745)
MEMORY = 8
STATES = 1 << MEMORY
ROUNDS = 3
"""The decoder walks the circle this often; the middle round is read, where beginning and end no longer matter."""

Bits = npt.NDArray[np.uint8]
Soft = npt.NDArray[np.float32]


def crc(value: int) -> int:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF, most significant bit first) of the ID's 64 bits."""
    register = 0xFFFF
    for at in reversed(range(ID_BITS)):
        carry = (register >> (CRC_BITS - 1)) ^ (value >> at & 1)
        register = (register << 1 & 0xFFFF) ^ (CRC_POLYNOMIAL if carry else 0)
    return register


def encode(id: int) -> Bits:
    """The 320 coded bits of an ID: `code[4·t + j]` is generator j's parity after bit t, most significant bits first."""
    word = id << CRC_BITS | crc(id)
    lagging = [word >> lag | (word & (1 << lag) - 1) << (BITS - lag) for lag in range(MEMORY + 1)]
    parities = [reduce(xor, (lagging[lag] for lag in range(MEMORY + 1) if generator >> lag & 1)) for generator in GENERATORS]
    octets = np.array([list(parity.to_bytes(BITS // 8, "big")) for parity in parities], np.uint8)
    return np.unpackbits(octets, axis=1).T.ravel()


def decode(soft: Soft) -> int | None:
    """The ID of 320 soft values (positive where a coded 0 is likelier), or None where the CRC does not fit."""
    word = int("".join(map(str, viterbi(soft))), 2)
    id, check = word >> CRC_BITS, word & (1 << CRC_BITS) - 1
    return id if crc(id) == check else None


def viterbi(soft: Soft) -> list[int]:
    """The 80 likeliest bits behind 320 soft values (wrap-around Viterbi algorithm: Cox & Sundberg, 1994)."""
    gains = list(_branch_gains(soft))
    metric, paths = np.zeros(STATES, np.float32), np.empty((2, STATES // 2, 2), np.float32)
    before, after, (older, newer) = metric.reshape(2, STATES // 2, 1), metric.reshape(STATES // 2, 2), paths
    choices = np.empty((ROUNDS * BITS, STATES), np.bool_)
    for chosen, gain in zip(choices.reshape(-1, STATES // 2, 2), gains * ROUNDS, strict=True):
        np.add(before, gain, out=paths)
        np.greater(newer, older, out=chosen)
        np.maximum(older, newer, out=after)
    return _trace(choices, int(metric.argmax()))


def _branch_gains(soft: Soft) -> npt.NDArray[np.float32]:
    """(80, 2, 128, 2): for each step, oldest bit of the register, its middle bits and the new bit, how well the outputs agree."""
    # Not a matrix product: BLAS would wake its threads for it, and keep them spinning.
    gains: npt.NDArray[np.float32] = np.einsum("tr,rs->ts", soft.reshape(BITS, RATE), _outputs())
    return gains.reshape(BITS, 2, STATES // 2, 2)


@cache
def _outputs() -> npt.NDArray[np.float32]:
    """(4, 512): what each generator puts out for each content of the register, 0 as +1 and 1 as -1."""
    return np.array([[1 - 2 * ((register & g).bit_count() & 1) for register in range(2 * STATES)] for g in GENERATORS], np.float32)


def _trace(choices: npt.NDArray[np.bool_], state: int) -> list[int]:
    """Walks back from the last state; returns the bits of the middle round."""
    bits = []
    for step in reversed(range(BITS, len(choices))):
        bits.append(state & 1)
        state = state >> 1 | (STATES // 2 if choices[step, state] else 0)
    return bits[: -BITS - 1 : -1]
