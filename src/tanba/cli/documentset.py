"""Several documents at once: `all` in place of a document, of a language or of a form."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.cli.drawn import FORMS, draw
from tanba.errors import FINE, InputError
from tanba.strings import LANGUAGES

ALL = "all"


def asks_for_many(options: argparse.Namespace) -> bool:
    """Whether anything is `all`."""
    return ALL in (options.document, options.lang, options.to)


def of_what(options: argparse.Namespace) -> str:
    """Whose documents `all` are: those of the one system that is named, else of the organisation."""
    return "system" if options.system or len(options.files) == 1 else "organisation"


def make(options: argparse.Namespace, material: Mapping[str, Any], whose: str) -> int:
    """Every document asked for, into a folder: the current one, or that of `-o`, which is made. Raises InputError."""
    from tanba.cli.marks import progress
    from tanba.documents.catalogue import TEMPLATES

    names = [name for name, each in TEMPLATES.items() if each.of == of_what(options)] if options.document == ALL else [options.document]
    languages = LANGUAGES if options.lang == ALL else (options.lang,)
    forms = FORMS if options.to == ALL else (options.to,)
    wanted = [(name, language, form) for name in names for language in languages for form in forms]
    folder = _folder(options.output)
    for number, (name, language, form) in enumerate(wanted, 1):
        path = folder / f"{whose}-{name}.{language}.{form}".replace("/", "_")
        with progress(number, len(wanted), path):
            one = argparse.Namespace(**vars(options) | {"lang": language, "output": path})
            draw(one, name, material, form)
    return FINE


def _folder(given: Path | None) -> Path:
    folder = given or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Check the path and its permissions.", folder, problem=error.strerror) from None
    return folder
