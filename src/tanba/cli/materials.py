"""From the file that a document is of to its material: a system, systems of an organisation, an incident, a stop, a request."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tanba.cli.inputs import adopted_for, checkpoint, day_of
from tanba.errors import InputError
from tanba.strings import LANGUAGES

LARGEST = 200_000
Material = dict[str, Any]


def material_of(of: str, options: argparse.Namespace) -> Material:
    """What documents of that kind are made from. Raises TanbaError."""
    return READERS[of](options)


def _of_system(options: argparse.Namespace) -> Material:
    """Of the one system that is named, by its file or in the register."""
    if options.system and not options.files:
        from tanba.web import start

        return start.document_material(system=options.system)
    if len(options.files) != 1 or options.system:
        raise InputError("this document is of one system", "Name its SYSTEM.yaml, or one of the register with --system NAME.")
    from tanba.cli.audit import read_of as read_audit
    from tanba.cli.state import parts as forms_of
    from tanba.law.assess import assess
    from tanba.law.facts import read_system
    from tanba.material.agreement import agreement_of, drafted
    from tanba.material.system import material

    book, whose, [path] = book_of(options), _whose(options), options.files
    system = read_system(path, book.law)
    register = _risks(options.risks) if options.risks else None
    adopted = adopted_for(path, options.policy, book.day)
    forms = forms_of(options.state, book, assess(book, system.facts, adopted=adopted)) if options.state else {}
    parts = {
        "agreement": agreement_of(drafted(book, system, whose), book.day.isoformat()),
        "bundle": _bundle(options.bundle) if options.bundle else None,
        "notices": _notices(options, system.name, whose.name),
    }
    audit = read_audit(options.audit, book, system.slug) if options.audit else None
    return material(book, system, whose, adopted=adopted, checkpoint=checkpoint(), risks=register, audit=audit, **forms, **parts)


def _of_organisation(options: argparse.Namespace) -> Material:
    """Of the systems whose files are named, else of the register."""
    if not options.files:
        from tanba.web import start

        return start.document_material(bin=options.bin)
    from tanba.cli.state import parts as forms_of
    from tanba.law.facts import read_system
    from tanba.material.organisation import material, of_files

    book, whose = book_of(options), _whose(options)
    adopted = adopted_for(options.files[0], options.policy, book.day)
    systems, duties = of_files(book, (read_system(path, book.law) for path in options.files), adopted)
    return material(
        book, whose, systems, duties, adopted=adopted, checkpoint=checkpoint(), standard=_standard(), **forms_of(options.state, book)
    )


def _of_incident(options: argparse.Namespace) -> Material:
    from tanba.cli.incident import case_of_file
    from tanba.material.incidents import material

    whose, path = _whose(options), _one(options)
    return material(book_of(options), case_of_file(path, whose), whose)


def _of_stop(options: argparse.Namespace) -> Material:
    """Of a file, or the newest stop of a system of the register, or of the workspace where it has none."""
    if options.system and not options.files:
        return _of_workspace(options)
    from tanba.material.stops import material
    from tanba.people.stops import parse

    return material(book_of(options), _parsed(_one(options), lambda written: parse(written, _now())), _whose(options))


def _of_workspace(options: argparse.Namespace) -> Material:
    from tanba.material.stops import material, of_acts
    from tanba.suspension import Suspensions
    from tanba.workspace import current

    if current().has_register():
        from tanba.web import start

        return start.stop_material(options.system)
    stops = Suspensions(current().state)
    try:
        acts = stops.history(options.bin, options.system, 2)
    finally:
        stops.close()
    if not acts:
        raise InputError("system {system} is not stopped", "`tanba suspend --list` shows what is stopped.", system=options.system)
    return material(book_of(options), of_acts(options.system, acts), _whose(options))


def _of_request(options: argparse.Namespace) -> Material:
    from tanba.law.facts import read_system
    from tanba.material.requests import of_file
    from tanba.people.askedfile import parse

    book, path = book_of(options), _one(options)
    asked = _parsed(path, parse)
    return of_file(book, read_system(path.parent / asked.system, book.law) if asked.system else None, asked, _whose(options))


READERS: Mapping[str, Callable[[argparse.Namespace], Material]] = {
    "system": _of_system,
    "organisation": _of_organisation,
    "incident": _of_incident,
    "stop": _of_stop,
    "request": _of_request,
}


def _one(options: argparse.Namespace) -> Path:
    if len(options.files) == 1 and not options.system:
        return Path(options.files[0])
    raise InputError("this document is of one file", "`tanba documents list` says of which.")


def _parsed(path: Path, parse: Callable[[Mapping[str, Any]], Any]) -> Any:
    """A file of facts. Raises InputError that names it."""
    from tanba.yamlfile import read_yaml

    try:
        return parse(read_yaml(path, LARGEST))
    except InputError as error:
        raise error if error.path else error.at(path) from None


def _now() -> Any:
    from tanba.calendars.changes import calendar_of
    from tanba.cli.calendar import moment
    from tanba.workspace import current

    return moment(calendar_of(current().calendar), None)


def _standard() -> Material:
    """The channel standard of the workspace. Raises InputError."""
    from tanba.marking.standardfile import load_standard
    from tanba.material.marking import standard_of
    from tanba.workspace import current

    return standard_of(load_standard(current()))


def _notices(options: argparse.Namespace, system: Mapping[str, str], organisation: Mapping[str, str]) -> Material:
    """The workspace's policy, ours where it has none, and since when each version is known."""
    from tanba.material.notices import notices_of
    from tanba.people.noticefile import load_policy
    from tanba.people.shown import NAME, Shown
    from tanba.workspace import current

    def about(lang: str) -> dict[str, str]:
        named = {"organisation": organisation, "system": system}
        return {name: texts.get(lang) or next(iter(texts.values()), "") for name, texts in named.items()} | {"page": options.page}

    shown = Shown(current().root / NAME)
    try:
        return notices_of(load_policy(current()), about, [(version, since) for version, since, _ in shown.versions()])
    finally:
        shown.close()


def _bundle(path: Path) -> Material:
    """What a bundle holds by its own index. Whether it is whole, `tanba bundle check` says. Raises TanbaError."""
    from tanba.bundle.container import Container
    from tanba.bundle.index import read_index
    from tanba.material.bundle import of_index

    with Container(path) as bundle:
        index, newest, receipts, _ = read_index(bundle)
    return of_index(index, receipts, newest.checkpoint)


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
