"""`tanba suspend SYSTEM`: stop a system at once (art. 18(2)), lift the stop, list what is stopped. Both acts are sealed."""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tanba.errors import FINDING, FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("system", nargs="?", default=None, metavar="SYSTEM", help=say("seal.system.help"))
    parser.add_argument("--organisation", default="", metavar="BIN", help=say("seal.organisation.help"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=say("suspend.reason.help"))
    parser.add_argument("--by", default="", metavar="NAME", help=say("suspend.by.help"))
    parser.add_argument("--second", default="", metavar="NAME", help=say("suspend.second.help"))
    parser.add_argument("--json", action="store_true", help=say("suspend.json.help"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--lift", action="store_true", help=say("suspend.lift.help"))
    what.add_argument("--list", action="store_true", help=say("suspend.list.help"))


def run(options: argparse.Namespace) -> int:
    """Stop, lift or list; a list that is not empty is a finding."""
    from tanba.suspension import Suspensions
    from tanba.workspace import current

    stops = Suspensions(current().state)
    try:
        return _listed(stops, options) if options.list else _enter(stops, options)
    finally:
        stops.close()


def _listed(stops: Any, options: argparse.Namespace) -> int:
    rows = stops.standing(options.system)
    if options.json:
        told = [
            {"by": act.by, "organisation": bin or None, "reason": act.reason, "since": act.time, "system": slug} for bin, slug, act in rows
        ]
        print(json.dumps({"schema": "tanba.suspensions/1", "stopped": told}, ensure_ascii=False))
    else:
        for bin, slug, act in rows:
            print(*filter(None, (slug, bin)), act.time, act.by, act.reason, sep="  ")
        if not rows:
            print(t("cli.suspend.none", options.lang))
    return FINDING if rows else FINE


def _enter(stops: Any, options: argparse.Namespace) -> int:
    """The stop first, then its seal: what is dangerous stands still even where the ledger does not answer."""
    from tanba.workspace import current

    _complete(options)
    current().create()
    now = datetime.now(UTC)
    if options.lift:
        _second_person(options)
        act = stops.restart(options.organisation, options.system, now, options.reason, _who(options))
    else:
        act = stops.stop(options.organisation, options.system, now, options.reason, options.by)
    position = _seal(act, options)
    print(t("cli.suspend.lifted" if options.lift else "cli.suspend.done", options.lang, system=options.system, position=position))
    return FINE


def _complete(options: argparse.Namespace) -> None:
    """Raises InputError: a stop says whom it concerns, why, and who decided."""
    for name in ("system", "reason", "by"):
        given = getattr(options, name) or ""
        if not given.strip() or len(given) > 2000 or not given.isprintable():
            raise InputError("{name} is missing", "`tanba suspend SYSTEM --reason TEXT --by NAME`.", name=name)


def _who(options: argparse.Namespace) -> str:
    return ", ".join(filter(None, (options.by, options.second)))


def _second_person(options: argparse.Namespace) -> None:
    """Raises InputError where the organisation asks for four eyes and only one pair was named."""
    from tanba.workspace import current

    if not current().has_register():
        return
    from tanba.web.start import four_eyes

    if four_eyes(options.organisation, options.system) and options.second.strip().casefold() in ("", options.by.strip().casefold()):
        raise InputError("a restart is signed off by a second person here", "Name that person with --second NAME.")


def _seal(act: Any, options: argparse.Namespace) -> int:
    from tanba.digest import canonical_json
    from tanba.ledger.home import open_ledger
    from tanba.seal import Artifact, seal
    from tanba.storage.home import open_objects
    from tanba.workspace import current

    details = {"on": act.time, "reason": act.reason, "stopped": act.stopped}
    content = canonical_json({"act": "suspension", "details": details, "schema": "tanba.act/1", "system": options.system})
    author = {"name": act.by}
    log = open_ledger(current())
    try:
        made = Artifact(
            "suspension",
            "tanba.act/1",
            content,
            "suspension.json",
            organisation=options.organisation or None,
            system=options.system,
            author=author,
        )
        return seal(made, log, open_objects(current())).proof.index
    finally:
        log.store.close()
