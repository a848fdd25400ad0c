"""One bit of a bundle turned over, anywhere: never verified, never a crash, and both checkers say the same.

The few bits that mean nothing (who wrote the ZIP, permissions, the padding of a deflated stream) are told apart from all others by an
independent reader: where every file still comes out as it was, nothing was altered.
"""

import io
import random
import zipfile
from typing import Any

import pytest

from verify.both import Given, ask_page, b64, needs_node, run_script, words_of
from verify.cases import scene
from verify.maker import canonical, with_manifests, zip_file

FLIPS = 560


def contents(data: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except Exception:
        return None


def flipped(data: bytes, bit: int) -> bytes:
    out = bytearray(data)
    out[bit >> 3] ^= 1 << (bit & 7)
    return bytes(out)


def hold(data: bytes, verdict: dict[str, Any], good: dict[str, bytes] | None) -> None:
    """An answer, and not that all is verified, unless nothing changed for an outsider either."""
    assert not verdict.get("malformed", "").startswith("unexpected"), verdict
    if verdict["exit"] == 0:
        assert contents(data) == good
    else:
        assert verdict["exit"] in (1, 2), verdict


@needs_node
@pytest.mark.parametrize("deflate", [True, False])
def test_bits_of_a_bundle(deflate: bool) -> None:
    given = scene().given
    data = zip_file(scene().parts.files(), deflate)
    bits = sorted(random.Random(20261122 + deflate).sample(range(len(data) * 8), FLIPS // 2))
    answers = ask_page([{"op": "flips", "data": b64(data), "options": given.for_page(), "bits": bits}])[0]["value"]
    good, harmless = contents(data), 0
    for bit, page in zip(bits, answers, strict=True):
        broken = flipped(data, bit)
        script = run_script(broken, given)
        hold(broken, script, good)
        hold(broken, page, good)
        assert words_of(script) == words_of(page), bit
        harmless += script["exit"] == 0
    assert harmless < FLIPS // 20


@needs_node
def test_bits_of_what_the_files_say() -> None:
    """The forger makes the container good again: bits of receipts and index inside, manifests made anew."""
    s = scene()
    files = {name: content for name, content in s.parts.files().items() if name.startswith("data/")}
    chance, broken = random.Random(7), []
    for number in range(160):
        name = ["data/receipts/0001.json", "data/index.json"][number % 2]
        bit = chance.randrange(len(files[name]) * 8)
        broken.append(zip_file(with_manifests({**files, name: flipped(files[name], bit)}), deflate=False))
    answers = ask_page([{"op": "check", "data": b64(data), "options": s.given.for_page()} for data in broken])
    unproved = 0
    for data, answer in zip(broken, answers, strict=True):
        script = run_script(data, s.given)
        assert words_of(script) == words_of(answer["value"])
        assert not script.get("malformed", "").startswith("unexpected")
        if script["exit"] == 0:  # a description, a name, an unknown proof: claims that nothing is said to prove
            unproved += 1
    assert unproved < 40


@needs_node
def test_bits_of_a_receipt() -> None:
    s = scene()
    data = canonical(s.parts.receipts["receipts/0002.json"])
    given = Given(s.policy, s.root.pem, s.entered[5].content)
    bits = sorted(random.Random(3).sample(range(len(data) * 8), 200))
    answers = ask_page([{"op": "flips", "data": b64(data), "options": given.for_page(), "bits": bits}])[0]["value"]
    for bit, page in zip(bits, answers, strict=True):
        script = run_script(flipped(data, bit), given)
        assert words_of(script) == words_of(page), bit
        if script["exit"] == 0:  # media type and file name are outside the commitment; the token holds parts nobody signed
            assert _unproved(data, bit), flipped(data, bit)[bit // 8 - 30 : bit // 8 + 30]


def _unproved(data: bytes, bit: int) -> bool:
    at = bit >> 3
    return data.index(b'"media_type"') <= at < data.index(b'"salt"') or at > data.index(b'"timestamps"')


@pytest.mark.slow
def test_every_bit_of_a_bundle() -> None:
    data, good = scene().parts.pack(), contents(scene().parts.pack())
    for bit in range(len(data) * 8):
        broken = flipped(data, bit)
        hold(broken, run_script(broken, scene().given), good)
