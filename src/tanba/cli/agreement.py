"""`tanba agreement make | diff`: the user agreement of a system from its facts, and what changed between two versions."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common, day_of, on_argument
from tanba.errors import FINDING, FINE, InputError
from tanba.files import put_whole
from tanba.strings import LANGUAGES, t

LONGEST = 2_000_000


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="agreement_verb")
    make = verbs.add_parser("make", help=say("agreement.make.help"), description=say("agreement.make.help"), add_help=False)
    diff = verbs.add_parser("diff", help=say("agreement.diff.help"), description=say("agreement.diff.help"), add_help=False)
    for each in (make, diff):
        common(each, say, argparse.SUPPRESS)
    make.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("system.help"))
    make.add_argument("--to", choices=("md", "html", "json", "docx", "pdf"), default="md", help=say("agreement.to.help"))
    make.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("agreement.output.help"))
    make.add_argument("--organisation", default="", metavar="NAME", help=say("agreement.organisation.help"))
    make.add_argument("--bin", default="", metavar="BIN", help=say("agreement.bin.help"))
    make.add_argument("--contact", default="", metavar="TEXT", help=say("agreement.contact.help"))
    make.add_argument("--effective", default="", metavar="YYYY-MM-DD", help=say("agreement.effective.help"))
    on_argument(make, say)
    for name in ("old", "new"):
        diff.add_argument(name, type=Path, metavar=f"{name.upper()}.json", help=say(f"agreement.{name}.help"))


def run(options: argparse.Namespace) -> int:
    """One of the two."""
    return _make(options) if options.agreement_verb == "make" else _diff(options)


def _make(options: argparse.Namespace) -> int:
    from tanba.people.agreementtext import html, markdown

    day = day_of(options)
    effective = str(_day(options.effective)) if options.effective else ""
    made = _made(options, day)
    if options.to in ("docx", "pdf"):
        return _draw(options, made, day, effective)
    if options.to == "json":
        text = json.dumps({**made, "date": day.isoformat(), "effective": effective or None}, ensure_ascii=False, indent=1) + "\n"
    else:
        text = (html if options.to == "html" else markdown)(made, options.lang, day.isoformat(), effective)
    if options.output is None:
        print(text, end="")
        return FINE
    return _written(options, made, text.encode())


def _draw(options: argparse.Namespace, made: dict[str, Any], day: Any, effective: str) -> int:
    """As a document, which is no text for the screen."""
    from tanba.documents.render import render
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.letters import agreement

    if options.output is None:
        raise InputError("{form} is not for the screen", "Name a file with -o.", form=options.to.upper())
    return _written(
        options, made, render(agreement(on(load(), day), made, options.lang, day.isoformat(), effective), options.lang, options.to)
    )


def _written(options: argparse.Namespace, made: dict[str, Any], content: bytes) -> int:
    from tanba.people.agreement import gaps

    put_whole(options.output, content)
    count = len(gaps(made, options.lang))
    print(t("cli.agreement.written", options.lang, path=options.output, version=made["version"], gaps=count))
    return FINE


def _made(options: argparse.Namespace, day: Any) -> dict[str, Any]:
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import decide, on
    from tanba.law.words import cite
    from tanba.people.agreement import Known, make
    from tanba.people.requests import Law

    book = on(load(), day)
    system = read_system(options.system, book.law)
    purpose, models = system.details.get("purpose") or {}, system.details.get("models") or []
    names = tuple(str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in models) if isinstance(models, list) else ()
    known = Known(
        system.name,
        {each: str(text) for each, text in purpose.items()} if isinstance(purpose, dict) else dict.fromkeys(LANGUAGES, str(purpose)),
        dict.fromkeys(LANGUAGES, options.organisation) if options.organisation else {},
        options.bin,
        dict.fromkeys(LANGUAGES, options.contact) if options.contact else {},
        tuple(filter(None, names)),
        system.facts,
    )
    return make(known, Law(book.provisions, decide(book, system.facts).rules, book.changed), cite)


def _diff(options: argparse.Namespace) -> int:
    """0 where both read the same in this language, 1 where they do not."""
    from tanba.people.agreementtext import changes, marked

    found = changes(_read(options.old), _read(options.new), options.lang)
    for change in found:
        print(f"## {change.heading}\n\n{marked(change)}\n")
    if not found:
        print(t("cli.agreement.same", options.lang))
    return FINDING if found else FINE


def _read(path: Path) -> dict[str, Any]:
    from tanba.files import read_upto
    from tanba.people.agreement import is_agreement

    value: Any = None
    try:
        written = read_upto(path, LONGEST)
        value = json.loads(written) if len(written) <= LONGEST else None
    except (ValueError, RecursionError):
        pass
    if not is_agreement(value):
        raise InputError("is not a user agreement", "`tanba agreement make SYSTEM.yaml --to json` makes one.", path)
    return value


def _day(written: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InputError("--on: not a date: {given!r}", "Write YYYY-MM-DD, for example 2026-11-22.", given=written) from None
