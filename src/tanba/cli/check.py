"""`tanba check DIR`: a gate for pipelines. Every SYSTEM.yaml below DIR is assessed; gaps decide the exit code."""

import argparse
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import POLICY, checked, on_argument, policy_argument
from tanba.errors import FINE, InputError, TanbaError
from tanba.law.gaps import Finding

SKIPPED = {POLICY, "company.yaml"}


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help=say("check.dir.help"))
    parser.add_argument("--strict", action="store_true", help=say("check.strict.help"))
    on_argument(parser, say)
    policy_argument(parser, say)
    parser.add_argument("--format", choices=("text", "json", "sarif", "junit"), default="text", help=say("format.help"))


def run(options: argparse.Namespace) -> int:
    """Print findings of every system; the exit code is the worst of all: 3 could not check > 2 bad input > 1 finding > 0."""
    results: list[tuple[Any, dict[str, Any], list[Finding]]] = []
    faults: list[TanbaError] = []
    for path in systems_below(options.directory):
        try:
            results.append(checked(path, options))
        except InputError as error:
            faults.append(error)
    print(_rendered(results, faults, options))
    codes = [finding.exit_code(options.strict) for _, _, found in results for finding in found]
    return max([FINE, *codes, *(fault.exit_code for fault in faults)])


def systems_below(directory: Path) -> list[Path]:
    """Files that describe a system: `*.yaml` with a `facts:` key or the system schema. Raises InputError where there are none."""
    if directory.is_file():
        return [directory]
    found = [path for path in sorted(directory.rglob("*.yaml")) if path.name not in SKIPPED and _describes_system(path)]
    if not found:
        raise InputError(
            "no system files (*.yaml) found", "Point to a folder with SYSTEM.yaml files; `tanba interview` makes one.", directory
        )
    return found


def _describes_system(path: Path) -> bool:
    """A file that cannot be read counts as one, so that a gate says so instead of passing it over."""
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(65536).removeprefix(BOM_UTF8)
    except OSError:
        return True
    return b"tanba.system/" in head or head.startswith(b"facts:") or b"\nfacts:" in head


def _rendered(results: list[tuple[Any, dict[str, Any], list[Finding]]], faults: list[TanbaError], options: argparse.Namespace) -> str:
    from tanba.cli.formats import machine, text

    if options.format == "text":
        return text.check(results, faults, options.lang, options.strict)
    if options.format == "json":
        return machine.check_json(results, faults, options.strict)
    if options.format == "sarif":
        return machine.sarif(results, options.lang, faults)
    return machine.junit(results, options.lang, faults, options.strict)
