"""The command line: one file per verb. A door parses, calls and prints; it thinks nothing.

A verb is a module with `arguments(parser, say)` and `run(options) -> exit code`; its help is `cli.<verb>.help` in the catalogue.
Libraries are imported inside `run`, so that `tanba --help` answers at once.
"""

import argparse
import os
import sys
from importlib import import_module
from io import TextIOWrapper

from tanba import __version__
from tanba.cli.inputs import common
from tanba.errors import COULD_NOT_CHECK, TanbaError
from tanba.strings import LANGUAGES, explain, t

VERBS = (
    *("assess", "check", "interview", "facts", "import", "register", "law"),
    *("mark", "verify", "gate", "survive", "synthetic", "keys"),
    *("calendar", "fairness", "notice", "agreement", "request", "risks", "principles", "trace", "incident", "suspend", "state", "audit"),
    *("obligations", "documents", "seal", "ledger", "bundle", "serve"),
)


def main(argv: list[str] | None = None) -> int:
    """Run one verb; returns the exit code (see `tanba.errors`)."""
    arguments = sys.argv[1:] if argv is None else argv
    language = _language(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a file name of other bytes, or a narrow terminal, is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser(language).parse_args(arguments)
        options.lang = options.lang or language
        if options.lang[:2] in LANGUAGES:
            language = options.lang[:2]  # errors of a document in two languages are told in its first
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except TanbaError as error:
        message, hint = explain(error, language)
        print(f"tanba: {message}", *([f"       {hint}"] if hint else []), sep="\n", file=sys.stderr)
        return error.exit_code
    except OSError as error:  # the reader has gone, or the disk is full: whoever waits for the result did not get it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"tanba: {error}", file=sys.stderr)
        return COULD_NOT_CHECK
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def _language(arguments: list[str]) -> str:
    """--lang, else TANBA_LANG, else the locale's language, else Kazakh."""
    given = [arguments[i + 1] for i, word in enumerate(arguments[:-1]) if word == "--lang"]
    given += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    wanted = [*given, os.environ.get("TANBA_LANG", ""), os.environ.get("LC_ALL") or os.environ.get("LANG", "")]
    return next((word[:2] for word in wanted if word[:2] in LANGUAGES), "kk")


def _parser(language: str) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return t(f"cli.{key}", language).replace("%", "%%")

    parser = argparse.ArgumentParser(prog="tanba", description=say("about"), epilog=say("disclaimer"), add_help=False)
    common(parser, say)
    parser.add_argument("--version", action="version", version=f"tanba {__version__}", help=say("version.help"))
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, title=say("verbs"))
    for name in VERBS:
        verb = import_module(f"tanba.cli.{name}_" if name == "import" else f"tanba.cli.{name}")
        sub = verbs.add_parser(name, help=say(f"{name}.help"), description=say(f"{name}.help"), epilog=say("disclaimer"), add_help=False)
        common(sub, say)
        verb.arguments(sub, say)
        sub.set_defaults(run=verb.run)
    return parser
