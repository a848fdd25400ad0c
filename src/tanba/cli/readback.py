"""`tanba documents read`: what somebody changed in a DOCX of ours, field by field, and back into the SYSTEM.yaml."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import FINDING, FINE, InputError
from tanba.strings import t

SCHEMA = "tanba.document-edits/1"


def declare(verbs: Any, say: Callable[[str], str]) -> argparse.ArgumentParser:
    """The sub-verb; it takes a system, as `make` does."""
    read: argparse.ArgumentParser = verbs.add_parser(
        "read", help=say("documents.read.help"), description=say("documents.read.help"), add_help=False
    )
    common(read, say, argparse.SUPPRESS)
    read.add_argument("edited", type=Path, metavar="EDITED.docx", help=say("documents.edited.help"))
    read.add_argument("files", type=Path, nargs="*", metavar="SYSTEM.yaml", help=say("documents.files.help"))
    read.add_argument("--apply", action="store_true", help=say("documents.apply.help"))
    read.add_argument("--format", choices=("text", "json"), default="text", help=say("documents.format.help"))
    return read


def run(options: argparse.Namespace) -> int:
    """Read, write back where that is asked, tell. Exit code 1 where something is not taken."""
    from tanba.cli.companyforms import read_form
    from tanba.cli.materials import material_of
    from tanba.documents.edited import read

    if options.apply and not options.files:
        raise InputError("only a file is written back from here", "Open the documents of the system in the register.")
    found = read(read_form(options.edited), material_of("system", options))
    taken = [each for each in found.edits if not each.reason]
    if options.apply and taken:
        _write(options.files[0], taken)
    if options.format == "json":
        edits = [asdict(each) | {"path": list(each.path)} for each in found.edits]
        about = dict(found.about) | {"changed": found.stale, "applied": options.apply, "outside": found.rest}
        print(json.dumps({"about": about, "edits": edits, "schema": SCHEMA}, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join(_lines(found, options.apply, options.lang)))
    return FINDING if len(taken) < len(found.edits) else FINE


def _write(path: Path, taken: list[Any]) -> None:
    """The file with the values set; it is read once more before it takes the place of the old one. Raises InputError."""
    from tanba.law.detailedit import with_detail
    from tanba.law.facts import parse_system
    from tanba.law.load import load
    from tanba.law.systemedit import save
    from tanba.yamlfile import MAX_BYTES, read_text

    text = read_text(path, MAX_BYTES)
    for each in taken:
        text = with_detail(text, each.path, each.value)
    parse_system(text, load(), path)
    save(path, text)


def _lines(found: Any, applied: bool, lang: str) -> Iterator[str]:
    from tanba.documents.known import words

    title = words(f"title_{found.about['document']}")[lang]
    yield t("edited.about", lang, title=title, system=found.about["system"], day=found.about["day"])
    if found.stale:
        yield t("edited.stale", lang)
    for each in found.edits:
        state = t("edited.taken" if applied else "edited.ready", lang)
        if each.reason:
            state = t("edited.not_taken", lang, reason=t(f"edited.reason_{each.reason}", lang))
        yield f"{'✗' if each.reason else '✓'} {each.label} ({each.language}): {state}"
        shown = {"was": each.was, "now": each.now if each.now != each.was else None, "text": each.text}
        yield from (f"    {t(f'edited.{name}', lang)}: {text}".replace("\n", "\n      ") for name, text in shown.items() if text)
    if not found.edits:
        yield t("edited.nothing", lang)
    if found.rest:
        yield t("edited.rest", lang, count=found.rest)
