"""The only file that imports c2pa: sign a manifest into a file, read and validate one (C2PA 2.x, through c2pa-rs).

Its settings matter more than the library: a thumbnail costs a hundred times the signature, and a check after signing four times. A context
and a signer belong to the process that made them, and are not shared between threads.
"""

import io
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanba.errors import InputError

MEDIA = (
    *(f"image/{name}" for name in ("jpeg", "png", "webp", "tiff", "gif", "avif", "heic", "heif", "svg+xml")),
    *("application/pdf", "video/mp4", "video/quicktime", "audio/wav", "audio/mpeg", "audio/flac", "audio/mp4"),
)
"""Media types that take a manifest."""

PARENT = "parent"
"""Name of the ingredient in `parameters.ingredientIds` of an action."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Who signs: a chain (PEM, leaf first, without or with its root), the leaf's key (PEM), and an RFC 3161 authority's address."""

    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str = "ed25519"
    timestamp_authority: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A manifest that was found. `state` is `trusted` (signed by a root the reader trusts), `valid` or `invalid`.

    `problems` are C2PA's status codes; `issuer` the certificate's organisation; `assertions` {label: data} of the newest manifest.
    """

    state: str
    issuer: str
    common_name: str
    time: str | None
    assertions: Mapping[str, Any]
    ingredients: Sequence[Mapping[str, Any]]
    problems: Sequence[str]
    count: int
    title: str = ""


def sign(
    data: bytes, media_type: str, definition: Mapping[str, Any], credential: Credential, parent: bytes | None = None
) -> tuple[bytes, bytes]:
    """(the file with the manifest, the manifest store).

    `parent` is the file it was made from: with its manifests it becomes an ingredient, which an action of the definition names as `PARENT`.
    Raises InputError where the file does not take a manifest.
    """
    import c2pa

    out = io.BytesIO()
    try:
        with c2pa.Builder(dict(definition), context=_context()) as builder:
            if parent is not None:
                ingredient = {"label": PARENT, "relationship": "parentOf", "title": definition.get("title", "")}
                builder.add_ingredient(ingredient, media_type, io.BytesIO(parent))
            store = builder.sign(_signer(credential), media_type, io.BytesIO(data), out)
    except c2pa.C2paError as error:
        raise InputError("takes no C2PA manifest ({problem})", "Is the file whole?", problem=_short(error)) from None
    return out.getvalue(), bytes(store)


def read(data: bytes, media_type: str, roots: bytes = b"", store: bytes | None = None) -> Reading | None:
    """The newest manifest of a file, None where there is none. `roots` (PEM) are whom the reader trusts; `store` lies beside the file.

    Never raises for what stands in the file: what cannot be read is `invalid`.
    """
    import c2pa

    try:
        with c2pa.Reader(media_type, io.BytesIO(data), manifest_data=store, context=_context(roots)) as reader:
            return _reading(json.loads(reader.json()))
    except c2pa.C2paError.ManifestNotFound:
        return None
    except (c2pa.C2paError, ValueError) as error:
        return None if "not supported" in str(error).lower() else Reading("invalid", "", "", None, {}, (), (_short(error),), 0)


def _reading(found: Mapping[str, Any]) -> Reading:
    manifest = found["manifests"].get(found.get("active_manifest"), {})
    signature = manifest.get("signature_info", {})
    failures = found.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    return Reading(
        found.get("validation_state", "invalid").lower(),
        signature.get("issuer") or "",
        signature.get("common_name") or "",
        signature.get("time"),
        {each["label"]: each.get("data") for each in manifest.get("assertions", [])},
        manifest.get("ingredients", []),
        [each["code"] for each in failures],
        len(found["manifests"]),
        manifest.get("title") or "",
    )


_own = threading.local()


def _kept(name: object, make: Any) -> Any:
    """One per thread and process: native objects do not survive a fork."""
    if getattr(_own, "pid", None) != os.getpid():
        _own.pid, _own.made = os.getpid(), {}
    if name not in _own.made:
        _own.made[name] = make()
    return _own.made[name]


def _context(roots: bytes = b"") -> Any:
    return _kept(roots, lambda: _new_context(roots))


def _new_context(roots: bytes) -> Any:
    import c2pa

    verify = {"verify_after_sign": False, "verify_trust": bool(roots), "remote_manifest_fetch": False, "ocsp_fetch": False}
    settings: dict[str, Any] = {"verify": verify, "builder": {"thumbnail": {"enabled": False}}}
    if roots:
        settings["trust"] = {"user_anchors": roots.decode("ascii", "replace")}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _signer(credential: Credential) -> Any:
    return _kept(credential, lambda: _new_signer(credential))


def _new_signer(credential: Credential) -> Any:
    import c2pa

    address = credential.timestamp_authority.encode() or None
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(credential.algorithm.encode(), credential.chain, credential.key, address))


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
