"""`tanba law …`: the law as dated data: list, show, claims, changes, confirm, import, lint."""

import argparse
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common, day_of, on_argument
from tanba.errors import FINDING, FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="law_verb")

    def verb(name: str, *, dated: bool = True) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=say(f"law.{name}.help"), description=say(f"law.{name}.help"), add_help=False)
        common(sub, say, argparse.SUPPRESS)
        if dated:
            on_argument(sub, say)
        sub.add_argument("--format", choices=("text", "json"), default="text", help=say("format.help"))
        return sub

    listed = verb("list")
    listed.add_argument("--act", default=None, help=say("law.act.help"))
    listed.add_argument("--kind", default=None, help=say("law.kind.help"))
    listed.add_argument("--basis", default=None, help=say("law.basis.help"))
    verb("show").add_argument("provision", metavar="PROVISION", help=say("law.provision.help"))
    verb("claims", dated=False).add_argument("--verdict", default=None, help=say("law.verdict.help"))
    verb("changes")
    confirm = verb("confirm", dated=False)
    confirm.add_argument("provision", metavar="PROVISION", help=say("law.provision.help"))
    confirm.add_argument("--by", required=True, metavar="NAME", help=say("law.by.help"))
    confirm.add_argument("--remark", default="", help=say("law.remark.help"))
    imported = verb("import")
    imported.add_argument("file", type=Path, metavar="FILE", help=say("law.file.help"))
    imported.add_argument("--act", default="230-VIII", help=say("law.act.help"))
    imported.add_argument("--systems", type=Path, metavar="DIR", default=None, help=say("law.systems.help"))
    verb("lint", dated=False)


def run(options: argparse.Namespace) -> int:
    """Dispatch to the verb."""
    return {"list": _list, "show": _show, "claims": _claims, "changes": _changes, "confirm": _confirm, "import": _import, "lint": _lint}[
        options.law_verb
    ](options)


def _print(options: argparse.Namespace, what: str, *values: Any) -> None:
    from tanba.cli.formats import law_json, law_text

    module = law_text if options.format == "text" else law_json
    print(getattr(module, what)(*values, options.lang))


def _list(options: argparse.Namespace) -> int:
    from tanba.law.load import load
    from tanba.law.rulebook import on

    book = on(load(), day_of(options))
    wanted = {"act": options.act, "kind": options.kind, "basis": options.basis}
    chosen = [p for p in book.provisions.values() if all(value in (None, getattr(p, key)) for key, value in wanted.items())]
    if not chosen:
        given = ", ".join(f"{key} {value}" for key, value in wanted.items() if value)
        raise InputError("no provision with {given}", "Acts: {acts}.", given=given, acts=", ".join(book.law.acts))
    _print(options, "provisions", book, chosen)
    return FINE


def _show(options: argparse.Namespace) -> int:
    from tanba.law.confirmations import Confirmations, find
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.workspace import current

    law = load()
    book = on(law, day_of(options))
    provision = find(law, options.provision)
    provision = book.provisions.get(provision.path, provision)
    confirmed = [c for c in Confirmations(current().confirmations) if c.provision == provision.id]
    _print(options, "provision", book, provision, confirmed)
    return FINE


def _claims(options: argparse.Namespace) -> int:
    from tanba.law.load import load

    law = load()
    claims = [claim for claim in law.claims if options.verdict in (None, claim.verdict)]
    if not claims:
        raise InputError("no verdict {verdict!r}", "Verdicts: {known}.", verdict=options.verdict, known=", ".join(law.verdicts))
    _print(options, "claims", law, claims)
    return FINE


def _changes(options: argparse.Namespace) -> int:
    from tanba.law.load import load

    _print(options, "changes", load(), day_of(options))
    return FINE


def _confirm(options: argparse.Namespace) -> int:
    from tanba.law.confirmations import Confirmation, Confirmations, find
    from tanba.law.load import load
    from tanba.workspace import current

    if not options.by.strip():
        raise InputError("--by names nobody", "Give the name of the person who read the primary text.")
    provision = find(load(), options.provision)
    confirmation = Confirmation(provision.id, options.by.strip(), datetime.now(UTC).isoformat(timespec="seconds"), options.remark)
    Confirmations(current().confirmations).add(confirmation)
    print(t("cli.law.confirmed", options.lang, provision=provision.id, by=confirmation.by, at=confirmation.at))
    return FINE


def _import(options: argparse.Namespace) -> int:
    from tanba.cli.check import systems_below
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.official import compare, read_articles
    from tanba.law.rulebook import on
    from tanba.law.touched import known_digests, to_verify, touched_systems

    book = on(load(), day_of(options))
    known = known_digests(book.law, options.act)
    comparison = compare(read_articles(options.file), known)
    provisions = to_verify(book, options.act, comparison)
    systems = [read_system(path, book.law) for path in systems_below(options.systems)] if options.systems else _registered(book.law)
    touched = touched_systems(book, provisions, _by_name(systems))
    _print(options, "comparison", book, options.act, comparison, provisions, touched)
    return FINDING if comparison.changed or comparison.missing or comparison.new else FINE


def _by_name(systems: list[Any]) -> dict[str, Any]:
    """{name: facts}; systems of one slug, from several folders or organisations, are numbered and not lost."""
    named: dict[str, Any] = {}
    times: Counter[str] = Counter()
    for system in systems:
        times[system.slug] += 1
        named[system.slug if times[system.slug] == 1 else f"{system.slug} ({times[system.slug]})"] = system.facts
    return named


def _registered(law: Any) -> list[Any]:
    """Systems of the register in this workspace; the web part is loaded only here, and only when a register exists."""
    from tanba.workspace import current

    if not current().has_register():
        return []
    from tanba.web import start

    return list(start.registered_systems(law))


def _lint(options: argparse.Namespace) -> int:
    from tanba.law.lint import lint

    faults = lint()
    print("\n".join(faults) if faults else t("cli.law.lint.fine", options.lang))
    return FINDING if faults else FINE
