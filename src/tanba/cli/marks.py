"""What `mark`, `verify`, `gate` and `survive` share: files of a folder, one error per file, the way layers are said."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tanba.errors import InputError, TanbaError
from tanba.strings import explain, t

LARGEST = 1 << 30
SHOWN = ("label", "watermark", "metadata", "c2pa", "fingerprint")
"""Layers in the order in which people ask for them."""


def listed(given: Iterable[Path]) -> list[tuple[Path, Path]]:
    """(file, its place below the folder that was named), in order; hidden files are left out. Raises InputError where one is not there."""
    found: list[tuple[Path, Path]] = []
    for path in given:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
            found += [(each, each.relative_to(path)) for each in inside]
        elif path.exists():
            found.append((path, Path(path.name)))
        else:
            raise InputError("is not there", "Check the path.", path)
    return found


def each_file(files: Sequence[tuple[Path, Path]], lang: str, work: Callable[[Path, Path], int]) -> int:
    """`work` on each, the worst exit code at the end; one that fails is named, and the rest goes on."""
    worst = 0
    for number, (path, place) in enumerate(files, 1):
        with progress(number, len(files), path):
            try:
                code = work(path, place)
            except TanbaError as error:
                complain(error, path, lang)
                code = error.exit_code
        worst = max(worst, code)
    return worst


def complain(error: TanbaError, path: Path, lang: str) -> None:
    """One error on stderr, with the file it is about."""
    named = error if error.where else error.at(path)
    message, hint = explain(named, lang)
    print(f"tanba: {message}", *([f"       {hint}"] if hint else []), sep="\n", file=sys.stderr)


@contextmanager
def progress(number: int, count: int, path: Path) -> Iterator[None]:
    """A line on a terminal while there is much to do."""
    shown = count > 1 and sys.stderr.isatty()
    if shown:
        print(f"\r\x1b[K{number}/{count} {path.name[:60]}", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def read_file(path: Path) -> bytes:
    """The whole file. Raises InputError."""
    from tanba.files import read_upto

    data = read_upto(path, LARGEST)
    if len(data) > LARGEST:
        raise InputError("is larger than {most} bytes", "Make it smaller first.", path, most=LARGEST)
    return data


def policy_argument(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--policy FILE`: the channel standard."""
    parser.add_argument("--policy", type=Path, metavar="FILE", default=None, help=say("mark.policy.help"))


def layer_words(layers: dict[str, str], lang: str) -> str:
    """`C2PA manifest: valid, …`."""
    return ", ".join(
        f"{t(f'marks.layer_{layer}', lang)}: {t(f'marks.state_{state}', lang)}" for layer in SHOWN if (state := layers.get(layer))
    )
