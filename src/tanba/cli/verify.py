"""`tanba verify FILE…|DIR`: which marks a file bears, who marked it and when. It reports, whatever it finds."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tanba.cli.batch import Work, each_file, jobs_argument
from tanba.cli.marks import listed, policy_argument, read_file
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE
from tanba.strings import explain, t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|DIR", help=say("verify.files.help"))
    parser.add_argument("--deep", action="store_true", help=say("verify.deep.help"))
    parser.add_argument("--json", action="store_true", help=say("verify.json.help"))
    policy_argument(parser, say)
    jobs_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Report on every file; the worst exit code of all."""
    return each_file(listed(options.files, everything=True), _opened, options, nothing=COULD_NOT_CHECK)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Work]:
    from tanba.marking.desk import open_desk
    from tanba.workspace import current

    with open_desk(current(), options.policy, make_keys=False) as things:

        def work(path: Path, place: Path) -> int:
            checked = things.verify(read_file(path), str(path), deep=options.deep)
            print(json.dumps(checked.as_json(), ensure_ascii=False) if options.json else as_text(checked, options.lang))
            return code_of(checked)

        yield work


def code_of(checked: Any) -> int:
    """1 where a layer is false, 3 where nothing was found or a kind is not known: that is no statement about the file."""
    if any(found.state == "invalid" for found in checked.layers):
        return FINDING
    return FINE if checked.machine == "found" else COULD_NOT_CHECK


def as_text(checked: Any, lang: str) -> str:
    """Some lines for people."""
    head = t("marks.head", lang, file=checked.name, mark=t(f"marks.{checked.machine}", lang), warning=t(f"marks.{checked.warning}", lang))
    reasons = {found.reason.message: explain(found.reason, lang) for found in checked.layers if found.reason}
    lines = [head, *(_layer(found, lang) for found in checked.layers if found.reason is None)]
    lines += [": ".join(filter(None, reason)) for reason in reasons.values()]
    lines += [f"{_row(row, lang)} – {t(f'marking_pages.how_{checked.bindings[row.id]}', lang)}" for row in checked.marks]
    if checked.machine != "found":
        lines.append(t("marks.nothing", lang))
    return "\n  ".join(map(_clean, [*lines, t("marks.conformity_unknown", lang)]))


def _clean(line: str) -> str:
    """A line without what would move the cursor or begin another: files say what their makers want."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _layer(found: Any, lang: str) -> str:
    details = found.details
    extra = [details.get("issuer") or details.get("name"), details.get("text"), *details.get("problems", [])]
    sure = [f"{found.confidence:.0%}"] if found.confidence is not None else []
    said = ", ".join(map(str, [*sure, *filter(None, extra)]))
    return f"{t(f'marks.layer_{found.layer}', lang)}: {t(f'marks.state_{found.state}', lang)}{f' ({said})' if said else ''}"


def _row(row: Any, lang: str) -> str:
    from tanba.marking.markid import text_of

    what = t(f"marks.source_{row.source}", lang)
    return t("marks.row", lang, number=text_of(row.id), time=row.time, system=row.system or "–", what=what, sealed=row.sealed or "–")
