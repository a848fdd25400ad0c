"""The key of a person out of a PKCS#12 file, with one plain error for each way in which it cannot sign."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanba.errors import InputError
from tanba.signing.certificates import DAMAGED, person_of
from tanba.signing.chain import for_documents
from tanba.signing.model import Person


@dataclass(frozen=True, slots=True)
class Key:
    """What signs: asn1crypto's certificate and private key, further certificates, and whom the certificate names."""

    certificate: Any
    private: Any
    others: tuple[Any, ...]
    person: Person


def read_key(written: bytes, password: str, now: datetime) -> Key:
    """The key in the bytes of a .p12 file, if its certificate may sign a document now. Raises InputError."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private, certificate, others = _opened(written, password)
    if private is None:
        raise InputError("the file holds no private key", "Export key and certificate together, as PKCS#12.")
    if certificate is None:
        raise InputError("the file holds no certificate", "Export key and certificate together, as PKCS#12.")
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise _other_algorithm()
    found = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    person = person_of(found)
    _may_sign(found, person, now)
    info = keys.PrivateKeyInfo.load(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    chain = tuple(x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in others)
    return Key(found, info, chain, person)


def _opened(written: bytes, password: str) -> tuple[Any, Any, list[Any]]:
    from asn1crypto import pkcs12
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        file = pkcs12.Pfx.load(written, strict=True)
        if file["version"].native != "v3" or not file["auth_safe"]["content_type"].native:
            raise ValueError
    except DAMAGED:
        raise InputError("is not a key file (PKCS#12)", "Give the .p12 or .pfx file that the certification centre gave you.") from None
    try:
        return load_key_and_certificates(written, password.encode() or None)
    except UnsupportedAlgorithm:
        raise _other_algorithm() from None
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise InputError("the password does not open the key", "Type it once more; capital letters count.") from None
        raise _other_algorithm() from None


def _other_algorithm() -> InputError:
    return InputError(
        "the key is of an algorithm that cannot sign a PDF here",
        "Only RSA and ECDSA can; with a GOST key sign in the register through NCALayer, or make a .cms file elsewhere.",
    )


def _may_sign(certificate: Any, person: Person, now: datetime) -> None:
    if person.end and person.end < now:
        raise InputError("the certificate of {name} expired on {day}", "Get a new one.", name=person.name, day=f"{person.end:%Y-%m-%d}")
    if person.start and person.start > now:
        raise InputError("the certificate of {name} begins on {day}", "Wait for it.", name=person.name, day=f"{person.start:%Y-%m-%d}")
    if not for_documents(certificate):
        raise InputError(
            "the certificate of {name} is not for signing documents", "Take the key for signing, not that for signing in.", name=person.name
        )
