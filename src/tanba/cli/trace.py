"""`tanba trace …`: record, list, show, prove, check, erase, drain, stats, receive."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tanba.cli.inputs import common

VERBS = ("record", "list", "show", "prove", "check", "erase", "drain", "stats", "receive")
Say = Callable[[str], str]


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="trace_verb")
    for name in VERBS:
        sub = verbs.add_parser(name, help=say(f"trace.{name}.help"), description=say(f"trace.{name}.help"), add_help=False)
        common(sub, say, argparse.SUPPRESS)
        DECLARE[name](sub, say)


def run(options: argparse.Namespace) -> int:
    """Dispatch to the verb."""
    from tanba.cli import tracing

    code: int = getattr(tracing, options.trace_verb.replace("list", "listed"))(options)
    return code


def _origin(parser: argparse.ArgumentParser, say: Say, *, required: bool) -> None:
    parser.add_argument("--system", required=required, default=None, metavar="NAME", help=say("trace.system.help"))
    parser.add_argument("--organisation", default=None, metavar="BIN", help=say("trace.organisation.help"))


def _settings(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--risk", choices=("high", "medium", "minimal", "unknown"), default="unknown", help=say("trace.risk.help"))
    parser.add_argument("--keep", action="store_true", help=say("trace.keep.help"))
    parser.add_argument("--durable", action="store_true", help=say("trace.durable.help"))


def _filters(parser: argparse.ArgumentParser, say: Say) -> None:
    _origin(parser, say, required=False)
    parser.add_argument("--subject", default=None, metavar="ID", help=say("trace.subject.help"))
    parser.add_argument("--outcome", default=None, help=say("trace.outcome.help"))
    parser.add_argument("--model", default=None, help=say("trace.model.help"))
    parser.add_argument("--since", default=None, metavar="YYYY-MM-DD[THH:MM]", help=say("trace.since.help"))
    parser.add_argument("--until", default=None, metavar="YYYY-MM-DD[THH:MM]", help=say("trace.until.help"))
    parser.add_argument("--json", action="store_true", help=say("trace.json.help"))


def _record(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("file", type=Path, nargs="?", default=None, metavar="FILE", help=say("trace.file.help"))
    _origin(parser, say, required=True)
    _settings(parser, say)


def _list(parser: argparse.ArgumentParser, say: Say) -> None:
    _filters(parser, say)
    parser.add_argument("--most", type=int, default=100, metavar="N", help=say("trace.most.help"))


def _show(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("id", metavar="ID", help=say("trace.id.help"))
    parser.add_argument("--json", action="store_true", help=say("trace.json.help"))


def _prove(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("id", metavar="ID", help=say("trace.id.help"))
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("trace.output.help"))
    parser.add_argument("--contents", action="store_true", help=say("trace.contents.help"))


def _check(parser: argparse.ArgumentParser, say: Say) -> None:
    from tanba.cli.evidence import accept_argument, trust_arguments

    parser.add_argument("file", type=Path, metavar="FILE", help=say("trace.proof.help"))
    trust_arguments(parser, say)
    accept_argument(parser, say)


def _erase(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--subject", required=True, metavar="ID", help=say("trace.subject.help"))
    parser.add_argument("--organisation", default=None, metavar="BIN", help=say("trace.organisation.help"))


def _drain(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--json", action="store_true", help=say("trace.json.help"))


def _receive(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--port", type=int, default=4318, help=say("serve.port.help"))
    _origin(parser, say, required=False)
    _settings(parser, say)


DECLARE: dict[str, Callable[[argparse.ArgumentParser, Say], None]] = {
    "record": _record,
    "list": _list,
    "show": _show,
    "prove": _prove,
    "check": _check,
    "erase": _erase,
    "drain": _drain,
    "stats": _filters,
    "receive": _receive,
}
