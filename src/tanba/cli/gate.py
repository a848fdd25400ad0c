"""`tanba gate FILE…|DIR`: may it be distributed? Both parts of art. 21(2) have to be there; what cannot be checked does not pass."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tanba.cli.batch import Work, each_file, jobs_argument
from tanba.cli.marks import listed, policy_argument, read_file
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE
from tanba.strings import t

CODES = {True: FINE, False: FINDING, None: COULD_NOT_CHECK}


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|DIR", help=say("verify.files.help"))
    parser.add_argument("--json", action="store_true", help=say("gate.json.help"))
    parser.add_argument("--system", metavar="NAME", default="", help=say("gate.system.help"))
    parser.add_argument("--organisation", metavar="BIN", default="", help=say("seal.organisation.help"))
    policy_argument(parser, say)
    jobs_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Judge every file; the worst exit code of all."""
    return each_file(listed(options.files, everything=True), _opened, options, nothing=COULD_NOT_CHECK)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Work]:
    from tanba.marking.desk import open_desk
    from tanba.marking.gate import judge
    from tanba.workspace import current

    with open_desk(current(), options.policy, make_keys=False) as things:

        def work(path: Path, place: Path) -> int:
            checked = things.verify(read_file(path), str(path), deep=True)
            verdict = judge(checked, things.stops.concerning(options.organisation, options.system) if options.system else None)
            print(_as_json(path, verdict, checked) if options.json else _as_text(path, verdict, options.lang))
            return CODES[verdict.passes]

        yield work


def _as_text(path: Path, verdict: Any, lang: str) -> str:
    word = {True: "passes", False: "refused", None: "unchecked"}[verdict.passes]
    reasons = "; ".join(t(f"gate.reason_{reason}", lang) for reason in verdict.reasons)
    return f"{path}: {t(f'gate.{word}', lang)}{f' – {reasons}' if reasons else ''}"


def _as_json(path: Path, verdict: Any, checked: Any) -> str:
    said = {
        "check": checked.as_json(),
        "file": str(path),
        "passes": verdict.passes,
        "reasons": list(verdict.reasons),
        "schema": "tanba.gate/1",
    }
    return json.dumps(said, ensure_ascii=False)
