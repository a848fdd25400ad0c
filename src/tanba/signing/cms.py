"""Signatures in CMS (RFC 5652), attached or beside their content: what fits, who signed, and what is not known. Pure.

A check never raises for what a signature says; only bytes that are no CMS at all are refused.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, core, pem, tsp

from tanba.errors import InputError
from tanba.signing import chain
from tanba.signing.certificates import (
    DAMAGED,
    HASHES,
    NAMES,
    WEAK,
    UnknownAlgorithmError,
    algorithm_of,
    extension,
    hashed,
    person_of,
    verified,
)
from tanba.signing.model import Roots, Signed

LARGEST, LARGEST_GOST, MOST = 60_000_000, 2_000_000, 20
"""Bytes of a signature with its content, bytes that Streebog is asked for (some 10 s), and signatures that are looked at."""

SKEW = timedelta(minutes=10)
"""By how much a signer's or an authority's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class _Signer:
    """One signer of a CMS: its parsed information, its certificate or None, all certificates that came with it, the kind of content."""

    info: Any
    certificate: Any
    others: Sequence[Any]
    kind: str


def check(written: bytes, content: bytes | None, roots: Roots, now: datetime) -> list[Signed]:
    """Every signature of a CMS in DER, PEM or base64, over `content` or, where that is None, over what it holds itself.

    Raises InputError where it is no CMS, or holds no content and none is given.
    """
    data = parse(written)
    held = held_content(data)
    if content is None and held is None:
        raise InputError("the signature holds no content, and no file was given", "Give the file that was signed.")
    differs = content is not None and held is not None and content != held
    said = content if held is None else held
    return [_checked(each, said or b"", roots, now).with_findings(*(["content_differs"] if differs else [])) for each in _signers(data)]


