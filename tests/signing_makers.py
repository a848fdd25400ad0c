"""Certificates, lists of revoked ones and CMS signatures for the tests, written in DER by hand, so that no part of the checker makes them.

GOST signatures are those of the package gostcrypto, RSA ones those of `cryptography`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate
from gostcrypto import gosthash, gostsignature

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SIGNED_AT, NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CURVE = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-12-512-paramSetA"]
MAIL, SIGN_IN, STAMPS = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.8"


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return tlv(0x31, *sorted(parts))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    body = bytearray()
    for number in (first * 40 + second, *rest):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(0x80 | (number & 0x7F))
        body += bytes(reversed(digits))
    return tlv(0x06, bytes(body))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    return tlv(0x04, content)


def bits(content: bytes) -> bytes:
    return tlv(0x03, b"\0", content)


def utf8(text: str) -> bytes:
    return tlv(0x0C, text.encode())


def moment(at: datetime) -> bytes:
    return tlv(0x17, at.strftime("%y%m%d%H%M%SZ").encode())


def streebog(content: bytes) -> bytes:
    return bytes(gosthash.new("streebog512", data=bytearray(content)).digest())


class Gost:
    """A key of GOST R 34.10-2012, as NCA RK writes keys and signatures."""

    signature = seq(oid("1.2.398.3.10.1.1.2.3.2"), tlv(0x05))
    digest_name = seq(oid("1.2.398.3.10.1.3.3"), tlv(0x05))

    def __init__(self, number: int) -> None:
        self.private = number.to_bytes(64, "big")
        both = bytes(self._scheme().public_key_generate(bytearray(self.private)))
        key = both[:64][::-1] + both[64:][::-1]
        parameters = seq(oid("1.2.398.3.10.1.1.2.2.1"), oid("1.2.398.3.10.1.3.3"))
        self.public = seq(seq(oid("1.2.398.3.10.1.1.2.2"), parameters), bits(octets(key)))

    def digest(self, content: bytes) -> bytes:
        return streebog(content)

    def sign(self, content: bytes) -> bytes:
        made = bytes(self._scheme().sign(bytearray(self.private), bytearray(streebog(content)[::-1])))
        return made[:64][::-1] + made[64:][::-1]

    @staticmethod
    def _scheme() -> gostsignature.GOST34102012:
        return gostsignature.new(gostsignature.MODE_512, CURVE)


class Rsa:
    """A key of RSA with SHA-256."""

    signature = seq(oid("1.2.840.113549.1.1.11"), tlv(0x05))
    digest_name = seq(oid("2.16.840.1.101.3.4.2.1"), tlv(0x05))

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(65537, 2048)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = self.private.public_key().public_bytes(serialization.Encoding.DER, form)

    def digest(self, content: bytes) -> bytes:
        return hashlib.sha256(content).digest()

    def sign(self, content: bytes) -> bytes:
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())


Key = Gost | Rsa


@cache
def gost_key(number: int) -> Gost:
    return Gost(number)


@cache
def rsa_key(number: int) -> Rsa:
    return Rsa()


def name(**parts: str) -> bytes:
    known = {"cn": "2.5.4.3", "o": "2.5.4.10", "ou": "2.5.4.11", "serial": "2.5.4.5", "c": "2.5.4.6"}
    return seq(*(tlv(0x31, seq(oid(known[key]), utf8(text))) for key, text in parts.items()))


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    der: bytes
    key: Key
    subject: bytes
    issuer: bytes
    serial: int

    @property
    def pem(self) -> bytes:
        return load_der_x509_certificate(self.der).public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Term:
    """What differs from one certificate to the next."""

    start: datetime = START
    end: datetime = END
    uses: tuple[str, ...] = (MAIL,)
    usage: bytes = b"\xc0"  # digital signature, non-repudiation
    more: tuple[bytes, ...] = field(default=())


def extension(dotted: str, value: bytes, critical: bool = False) -> bytes:
    return seq(oid(dotted), *([tlv(0x01, b"\xff")] if critical else []), octets(value))


@cache
def certificate(key: Key, subject: bytes, serial: int, by: "Made | None" = None, authority: bool = False, term: Term = Term()) -> Made:
    issuer, signing = (by.subject, by.key) if by else (subject, key)
    parts = [extension("2.5.29.19", seq(tlv(0x01, b"\xff")) if authority else seq(), True)]
    parts.append(extension("2.5.29.15", tlv(0x03, b"\x01\x06") if authority else tlv(0x03, b"\x06", term.usage), True))
    if not authority and term.uses:
        parts.append(extension("2.5.29.37", seq(*map(oid, term.uses))))
    said = seq(
        tlv(0xA0, integer(2)),
        integer(serial),
        signing.signature,
        issuer,
        seq(moment(term.start), moment(term.end)),
        subject,
        key.public,
        tlv(0xA3, seq(*parts, *term.more)),
    )
    return Made(seq(said, signing.signature, bits(signing.sign(said))), key, subject, issuer, serial)


def revoked(by: Made, serials: dict[int, datetime], since: datetime, until: datetime, *more: bytes) -> bytes:
    rows = [seq(integer(serial), moment(day)) for serial, day in serials.items()]
    said = seq(
        integer(1),
        by.key.signature,
        by.subject,
        moment(since),
        moment(until),
        *([seq(*rows)] if rows else []),
        *([tlv(0xA0, seq(*more))] if more else []),
    )
    return seq(said, by.key.signature, bits(by.key.sign(said)))


def attribute(dotted: str, value: bytes) -> bytes:
    return seq(oid(dotted), set_of(value))


DATA, SIGNED_DATA, TST = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"


@cache
def signed(
    content: bytes,
    by: Made,
    *others: Made,
    attached: bool = False,
    at: datetime | None = SIGNED_AT,
    plain: bool = False,
    kind: str = DATA,
    unsigned: bytes = b"",
    more: tuple[bytes, ...] = (),
) -> bytes:
    """A CMS; `plain` has no signed attributes, `unsigned` is put beside the signature."""
    key = by.key
    attributes = [attribute("1.2.840.113549.1.9.3", oid(kind)), attribute("1.2.840.113549.1.9.4", octets(key.digest(content))), *more]
    attributes += [attribute("1.2.840.113549.1.9.5", moment(at))] if at else []
    value = key.sign(content if plain else set_of(*attributes))
    held = [tlv(0xA0, octets(content))] if attached else []
    info = seq(
        integer(1),
        seq(by.issuer, integer(by.serial)),
        key.digest_name,
        *([] if plain else [b"\xa0" + set_of(*attributes)[1:]]),
        key.signature,
        octets(value),
        *([tlv(0xA1, unsigned)] if unsigned else []),
    )
    certificates = tlv(0xA0, by.der, *(each.der for each in others))
    data = seq(integer(3), set_of(key.digest_name), seq(oid(kind), *held), certificates, set_of(info))
    return seq(oid(SIGNED_DATA), tlv(0xA0, data))


def stamp(over: bytes, by: Made, at: datetime) -> bytes:
    """An attribute with a time stamp over the bytes of a signature."""
    digest = hashlib.sha256(over).digest()
    imprint = seq(seq(oid("2.16.840.1.101.3.4.2.1"), tlv(0x05)), octets(digest))
    time = tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
    said = seq(integer(1), oid("1.2.3.4"), imprint, integer(7), time)
    return attribute("1.2.840.113549.1.9.16.2.14", signed(said, by, attached=True, at=None, kind=TST))


@dataclass(frozen=True)
class House:
    """A root, an authority under it, and a person under that; all with keys of one kind."""

    root: Made
    centre: Made
    person: Made


PERSON = name(cn="САРСЕНОВА АЙГЕРИМ", serial="IIN900101400123", o="АО «Qarlygash»", ou="BIN051140004567", c="KZ")


@cache
def house(gost: bool = True) -> House:
    keys: list[Key] = [gost_key(11), gost_key(22), gost_key(33)] if gost else [rsa_key(1), rsa_key(2), rsa_key(3)]
    root = certificate(keys[0], name(cn="ТЕСТ ROOT", c="KZ"), 1, authority=True)
    centre = certificate(keys[1], name(cn="ТЕСТ NCA", c="KZ"), 2, root, authority=True)
    return House(root, centre, certificate(keys[2], PERSON, 3, centre))


def p12(made: Made, password: bytes, *others: Made) -> bytes:
    assert isinstance(made.key, Rsa)
    load = load_der_x509_certificate
    secret = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"key", made.key.private, load(made.der), [load(each.der) for each in others], secret)
