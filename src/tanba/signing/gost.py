"""GOST R 34.10-2012 with 512 bits as the national certification centre of Kazakhstan (NCA RK) uses it since 2022. Verification only; pure.

A key is LE(x) | LE(y), a signature LE(r) | LE(s), a digest (Streebog-512) read as a little-endian number, 64 bytes each. Found by trying
the orders of bytes on the centre's own certificates, which the tests verify; no text of a standard was at hand.
"""

from dataclasses import dataclass
from functools import lru_cache

KEY, SIGNATURE, DIGEST = "1.2.398.3.10.1.1.2.2", "1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3"
PARAMETERS = "1.2.398.3.10.1.1.2.2.1"
SIZE = 64

Point = tuple[int, int, int]
"""Jacobian: (X, Y, Z) is (X / Z^2, Y / Z^3); Z = 0 is the point at infinity."""


@dataclass(frozen=True, slots=True)
class Curve:
    """y^2 = x^3 + ax + b over p, with a point (x, y) of prime order q."""

    p: int
    a: int
    b: int
    q: int
    x: int
    y: int


P = 2**512 - 569
TC26_512_A = Curve(
    P,
    P - 3,
    0xE8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275,
    3,
    0x7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4,
)
"""id-tc26-gost-3410-12-512-paramSetA (RFC 7836)."""


def verify(key: bytes, digest: bytes, signature: bytes, curve: Curve = TC26_512_A) -> bool:
    """Whether `signature` of `digest` was made with the private key of `key`. False for whatever is not of the form."""
    if (len(key), len(digest), len(signature)) != (2 * SIZE, SIZE, 2 * SIZE):
        return False
    x, y = _halves(key)
    r, s = _halves(signature)
    if not (0 < r < curve.q and 0 < s < curve.q and max(x, y) < curve.p and (y * y - x**3 - curve.a * x - curve.b) % curve.p == 0):
        return False
    v = pow(int.from_bytes(digest, "little") % curve.q or 1, -1, curve.q)
    found = _sum(curve, (s * v % curve.q, (curve.x, curve.y, 1)), (-r * v % curve.q, (x, y, 1)))
    return found is not None and found % curve.q == r


@lru_cache(maxsize=4)
def streebog(content: bytes) -> bytes:
    """GOST R 34.11-2012 with 512 bits, 64 bytes; some seconds for each megabyte, so the last few are remembered."""
    from gostcrypto import gosthash

    return bytes(gosthash.new("streebog512", data=bytearray(content)).digest())


def _halves(written: bytes) -> tuple[int, int]:
    return int.from_bytes(written[:SIZE], "little"), int.from_bytes(written[SIZE:], "little")


def _sum(curve: Curve, one: tuple[int, Point], other: tuple[int, Point]) -> int | None:
    """The x of m1 P1 + m2 P2, both multiplied in one pass; None at infinity."""
    (m1, p1), (m2, p2) = one, other
    both, found = _add(curve, p1, p2), (1, 1, 0)
    for bit in range(max(m1, m2).bit_length() - 1, -1, -1):
        found = _double(curve, found)
        if chosen := {(1, 0): p1, (0, 1): p2, (1, 1): both}.get((m1 >> bit & 1, m2 >> bit & 1)):
            found = _add(curve, found, chosen)
    x, _, z = found
    return x * pow(z, -2, curve.p) % curve.p if z else None


def _double(curve: Curve, point: Point) -> Point:
    x, y, z = point
    if not y or not z:
        return 1, 1, 0
    s, m = 4 * x * y * y % curve.p, (3 * x * x + curve.a * pow(z, 4, curve.p)) % curve.p
    new = (m * m - 2 * s) % curve.p
    return new, (m * (s - new) - 8 * pow(y, 4, curve.p)) % curve.p, 2 * y * z % curve.p


def _add(curve: Curve, one: Point, other: Point) -> Point:
    (x1, y1, z1), (x2, y2, z2) = one, other
    if not z1 or not z2:
        return other if not z1 else one
    a, b = z1 * z1 % curve.p, z2 * z2 % curve.p
    u1, u2, s1, s2 = x1 * b % curve.p, x2 * a % curve.p, y1 * b * z2 % curve.p, y2 * a * z1 % curve.p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    square, cube = h * h % curve.p, pow(h, 3, curve.p)
    x = (r * r - cube - 2 * u1 * square) % curve.p
    return x, (r * (u1 * square - x) - s1 * cube) % curve.p, h * z1 * z2 % curve.p
