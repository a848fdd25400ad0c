"""The channel code: known vectors, a plain second encoder, and errors put right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanba.marking.watermark import code

IDS = st.integers(0, 2**64 - 1)


def plain_encode(word: int, length: int) -> list[int]:
    """Bit by bit, as a text book draws the register."""
    bits = [word >> (length - 1 - at) & 1 for at in range(length)]
    out = []
    for at in range(length):
        register = sum(bits[(at - lag) % length] << lag for lag in range(code.MEMORY + 1))
        out += [(register & generator).bit_count() % 2 for generator in code.GENERATORS]
    return out


def sent(id: int) -> np.ndarray:
    return 1 - 2 * code.encode(id).astype(np.float32)


def test_crc_known_vector():
    # CRC-16/CCITT-FALSE of the ASCII digits 1 to 8, computed bit by bit with another program.
    register = 0xFFFF
    for octet in b"12345678":
        register ^= octet << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    assert code.crc(int.from_bytes(b"12345678", "big")) == register == 0xA12B


def test_example_of_the_spec():
    assert code.crc(0x0123456789ABCDEF) == 0x986B
    assert "".join(map(str, code.encode(0x0123456789ABCDEF)[:20])) == "01010110000001000001"


@given(IDS)
def test_encoder_agrees_with_plain_one(id: int):
    assert code.encode(id).tolist() == plain_encode(id << code.CRC_BITS | code.crc(id), code.BITS)


@given(IDS)
@settings(max_examples=20, deadline=None)
def test_clean_code_is_read(id: int):
    assert code.decode(sent(id)) == id


@given(IDS, st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_a_sixth_of_the_coded_bits_may_be_wrong(id: int, seed: int):
    soft = sent(id)
    wrong = np.arange(seed % 6, code.CODED, 6)
    soft[wrong] *= -0.5
    assert code.decode(soft) == id


def test_noise_of_the_same_power_is_put_right():
    random = np.random.default_rng(3)
    read = [code.decode((sent(id) + random.normal(0, 1, code.CODED)).astype(np.float32)) == id for id in range(1000, 1030)]
    assert sum(read) >= 29


@pytest.mark.slow
def test_noise_alone_passes_no_more_often_than_the_checksum_lets_it():
    random = np.random.default_rng(4)
    passed = sum(code.decode(random.normal(0, 1, code.CODED).astype(np.float32)) is not None for _ in range(4000))
    assert passed <= 2
