"""`tanba mark FILE…|DIR`: put the machine-readable mark and the warning on what AI made, remember and seal it."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.cli.batch import Work, each_file, jobs_argument
from tanba.cli.marks import layer_words, listed, policy_argument, read_file
from tanba.errors import FINDING, FINE, InputError
from tanba.strings import explain, t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|DIR", help=say("mark.files.help"))
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", default=None, help=say("mark.output.help"))
    parser.add_argument("--system", metavar="NAME", default="", help=say("seal.system.help"))
    parser.add_argument("--organisation", metavar="BIN", default="", help=say("seal.organisation.help"))
    parser.add_argument("--source", choices=("created", "altered"), default="created", help=say("mark.source.help"))
    parser.add_argument("--label", metavar="kk|ru|en|kk+ru", default=None, help=say("mark.label.help"))
    parser.add_argument("--layers", metavar="LAYER,…", default=None, help=say("mark.layers.help"))
    parser.add_argument("--receipt", action="store_true", help=say("mark.receipt.help"))
    parser.add_argument("--force", action="store_true", help=say("mark.force.help"))
    policy_argument(parser, say)
    jobs_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Mark every file; the worst exit code of all."""
    return each_file(_placed(listed(options.files), options), _opened, options)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Work]:
    from tanba.ledger.home import open_ledger
    from tanba.marking.desk import open_desk
    from tanba.marking.mark import Order
    from tanba.markseal import seal_left
    from tanba.storage.home import open_objects
    from tanba.workspace import current

    with open_desk(current(), options.policy) as things:
        order = Order(_standard(things.standard, options), options.source, options.organisation, options.system)
        register: Any = things.register
        log = open_ledger(current())
        objects = open_objects(current())
        seal_left(register, log, objects, datetime.now(UTC))

        def work(path: Path, target: Path, taken: bool) -> int:
            if options.system:
                things.stops.refuse_stopped(options.organisation, options.system)
            _reserve(path, target, taken, options.force)
            return _mark(path, target, order, things, log, objects, options)

        try:
            yield work
        finally:
            log.store.close()


def _standard(standard: Any, options: argparse.Namespace) -> Any:
    """What the command says goes before the file."""
    from tanba.marking.standard import CHOSEN, languages

    if options.label:
        standard = replace(standard, languages=languages(options.label))
    if options.layers:
        chosen = tuple(options.layers.split(","))
        if not set(chosen) <= set(CHOSEN):
            raise InputError("--layers: {given!r} is not known", "Known: {known}.", given=options.layers, known=", ".join(CHOSEN))
        standard = replace(standard, layers=chosen)
    return standard


def _placed(files: Sequence[tuple[Path, Path]], options: argparse.Namespace) -> list[tuple[Path, Path, bool]]:
    """(file, where its marked copy goes, whether another file of this run goes there)."""
    single = len(files) == 1 and not options.files[0].is_dir()
    found: list[tuple[Path, Path, bool]] = []
    taken: set[Path] = set()
    for path, place in files:
        beside = path.with_name(f"{path.stem}.marked{path.suffix}")
        out: Path = options.output or beside
        target = out if out == beside or (single and not out.is_dir()) else out / place
        found.append((path, target, target.absolute() in taken))
        taken.add(target.absolute())
    return found


def _reserve(path: Path, target: Path, taken: bool, force: bool) -> None:
    """Refuse a place where something would be lost, or where nothing can be written, before anything is entered anywhere."""
    if taken:
        raise InputError("is the place of another file of the same name", "Mark folders one by one, or into different places.", target)
    if target.exists() and target.samefile(path):
        raise InputError("would be overwritten by its marked copy", "Choose another place with --output.", path)
    if target.exists() and not force:
        raise InputError("is there already", "Choose another place with --output, or overwrite it with --force.", target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        probe = target.with_name(f".{target.name}.{'0' * 16}")  # as long as the name it is first written under
        probe.open("xb").close()
        probe.unlink()
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --output.", target, problem=error.strerror) from None


def _mark(path: Path, target: Path, order: Any, things: Any, log: Any, objects: Any, options: argparse.Namespace) -> int:
    from tanba.marking.mark import mark_file
    from tanba.marking.markid import text_of
    from tanba.markseal import seal_marks

    marked, row = mark_file(read_file(path), path.name, order, things.issuer, things.register, datetime.now(UTC))
    [position] = seal_marks([row], things.register, log, objects)
    _write(target, marked.content)
    if options.receipt:
        _keep_receipt(target, row, log)
    print(
        t(
            "cli.mark.done",
            options.lang,
            target=target,
            number=text_of(row.id),
            layers=layer_words(dict(marked.layers), options.lang),
            position=position,
        )
    )
    for layer, error in marked.reasons.items():
        print(f"  {t(f'marks.layer_{layer}', options.lang)}: {': '.join(explain(error, options.lang))}")
    return FINDING if marked.reasons else FINE


def _keep_receipt(target: Path, row: Any, log: Any) -> None:
    """The record beside the marked file, and its receipt: `tanba seal --check` reads them."""
    from tanba.markseal import receipt_of

    record = target.with_name(f"{target.name}.mark.json")
    _write(record, row.record)
    _write(record.with_name(f"{record.name}.receipt.json"), bytes(receipt_of(replace(row, sealed=row.entry), log)))


def _write(target: Path, content: bytes) -> None:
    from tanba.files import replace_whole

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, content)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --output.", target, problem=error.strerror) from None
