"""The only file that imports c2pa: sign a manifest into a file, read and validate one (C2PA 2.x, through c2pa-rs).

Its settings matter more than the library: a thumbnail costs a hundred times the signature, and a check after signing four times. A context
and a signer belong to the process that made them, and are not shared between threads.
"""

import ctypes
import io
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanba.errors import InputError

MEDIA = (
    *(f"image/{name}" for name in ("jpeg", "png", "webp", "tiff", "gif", "avif", "heic", "heif", "svg+xml")),
    *("application/pdf", "video/mp4", "video/quicktime", "audio/wav", "audio/mpeg", "audio/flac", "audio/mp4"),
)
"""Media types that take a manifest."""

JUMBF = b"jumb"
"""Stands in every file that has a manifest; without it a damaged file is damaged, and no manifest of it is invalid."""

RASTER = tuple(f"image/{name}" for name in ("jpeg", "png", "webp", "tiff", "gif", "avif"))
SIGNS = (JUMBF, b"provenance", b"iTXt")
"""One of them stands in every picture with a manifest in it or elsewhere: XMP says where, and that of a PNG may be compressed."""

PARENT = "parent"
"""Name of the ingredient in `parameters.ingredientIds` of an action."""


NOT_IN_ASSET = "does not match the manifest location"
"""What the library says of a manifest in a text, where it does not look."""


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

    if store is None and media_type in RASTER and not any(sign in data for sign in SIGNS):
        return None  # asking the library takes a hundred times as long
    try:
        with c2pa.Reader(media_type, io.BytesIO(data), manifest_data=store, context=_context(roots)) as reader:
            return _reading(json.loads(reader.json()))
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError.RemoteManifest as error:  # not fetched: what it says is not known
        return Reading("unknown", "", "", None, {}, (), (_short(error),), 0)
    except (c2pa.C2paError, ValueError) as error:
        return None if store is None and JUMBF not in data else Reading("invalid", "", "", None, {}, (), (_short(error),), 0)


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


def sign_text(definition: Mapping[str, Any], credential: Credential, place: Callable[[int], tuple[bytes, int, int]]) -> bytes:
    """The manifest store for a text that will carry it (C2PA 2.x, annex A.8).

    `place(size)` gives the text with room for a store of `size` bytes, and where that room lies: (text, start, length) in bytes. The hash
    leaves it out. The Python package has no call for this; its library does.
    """
    import c2pa

    settings = c2pa.Settings.from_dict({"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}})
    with c2pa.Context(settings, _new_signer(credential)) as context, c2pa.Builder(dict(definition), context=context) as builder:
        native = _Native(builder)
        size = len(native.taken("c2pa_builder_placeholder"))
        text, start, length = place(size)
        native.done("c2pa_builder_set_data_hash_exclusions", (ctypes.c_uint64 * 2)(start, length), ctypes.c_size_t(1))
        with c2pa.Stream(io.BytesIO(text)) as stream:
            native.done("c2pa_builder_update_hash_from_stream", b"text/plain", ctypes.cast(stream._stream, ctypes.c_void_p))
        return native.taken("c2pa_builder_sign_embeddable")


def read_text(text: bytes, store: bytes, start: int, length: int, roots: bytes = b"") -> Reading:
    """The manifest of a text whose room lies there. Never raises for what stands in it."""
    import c2pa

    try:
        with c2pa.Reader("text/plain", io.BytesIO(text), manifest_data=store, context=_context(roots)) as reader:
            return _reading(_placed(json.loads(reader.json()), json.loads(reader.detailed_json()), start, length))
    except (c2pa.C2paError, ValueError, KeyError, TypeError) as error:
        return Reading("invalid", "", "", None, {}, (), (_short(error),), 0)


def _placed(found: dict[str, Any], detailed: Mapping[str, Any], start: int, length: int) -> dict[str, Any]:
    """What the library says, once we looked ourselves whether the hash leaves out just the room: it knows no place for one in a text."""
    results = found["validation_results"]["activeManifest"]
    hashed = detailed["manifests"][detailed["active_manifest"]]["assertion_store"]["c2pa.hash.data"]
    if hashed["exclusions"] == [{"start": start, "length": length}]:
        results["failure"] = [each for each in results["failure"] if NOT_IN_ASSET not in each.get("explanation", "")]
    trusted = any(each["code"] == "signingCredential.trusted" for each in results["success"])
    broken = [each for each in results["failure"] if each["code"] != "signingCredential.untrusted"]
    found["validation_state"] = "Invalid" if broken else "Trusted" if trusted else "Valid"
    return found


class _Native:
    """Calls of the library that its Python package does not offer."""

    def __init__(self, builder: Any) -> None:
        from c2pa.c2pa import _lib, _read_native_error

        self._library, self._error, self._handle = _lib, _read_native_error, ctypes.cast(builder._handle, ctypes.c_void_p)

    def done(self, name: str, *values: Any) -> None:
        """A call that answers 0. Raises InputError."""
        function = getattr(self._library, name)
        function.restype, function.argtypes = ctypes.c_int, None
        if function(self._handle, *values) < 0:
            raise InputError("takes no C2PA manifest ({problem})", "Is the file whole?", problem=str(self._error())[:200])

    def taken(self, name: str) -> bytes:
        """Bytes that a call hands out. Raises InputError."""
        function, out = getattr(self._library, name), ctypes.POINTER(ctypes.c_ubyte)()
        function.restype, function.argtypes = ctypes.c_int64, None
        size = function(self._handle, b"application/c2pa", ctypes.byref(out))
        if size < 0:
            raise InputError("takes no C2PA manifest ({problem})", "Is the file whole?", problem=str(self._error())[:200])
        found = ctypes.string_at(out, size)
        self._library.c2pa_manifest_bytes_free(out)
        return found
