"""`tanba state`: dealings with the state from files: what is missing, whose clock runs, what comes next."""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tanba.cli.inputs import assessed, common, day_of, on_argument, policy_argument
from tanba.errors import FINDING, FINE, InputError

FORMS = ("pilot", "trusted-list", "security", "training")
TABLES = ("security", "training")
"""Forms that take rows from a table: points of the checklist, records."""

LARGEST = 2_000_000


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments: one sub-verb for each form."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="form", title=say("verbs"))
    for name in FORMS:
        about = say(f"state.{name}.help")
        sub = verbs.add_parser(name, help=about, description=about, add_help=False)
        common(sub, say, argparse.SUPPRESS)
        sub.add_argument("file", type=Path, metavar="FILE", help=say("state.file.help"))
        sub.add_argument("--format", choices=("text", "json"), default="text", help=say("state.format.help"))
        on_argument(sub, say)
        if name in ("trusted-list", "security"):
            sub.add_argument("--for", dest="system", type=Path, metavar="SYSTEM.yaml", default=None, help=say("state.for.help"))
            policy_argument(sub, say)
        if name in TABLES:
            sub.add_argument("--table", type=Path, metavar="TABLE", default=None, help=say(f"state.{name}.table.help"))


def run(options: argparse.Namespace) -> int:
    """Read, look, tell."""
    from tanba.cli.formats.state import lines

    found = look(options.form, options.file, options)
    if options.format == "json":
        print(json.dumps(found, ensure_ascii=False, sort_keys=True))
    else:
        print("\n".join(lines(found, options.lang)))
    late = any(clock["state"] == "over" for clock in found.get("clocks", ()))
    return FINDING if found["missing"] or late else FINE


def look(form: str, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """tanba.state-check/1 of a file. Raises InputError."""
    from tanba.law.load import load
    from tanba.law.rulebook import on

    book = on(load(), day_of(options))
    report = assessed(options.system, options)[1] if getattr(options, "system", None) else None
    written = read(form, path, book.day)
    if table := getattr(options, "table", None):
        written = with_table(form, written, table)
    return check(form, written, book, report)


def with_table(form: str, written: Any, path: Path) -> Any:
    """The form with the rows of a table after its own. Raises InputError on the first row that does not read."""
    from dataclasses import replace

    from tanba.files import read_upto
    from tanba.state import training
    from tanba.state.rows import read_checklist, read_records

    try:
        content = read_upto(path, LARGEST + 1)
        found: Any = (read_checklist if form == "security" else read_records)(path.name, content)
    except InputError as error:
        raise error if error.path else error.at(path) from None
    if found.refused:
        number, fault = found.refused[0]
        raise fault.at(path, number)
    if form == "security":
        return replace(written, requirements=replace(written.requirements, items=(*written.requirements.items, *found.rows)))
    made = replace(written, records=(*written.records, *found.rows))
    training.checked(made)
    return made


def check(form: str, written: Any, book: Any, report: Any = None) -> dict[str, Any]:
    """tanba.state-check/1 of a form; `report` is the assessment of its system, where there is one."""
    from tanba.calendars.changes import calendar_of
    from tanba.material import state
    from tanba.workspace import current

    if form == "pilot":
        return state.pilot_of(book, written)
    if form == "training":
        return state.training_of(book, written)
    if form == "trusted-list":
        return state.trusted_list_of(book, written, calendar_of(current().calendar), state.levels_of(report))
    return state.security_of(book, written, state.duty_of(report), state.adopted_of(report))


def parts(paths: Sequence[Path], book: Any, report: Any = None) -> dict[str, Any]:
    """Forms as parts of the material of documents; each says by its schema which it is. Raises InputError."""
    from tanba.material.state import part

    found = {}
    for path in paths:
        form = _form_of(path)
        written = read(form, path, book.day)
        found[form.replace("-", "_")] = part(written, check(form, written, book, report))
    return found


def read(form: str, path: Path, day: date) -> Any:
    """A form from its file. Raises InputError with file and line."""
    from tanba.state import training, trustedlist
    from tanba.state.form import keys
    from tanba.state.form import read as read_form
    from tanba.yamlfile import line_of, parse_yaml, read_text

    text = read_text(path, LARGEST)
    content = parse_yaml(text, path)
    try:
        found = read_form(*_kinds()[form], content)
        if form == "trusted-list":
            trustedlist.checked(found.events, day)
        if form == "training":
            training.checked(found)
    except InputError as error:
        raise error.at(path, line_of(text, keys(str(error.values.get("place", "")))) or 1) from None
    return found


def _kinds() -> dict[str, tuple[type[Any], str]]:
    """{form: (its class, its schema)}."""
    from tanba.state import pilot, security, training, trustedlist

    return {
        "pilot": (pilot.Pilot, pilot.SCHEMA),
        "security": (security.Dossier, security.SCHEMA),
        "training": (training.Training, training.SCHEMA),
        "trusted-list": (trustedlist.Application, trustedlist.SCHEMA),
    }


def _form_of(path: Path) -> str:
    """Which form a file is. Raises InputError."""
    from tanba.state.form import unfit
    from tanba.yamlfile import read_yaml

    given, known = read_yaml(path, LARGEST).get("schema"), {schema: form for form, (_, schema) in _kinds().items()}
    if given not in known:
        raise unfit("schema", given, " | ".join(known)).at(path, 1)
    return known[given]
