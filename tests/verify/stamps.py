"""A throw-away time-stamping authority: tokens by `openssl ts`, and tokens built here byte by byte, so that they can be wrong."""

import datetime as dt
import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

NOW = dt.datetime(2026, 11, 22, 9, 31, tzinfo=dt.UTC)
STAMPING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.8")
SHA256_OID, SHA1_OID = "2.16.840.1.101.3.4.2.1", "1.3.14.3.2.26"


def new_key(scheme: str, name: str = "") -> Any:
    """A key of the scheme; on P-256 it follows from the name, so that a run can be repeated."""
    if name and scheme == "p256":
        return ec.derive_private_key(int.from_bytes(hashlib.sha256(name.encode()).digest()) >> 1, ec.SECP256R1())
    if scheme == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if scheme == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[scheme])


@dataclass
class Party:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def issue(
    name: str,
    by: Party | None,
    scheme: str = "p256",
    *,
    ca: bool = False,
    depth: int | None = None,
    purposes: tuple[x509.ObjectIdentifier, ...] = (STAMPING,),
    critical: bool = True,
    days: tuple[int, int] = (-1000, 1000),
    usage: str = "",
    odd: bool = False,
    seed: str = "",
) -> Party:
    """A certificate: a root where `by` is None; `odd` adds a critical extension that nobody knows."""
    key = new_key(scheme, seed)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1)
        .not_valid_before(NOW + dt.timedelta(days=days[0]))
        .not_valid_after(NOW + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca, depth), critical=True)
    )
    if usage:
        flags = {"digital_signature": usage == "data", "key_cert_sign": usage == "certificates", "crl_sign": usage == "crl"}
        rest = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
        builder = builder.add_extension(x509.KeyUsage(**flags, **dict.fromkeys(rest, False)), critical=True)
    if not ca and purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    if odd:
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"), critical=True)
    signing = by.key if by else key
    if isinstance(signing, ec.EllipticCurvePrivateKey):
        return Party(builder.sign(signing, hashes.SHA256(), ecdsa_deterministic=True), key)
    return Party(builder.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256()), key)


# Tokens byte by byte


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 + len(length)]) + length + body


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = [first * 40 + second]
    for arc in rest:
        digits = [arc & 127]
        while arc > 127:
            arc >>= 7
            digits.insert(0, arc & 127 | 128)
        out += digits
    return der(6, bytes(out))


def algorithm(dotted: str) -> bytes:
    return der(0x30, oid(dotted), der(5))


@dataclass
class Token:
    """A time stamp with every part open to change."""

    text: bytes
    signer: Party
    chain: list[bytes] = field(default_factory=list)
    imprint_oid: str = SHA256_OID
    imprint: bytes | None = None
    time: bytes = b"20261122093100Z"
    status: int = 0
    content_type: str = "1.2.840.113549.1.9.16.1.4"
    digest: bytes | None = None
    certificate_digest: bytes | None = None
    bind: str = "v2"
    spoil: Callable[[bytes], bytes] = bytes
    signature_oid: str | None = None
    info_version: int = 1
    by_key_identifier: bool = False
    more_attributes: tuple[bytes, ...] = ()
    serial_shift: int = 0

    def response(self) -> bytes:
        status = der(0x30, der(2, bytes([self.status])))
        if self.status > 1:
            return der(0x30, status)
        imprint = hashlib.sha256(self.text).digest() if self.imprint is None else self.imprint
        info = der(
            0x30,
            der(2, bytes([self.info_version])),
            oid("1.2.3.4.1"),
            der(0x30, algorithm(self.imprint_oid), der(4, imprint)),
            der(2, b"\x05"),
            der(0x18, self.time),
            der(0x30, der(2, b"\x01")),
            der(2, b"\x07"),
        )
        tst = "1.2.840.113549.1.9.16.1.4"
        hashed = hashlib.sha1(self.signer.der) if self.bind == "v1" else hashlib.sha256(self.signer.der)
        bound = hashed.digest() if self.certificate_digest is None else self.certificate_digest
        ess = {"v1": "1.2.840.113549.1.9.16.2.12", "v2": "1.2.840.113549.1.9.16.2.47"}
        digest = hashlib.sha256(info).digest() if self.digest is None else self.digest
        attributes = [
            der(0x30, oid("1.2.840.113549.1.9.3"), der(0x31, oid(self.content_type))),
            der(0x30, oid("1.2.840.113549.1.9.4"), der(0x31, der(4, digest))),
            *self.more_attributes,
        ]
        if self.bind:
            attributes.append(der(0x30, oid(ess[self.bind]), der(0x31, der(0x30, der(0x30, der(0x30, der(4, bound)))))))
        signed = b"".join(sorted(attributes))
        signature_oid, signature = self._sign(der(0x31, signed))
        certificate = self.signer.certificate
        serial = certificate.serial_number + self.serial_shift
        named = der(0x30, certificate.issuer.public_bytes(), der(2, serial.to_bytes(serial.bit_length() // 8 + 1)))
        signer_info = der(
            0x30,
            der(2, b"\x03" if self.by_key_identifier else b"\x01"),
            der(0x80, b"12345678") if self.by_key_identifier else named,
            algorithm(SHA256_OID),
            der(0xA0, signed),
            der(0x30, oid(self.signature_oid or signature_oid)),
            der(4, self.spoil(signature)),
        )
        content = der(
            0x30,
            der(2, b"\x03"),
            der(0x31, algorithm(SHA256_OID)),
            der(0x30, oid(tst), der(0xA0, der(4, info))),
            der(0xA0, *self.chain) if self.chain else b"",
            der(0x31, signer_info),
        )
        return der(0x30, status, der(0x30, oid("1.2.840.113549.1.7.2"), der(0xA0, content)))

    def _sign(self, data: bytes) -> tuple[str, bytes]:
        key = self.signer.key
        if isinstance(key, rsa.RSAPrivateKey):
            return "1.2.840.113549.1.1.11", key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return "1.3.101.112", key.sign(data)
        return "1.2.840.10045.4.3.2", key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


# Tokens by openssl

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
"""


def openssl_response(text: bytes, signer: Party, chain: list[Party], folder: Path, *, ess: str = "sha256", digest: str = "sha256") -> bytes:
    """What `openssl ts` answers to a query over the text, with certificates."""
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder, ess=ess))
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "key.pem").write_bytes(signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "chain.pem").write_bytes(b"".join(party.pem for party in chain))
    (folder / "text").write_bytes(text)
    query = ["openssl", "ts", "-query", "-data", "text", f"-{digest}", "-cert", "-out", "query.tsq"]
    reply = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-signer", "signer.pem", "-inkey", "key.pem"]
    subprocess.run(query, cwd=folder, check=True, capture_output=True)
    subprocess.run([*reply, "-chain", "chain.pem", "-out", "reply.tsr"], cwd=folder, check=True, capture_output=True)
    return (folder / "reply.tsr").read_bytes()
