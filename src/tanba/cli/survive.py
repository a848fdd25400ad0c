"""`tanba survive FILE`: what is left of a mark after compression, crops, screenshots, messengers."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.marks import policy_argument, progress, read_file
from tanba.errors import FINDING, FINE
from tanba.strings import catalogue, t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help=say("survive.file.help"))
    parser.add_argument("--hard", action="store_true", help=say("survive.hard.help"))
    parser.add_argument("--json", action="store_true", help=say("survive.json.help"))
    policy_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """1 where an attack left no layer at all."""
    from tanba.marking.home import open_issuer
    from tanba.marking.standardfile import load_standard
    from tanba.marking.survive import survive
    from tanba.workspace import current

    standard = load_standard(current(), options.policy)
    data = read_file(options.file)
    rows: list[Any] = []
    for row in survive(data, options.file.name, open_issuer(current()), standard, options.hard):
        with progress(len(rows) + 1, 2, Path(row.attack)):
            rows.append(row)
    if options.json:
        said = [{"attack": row.attack, "found": dict(row.found)} for row in rows]
        print(json.dumps({"attacks": said, "file": str(options.file), "schema": "tanba.survival/1"}, ensure_ascii=False, indent=2))
    else:
        print(_table(rows, options.lang))
    return FINE if all(any(row.found.values()) for row in rows) else FINDING


def _table(rows: list[Any], lang: str) -> str:
    layers = list(rows[0].found)
    heads = [t("survive.attack", lang), *(t(f"marks.layer_{layer}", lang) for layer in layers)]
    lines = [[_named(row.attack, lang), *("+" if row.found[layer] else "-" for layer in layers)] for row in rows]
    counts = [f"{sum(row.found[layer] for row in rows)} / {len(rows)}" for layer in layers]
    table = [heads, *lines, [t("survive.total", lang), *counts]]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table)


def _named(attack: str, lang: str) -> str:
    """The attack in the reader's words; numbers and names of formats stay."""
    return " ".join(_word(word, lang) for word in attack.split())


def _word(word: str, lang: str) -> str:
    bare = word.rstrip(",")
    return str(catalogue().get(f"survive.word_{bare}", {}).get(lang, bare)) + word[len(bare) :]
