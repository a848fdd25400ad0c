"""Receipts: this text, in this language and channel, was shown to, or accepted by, this pseudonymous user of this system. Pure.

A receipt is what a register signs with Ed25519: `base64url(claims).base64url(signature)`, claims being canonical JSON
(`tanba.notice-receipt/1`). Whoever has the public key checks it without the register; only the register makes one. Each has a salt
of its own, so that a batch of commitments can be sealed and each receipt proved later, while a forgotten one stays closed.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import loads
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tanba.digest import canonical_json
from tanba.errors import EvidenceError, InputError
from tanba.strings import LANGUAGES

SCHEMA, BATCH = "tanba.notice-receipt/1", "tanba.notice-batch/1"
DOMAIN = b"tanba.notice-receipt/1\n"
"""Stands before what is signed, so that no signature of another kind can be taken for one of these."""

LONGEST = 4096
AHEAD = timedelta(minutes=2)
"""Clocks of two machines may differ by so much."""

TIME = "%Y-%m-%dT%H:%M:%SZ"
_NAME = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_HEX = re.compile(r"[0-9a-f]{64}")


class ForgedError(EvidenceError):
    """Not signed by this register, or changed since."""

    word = "forged"


class OthersError(EvidenceError):
    """Genuine, but of another user or another system."""

    word = "others"


class ExpiredError(EvidenceError):
    """Genuine, and too old."""

    word = "expired"


class EarlyError(EvidenceError):
    """Genuine, and from a time that has not come: somebody's clock is wrong."""

    word = "early"


class FormerError(EvidenceError):
    """Genuine, but of a text that is no longer in force."""

    word = "former"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a receipt says. `text` is the digest of exactly what was shown; `via` says who reports it: a page, or a service with a token."""

    id: str
    act: str
    subject: str
    system: str
    user: str
    channel: str
    language: str
    version: str
    text: str
    via: str
    time: str
    expires: str

    def __post_init__(self) -> None:
        """Raises InputError on a value outside its form."""
        check_user(self.user)
        names = (self.id, self.system, self.channel, self.version)
        words = self.act in ("shown", "accepted") and self.subject in ("notice", "agreement") and self.via in ("page", "service")
        plain = all(map(_NAME.fullmatch, names)) and self.language in LANGUAGES and words and _HEX.fullmatch(self.text)
        if not plain or moment(self.expires) <= moment(self.time):
            raise InputError("is not a receipt of a notice", "It is the text or the JSON that the register returned.")

    def __bytes__(self) -> bytes:
        """Canonical JSON."""
        return canonical_json({**asdict(self), "schema": SCHEMA})


class Signer:
    """The key of a register. `text` is its secret, 64 hex digits; `public` is what others check with."""

    def __init__(self, seed: bytes) -> None:
        """`seed`: 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw().hex()

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Raises InputError, without showing what was written."""
        if not _HEX.fullmatch(text.strip()):
            raise InputError("is not a key that signs receipts", "Restore the file from your backup.")
        return cls(bytes.fromhex(text.strip()))

    def sign(self, claims: Claims) -> str:
        """The receipt."""
        return f"{_encode(bytes(claims))}.{_encode(self._key.sign(DOMAIN + bytes(claims)))}"


def check_user(user: Any) -> str:
    """A pseudonym: nobody's number, name or address. Raises InputError."""
    if not isinstance(user, str) or not _NAME.fullmatch(user) or re.fullmatch(r"[0-9]{10,15}", user):
        raise InputError(
            "a user is named by a pseudonym: up to 64 letters, digits, . _ ~ -",
            "No e-mail address, telephone number or IIN: draw a random text and keep it with the account.",
        )
    return user


def read(token: str, keys: Sequence[str]) -> Claims:
    """What a receipt says, its signature checked against the public `keys` (hex). Raises ForgedError."""
    payload, signature = _parts(token)
    if not any(_signed(key, payload, signature) for key in keys):
        raise ForgedError("the receipt was changed, or this register did not sign it", "Show the notice again.")
    return _claims(payload)


def token_in(written: str) -> str:
    """The receipt in a text: as it is, or in the JSON that the register and the component give. Raises InputError."""
    text = written.strip()
    try:
        found = loads(text)["receipt"] if text.startswith("{") else text
        if isinstance(found, str) and found:
            return found
    except (ValueError, KeyError, RecursionError):
        pass
    raise InputError("is not a receipt of a notice", "It is the text or the JSON that the register returned.")


def verify(claims: Claims, now: datetime, *, system: str | None = None, user: str | None = None, version: str | None = None) -> None:
    """Whether a genuine receipt counts here and now; what is None is not asked.

    Raises OthersError, EarlyError, ExpiredError, FormerError, in this order.
    """
    if system is not None and claims.system != system:
        raise OthersError("the receipt is of another system", "Show the notice of this one.")
    if user is not None and claims.user != user:
        raise OthersError("the receipt is of another user", "Show the notice to this one.")
    # moments are written in one form, so that texts sort as times do
    if claims.time > said(now + AHEAD):
        raise EarlyError("the receipt is of {time}, which has not come yet", "Check the clocks of both machines.", time=claims.time)
    if claims.expires <= said(now):
        raise ExpiredError("the receipt expired at {time}", "Show the notice again.", time=claims.expires)
    if version is not None and claims.version != version:
        raise FormerError("the receipt is of a former text ({version})", "Show the text that is in force.", version=claims.version)


def commitment(salt: str, token: str) -> str:
    """What a batch holds of one receipt, 64 hex digits; `salt`: 64 hex digits."""
    return sha256(b"tanba.notice-batch/1\n" + bytes.fromhex(salt) + sha256(token.encode()).digest()).hexdigest()


def batch(id: str, rows: Sequence[tuple[str, str]]) -> bytes:
    """The artifact that seals receipts, given as (salt, token): sorted commitments, so that order tells nothing. Canonical JSON."""
    return canonical_json({"commitments": sorted(commitment(*row) for row in rows), "count": len(rows), "id": id, "schema": BATCH})


def moment(text: str) -> datetime:
    """RFC 3339 in UTC, whole seconds. Raises InputError."""
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        raise InputError("is not a receipt of a notice", "It is the text or the JSON that the register returned.") from None


def said(now: datetime) -> str:
    """The same moment as a receipt writes it."""
    return now.astimezone(UTC).strftime(TIME)


def _parts(token: str) -> tuple[bytes, bytes]:
    payload, dot, signature = token.partition(".") if len(token) <= LONGEST and token.isascii() else ("", "", "")
    try:
        found = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if dot and f"{_encode(found[0])}.{_encode(found[1])}" == token:
            return found
    except (Base64Error, ValueError):
        pass
    raise ForgedError("the receipt was changed, or this register did not sign it", "Show the notice again.")


def _claims(payload: bytes) -> Claims:
    try:
        value = loads(payload)
        if value.pop("schema") == SCHEMA and bytes(claims := Claims(**value)) == payload:
            return claims
    except (ValueError, TypeError, KeyError, AttributeError, InputError):
        pass
    raise ForgedError("the receipt was changed, or this register did not sign it", "Show the notice again.")


def _signed(key: str, payload: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, DOMAIN + payload)
        return True
    except (InvalidSignature, ValueError):
        return False


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
