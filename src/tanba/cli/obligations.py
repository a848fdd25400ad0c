"""`tanba obligations SYSTEM.yaml… --to FORM`: obligations and assessments in open formats, from files or from the register."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tanba.cli.inputs import adopted_for, checkpoint, day_of, kept_file, on_argument, policy_argument
from tanba.errors import FINE, InputError
from tanba.files import replacing
from tanba.strings import t

FORMS = ("json", "csv", "xlsx", "oscal-catalog", "oscal-component", "oscal-results", "oscal-plan")
WITHOUT_SYSTEMS = ("oscal-catalog", "oscal-plan")


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("systems", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("obligations.systems.help"))
    parser.add_argument("--to", choices=FORMS, default="json", help=say("obligations.to.help"))
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("obligations.output.help"))
    parser.add_argument("--all", action="store_true", help=say("obligations.all.help"))
    parser.add_argument("--system", default=None, metavar="NAME", help=say("obligations.system.help"))
    parser.add_argument("--organisation", nargs="?", const="", default=None, metavar="BIN", help=say("obligations.organisation.help"))
    on_argument(parser, say)
    policy_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Write the export: to a file whole or not at all, else to the screen."""
    if options.to == "xlsx" and options.output is None and sys.stdout.isatty():
        raise InputError("{form} is not for the screen", "Name a file with -o.", form="XLSX")
    pieces = _from_register(options) if options.system is not None or options.organisation is not None else _from_files(options)
    if options.output is None:
        _show(pieces)
        return FINE
    try:
        with replacing(options.output) as file:
            file.writelines(pieces)
    except OSError as error:
        path, problem = options.output, error.strerror
        raise InputError("cannot be written ({problem})", "Check the path and its permissions.", path, problem=problem) from None
    print(t("cli.obligations.written", options.lang, path=options.output))
    return FINE


def _show(pieces: Iterable[bytes]) -> None:
    """Bytes where the stream takes them, which a stream of the tests may not."""
    raw = getattr(sys.stdout, "buffer", None)
    for piece in pieces:
        raw.write(piece) if raw else sys.stdout.write(piece.decode())


def _from_register(options: argparse.Namespace) -> Iterator[bytes]:
    if options.systems or options.on or options.policy:
        raise InputError("files and the register do not go together", "Give files, or --system, or --organisation.")
    from tanba.web import start

    return start.exported(options.to, options.lang, options.system, options.organisation or "", options.all)


def _from_files(options: argparse.Namespace) -> Iterator[bytes]:
    from tanba.export.forms import written
    from tanba.export.model import Whole
    from tanba.law.load import load
    from tanba.law.rulebook import on

    if not options.systems and options.to not in WITHOUT_SYSTEMS:
        raise InputError("nothing to export is named", "Name SYSTEM.yaml files or a folder, or --organisation for the register.")
    day = day_of(options)
    book = on(load(), day)
    whole = Whole(day, checkpoint=checkpoint())
    return written(options.to, whole, book, _subjects(book, _read(book, options.systems), options.policy, day), options.lang, options.all)


def _read(book: Any, given: list[Path]) -> list[Any]:
    """Every system, read before anything is written. Raises InputError, also where two are called the same."""
    from tanba.cli.check import systems_below
    from tanba.law.facts import read_system

    found: dict[str, Any] = {}
    for path in dict.fromkeys(path for each in given for path in systems_below(each)):
        system = read_system(path, book.law)
        if system.slug in found:
            raise InputError("two systems are called {name!r}", "Give each a `system:` of its own.", path, name=system.slug)
        found[system.slug] = system
    return [found[slug] for slug in sorted(found)]


def _subjects(book: Any, systems: list[Any], policy: Path | None, day: date) -> Iterator[Any]:
    from tanba.export.model import Subject, owed_of
    from tanba.law.assess import assess

    for system in systems:
        report = assess(book, system.facts, system=system.slug, adopted=adopted_for(system.path, policy, day))
        proofs = {_path_of(provision): (_proof(system.path, entry["file"]),) for provision, entry in system.evidence.items()}
        owed = {entry["path"]: owed_of(entry, proofs.get(entry["path"], ())) for entry in report["provisions"]}
        sources = {name: answer.source for name, answer in system.answers.items() if answer.source}
        purpose = system.details.get("purpose") or {}
        yield Subject(system.slug, system.name, report, owed, _texts(purpose), sources)


def _path_of(provision: str) -> str:
    return provision.partition("@")[0].removeprefix("kz/")


def _texts(written: Any) -> dict[str, str]:
    return {key: str(each) for key, each in written.items()} if isinstance(written, dict) else {"kk": str(written)}


def _proof(system: Path, file: str) -> Any:
    """A file that is named as evidence: by its digest where it is there. It is not sealed, and so evidences nothing yet."""
    import hashlib

    from tanba.export.model import Proof

    found = kept_file(system, file)
    if found is None:
        return Proof(file)
    try:
        with found.open("rb") as content:
            return Proof(file, sha256=hashlib.file_digest(content, "sha256").hexdigest())
    except OSError as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", found, problem=error.strerror) from None
