"""`tanba documents list | make | template | fill | sign | check`: documents from SYSTEM.yaml files, or from the register."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli import companyforms, signatures
from tanba.cli.inputs import adopted_for, checkpoint, common, day_of, on_argument, policy_argument
from tanba.errors import FINE, InputError
from tanba.files import put_whole
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.documents/1"


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="documents_verb")
    listed = verbs.add_parser("list", help=say("documents.list.help"), description=say("documents.list.help"), add_help=False)
    common(listed, say, argparse.SUPPRESS)
    listed.add_argument("files", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("documents.files.help"))
    listed.add_argument("--format", choices=("text", "json"), default="text", help=say("documents.format.help"))
    make = verbs.add_parser("make", help=say("documents.make.help"), description=say("documents.make.help"), add_help=False)
    common(make, say, argparse.SUPPRESS, also=("kk+ru",))
    make.add_argument("document", metavar="DOCUMENT", help=say("documents.name.help"))
    make.add_argument("files", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("documents.files.help"))
    make.add_argument("--to", choices=("docx", "pdf", "html"), default="docx", help=say("documents.to.help"))
    make.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("documents.output.help"))
    for each in (listed, make, *companyforms.declare(verbs, say)):
        each.add_argument("--system", default=None, metavar="NAME", help=say("documents.system.help"))
        each.add_argument("--organisation", default="", metavar="NAME", help=say("documents.organisation.help"))
        each.add_argument("--bin", default="", metavar="BIN", help=say("documents.bin.help"))
        each.add_argument("--risks", type=Path, metavar="RISKS.yaml", default=None, help=say("risks.register.help"))
        each.add_argument("--state", type=Path, action="append", metavar="FORM.yaml", default=[], help=say("documents.state.help"))
        on_argument(each, say)
        policy_argument(each, say)
    signatures.arguments(verbs, say)


def run(options: argparse.Namespace) -> int:
    """One of them."""
    doing: dict[str, Callable[[argparse.Namespace], int]] = {"list": _list, "make": _make, **companyforms.DOING, **signatures.DOING}
    return doing[options.documents_verb](options)


def _list(options: argparse.Namespace) -> int:
    from tanba.documents.catalogue import TEMPLATES, make
    from tanba.documents.known import words
    from tanba.documents.model import gaps

    of = {"system": of_system, "organisation": _of_organisation}
    asked = bool(options.files or options.system)
    known = {of: read(options) for of, read in of.items() if asked and (of == "organisation" or len(options.files) < 2)}
    counts = {name: len(gaps(make(name, known[each.of]))) if each.of in known else None for name, each in TEMPLATES.items()}
    if options.format == "json":
        rows = [
            {"document": name, "gaps": count, "must": list(each.must), "of": each.of, "title": dict(words(f"title_{name}"))}
            for (name, each), count in zip(TEMPLATES.items(), counts.values(), strict=True)
        ]
        system = known["system"]["system"]["slug"] if "system" in known else None
        print(json.dumps({"documents": rows, "schema": SCHEMA, "system": system}, ensure_ascii=False, indent=1, sort_keys=True))
        return FINE
    for name, count in counts.items():
        missing = "" if count is None else f" – {t('cli.documents.gaps', options.lang, count=count)}"
        print(f"{name}: {words(f'title_{name}')[options.lang]}{missing}\n  {words(f'about_{name}')[options.lang]}")
    return FINE


def _make(options: argparse.Namespace) -> int:
    from tanba.documents.catalogue import make, template
    from tanba.documents.model import gaps
    from tanba.documents.render import render

    known = (of_system if template(options.document).of == "system" else _of_organisation)(options)
    document = make(options.document, known)
    whose = known["system"]["slug"] if "system" in known else known["organisation"]["bin"] or "organisation"
    path = options.output or Path(f"{whose}-{options.document}.{options.lang}.{options.to}".replace("/", "_"))
    content = render(document, options.lang, options.to)
    put_whole(path, content)
    print(t("cli.documents.written", options.lang[:2], path=path, count=len(gaps(document))))
    return FINE


def of_system(options: argparse.Namespace) -> dict[str, Any]:
    """The material of the one system that is named, by its file or in the register. Raises TanbaError."""
    if options.system and not options.files:
        from tanba.web import start

        return start.document_material(system=options.system)
    if len(options.files) != 1 or options.system:
        raise InputError("this document is of one system", "Name its SYSTEM.yaml, or one of the register with --system NAME.")
    from tanba.cli.state import parts
    from tanba.law.assess import assess
    from tanba.law.facts import read_system
    from tanba.material.system import material

    book, whose, [path] = book_of(options), _whose(options), options.files
    register = _risks(options.risks) if options.risks else None
    adopted, system = adopted_for(path, options.policy, book.day), read_system(path, book.law)
    forms = parts(options.state, book, assess(book, system.facts, adopted=adopted)) if options.state else {}
    return material(book, system, whose, adopted=adopted, checkpoint=checkpoint(), risks=register, **forms)


def _of_organisation(options: argparse.Namespace) -> dict[str, Any]:
    """The material of the organisation: of the systems whose files are named, else of the register. Raises TanbaError."""
    if not options.files:
        from tanba.web import start

        return start.document_material(bin=options.bin)
    from tanba.cli.state import parts
    from tanba.law.facts import read_system
    from tanba.material.organisation import material, of_files

    book, whose = book_of(options), _whose(options)
    adopted = adopted_for(options.files[0], options.policy, book.day)
    systems, duties = of_files(book, (read_system(path, book.law) for path in options.files), adopted)
    forms = parts(options.state, book)
    return material(book, whose, systems, duties, adopted=adopted, checkpoint=checkpoint(), standard=_standard(), **forms)


def _standard() -> dict[str, Any]:
    """The channel standard of the workspace. Raises InputError."""
    from tanba.marking.standardfile import load_standard
    from tanba.material.marking import standard_of
    from tanba.workspace import current

    return standard_of(load_standard(current()))


def book_of(options: argparse.Namespace) -> Any:
    """The law of the day that is asked for."""
    from tanba.law.load import load
    from tanba.law.rulebook import on

    return on(load(), day_of(options))


def _whose(options: argparse.Namespace) -> Any:
    from tanba.material.common import Whose

    return Whose(dict.fromkeys(LANGUAGES, options.organisation) if options.organisation else {}, options.bin)


def _risks(path: Path) -> Any:
    from tanba.cli.risks import read

    return read(path)
