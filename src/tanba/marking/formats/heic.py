"""HEIC: manifest only. Its pixels stay closed, since the codecs that open them are under licences that this product cannot carry."""

from tanba import c2pa_io
from tanba.errors import InputError, TanbaError
from tanba.marking.formats.manifest import manifest_found, manifest_of
from tanba.marking.keys import Issuer
from tanba.marking.model import LAYERS, Found, Marked, State, Statement
from tanba.marking.standard import Standard

MEDIA_TYPE = "image/heic"
CLOSED = LAYERS[1:]


class HeicFormat:
    """HEIC and HEIF; see `Format`."""

    def mark(self, data: bytes, what: Statement, issuer: Issuer, standard: Standard) -> Marked:
        """As `Format` says: a signed manifest, and a reason for every layer that needs pixels."""
        parent = data if what.source == "altered" or c2pa_io.read(data, MEDIA_TYPE) else None
        definition = manifest_of(what, standard, MEDIA_TYPE, has_parent=parent is not None)
        content, manifest = c2pa_io.sign(data, MEDIA_TYPE, definition, issuer.credential, parent)
        reasons: dict[str, TanbaError] = {layer: _closed() for layer in ("label", "watermark")}
        layers: dict[str, State] = {"c2pa": "valid", **dict.fromkeys(CLOSED, "absent")}
        return Marked(content, MEDIA_TYPE, layers, (), manifest, None, reasons)

    def examine(self, data: bytes, issuer: Issuer | None, standard: Standard, deep: bool) -> list[Found]:
        """As `Format` says."""
        manifest = manifest_found(c2pa_io.read(data, MEDIA_TYPE, issuer.roots if issuer else b""))
        return [manifest, *(Found(layer, "unknown", reason=_closed()) for layer in CLOSED)]


def _closed() -> InputError:
    return InputError("is HEIC, whose pixels are not opened here", "Convert it to JPEG or PNG to give it a warning and a watermark.")
