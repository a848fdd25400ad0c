"""`tanba documents list | make | template | fill | read | sign | check`: documents from files, or from the register."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli import companyforms, documentset, readback, signatures
from tanba.cli.documentset import ALL
from tanba.cli.drawn import FORMS
from tanba.cli.inputs import common, on_argument, policy_argument
from tanba.errors import FINE
from tanba.strings import t

SCHEMA = "tanba.documents/1"


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="documents_verb")
    listed = verbs.add_parser("list", help=say("documents.list.help"), description=say("documents.list.help"), add_help=False)
    common(listed, say, argparse.SUPPRESS)
    listed.add_argument("files", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("documents.files.help"))
    listed.add_argument("--format", choices=("text", "json"), default="text", help=say("documents.format.help"))
    make = verbs.add_parser("make", help=say("documents.make.help"), description=say("documents.make.help"), add_help=False)
    common(make, say, argparse.SUPPRESS, also=("kk+ru", ALL))
    make.add_argument("document", metavar="DOCUMENT", help=say("documents.name.help"))
    make.add_argument("files", type=Path, nargs="*", metavar="FILE", help=say("documents.files.help"))
    make.add_argument("--to", choices=(*FORMS, ALL), default="docx", help=say("documents.to.help"))
    make.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("documents.output.help"))
    make.add_argument("--seal", action="store_true", help=say("documents.seal.help"))
    for each in (listed, make, *companyforms.declare(verbs, say), readback.declare(verbs, say)):
        each.add_argument("--system", default=None, metavar="NAME", help=say("documents.system.help"))
        each.add_argument("--organisation", default="", metavar="NAME", help=say("documents.organisation.help"))
        each.add_argument("--bin", default="", metavar="BIN", help=say("documents.bin.help"))
        each.add_argument("--page", default="", metavar="URL", help=say("documents.page.help"))
        each.add_argument("--bundle", type=Path, metavar="BUNDLE.zip", default=None, help=say("documents.bundle.help"))
        each.add_argument("--risks", type=Path, metavar="RISKS.yaml", default=None, help=say("risks.register.help"))
        each.add_argument("--state", type=Path, action="append", metavar="FORM.yaml", default=[], help=say("documents.state.help"))
        each.add_argument("--audit", type=Path, metavar="AUDIT.yaml", default=None, help=say("documents.audit.help"))
        on_argument(each, say)
        policy_argument(each, say)
    signatures.arguments(verbs, say)


def run(options: argparse.Namespace) -> int:
    """One of them."""
    doing: dict[str, Callable[[argparse.Namespace], int]] = {"list": _list, "make": _make, "read": readback.run}
    doing |= companyforms.DOING | signatures.DOING
    return doing[options.documents_verb](options)


def _list(options: argparse.Namespace) -> int:
    from tanba.cli.materials import material_of
    from tanba.documents.catalogue import TEMPLATES, make
    from tanba.documents.known import words
    from tanba.documents.model import gaps

    of = [each for each in ("system", "organisation") if each == "organisation" or len(options.files) < 2]
    known = {each: material_of(each, options) for each in of} if options.files or options.system else {}
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
        of_what = t(f"cli.documents.of_{TEMPLATES[name].of}", options.lang)
        print(f"{name}: {words(f'title_{name}')[options.lang]}{missing}\n  {words(f'about_{name}')[options.lang]}\n  {of_what}")
    return FINE


def _make(options: argparse.Namespace) -> int:
    from tanba.cli.drawn import draw
    from tanba.cli.materials import material_of
    from tanba.documents.catalogue import template

    of = documentset.of_what(options) if options.document == ALL else template(options.document).of
    known = material_of(of, options)
    if documentset.asks_for_many(options):
        return documentset.make(options, known, _whose(options, known))
    options.output = options.output or Path(f"{_whose(options, known)}-{options.document}.{options.lang}.{options.to}".replace("/", "_"))
    return draw(options, options.document, known, options.to)


def _whose(options: argparse.Namespace, known: dict[str, Any]) -> str:
    """The beginning of the file's name: the system, the organisation, or the file it is made of."""
    if "system" in known:
        return str(known["system"]["slug"])
    if "systems" in known:
        return known["organisation"]["bin"] or "organisation"
    return Path(options.files[0]).stem if options.files else str(options.system)
