"""A document onto the screen or into a file: what several verbs end with."""

import argparse
from collections.abc import Mapping
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
    document = make(name, material)
    content = render(document, options.lang, form)
    if options.output is None:
        print(content.decode(), end="")
        return FINE
    put_whole(options.output, content)
    print(t("cli.documents.written", options.lang[:2], path=options.output, count=len(gaps(document))))
    return FINE


def refuse_two(options: argparse.Namespace, form: str) -> None:
    """Raises InputError where two languages side by side were asked of a text."""
    if "+" in options.lang:
        raise InputError("{form} is in one language", "kk+ru is for docx, pdf and html.", form=form)
