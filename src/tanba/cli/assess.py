"""`tanba assess SYSTEM.yaml`: what the law asks of one system, and why."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tanba.cli.inputs import checked, on_argument, policy_argument
from tanba.errors import FINE


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("system.help"))
    on_argument(parser, say)
    policy_argument(parser, say)
    parser.add_argument("--format", choices=("text", "json", "sarif", "junit"), default="text", help=say("format.help"))
    parser.add_argument("--all", action="store_true", help=say("assess.all.help"))


def run(options: argparse.Namespace) -> int:
    """Print the assessment. A found prohibition is a finding; an assessment itself is not a gate (see `tanba check`)."""
    system, report, found = checked(options.system, options)
    if options.format == "text":
        from tanba.cli.formats.text import assessment

        print(assessment(report, options.lang, everything=options.all))
    elif options.format == "json":
        from tanba.cli.formats.machine import as_json

        print(as_json(report))
    else:
        from tanba.cli.formats.machine import junit, sarif

        render = sarif if options.format == "sarif" else junit
        print(render([(system, report, found)], options.lang))
    return 1 if report["conclusion"] == "prohibited" else FINE
