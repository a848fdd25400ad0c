"""GOST-2015 of NCA RK: the centre's own certificates, and another implementation that makes what ours checks, and the other way round."""

from functools import cache
from pathlib import Path

import pytest
from asn1crypto import core, pem, x509
from gostcrypto import gostsignature
from hypothesis import given, settings
from hypothesis import strategies as st

from signing_makers import CURVE, Gost, gost_key, streebog
from tanba.signing import gost
from tanba.signing.certificates import issued, person_of

NCA = Path(__file__).parent / "nca"
CONTENT = "Жүйе паспорты".encode()


def centre(name: str) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor((NCA / f"{name}_gost_2022.pem").read_bytes())[2])


@cache
def signature_of(number: int) -> bytes:
    return gost_key(number).sign(CONTENT)


def parts(key: Gost) -> bytes:
    """The 128 bytes of a public key."""
    return bytes(core.OctetString.load(key.public[-131:]))


def test_the_certificates_of_the_centre_fit_and_only_as_it_issued_them() -> None:
    root, nca = centre("root"), centre("nca")
    assert issued(root, root)
    assert issued(nca, root)
    assert not issued(root, nca)
    assert not issued(nca, nca)
    assert person_of(nca).name == "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022"


def test_the_curve_is_that_of_another_implementation() -> None:
    ours = gost.TC26_512_A
    assert (ours.p, ours.a, ours.b, ours.q, ours.x, ours.y) == tuple(CURVE[each] for each in ("p", "a", "b", "q", "x", "y"))


def test_streebog_gives_what_the_standard_s_first_example_does() -> None:
    """RFC 6986, section 10.1.1: the digits 0 to 9 six times and 012; the standard writes both numbers with the last byte first."""
    digest = gost.streebog(("0123456789" * 6 + "012").encode())
    written = (
        "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b"
    )
    assert digest[::-1].hex() == written


@settings(max_examples=3, deadline=None)
@given(st.integers(2, CURVE["q"] - 1), st.binary(max_size=100))
def test_what_another_implementation_signs_verifies_and_nothing_else(number: int, content: bytes) -> None:
    key = Gost(number)
    signature = key.sign(content)
    assert gost.verify(parts(key), streebog(content), signature)
    assert not gost.verify(parts(key), streebog(content + b"."), signature)
    assert not gost.verify(parts(Gost(number + 1)), streebog(content), signature)


@settings(max_examples=3, deadline=None)
@given(st.integers(2, CURVE["q"] - 1), st.integers(2, CURVE["q"] - 1), st.binary(max_size=100))
def test_what_our_points_sign_another_implementation_accepts(private: int, once: int, content: bytes) -> None:
    """r from our own multiplication, with the other's public key: the two agree on points in both directions."""
    point = (CURVE["x"], CURVE["y"], 1)
    r = (gost._sum(gost.TC26_512_A, (once, point), (0, point)) or 0) % CURVE["q"]
    e = int.from_bytes(streebog(content), "little") % CURVE["q"]
    s = (r * private + once * e) % CURVE["q"]
    key = Gost(private)
    public = parts(key)
    other = gostsignature.new(gostsignature.MODE_512, CURVE)
    big = bytearray(public[:64][::-1] + public[64:][::-1])
    assert other.verify(big, bytearray(streebog(content)[::-1]), bytearray(r.to_bytes(64, "big") + s.to_bytes(64, "big")))
    assert gost.verify(public, streebog(content), r.to_bytes(64, "little") + s.to_bytes(64, "little"))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1023), st.sampled_from(["key", "digest", "signature"]))
def test_one_bit_spoils_it(bit: int, which: str) -> None:
    key = gost_key(7)
    given_ = {"key": parts(key), "digest": streebog(CONTENT), "signature": signature_of(7)}
    bit %= len(given_[which]) * 8
    flipped = bytearray(given_[which])
    flipped[bit // 8] ^= 1 << bit % 8
    assert not gost.verify(**{**given_, which: bytes(flipped)})


Q = CURVE["q"]


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (Q, 1), (1, Q), (0, 0), (2**512 - 1, 2**512 - 1), (1, 1)])
def test_numbers_outside_the_group_are_no_signature(r: int, s: int) -> None:
    assert not gost.verify(parts(gost_key(7)), streebog(CONTENT), r.to_bytes(64, "little") + s.to_bytes(64, "little"))


@pytest.mark.parametrize("key", [bytes(128), b"\xff" * 128, b"\x01" * 128, b"", b"\x01" * 127])
def test_what_is_no_point_of_the_curve_is_no_key(key: bytes) -> None:
    assert not gost.verify(key, streebog(CONTENT), signature_of(7))


def test_adding_covers_infinity_and_the_same_point() -> None:
    curve, point = gost.TC26_512_A, (CURVE["x"], CURVE["y"], 1)
    negative = (CURVE["x"], CURVE["p"] - CURVE["y"], 1)
    assert gost._sum(curve, (5, point), (5, negative)) is None
    assert gost._sum(curve, (1, point), (1, point)) == gost._sum(curve, (2, point), (0, point))
    assert gost._sum(curve, (CURVE["q"], point), (0, point)) is None
    assert gost._sum(curve, (CURVE["q"] - 1, point), (2, point)) == CURVE["x"]
