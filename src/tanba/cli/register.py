"""`tanba register import | export | template | undo`: the register as a table, out and in."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import FINDING, FINE, InputError
from tanba.files import put_whole
from tanba.strings import t

SCHEMA = "tanba.register-import/1"


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="register_verb")

    def verb(name: str) -> argparse.ArgumentParser:
        text = say(f"register.{name}.help")
        sub: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, add_help=False)
        common(sub, say, argparse.SUPPRESS)
        return sub

    take, give, blank, back = map(verb, ("import", "export", "template", "undo"))
    take.add_argument("file", type=Path, metavar="FILE", help=say("register.file.help"))
    take.add_argument("--dry-run", action="store_true", help=say("register.dry_run.help"))
    take.add_argument("--confirmed", action="store_true", help=say("register.confirmed.help"))
    take.add_argument("--skip-errors", action="store_true", help=say("register.skip_errors.help"))
    take.add_argument("--format", choices=("text", "json"), default="text", help=say("format.help"))
    give.add_argument("--to", choices=("xlsx", "csv", "json"), default="xlsx", help=say("register.to.help"))
    back.add_argument("id", metavar="ID", help=say("register.id.help"))
    for each in (give, blank):
        each.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=say("register.output.help"))
    for each in (take, give):
        each.add_argument("--organisation", default="", metavar="NAME", help=say("register.organisation.help"))
    for each in (take, back):
        each.add_argument("--by", default="", metavar="E-MAIL", help=say("register.by.help"))


def run(options: argparse.Namespace) -> int:
    """One of the four."""
    return {"import": _import, "export": _export, "template": _template, "undo": _undo}[options.register_verb](options)


def _template(options: argparse.Namespace) -> int:
    from tanba.exchange.files import template
    from tanba.law.load import load

    put_whole(options.output, template(load("kz"), options.lang))
    print(t("cli.register.template_written", options.lang, path=options.output))
    return FINE


def _export(options: argparse.Namespace) -> int:
    door = _door()
    content, count = door.exported(door.organisation_of(options.organisation), options.to, options.lang)
    put_whole(options.output, content)
    print(t("cli.register.exported", options.lang, path=options.output, count=count))
    return FINE


def _undo(options: argparse.Namespace) -> int:
    row = _door().undone(options.id, options.by, _counter(options.lang))
    print(t("cli.register.undone", options.lang, file=row.name, created=row.counts["created"], changed=row.counts["changed"]))
    return FINE


def _import(options: argparse.Namespace) -> int:
    door = _door()
    organisation = door.organisation_of(options.organisation)
    by = door.importer(organisation, options.by) if options.by or not options.dry_run else None
    row = door.planned(organisation, options.file, by, options.confirmed, options.lang)
    faulty = bool(row.counts["problems"])
    refused = faulty and not options.skip_errors
    plan = row.plan
    if options.dry_run or refused or not row.total:
        row.delete()
        applied = False
    else:
        door.carried_out(row, _counter(options.lang))
        applied = True
    print(_as_json(row, plan, applied) if options.format == "json" else "\n".join(_as_text(row, plan, applied, refused, options)))
    return FINDING if faulty else FINE


def _door() -> Any:
    """The register's side, prepared."""
    from tanba import workspace
    from tanba.web import start

    if not workspace.current().has_register():
        raise InputError("there is no register in this workspace yet", "`tanba serve` makes one.", workspace.current().root)
    start.prepare()
    from tanba.web.exchange import door

    return door


def _counter(lang: str) -> Callable[[int, int], None]:
    """A counter on a terminal; nothing where no person watches."""

    def count(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{t('cli.register.assessed', lang, done=done, of=of)}", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return count


def _as_json(row: Any, plan: dict[str, Any], applied: bool) -> str:
    said = {
        "applied": applied,
        "confirmed": row.confirmed,
        "counts": row.counts,
        "file": row.name,
        "import": str(row.pk) if applied else None,
        "problems": plan["problems"],
        "rows": [
            {**each, "changes": [dict(zip(("column", "old", "new"), change, strict=True)) for change in each["changes"]]}
            for each in plan["rows"]
        ],
        "schema": SCHEMA,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)


def _as_text(row: Any, plan: dict[str, Any], applied: bool, refused: bool, options: argparse.Namespace) -> list[str]:
    from tanba.web.exchange.shown import difference, place

    lang = options.lang
    lines = []
    for each in plan["rows"]:
        if each["action"] == "changed":
            lines.append(t("cli.register.changed_row", lang, row=each["row"], slug=each["slug"]))
            lines += [f"    {difference(change, lang)}" for change in each["changes"]]
    for problem in plan["problems"]:
        lines += [
            f"✗ {place(problem, lang)}: {problem['message'][lang]}",
            *([f"    {problem['hint'][lang]}"] if problem["hint"][lang] else []),
        ]
    lines.append(t("cli.register.counts", lang, **row.counts))
    if not row.confirmed and row.total:
        lines.append(t("cli.register.suggested", lang))
    if applied:
        return [*lines, t("cli.register.applied", lang, id=row.pk)]
    return [*lines, t("cli.register.refused" if refused and not options.dry_run else "cli.register.nothing_written", lang)]
