"""From a certificate to a root that the reader believes, at a moment, and whether a list revokes one on the way. Pure.

Less than RFC 5280 and never more generous: names are compared by bytes, policies are not looked at, and a critical extension that is not
understood, such as constraints on names, ends the way.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from tanba.signing.certificates import DAMAGED, extension, extensions, issued
from tanba.signing.model import Roots

DEPTH = 6
TRIED = 200
"""Signatures that are checked at most on the way: who hands in thousands of certificates of one name gets no answer."""

UNDERSTOOD = ("basic_constraints", "key_usage", "extended_key_usage", "certificate_policies", "subject_alt_name")
FOR_DOCUMENTS = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "2.5.29.37.0", "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12")
"""Uses that allow to sign a document: mail protection, documents, any, and those of Adobe and Microsoft."""


def way(certificate: Any, others: Sequence[Any], roots: Sequence[Any], moment: datetime) -> list[Any]:
    """Certificates from this one to a root; empty where there is none."""
    left = [TRIED]
    return _way([certificate], others, roots, moment, left)


def _way(path: list[Any], others: Sequence[Any], roots: Sequence[Any], moment: datetime, left: list[int]) -> list[Any]:
    last = path[-1]
    if any(last.dump() == root.dump() for root in roots):
        return path
    if len(path) > DEPTH:
        return []
    for issuer in [*roots, *others]:
        if issuer.subject.dump() != last.issuer.dump() or any(issuer.dump() == each.dump() for each in path):
            continue
        left[0] -= 1
        fits = left[0] > 0 and _may_issue(issuer, len(path) - 1) and valid_at(issuer, moment) and issued(last, issuer)
        if fits and (found := _way([*path, issuer], others, roots, moment, left)):
            return found
    return []


def _may_issue(issuer: Any, below: int) -> bool:
    """Whether it is an authority's; `below` are authorities between it and the last one."""
    try:
        basic, usage = extension(issuer, "basic_constraints"), extension(issuer, "key_usage")
        if not basic or not basic["ca"].native or not understood(issuer):
            return False
        most = basic["path_len_constraint"].native
        return (most is None or below <= most) and (usage is None or "key_cert_sign" in usage.native)
    except DAMAGED:
        return False


def understood(certificate: Any) -> bool:
    """Whether every critical extension is one that is looked at."""
    return all(each["extn_id"].native in UNDERSTOOD for each in extensions(certificate) if each["critical"].native)


def valid_at(certificate: Any, moment: datetime) -> bool:
    """Whether its term covers a moment."""
    validity = certificate["tbs_certificate"]["validity"]
    return bool(validity["not_before"].native <= moment <= validity["not_after"].native)


def for_documents(certificate: Any) -> bool:
    """Whether its uses allow to sign a document: those of sign-in certificates do not."""
    usage, extended = extension(certificate, "key_usage"), extension(certificate, "extended_key_usage")
    plain = usage is None or bool({"digital_signature", "non_repudiation"} & usage.native)
    return plain and understood(certificate) and (extended is None or any(each.dotted in FOR_DOCUMENTS for each in extended))


def revocation(path: Sequence[Any], roots: Roots, moment: datetime | None, now: datetime) -> list[str]:
    """`revoked`, `crl_unusable`, `revocation_not_checked`, or nothing where a list of each issuer on the way was looked at.

    `moment` is when it was signed, None where nobody proves it: then revoked is revoked, whenever.
    """
    found: list[str] = []
    covered = bool(path)
    for certificate, issuer in pairwise(path):
        lists = [each for each in roots.lists if each.issuer.dump() == certificate.issuer.dump() and issued(each, issuer)]
        fresh = [each for each in lists if _fresh(each, now)]
        found += ["crl_unusable"] if lists and not fresh else []
        covered = covered and bool(fresh)
        found += ["revoked"] if any(_revokes(each, certificate, moment) for each in lists) else []
    return [*found, *([] if covered and len(path) > 1 else ["revocation_not_checked"])]


def _fresh(revoked: Any, now: datetime) -> bool:
    """Whether a list is of today, and whole: one of changes only (delta), or of some certificates, says so in a critical extension."""
    said = revoked["tbs_cert_list"]
    following = said["next_update"].native
    whole = not any(each["critical"].native for each in said["crl_extensions"] or [])
    return whole and following is not None and said["this_update"].native <= now <= following


def _revokes(revoked: Any, certificate: Any, moment: datetime | None) -> bool:
    rows = revoked["tbs_cert_list"]["revoked_certificates"] or []
    since = [row["revocation_date"].native for row in rows if row["user_certificate"].native == certificate.serial_number]
    return any(moment is None or each <= moment for each in since)