def parse(written: bytes) -> Any:
    """The SignedData. Raises InputError."""
    if len(written) > LARGEST:
        raise InputError("is too large for a signature", "Sign a file of at most {limit} MB.", limit=LARGEST // 1_000_000)
    try:
        info = cms.ContentInfo.load(_der(written), strict=True)
        if info["content_type"].native != "signed_data":
            raise ValueError
        data = info["content"]
        if not 0 < len(data["signer_infos"]) <= MOST:
            raise ValueError
        return data
    except DAMAGED:
        raise InputError("is not an electronic signature (CMS)", "Give the .cms or .p7s file as it was made.") from None


def looks_like_one(written: bytes) -> bool:
    """Whether these bytes are a CMS, so that their fate is told rather than passed over."""
    try:
        return bool(cms.ContentInfo.load(_der(written))["content_type"].native == "signed_data")
    except DAMAGED:
        return False


def _der(written: bytes) -> bytes:
    """Bytes of ASN.1 begin with the tag of a sequence; what does not is PEM, or base64 without its frame."""
    if written[:1] == b"\x30":
        return written
    if pem.detect(written):
        return bytes(pem.unarmor(written)[2])
    try:
        return base64.b64decode(b"".join(written.split()), validate=True)
    except binascii.Error:
        raise ValueError from None


def held_content(data: Any) -> bytes | None:
    """What an attached signature holds; None for one that lies beside its file. Raises InputError."""
    try:
        held = data["encap_content_info"]["content"]
        return None if held is None or isinstance(held, core.Void) else bytes(held)
    except DAMAGED:
        raise InputError("is not an electronic signature (CMS)", "Give the .cms or .p7s file as it was made.") from None


def _signers(data: Any) -> list[_Signer]:
    try:
        others = [each.chosen for each in data["certificates"] or [] if each.name == "certificate"]
        kind = data["encap_content_info"]["content_type"].native
        return [_Signer(each, _certificate(each["sid"], others), others, kind) for each in data["signer_infos"]]
    except DAMAGED:
        raise InputError("is not an electronic signature (CMS)", "Give the .cms or .p7s file as it was made.") from None


def _certificate(sid: Any, others: Sequence[Any]) -> Any:
    """The certificate that a signer names, by issuer and number or by the identifier of its key."""
    for each in others:
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen["issuer"].dump() == each.issuer.dump() and sid.chosen["serial_number"].native == each.serial_number
        else:
            named = sid.chosen.native == each.key_identifier
        if named:
            return each
    return None


def _checked(signer: _Signer, content: bytes, roots: Roots, now: datetime) -> Signed:
    try:
        if signer.certificate is None:
            return Signed(None).with_findings("no_certificate")
        person = person_of(signer.certificate)
        found = Signed(person, stated=_signing_time(signer.info))
    except DAMAGED:
        return Signed(None).with_findings("unreadable")
    try:
        family, name = algorithm_of(signer.info["signature_algorithm"], _hash(signer.info))
        found = Signed(person, NAMES[family], found.stated)
        findings = _fits(signer, (family, name), content)
        stamped, more = _stamp(signer.info, roots, now)
        found = Signed(person, NAMES[family], found.stated, stamped)
        return found.with_findings(*findings, *more, *_believed(signer, found, roots, now))
    except _WeakError:
        return found.with_findings("weak_algorithm", "revocation_not_checked")
    except _LargeError:
        return found.with_findings("too_large", "revocation_not_checked")
    except UnknownAlgorithmError:
        return found.with_findings("unknown_algorithm", "revocation_not_checked")
    except DAMAGED:
        return found.with_findings("unreadable", "revocation_not_checked")


class _WeakError(Exception):
    """A digest that others can forge."""


class _LargeError(Exception):
    """More than is read with a slow digest."""


def _hash(info: Any) -> str:
    oid = info["digest_algorithm"]["algorithm"].dotted
    if oid in WEAK:
        raise _WeakError
    if oid not in HASHES:
        raise UnknownAlgorithmError(oid)
    return HASHES[oid]


def _fits(signer: _Signer, algorithm: tuple[str, str], content: bytes) -> list[str]:
    """Whether digest, signature and the certificate that the signer means fit together."""
    name = _hash(signer.info)
    if name == "streebog512" and len(content) > LARGEST_GOST:
        raise _LargeError
    attributes, signature = signer.info["signed_attrs"], bytes(signer.info["signature"])
    if not attributes:
        good = not _is_attributes(content) and verified(signer.certificate, algorithm, content, signature)
        return [] if good else ["wrong_signature"]
    found = [] if attribute(attributes, "message_digest") == hashed(name, content) else ["content_differs"]
    said = b"\x31" + attributes.dump()[1:]  # signed as a SET, sent under a tag of its own
    good = attribute(attributes, "content_type") == signer.kind and verified(signer.certificate, algorithm, said, signature)
    found += [] if good else ["wrong_signature"]
    return found + ([] if _meant(attributes, signer.certificate) else ["other_certificate"])


def _is_attributes(content: bytes) -> bool:
    """Whether a content is what a signature with attributes covers: cut out of one, it would seem to be signed itself."""
    try:
        return bool(cms.CMSAttributes.load(content, strict=True).native)
    except DAMAGED:
        return False


def attribute(attributes: Any, name: str) -> Any:
    """The native value of an attribute that stands there once; else None."""
    found = [each for each in attributes if each["type"].native == name]
    return found[0]["values"][0].native if len(found) == 1 and len(found[0]["values"]) == 1 else None


def _meant(attributes: Any, certificate: Any) -> bool:
    """Whether the signer's own reference (ESS) is to this certificate; true where there is none."""
    for each in attributes:
        if each["type"].native == "signing_certificate_v2":
            first = each["values"][0]["certs"][0]
            name = HASHES.get(first["hash_algorithm"]["algorithm"].dotted)
            return name is not None and bytes(first["cert_hash"]) == hashed(name, certificate.dump())
    return True


def _signing_time(info: Any) -> datetime | None:
    found = attribute(info["signed_attrs"], "signing_time") if info["signed_attrs"] else None
    return found if isinstance(found, datetime) else None


def _stamp(info: Any, roots: Roots, now: datetime) -> tuple[datetime | None, list[str]]:
    """When an authority that is believed saw the signature, and what is wrong with one that is not."""
    for each in info["unsigned_attrs"] or []:
        if each["type"].native != "signature_time_stamp_token":
            continue
        moment = _believed_stamp(each, bytes(info["signature"]), roots, now)
        return moment, [] if moment else ["stamp_not_trusted", "time_not_proven"]
    return None, ["time_not_proven"]


def _believed_stamp(each: Any, over: bytes, roots: Roots, now: datetime) -> datetime | None:
    """Older stamps of NCA RK use algorithms that are not known here: they prove nothing, and spoil nothing."""
    try:
        return stamped(each["values"][0]["content"], over, roots, now)
    except (UnknownAlgorithmError, _WeakError, _LargeError, *DAMAGED):
        return None


def stamped(token: Any, over: bytes, roots: Roots, now: datetime) -> datetime | None:
    """The time in a token over these bytes; None where it does not hold, or leads to no root."""
    held = bytes(token["encap_content_info"]["content"])
    said = tsp.TSTInfo.load(held, strict=True)
    imprint, moment = said["message_imprint"], said["gen_time"].native
    name = HASHES.get(imprint["hash_algorithm"]["algorithm"].dotted)
    if name is None or bytes(imprint["hashed_message"]) != hashed(name, over) or moment > now + SKEW:
        return None
    for signer in _signers(token)[:1]:
        if signer.certificate is None or _fits(signer, algorithm_of(signer.info["signature_algorithm"], _hash(signer.info)), held):
            return None
        extended = extension(signer.certificate, "extended_key_usage")
        stamps = extended is not None and "time_stamping" in extended.native
        if (
            stamps
            and chain.valid_at(signer.certificate, moment)
            and chain.way(signer.certificate, signer.others, roots.certificates, moment)
        ):
            return moment  # type: ignore[no-any-return]
    return None


def _believed(signer: _Signer, signed: Signed, roots: Roots, now: datetime) -> list[str]:
    """Term, use, way to a root, revocation: at the proven time, else at the one the signer states, else now."""
    certificate, moment = signer.certificate, signed.stamped or signed.stated or now
    validity = certificate["tbs_certificate"]["validity"]
    found = [] if chain.for_documents(certificate) else ["wrong_usage"]
    if moment > validity["not_after"].native:
        found.append("expired_when_signed")
    elif moment < validity["not_before"].native or moment > now + SKEW:
        found.append("not_yet_valid")
    elif now > validity["not_after"].native and signed.stamped is None:
        found.append("expired_since")
    path = chain.way(certificate, signer.others, roots.certificates, moment)
    if not path:
        return [*found, "issuer_unknown" if roots.certificates else "no_roots", "revocation_not_checked"]
    return found + chain.revocation(path, roots, signed.stamped, now)
