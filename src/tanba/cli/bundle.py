"""`tanba bundle make | check`: one file for an inspector, and checking such a file."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import FINDING, FINE
from tanba.strings import explain, kind_word, t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    from tanba.cli.evidence import accept_argument, trust_arguments

    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="bundle_verb")
    make = verbs.add_parser("make", help=say("bundle.make.help"), description=say("bundle.make.help"), add_help=False)
    common(make, say, argparse.SUPPRESS)
    make.add_argument("--system", required=True, metavar="NAME", help=say("bundle.system.help"))
    make.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("bundle.output.help"))
    make.add_argument("--known", type=Path, action="append", default=[], metavar="FILE", help=say("bundle.known_make.help"))
    check = verbs.add_parser("check", help=say("bundle.check.help"), description=say("bundle.check.help"), add_help=False)
    common(check, say, argparse.SUPPRESS)
    check.add_argument("file", type=Path, metavar="FILE", help=say("bundle.file.help"))
    trust_arguments(check, say)
    check.add_argument("--known", type=Path, action="append", default=[], metavar="FILE", help=say("bundle.known.help"))
    accept_argument(check, say)
    check.add_argument("--format", choices=("text", "json"), default="text", help=say("format.help"))


def run(options: argparse.Namespace) -> int:
    """Dispatch to the verb."""
    return _make(options) if options.bundle_verb == "make" else _check(options)


def _make(options: argparse.Namespace) -> int:
    from tanba.cli.evidence import checkpoints
    from tanba.web import start

    known = checkpoints(options.known)
    path, made = start.make_bundle(options.system, options.output, known)
    print(t("cli.bundle.made", options.lang, path=path, count=len(made.index["artifacts"])))
    for file, error in made.missing.items():
        print(t("cli.bundle.left_out", options.lang, file=file, reason=explain(error, options.lang)[0]), file=sys.stderr)
    return FINDING if made.missing else FINE


def _check(options: argparse.Namespace) -> int:
    from tanba.bundle.check import check
    from tanba.cli.evidence import accepted, checkpoints, trust

    accept = accepted(options)
    trusted = trust(options)
    report = check(options.file, trusted, checkpoints(options.known, trusted.policy.logs))
    code = report.exit_code(accept)
    print(json.dumps(_as_json(report, code), ensure_ascii=False, indent=2) if options.format == "json" else _as_text(report, options.lang))
    return code


def _as_json(report: Any, code: int) -> dict[str, Any]:
    return {
        "checkpoint": str(report.signed),
        "exit_code": code,
        "results": [_result(each) for each in report.results],
        "schema": "tanba.bundle-check/1",
        "unchecked": [each.size for each in report.unchecked],
        "words": list(report.words),
    }


def _result(each: Any) -> dict[str, Any]:
    verdict = each.verdict
    return {
        "entry": verdict
        and {"id": verdict.entry.id, "kind": verdict.entry.kind, "system": verdict.entry.system, "time": verdict.entry.time},
        "reason": each.reason and each.reason.message,
        "subject": each.subject,
        "time_stamp": verdict.time.isoformat() if verdict and verdict.time else None,
        "witnesses": dict(verdict.witnesses) if verdict else {},
        "words": list(each.words),
    }


def _as_text(report: Any, lang: str) -> str:
    from tanba.cli.evidence import reason, words

    lines = []
    for each in report.results:
        what = f" ({kind_word(each.verdict.entry.kind, lang)}, {each.verdict.entry.time})" if each.verdict else ""
        why = f" – {reason(each.reason, lang)}" if each.reason else ""
        lines.append(f"{each.subject}{what}: {words(each.words, lang)}{why}")
    lines += [t("cli.bundle.unchecked", lang, size=each.size) for each in report.unchecked]
    lines.append(t("cli.bundle.summary", lang, words=words(report.words, lang)))
    return "\n".join([*lines, *_meanings(report.words, lang), t("bundle.limits", lang)])


def _meanings(found: tuple[str, ...], lang: str) -> list[str]:
    return [f"  {t(f'ledger.word_{word}', lang)}: {t(f'ledger.meaning_{word}', lang)}" for word in found if word != "verified"]
