"""`tanba facts [NAME]`: the vocabulary: every question with its type, choices and the provision that governs it."""

import argparse
from collections.abc import Callable

from tanba.errors import FINE, InputError


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("name", nargs="?", default=None, metavar="NAME", help=say("facts.name.help"))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=say("format.help"))


def run(options: argparse.Namespace) -> int:
    """Print all facts, or those whose name contains NAME."""
    from tanba.cli.formats import dialogue, machine
    from tanba.law.load import load

    law = load()
    facts = [fact for name, fact in law.facts.items() if options.name is None or options.name in name]
    if not facts:
        raise InputError("no fact {name!r}", "`tanba facts` lists them all.", name=options.name)
    print(dialogue.facts(law, facts, options.lang) if options.format == "text" else machine.facts_json(law, facts))
    return FINE
