"""`tanba seal FILE`: enter a file into the ledger and keep its receipt; with --check, check a receipt."""

import argparse
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError
from tanba.files import replace_whole
from tanba.strings import catalogue, t

LARGEST = 1 << 30


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    from tanba.cli.evidence import accept_argument, trust_arguments

    parser.add_argument("file", type=Path, metavar="FILE", help=say("seal.file.help"))
    parser.add_argument("--kind", default="file", help=say("seal.kind.help"))
    parser.add_argument("--system", default=None, metavar="NAME", help=say("seal.system.help"))
    parser.add_argument("--organisation", default=None, metavar="BIN", help=say("seal.organisation.help"))
    parser.add_argument("--author", default=None, metavar="NAME", help=say("seal.author.help"))
    parser.add_argument("--receipt", type=Path, default=None, metavar="FILE", help=say("seal.receipt.help"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help=say("seal.check.help"))
    what.add_argument("--renew", action="store_true", help=say("seal.renew.help"))
    trust_arguments(parser, say)
    accept_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Seal, or check."""
    path = options.receipt or options.file.parent / f"{options.file.name}.receipt.json"
    return _check(options, path) if options.check else _renew(options, path) if options.renew else _seal(options, path)


def _seal(options: argparse.Namespace, path: Path) -> int:
    from tanba.cli.evidence import read_bytes

    seal_to(path, _artifact(options, read_bytes(options.file, LARGEST)), options.file, options.lang)
    return FINE


def seal_to(path: Path, artifact: Any, file: Path, lang: str) -> Any:
    """Enter an artifact that lies in `file` into the ledger, keep its receipt at `path`, and return it. Raises TanbaError."""
    from tanba.ledger.home import open_ledger
    from tanba.seal import ready, seal
    from tanba.storage.home import open_objects
    from tanba.workspace import current

    ready(artifact)  # refuses what does not fit before anything is written
    log = open_ledger(current())
    try:
        _reserve(path)
        try:
            receipt = seal(artifact, log, open_objects(current()))
        except BaseException:
            path.unlink()
            raise
    finally:
        log.store.close()
    _write(path, bytes(receipt))
    print(t("cli.seal.done", lang, file=file, index=receipt.proof.index, origin=log.origin, receipt=path))
    return receipt


def _renew(options: argparse.Namespace, path: Path) -> int:
    """The same receipt under the checkpoint that says most by now."""
    from tanba.cli.evidence import read_bytes
    from tanba.ledger.home import open_ledger
    from tanba.seal import Receipt, receipt
    from tanba.workspace import current

    old = Receipt.parse(read_bytes(path, 1 << 20))
    log = open_ledger(current())
    try:
        new = receipt(log, old.proof.index, old.artifact, old.author)
    finally:
        log.store.close()
    if new.entry != old.entry:
        raise EvidenceError("the receipt is of another ledger, or this one was changed", "Run `tanba ledger check`.")
    _write(path, bytes(new))
    size = new.proof.signed.checkpoint.size
    print(t("cli.seal.renewed", options.lang, receipt=path, size=size, stamps=len(new.timestamps), lines=new.proof.signed.cosignatures))
    return FINE


def _reserve(path: Path) -> None:
    """Make the receipt's file before the entry: a receipt that cannot be written would leave an entry that nobody can open."""
    try:
        path.open("xb").close()
    except FileExistsError:
        raise InputError("is there already", "Give another name with --receipt, or check it with --check.", path) from None
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --receipt.", path, problem=error.strerror) from None


def _write(path: Path, content: bytes) -> None:
    try:
        replace_whole(path, content)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --receipt.", path, problem=error.strerror) from None


def _artifact(options: argparse.Namespace, content: bytes) -> Any:
    from tanba.seal import Artifact

    guessed = mimetypes.guess_type(options.file.name)[0] or "application/octet-stream"
    for name, value, form in (
        ("--kind", options.kind, "[a-z0-9._-]{1,40}"),
        ("--system", options.system, ".{1,80}"),
        ("--organisation", options.organisation, ".{1,80}"),
    ):
        if value is not None and not (re.fullmatch(form, value) and value.isprintable()):
            raise InputError(
                "{name}: {value!r} does not fit",
                "Use up to 40 letters a-z for a kind, up to 80 characters for a name.",
                name=name,
                value=value[:90],
            )
    if options.kind != "file" and f"kinds.{options.kind}" in catalogue():
        raise InputError("--kind: {kind!r} belongs to the register", "Choose a word of your own, such as risk-register.", kind=options.kind)
    name = options.file.name.encode("utf-8", "replace").decode().replace("\\", "_").lstrip(".")[:120] or "file"
    media = guessed.lower() if re.fullmatch("[a-z]+/[a-z0-9.+-]{1,80}", guessed.lower()) else "application/octet-stream"
    author = {"name": options.author.encode("utf-8", "replace").decode()} if options.author else None
    return Artifact(options.kind, "file", content, name, media, options.organisation, options.system, author)


def _check(options: argparse.Namespace, path: Path) -> int:
    from tanba.cli.evidence import accepted, read_bytes, reason, trust, words
    from tanba.seal import Receipt, measure, verify

    accept = accepted(options)
    try:
        verdict = verify(Receipt.parse(read_bytes(path, 1 << 20)), trust(options), measure(read_bytes(options.file, LARGEST)))
    except EvidenceError as error:
        print(f"{options.file}: {words([error.word], options.lang)} – {reason(error, options.lang)}")
        return FINDING
    shown = words(verdict.words, options.lang)
    print(
        t(
            "cli.seal.checked",
            options.lang,
            file=options.file,
            words=shown,
            origin=verdict.signed.checkpoint.origin,
            time=verdict.entry.time,
        )
    )
    return FINE if set(verdict.words) - set(accept) <= {"verified", "erased"} else COULD_NOT_CHECK
