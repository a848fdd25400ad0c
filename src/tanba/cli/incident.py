"""`tanba incident`: clocks and drafts from a file, without a register; new, list and show in the register of this workspace."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tanba.cli.formats.incident import clock_line, clocks_json, incident_json
from tanba.errors import FINDING, FINE, InputError
from tanba.files import put_whole
from tanba.strings import LANGUAGES, t

LARGEST = 200_000
FLAGS = ("what", "aware", "severity", "high_risk", "harm", "personal_data", "critical_infrastructure", "vendor", "persons", "measures")


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments: one sub-verb each."""
    from tanba.cli.inputs import common

    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="what_to_do")

    def add(name: str, *also: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=say(f"incident.{name}.help"), description=say(f"incident.{name}.help"), add_help=False)
        common(made, say, also=also)
        return made

    new = add("new")
    new.add_argument("file", nargs="?", type=Path, default=None, metavar="FILE", help=say("incident.file.help"))
    for name in FLAGS:
        new.add_argument(f"--{name.replace('_', '-')}", default=None, metavar="VALUE", help=say(f"incident.{name}.help"))
    new.add_argument("--system", action="append", default=None, dest="systems", metavar="NAME", help=say("incident.system.help"))
    new.add_argument("--by", required=True, metavar="EMAIL", help=say("incident.by.help"))
    listed, show = add("list"), add("show")
    show.add_argument("number", type=int, metavar="NUMBER", help=say("incident.number.help"))
    clocks = add("clocks")
    clocks.add_argument("file", type=Path, metavar="FILE", help=say("incident.file.help"))
    clocks.add_argument("--now", default=None, metavar="MOMENT", help=say("incident.now.help"))
    draft = add("draft", "kk+ru")
    draft.add_argument("file", metavar="FILE|NUMBER", help=say("incident.source.help"))
    draft.add_argument("--to", required=True, choices=("breach", "users", "vendor", "order"), help=say("incident.to.help"))
    draft.add_argument("--format", choices=("md", "text", "docx", "pdf", "html"), default="md", help=say("incident.format.help"))
    draft.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("documents.output.help"))
    for each in (new, listed, show, draft):
        each.add_argument("--organisation", default="", metavar="BIN", help=say("seal.organisation.help"))
    for each in (listed, show, clocks):
        each.add_argument("--json", action="store_true", help=say("incident.json.help"))


def run(options: argparse.Namespace) -> int:
    """One sub-verb. A clock that is overdue is a finding."""
    return {"new": _new, "list": _list, "show": _show, "clocks": _clocks, "draft": _draft}[options.what_to_do](options)


def _now(options: argparse.Namespace, calendar: Any) -> datetime:
    from tanba.cli.calendar import moment

    return moment(calendar, getattr(options, "now", None))


def _read(path: Path, now: datetime) -> Any:
    from tanba.people.incidents import parse
    from tanba.yamlfile import read_yaml

    try:
        return parse(read_yaml(path, LARGEST), now)
    except InputError as error:
        raise error if error.path else error.at(path) from None


def _counted(path: Path, options: argparse.Namespace) -> tuple[Any, tuple[Any, ...], datetime]:
    """(incident, clocks, now) of a file."""
    from tanba.calendars.changes import calendar_of
    from tanba.people.clocks import clocks
    from tanba.web.incidents.law import terms
    from tanba.workspace import current

    calendar = calendar_of(current().calendar)
    now = _now(options, calendar)
    incident = _read(path, now)
    return incident, clocks(incident, terms(incident.aware.astimezone(calendar.zone).date()), calendar, now), now


def _clocks(options: argparse.Namespace) -> int:
    _, found, now = _counted(options.file, options)
    _print(clocks_json(found, now), options, lambda: [clock_line(clock, now, options.lang) for clock in found])
    return FINDING if any(clock.overdue(now) for clock in found) else FINE


