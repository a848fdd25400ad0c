"""What an organisation marks with: a secret for watermarks and text marks, and a certificate for C2PA manifests. Pure.

The private authority is good for proving to oneself and to partners who take its root. For everybody else an organisation configures the
certificate of a public authority.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tanba.c2pa_io import Credential
from tanba.errors import InputError

AUTHORITY_DAYS, LEAF_DAYS = 3650, 825


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whoever marks. The newest secret marks, all read: what was marked under an older one is still found. `roots` (PEM) are trusted."""

    organisation: str
    secrets: tuple[bytes, ...] = field(repr=False)
    credential: Credential
    roots: bytes = b""

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """One key of 32 bytes for each secret, newest first, so that no two purposes share one."""
        return tuple(hmac.digest(secret, b"tanba.marking/1 " + purpose.encode(), "sha256") for secret in self.secrets)


@dataclass(frozen=True, slots=True)
class Authority:
    """A private authority: certificate and key, PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


def new_authority(organisation: str, now: datetime) -> Authority:
    """A root of one's own."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = _name("tanba marking root", organisation)
    built = _builder(name, name, key.public_key(), now, AUTHORITY_DAYS).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    signed = built.add_extension(_usage(signs_certificates=True), True).sign(key, None)
    return Authority(signed.public_bytes(Encoding.PEM), _pem(key))


def new_leaf(authority: Authority, organisation: str, now: datetime) -> Credential:
    """A certificate that signs manifests. C2PA takes no self-signed leaf, and asks for an extended key usage."""
    root = x509.load_pem_x509_certificate(authority.certificate)
    signer = load_pem_private_key(authority.key, None)
    if not isinstance(signer, ed25519.Ed25519PrivateKey):
        raise InputError("is not the key of the marking root", "Restore the file from your backup.")
    key = ed25519.Ed25519PrivateKey.generate()
    built = _builder(_name("tanba marking", organisation), root.subject, key.public_key(), now, LEAF_DAYS)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), True).add_extension(_usage(), True)
    built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    built = built.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
    return Credential(built.sign(signer, None).public_bytes(Encoding.PEM) + authority.certificate, _pem(key))


def algorithm_of(key: bytes) -> str:
    """C2PA's name for the algorithm of a private key (PEM). Raises InputError."""
    try:
        found = load_pem_private_key(key, None)
    except (ValueError, TypeError):
        raise InputError("is not a private key in PEM without a password", "Convert it with `openssl pkey`.") from None
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(found, ec.EllipticCurvePrivateKey) and found.curve.name in CURVES:
        return CURVES[found.curve.name]
    if isinstance(found, rsa.RSAPrivateKey):
        return "ps256"
    raise InputError("is of a kind that C2PA does not know", "Use Ed25519, P-256, P-384, P-521 or RSA.")


CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


def _builder(subject: x509.Name, issuer: x509.Name, key: ed25519.Ed25519PublicKey, now: datetime, days: int) -> x509.CertificateBuilder:
    begin = now.replace(microsecond=0) - timedelta(hours=1)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), begin, begin + timedelta(days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)


def _name(common: str, organisation: str) -> x509.Name:
    """`organisation`: at most 64 letters, as X.520 allows."""
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64])] if organisation else []
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common), *parts])


def _usage(signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
