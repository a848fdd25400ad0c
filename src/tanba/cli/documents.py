"""`tanba documents list | make`: documents from a SYSTEM.yaml, without a register."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import adopted_for, common, day_of, on_argument, policy_argument
from tanba.errors import FINE
from tanba.files import put_whole
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.documents/1"
NAMES = ("passport", "classification", "prohibited", "risks", "dossier")


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="documents_verb")
    listed = verbs.add_parser("list", help=say("documents.list.help"), description=say("documents.list.help"), add_help=False)
    common(listed, say, argparse.SUPPRESS)
    listed.add_argument("system", type=Path, nargs="?", metavar="SYSTEM.yaml", help=say("system.help"))
    listed.add_argument("--format", choices=("text", "json"), default="text", help=say("documents.format.help"))
    make = verbs.add_parser("make", help=say("documents.make.help"), description=say("documents.make.help"), add_help=False)
    common(make, say, argparse.SUPPRESS, also=("kk+ru",))
    names = say("documents.name.help").replace("{names}", ", ".join(NAMES))
    make.add_argument("document", metavar="DOCUMENT", help=names)
    make.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("system.help"))
    make.add_argument("--to", choices=("docx", "pdf", "html"), default="docx", help=say("documents.to.help"))
    make.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("documents.output.help"))
    for each in (listed, make):
        each.add_argument("--organisation", default="", metavar="NAME", help=say("documents.organisation.help"))
        each.add_argument("--bin", default="", metavar="BIN", help=say("documents.bin.help"))
        each.add_argument("--risks", type=Path, metavar="RISKS.yaml", default=None, help=say("risks.register.help"))
        on_argument(each, say)
        policy_argument(each, say)


def run(options: argparse.Namespace) -> int:
    """One of the two."""
    return _list(options) if options.documents_verb == "list" else _make(options)


def _list(options: argparse.Namespace) -> int:
    from tanba.documents.catalogue import TEMPLATES, make
    from tanba.documents.known import words
    from tanba.documents.model import gaps

    known = _material(options) if options.system else None
    counts = {name: len(gaps(make(name, known))) if known else None for name in TEMPLATES}
    if options.format == "json":
        rows = [
            {"document": name, "gaps": count, "must": list(TEMPLATES[name].must), "title": dict(words(f"title_{name}"))}
            for name, count in counts.items()
        ]
        system = known["system"]["slug"] if known else None
        print(json.dumps({"documents": rows, "schema": SCHEMA, "system": system}, ensure_ascii=False, indent=1, sort_keys=True))
        return FINE
    for name, count in counts.items():
        missing = "" if count is None else f" – {t('cli.documents.gaps', options.lang, count=count)}"
        print(f"{name}: {words(f'title_{name}')[options.lang]}{missing}\n  {words(f'about_{name}')[options.lang]}")
    return FINE


def _make(options: argparse.Namespace) -> int:
    from tanba.documents.catalogue import make
    from tanba.documents.model import gaps
    from tanba.documents.render import render

    known = _material(options)
    document = make(options.document, known)
    path = options.output or Path(f"{known['system']['slug']}-{options.document}.{options.lang}.{options.to}".replace("/", "_"))
    content = render(document, options.lang, options.to)
    put_whole(path, content)
    print(t("cli.documents.written", options.lang[:2], path=path, count=len(gaps(document))))
    return FINE


def _material(options: argparse.Namespace) -> dict[str, Any]:
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.common import Whose
    from tanba.material.system import material

    day = day_of(options)
    book = on(load(), day)
    system = read_system(options.system, book.law)
    whose = Whose(dict.fromkeys(LANGUAGES, options.organisation) if options.organisation else {}, options.bin)
    register = _risks(options.risks) if options.risks else None
    adopted = adopted_for(options.system, options.policy, day)
    return material(book, system, whose, adopted=adopted, checkpoint=_checkpoint(), risks=register)


def _risks(path: Path) -> Any:
    from tanba.cli.risks import read

    return read(path)


def _checkpoint() -> dict[str, Any] | None:
    """The state of the workspace's ledger, where there is one."""
    from tanba.ledger.home import exists, open_ledger
    from tanba.workspace import current

    if not exists(current()):
        return None
    log = open_ledger(current())
    try:
        head = log.head().checkpoint
        return {"origin": head.origin, "root": head.root.hex(), "size": head.size}
    finally:
        log.store.close()
