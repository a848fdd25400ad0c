"""`tanba audit`: the two checks of art. 20 from the facts of a system; an engagement's findings, answers and what is overdue."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import assessed, common, day_of, on_argument, policy_argument
from tanba.errors import FINDING, FINE, InputError

LARGEST = 2_000_000


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="audit_verb", title=say("verbs"))

    def add(name: str) -> argparse.ArgumentParser:
        about = say(f"audit.{name}.help")
        sub = verbs.add_parser(name, help=about, description=about, add_help=False)
        common(sub, say, argparse.SUPPRESS)
        sub.add_argument("--format", choices=("text", "json"), default="text", help=say("audit.format.help"))
        on_argument(sub, say)
        return sub

    listed = add("checklist")
    listed.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("audit.system.help"))
    listed.add_argument("--audit", type=Path, metavar="AUDIT.yaml", default=None, help=say("audit.verdicts.help"))
    policy_argument(listed, say)
    found = add("findings")
    found.add_argument("file", type=Path, metavar="AUDIT.yaml", help=say("audit.file.help"))


def run(options: argparse.Namespace) -> int:
    """One sub-verb. A gap, a prohibited capability, something missing or overdue is a finding."""
    from tanba.cli.formats import audit as lines

    found = (_checklist if options.audit_verb == "checklist" else _findings)(options)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join((lines.checklist if options.audit_verb == "checklist" else lines.findings)(found, options.lang)))
    if options.audit_verb == "checklist":
        return FINDING if found["gaps"] or any(item["answer"] == "found" for item in found["items"]) else FINE
    return FINDING if found["missing"] or any(each["late"] for each in found["findings"]) else FINE


def _checklist(options: argparse.Namespace) -> dict[str, Any]:
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.audit import checklist_of
    from tanba.material.system import filed, parts

    book = on(load(), day_of(options))
    system, report = assessed(options.system, options)
    audit = read(options.audit, book) if options.audit else None
    return checklist_of(book, report, parts(system.details.get("data_libraries")), filed(system), audit)


def _findings(options: argparse.Namespace) -> dict[str, Any]:
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.audit import audit_of

    book = on(load(), day_of(options))
    return audit_of(book, read(options.file, book))


def read_of(path: Path, book: Any, system: str) -> Any:
    """The same as far as it is about one system. Raises InputError where that system is not in scope."""
    from tanba.state.audit import about

    found = read(path, book)
    if system not in found.systems:
        raise InputError(
            "{place}: {given!r} is not in scope", "In scope: {known}.", place="systems", given=system, known=", ".join(found.systems)
        ).at(path, 1)
    return about(found, system)


def read(path: Path, book: Any) -> Any:
    """An audit from its file. Raises InputError with file and line."""
    from tanba.material.audit import unknown_provisions
    from tanba.state import audit as rules
    from tanba.state.form import keys
    from tanba.state.form import read as read_form
    from tanba.yamlfile import line_of, parse_yaml, read_text

    text = read_text(path, LARGEST)
    content = parse_yaml(text, path)
    try:
        found = read_form(rules.Audit, rules.SCHEMA, content)
        rules.refuse(found)
        for place, given in unknown_provisions(book, found):
            raise InputError("{place}: there is no provision {given!r}", "`tanba law list` shows them.", place=place, given=given)
    except InputError as error:
        raise error.at(path, line_of(text, keys(str(error.values.get("place", "")))) or 1) from None
    return found
