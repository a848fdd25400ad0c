"""What `mark`, `verify`, `gate` and `survive` share: files of a folder, one error per file, the way layers are said."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tanba.errors import InputError, TanbaError
from tanba.strings import explain, t

LARGEST = 1 << 30
MARKED = ".marked."
"""In the names that marked copies are given."""

BAR = 20
"""Letters of a full bar."""

SHOWN = ("label", "watermark", "metadata", "c2pa", "fingerprint")
"""Layers in the order in which people ask for them."""


def listed(given: Iterable[Path], *, everything: bool = False) -> list[tuple[Path, Path]]:
    """(file, its place below the folder that was named), in order. Raises InputError where one is not there.

    To be marked are plain files, without hidden ones and those marked already. With `everything`, for a check, nothing in a folder is
    passed over: links to folders and folders that cannot be opened stand in the list, and fail when they are read.
    """
    found: list[tuple[Path, Path]] = []
    for path in given:
        if path.is_dir():
            found += [(each, each.relative_to(path)) for each in _inside(path, everything)]
        elif path.exists():
            found.append((path, Path(path.name)))
        else:
            raise InputError("is not there", "Check the path.", path)
    return found


def _inside(folder: Path, everything: bool) -> list[Path]:
    closed: list[Path] = []
    found: list[Path] = []
    for above, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(str(error.filename)))):
        found += [Path(above, name) for name in [*names, *(each for each in folders if Path(above, each).is_symlink())]]
    chosen = [each for each in found if everything or (each.is_file() and not each.name.startswith(".") and MARKED not in each.name)]
    return sorted([*chosen, *closed])


def complain(error: TanbaError, path: Path, lang: str) -> None:
    """One error on stderr, with the file it is about."""
    named = error if error.where else error.at(path)
    message, hint = explain(named, lang)
    print(f"tanba: {message}", *([f"       {hint}"] if hint else []), sep="\n", file=sys.stderr)


@contextmanager
def progress(number: int, count: int, path: Path) -> Iterator[None]:
    """A bar on a terminal while there is much to do."""
    shown = count > 1 and sys.stderr.isatty()
    if shown:
        done = BAR * (number - 1) // count
        print(f"\r\x1b[K[{'#' * done:{BAR}}] {number}/{count} {path.name[:40]}", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def read_file(path: Path) -> bytes:
    """The whole file. Raises InputError."""
    from tanba.files import read_upto

    if path.exists() and not path.is_file():  # a pipe would make us wait for ever
        raise InputError("is no file", "Name a file, or a folder to take all in it.", path)
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
