"""Certificates and lists of revoked ones: read, asked whom they name, held against the key of their issuer. Pure but for `read_roots`.

asn1crypto parses lazily and refuses keys of algorithms it does not know, so keys are parsed here. Whatever it raises on damaged bytes
is one of `DAMAGED`.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from asn1crypto import core, crl, pem, x509

from tanba.errors import InputError
from tanba.signing import gost
from tanba.signing.model import Person, Roots

DAMAGED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, NotImplementedError)
LARGEST = 1 << 20

HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    gost.DIGEST: "streebog512",
}
WEAK = ("1.3.14.3.2.26", "1.2.840.113549.2.5")
"""SHA-1 and MD5."""

RSA, PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
SIGNATURES = {
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    gost.SIGNATURE: ("gost", "streebog512"),
}
NAMES = {"ecdsa": "ECDSA", "gost": "GOST 34.10-2015 512", "pss": "RSA-PSS", "rsa": "RSA"}


class _Algorithm(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class _Key(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("algorithm", _Algorithm), ("public_key", core.OctetBitString)]


class UnknownAlgorithmError(Exception):
    """Nothing here can check it."""


def hashed(name: str, content: bytes) -> bytes:
    """The digest of a content by a name of `HASHES`."""
    return gost.streebog(content) if name == "streebog512" else hashlib.new(name, content).digest()


def algorithm_of(value: Any, digest: str = "") -> tuple[str, str]:
    """(family, hash) of an AlgorithmIdentifier; `digest` is the hash where the signature's own name does not say one.

    Raises UnknownAlgorithmError.
    """
    oid = value["algorithm"].dotted
    if oid == RSA and digest:
        return "rsa", digest
    if oid == PSS:
        parameters = value["parameters"]
        name = HASHES.get(parameters["hash_algorithm"]["algorithm"].dotted, "")
        if name and parameters["mask_gen_algorithm"]["parameters"]["algorithm"].dotted in HASHES:
            return "pss", name
    if oid not in SIGNATURES:
        raise UnknownAlgorithmError(oid)
    return SIGNATURES[oid]


def verified(certificate: Any, algorithm: tuple[str, str], content: bytes, signature: bytes) -> bool:
    """Whether the key of a certificate signed the content. Raises UnknownAlgorithmError where the key is of another kind."""
    family, name = algorithm
    info = _Key.load(certificate["tbs_certificate"]["subject_public_key_info"].dump())
    if family == "gost":
        if info["algorithm"]["algorithm"].dotted != gost.KEY or gost.PARAMETERS not in _oids(info["algorithm"]["parameters"]):
            raise UnknownAlgorithmError("key")
        return gost.verify(bytes(core.OctetString.load(bytes(info["public_key"]))), gost.streebog(content), signature)
    return _verified(info.dump(), family, name, content, signature)


def _oids(parameters: Any) -> list[str]:
    """Names within the parameters of a key: that of the curve, and that of the digest."""
    return [each.native for each in core.SequenceOf.load(parameters.dump(), spec=core.ObjectIdentifier)]


def _verified(key: bytes, family: str, name: str, content: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    kinds: dict[str, Any] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
    digest = kinds[name]()
    try:
        public = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm):
        raise UnknownAlgorithmError("key") from None
    try:
        if isinstance(public, rsa.RSAPublicKey) and family in ("rsa", "pss"):
            pss = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
            public.verify(signature, content, pss if family == "pss" else padding.PKCS1v15(), digest)
        elif isinstance(public, ec.EllipticCurvePublicKey) and family == "ecdsa":
            public.verify(signature, content, ec.ECDSA(digest))
        else:
            raise UnknownAlgorithmError("key")
    except (InvalidSignature, ValueError):
        return False
    return True


def issued(certificate: Any, issuer: Any) -> bool:
    """Whether the issuer's key signed the certificate, or the list of revoked ones. Never raises."""
    try:
        content = certificate[0].dump()
        return verified(issuer, algorithm_of(certificate["signature_algorithm"]), content, bytes(certificate[2]))
    except (UnknownAlgorithmError, *DAMAGED):
        return False


def person_of(certificate: Any) -> Person:
    """Whom it names. NCA RK writes `IIN` and twelve digits as the serial number, `BIN` and twelve as the unit."""
    subject, issuer = _named(certificate.subject), _named(certificate.issuer)
    validity = certificate["tbs_certificate"]["validity"]
    name = subject.get("common_name") or subject.get("organization_name") or next(iter(subject.values()), "")
    return Person(
        name,
        subject.get("organization_name", ""),
        _number("IIN", subject.get("serial_number", "")),
        _number("BIN", subject.get("organizational_unit_name", "")),
        issuer.get("common_name") or next(iter(issuer.values()), ""),
        f"{certificate.serial_number:x}",
        validity["not_before"].native,
        validity["not_after"].native,
    )


def _named(name: Any) -> dict[str, str]:
    return {key: value if isinstance(value, str) else ", ".join(map(str, value)) for key, value in name.native.items()}


def _number(prefix: str, text: str) -> str:
    found = re.search(rf"{prefix}(\d{{12}})(?!\d)", text)
    return found[1] if found else ""


def extension(certificate: Any, name: str) -> Any:
    """The value of an extension; None where it is missing."""
    return next((each["extn_value"].parsed for each in extensions(certificate) if each["extn_id"].native == name), None)


def extensions(certificate: Any) -> list[Any]:
    """All of them."""
    return list(certificate["tbs_certificate"]["extensions"] or [])


def read_roots(paths: Iterable[Path]) -> Roots:
    """Certificates and lists out of PEM or DER files. Raises InputError."""
    certificates: list[Any] = []
    lists: list[Any] = []
    for path in paths:
        found = _read(path)
        certificates += [each for each in found if isinstance(each, x509.Certificate)]
        lists += [each for each in found if isinstance(each, crl.CertificateList)]
    return Roots(certificates, lists)


def _read(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            written = file.read(LARGEST * 16 + 1)
    except OSError as error:
        raise InputError("cannot be read: {problem}", "Give a file of certificates, PEM or DER.", path, problem=error.strerror) from None
    try:
        return loaded(written)
    except DAMAGED:
        raise InputError("holds no certificate and no list of revoked ones", "Give a PEM or DER file.", path) from None


def loaded(written: bytes) -> list[Any]:
    """The same from bytes. Raises one of DAMAGED."""
    parts = [(name, der) for name, _, der in pem.unarmor(written, multiple=True)] if pem.detect(written) else [("", written)]
    found: list[Any] = []
    for name, der in parts:
        if name in ("", "CERTIFICATE", "X509 CRL"):
            found.append(_one(name, der))
    if not found:
        raise ValueError
    return found


def _one(name: str, der: bytes) -> Any:
    """A DER file does not say what it is: it is a list where it is no certificate."""
    if name != "X509 CRL":
        try:
            certificate = x509.Certificate.load(der, strict=True)
            person_of(certificate)
        except DAMAGED:
            if name:
                raise
        else:
            return certificate
    revoked = crl.CertificateList.load(der, strict=True)
    revoked["tbs_cert_list"]["this_update"].native  # noqa: B018 - parsed lazily
    return revoked
