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
    common(make, say, argparse.SUPPRESS, also=("kk+ru",))
    common(diff, say, argparse.SUPPRESS)
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
    from tanba.cli.drawn import FORMS, draw, refuse_two
    from tanba.people.agreementtext import markdown

    day = day_of(options)
    effective = str(_day(options.effective)) if options.effective else ""
    book, slug, made = _made(options, day)
    if options.to in FORMS:
        from tanba.material.agreement import material

        return draw(options, "agreement", material(book, made, slug, day.isoformat(), effective), options.to)
    refuse_two(options, options.to)
    if options.to == "json":
        text = json.dumps({**made, "date": day.isoformat(), "effective": effective or None}, ensure_ascii=False, indent=1) + "\n"
    else:
        text = markdown(made, options.lang, day.isoformat(), effective)
    if options.output is None:
        print(text, end="")
        return FINE
    return _written(options, made, text.encode())


def _written(options: argparse.Namespace, made: dict[str, Any], content: bytes) -> int:
    from tanba.people.agreement import gaps

    put_whole(options.output, content)
    count = len(gaps(made, options.lang))
    print(t("cli.agreement.written", options.lang, path=options.output, version=made["version"], gaps=count))
    return FINE


def _made(options: argparse.Namespace, day: Any) -> tuple[Any, str, dict[str, Any]]:
    """(law of the day, system, tanba.agreement/1)."""
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.agreement import drafted
    from tanba.material.common import Whose

    book = on(load(), day)
    system = read_system(options.system, book.law)
    whose = Whose(dict.fromkeys(LANGUAGES, options.organisation) if options.organisation else {}, options.bin)
    contact = dict.fromkeys(LANGUAGES, options.contact) if options.contact else {}
    return book, system.slug, drafted(book, system, whose, contact)


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
