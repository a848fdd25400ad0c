"""Texts: the line that people read, numbers between the sentences, what the kind has for machines, and a signed manifest at the end."""

from collections.abc import Mapping
from dataclasses import dataclass

from tanba import c2pa_io
from tanba.errors import InputError, TanbaError
from tanba.marking.formats.manifest import manifest_found, manifest_of
from tanba.marking.keys import Issuer
from tanba.marking.model import LAYERS, Ask, Found, Marked, State, Statement
from tanba.marking.standard import Standard
from tanba.marking.text import fingerprint, html, wrapper
from tanba.marking.text.carriers import Kind, carrier_of
from tanba.marking.text.mark import Found as Borne
from tanba.marking.text.mark import Mark

MEDIA_TYPES: Mapping[Kind, str] = {
    "plain": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "json": "application/json",
}
SIGNED: tuple[Kind, ...] = ("plain", "markdown")
"""Kinds that take a manifest (C2PA 2.x, annex A.8, is for unstructured text)."""

UNLIKE = 89
"""Bits of 256 in which fingerprints of different texts on one subject differed at least."""

SCATTERED: tuple[Kind, ...] = ("plain", "markdown", "html")
"""Kinds with numbers between the sentences; strings in JSON are data."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """Texts of one kind; see `Format`."""

    kind: Kind

    def mark(self, data: bytes, what: Statement, issuer: Issuer, standard: Standard) -> Marked:
        """As `Format` says. The kind's own means go together: line, numbers and what machines read beside them."""
        text = decoded(data)
        secret = issuer.derive("text")[0]
        said = Mark(what.id, secret, standard.languages, what.source, issuer=what.organisation, time=what.time)
        marked = carrier_of(self.kind).mark(text, said)
        layers: dict[str, State] = {"label": "present", "metadata": "present" if self.kind != "plain" else "not_applicable"}
        layers["watermark"] = "present" if self.kind in SCATTERED else "not_applicable"
        prints = [(fingerprint.SCHEMA, each) for each in fingerprint.fingerprints(self._words(text))]
        layers["fingerprint"] = "present" if prints else "not_applicable"
        manifest, reasons = None, dict[str, TanbaError]()
        if self.kind in SIGNED and "c2pa" in standard.layers:
            marked, manifest = _signed(marked, manifest_of(what, standard, "text/plain"), issuer)
        layers["c2pa"] = "valid" if manifest else "not_applicable" if self.kind not in SIGNED else "absent"
        warning = {"languages": list(standard.languages)}
        return Marked(marked.encode(), MEDIA_TYPES[self.kind], layers, prints, manifest, warning, reasons)

    def examine(self, data: bytes, issuer: Issuer | None, standard: Standard, deep: bool) -> list[Found]:
        """As `Format` says."""
        try:
            text = decoded(data)
        except InputError as error:
            return [Found(layer, "unknown", reason=error) for layer in LAYERS]
        borne = carrier_of(self.kind).read(text, issuer.derive("text") if issuer else ())
        prints = fingerprint.fingerprints(self._words(text))
        ask = Ask(fingerprint.SCHEMA, fingerprint.NEAR, prints, UNLIKE)
        print_ = Found("fingerprint", "unknown" if prints else "not_applicable", asks=[ask])
        return [self._manifest(text, issuer), self._claims(borne), self._numbers(borne, issuer), print_, _line(borne)]

    def _words(self, text: str) -> str:
        return html.text_of(text) if self.kind == "html" else text

    def _manifest(self, text: str, issuer: Issuer | None) -> Found:
        found = wrapper.read_manifest(text)
        if found is None:
            return Found("c2pa", "absent" if self.kind in SIGNED else "not_applicable")
        if found.manifest is None:
            return Found("c2pa", "invalid", details={"problems": [found.code], "states_ai": False})
        reading = c2pa_io.read_text(text.encode(), found.manifest, found.start, found.length, issuer.roots if issuer else b"")
        return manifest_found(reading)

    def _claims(self, borne: Borne) -> Found:
        if self.kind == "plain":
            return Found("metadata", "not_applicable")
        return Found("metadata", "present" if borne.claims else "absent", details={"claims": [dict(each) for each in borne.claims]})

    def _numbers(self, borne: Borne, issuer: Issuer | None) -> Found:
        if issuer is None:
            return Found(
                "watermark",
                "unknown",
                reason=InputError("there are no marking keys in this workspace yet", "`tanba keys init` makes them."),
            )
        if not borne.ids:
            return Found("watermark", "absent" if self.kind in SCATTERED else "not_applicable")
        ids = list(dict.fromkeys(read.id for read in borne.ids))
        return Found("watermark", "valid", ids, 1.0, {"copies": sum(read.copies for read in borne.ids)})


def decoded(data: bytes) -> str:
    """UTF-8, a byte order mark included. Raises InputError."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8", "Convert it to UTF-8 first.") from None


def _signed(text: str, definition: Mapping[str, object], issuer: Issuer) -> tuple[str, bytes]:
    """(the text with its manifest, the manifest)."""

    def place(size: int) -> tuple[bytes, int, int]:
        roomy = wrapper.embed_manifest(text, bytes(size), wrapper.room(size))
        found = wrapper.read_manifest(roomy)
        return roomy.encode(), found.start if found else 0, found.length if found else 0

    store = c2pa_io.sign_text(definition, issuer.credential, place)
    return wrapper.embed_manifest(text, store, wrapper.room(len(store))), store


def _line(borne: Borne) -> Found:
    return Found("label", "present", (), None, {"text": ", ".join(borne.languages)}) if borne.languages else Found("label", "absent")
