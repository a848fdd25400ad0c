"""`tanba state`: dealings with the state from files: what is missing, whose clock runs, what comes next."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import assessed, common, day_of, on_argument, policy_argument
from tanba.errors import FINDING, FINE, InputError

FORMS = ("pilot", "trusted-list", "security", "training")
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
    from tanba.calendars.changes import calendar_of
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material import state
    from tanba.workspace import current

    book = on(load(), day_of(options))
    written = read(form, path, book.day)
    if form == "pilot":
        return state.pilot_of(book, written)
    if form == "training":
        return state.training_of(book, written)
    report = assessed(options.system, options)[1] if options.system else None
    if form == "trusted-list":
        return state.trusted_list_of(book, written, calendar_of(current().calendar), state.levels_of(report))
    return state.security_of(book, written, state.duty_of(report), state.adopted_of(report))


def read(form: str, path: Path, day: Any) -> Any:
    """A form from its file. Raises InputError with file and line."""
    from tanba.state import pilot, security, training, trustedlist
    from tanba.state.form import keys
    from tanba.state.form import read as read_form
    from tanba.yamlfile import line_of, parse_yaml, read_text

    kinds: dict[str, tuple[type[Any], str]] = {
        "pilot": (pilot.Pilot, pilot.SCHEMA),
        "security": (security.Dossier, security.SCHEMA),
        "training": (training.Training, training.SCHEMA),
        "trusted-list": (trustedlist.Application, trustedlist.SCHEMA),
    }
    text = read_text(path, LARGEST)
    content = parse_yaml(text, path)
    try:
        found = read_form(kinds[form][0], content, kinds[form][1])
        if form == "trusted-list":
            trustedlist.checked(found.events, day)
        if form == "training":
            training.checked(found)
    except InputError as error:
        raise error.at(path, line_of(text, keys(str(error.values.get("place", "")))) or 1) from None
    return found
