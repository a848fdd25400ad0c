"""What several verbs read: a day, a system, the house policy that lies beside it."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.strings import LANGUAGES

POLICY = "house-policy.yaml"


def common(parser: argparse.ArgumentParser, say: Callable[[str], str], lang: str | None = None, also: tuple[str, ...] = ()) -> None:
    """What every verb has: help in the reader's words, and `--lang`, which may take more than a language where `also` says so."""
    parser._optionals.title, parser._positionals.title = say("options"), say("positionals")  # argparse has no public way to say them
    parser.formatter_class = _formatter(say("usage"))
    parser.add_argument("-h", "--help", action="help", help=say("help.help"))
    parser.add_argument("--lang", choices=(*LANGUAGES, *also), default=lang, help=say("lang.help"))


def _formatter(usage: str) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.HelpFormatter):
        """Argparse's own layout, with the word for usage in the reader's language."""

        def add_usage(self, text: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(text, actions, groups, f"{usage}: " if prefix is None else prefix)

    return Formatter


def on_argument(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--on DATE`."""
    parser.add_argument("--on", metavar="DATE", default=None, help=say("on.help"))


def policy_argument(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--policy FILE`."""
    parser.add_argument("--policy", type=Path, metavar="FILE", default=None, help=say("policy.help"))


def day_of(options: argparse.Namespace) -> date:
    """The day asked for, else today. Raises InputError."""
    if options.on is None:
        return date.today()
    try:
        return date.fromisoformat(options.on)
    except ValueError:
        raise InputError("--on: not a date: {given!r}", "Write YYYY-MM-DD, for example 2026-11-22.", given=options.on) from None


def adopted_for(system: Path, given: Path | None, day: date) -> frozenset[str]:
    """Paths of adopted practice provisions: from `given`, else from house-policy.yaml beside the system or one folder up."""
    from tanba.law.load import load
    from tanba.law.policy import adopted_on, read_policy

    folder = system.resolve().parent
    path = given or next((p for p in (folder / POLICY, folder.parent / POLICY) if p.is_file()), None)
    return adopted_on(read_policy(path, load()), day) if path else frozenset()


def assessed(path: Path, options: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    """(system, assessment) of one SYSTEM.yaml. Raises TanbaError."""
    from tanba.law.assess import assess
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import on

    day = day_of(options)
    book = on(load(), day)
    system = read_system(path, book.law)
    report = assess(book, system.facts, system=system.slug, adopted=adopted_for(path, options.policy, day))
    return system, report | {"name": dict(system.name), "suggested": sorted(system.suggested)}


def checked(path: Path, options: argparse.Namespace) -> tuple[Any, dict[str, Any], list[Any]]:
    """(system, assessment, findings) of one SYSTEM.yaml, its evidence files looked for. Raises TanbaError."""
    from tanba.law.gaps import findings

    system, report = assessed(path, options)
    return system, report, findings(report, system, lambda file: _is_kept(path, file))


def _is_kept(system: Path, file: str) -> bool:
    return kept_file(system, file) is not None


def kept_file(system: Path, file: str) -> Path | None:
    """Where an evidence file lies: beside the system file or one folder up, never outside."""
    folder = system.resolve().parent
    bases = (folder, folder.parent)
    return next(
        (base / file for base in bases if (base / file).is_file() and (base / file).resolve().is_relative_to(base)),
        None,
    )


def checkpoint() -> dict[str, Any] | None:
    """The state {origin, root, size} of the workspace's ledger, where there is one. Raises StoreError."""
    from tanba.ledger.home import exists, open_ledger
    from tanba.workspace import current

    if not exists(current()):
        return None
    log = open_ledger(current())
    try:
        return log.head().checkpoint.plain
    finally:
        log.store.close()
