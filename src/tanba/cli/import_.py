"""`tanba import FILE`: a model card, MLmodel or ML-BOM becomes a SYSTEM.yaml whose facts wait for confirmation."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tanba.errors import FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help=say("import.file.help"))
    parser.add_argument("--out", type=Path, metavar="SYSTEM.yaml", default=None, help=say("import.out.help"))


def run(options: argparse.Namespace) -> int:
    """Write or print the new system file."""
    from tanba.law.importers import import_facts
    from tanba.law.load import load
    from tanba.law.systemedit import imported_system, save

    law = load()
    imported = import_facts(options.file)
    text = imported_system(imported, law)
    if options.out is None:
        print(text, end="")
        return FINE
    if options.out.exists():
        raise InputError("exists already", "Choose another name; nothing was overwritten.", options.out)
    save(options.out, text)
    print(t("cli.import.done", options.lang, file=options.out, count=len(imported.suggestions), kind=imported.kind))
    return FINE