def _draft(options: argparse.Namespace) -> int:
    from tanba.cli.drawn import FORMS, draw, refuse_two
    from tanba.people.drafts import as_text, draft

    case_in = _case_in(options)
    if options.format in FORMS:
        return draw(options, *_document(options.to, case_in), options.format)
    refuse_two(options, options.format)
    written = as_text(draft(options.to, case_in(options.lang), options.lang), options.format)
    if options.output is None:
        sys.stdout.write(written)
    else:
        put_whole(options.output, written.encode())
    return FINE


def _case_in(options: argparse.Namespace) -> Callable[[str], Any]:
    """The incident of a file or of the register, with its names in a language."""
    from tanba.material.common import Whose

    if options.file.isdecimal():
        register = _register()
        return lambda lang: register.case_of(options.organisation, int(options.file), lang)
    return case_of_file(Path(options.file), Whose())


def case_of_file(path: Path, whose: Any) -> Callable[[str], Any]:
    """The same of a file; `whose` is the organisation. Raises InputError."""
    from tanba.law.words import cite
    from tanba.people.drafts import Case

    incident, found, _ = _counted(path, argparse.Namespace())
    return lambda lang: Case("", incident, found, whose.name.get(lang, ""), whose.bin, cite=lambda place: cite(place, lang))


def _document(to: str, case_in: Callable[[str], Any]) -> tuple[str, dict[str, Any]]:
    """(name of the document, its material)."""
    from datetime import date

    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material import incidents, stops
    from tanba.material.common import Whose

    book, cases = on(load(), date.today()), {each: case_in(each) for each in LANGUAGES}
    names = {each: case.organisation for each, case in cases.items() if case.organisation}
    whose = Whose(names, cases[LANGUAGES[0]].bin)
    if to == "order":
        return "suspension-order", stops.material(book, stops.of_incident(case_in), whose)
    return to, incidents.material(book, case_in, whose)


def _new(options: argparse.Namespace) -> int:
    from tanba.calendars.changes import calendar_of
    from tanba.people.incidents import parse
    from tanba.workspace import current

    calendar = calendar_of(current().calendar)
    now = datetime.now(calendar.zone)
    given = {name: getattr(options, name) for name in (*FLAGS, "systems") if getattr(options, name) is not None}
    if bool(given) == bool(options.file):
        raise InputError("name a file, or say what happened", '`tanba incident new FILE`, or `--what "…" --aware YYYY-MM-DDTHH:MM`.')
    persons = given.get("persons")
    given |= {"persons": int(persons)} if persons and persons.isdecimal() else {}
    incident = _read(options.file, now) if options.file else parse(given, now)
    number, found = _register().enter(options.organisation, incident, options.by, now)
    print(t("cli.incident.entered", options.lang, number=number))
    print(*(clock_line(clock, now, options.lang) for clock in found), sep="\n")
    return FINE


def _list(options: argparse.Namespace) -> int:
    rows = _register().rows(options.organisation, options.lang)
    told = {"incidents": rows, "schema": "tanba.incidents/1"}
    _print(told, options, lambda: [f"№ {row['number']}  {row['next_due'] or '–'}  {row['what']}" for row in rows])
    return FINDING if any(row["overdue"] for row in rows) else FINE


def _show(options: argparse.Namespace) -> int:
    found = _register().case_of(options.organisation, options.number, options.lang)
    now = datetime.now(found.incident.aware.tzinfo)

    def lines() -> list[str]:
        return [f"№ {found.number}  {found.incident.what}", *(clock_line(clock, now, options.lang) for clock in found.clocks)]

    _print(incident_json(found, now), options, lines)
    return FINDING if any(clock.overdue(now) for clock in found.clocks) else FINE


def _register() -> Any:
    """The register's side of the verb. Raises InputError where there is no register."""
    from tanba.workspace import current

    if not current().has_register():
        raise InputError("there is no register in this workspace yet", "`tanba serve` makes one.", current().root)
    from tanba.web import start

    start.prepare()
    from tanba.web.incidents import fromoutside

    return fromoutside


def _print(told: dict[str, Any], options: argparse.Namespace, lines: Callable[[], list[str]]) -> None:
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(lines()))
