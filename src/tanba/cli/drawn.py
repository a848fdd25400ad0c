"""A document onto the screen or into a file: what several verbs end with."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.errors import FINE, InputError
from tanba.files import put_whole
from tanba.strings import t

FORMS = ("docx", "pdf", "html")


def draw(options: argparse.Namespace, name: str, material: Mapping[str, Any], form: str) -> int:
    """Into `options.output`; without one only HTML, which is text. Raises InputError."""
    from tanba.documents.catalogue import make
    from tanba.documents.model import gaps
    from tanba.documents.render import render

    if options.output is None and form != "html":
        raise InputError("{form} is not for the screen", "Name a file with -o.", form=form.upper())
    document, sealing = make(name, material), getattr(options, "seal", False)
    if sealing:
        document = _recorded(options, document, form)
    content = render(document, options.lang, form)
    if options.output is None:
        print(content.decode(), end="")
        return FINE
    put_whole(options.output, content)
    print(t("cli.documents.written", options.lang[:2], path=options.output, count=len(gaps(document))))
    if sealing:
        _seal(options.output, content, form, options.lang[:2])
    return FINE


def _recorded(options: argparse.Namespace, document: Any, form: str) -> Any:
    """The document with the place of its statement in the ledger; statement and receipt lie beside the file. Raises TanbaError."""
    from dataclasses import replace

    from tanba.cli.seal import seal_to
    from tanba.docseal import record, statement

    beside = options.output.with_name(f"{options.output.name}.document.json")
    for path in (receipt_of(options.output), receipt_of(beside)):
        if path.exists():
            raise InputError("is there already", "Choose another name with -o.", path)
    stated = statement(document, options.lang, form)
    put_whole(beside, stated.content)
    receipt = seal_to(receipt_of(beside), stated, beside, options.lang[:2])
    return replace(document, record=record(receipt.proof.signed.checkpoint.origin, receipt.proof.index, receipt.entry))


def _seal(path: Path, content: bytes, form: str, lang: str) -> None:
    from tanba.cli.seal import seal_to
    from tanba.docseal import KIND
    from tanba.documents.render import MEDIA_TYPES
    from tanba.seal import Artifact

    seal_to(receipt_of(path), Artifact(KIND, "file", content, path.name.lstrip(".")[:120], MEDIA_TYPES[form]), path, lang)


def receipt_of(path: Path) -> Path:
    """Where the receipt of a file lies."""
    return path.with_name(f"{path.name}.receipt.json")


def refuse_two(options: argparse.Namespace, form: str) -> None:
    """Raises InputError where two languages side by side were asked of a text."""
    if "+" in options.lang:
        raise InputError("{form} is in one language", "kk+ru is for docx, pdf and html.", form=form)
