"""One work on many files, by one process or several: one error per file, what is printed in the order of the files, the worst exit code.

Processes are begun anew and not forked, since what signs manifests does not survive a fork. They finish the file they are at when a
reader interrupts, so that nothing is entered anywhere whose file was not written.
"""

import argparse
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tanba.cli.marks import complain, progress
from tanba.errors import FINE, MISUSE, InputError, StoreError, TanbaError

SHARE = 16 << 20
"""Bytes of files that make one process more worth the second it takes to begin."""

MOST = 4
"""Processes that begin unasked: each may take some gigabytes for a large picture."""

Item = tuple[Any, ...]
"""What is handed to the work: the file's path first."""

Work = Callable[..., int]
Opening = Callable[[argparse.Namespace], AbstractContextManager[Work]]
"""Opens what the work needs and gives the work: a function of a module, since other processes call it too."""

Done = tuple[int, str, str]
"""Exit code, and what goes to stdout and stderr."""


def jobs_argument(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--jobs N`."""
    parser.add_argument("--jobs", type=int, metavar="N", default=None, help=say("jobs.help"))


def each_file(items: Sequence[Item], opening: Opening, options: argparse.Namespace, nothing: int = FINE) -> int:
    """The work on each, the worst exit code at the end; one that fails is named, and the rest goes on. `nothing`: the code of no file."""
    jobs = _jobs(items, options.jobs)
    with opening(options) as work:  # also where others do it: what cannot be opened is said once
        codes = _together(items, opening, options, jobs) if jobs > 1 else _alone(items, work, options.lang)
    return max(codes, default=nothing)


def _jobs(items: Sequence[Item], asked: int | None) -> int:
    if asked is not None and asked < 1:
        raise InputError("--jobs: {given} is no number of processes", "Write 1 or more.", given=asked)
    return max(1, min(asked or min(MOST, sum(_size(item[0]) for item in items) // SHARE, _cores()), len(items)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # said when its turn comes
        return 0


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(items: Sequence[Item], work: Work, lang: str) -> list[int]:
    codes = []
    for number, item in enumerate(items, 1):
        with progress(number, len(items), item[0]):
            codes.append(_one(work, item, lang))
    return codes


def _one(work: Work, item: Item, lang: str) -> int:
    try:
        return work(*item)
    except TanbaError as error:
        complain(error, item[0], lang)
        return error.exit_code
    except (OSError, ValueError) as error:  # of libraries and of names that no file can have; the others go on
        complain(InputError("cannot be read ({problem})", "Check the path and its permissions.", item[0], problem=error), item[0], lang)
        return MISUSE


def _together(items: Sequence[Item], opening: Opening, options: argparse.Namespace, jobs: int) -> list[int]:
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (opening, options))
    with _uninterrupted():  # which the processes inherit
        waiting = deque(pool.submit(_do, item, options.lang) for item in items)
    codes: list[int | None] = []
    try:
        for number, item in enumerate(items, 1):
            with progress(number, len(items), item[0]):
                wait([waiting[0]])
            codes.append(_said(waiting.popleft()))
    finally:
        pool.shutdown(cancel_futures=True)
        for future in waiting:  # of an interruption: what was done is said
            if not future.cancelled():
                _said(future)
    lost = [item[0] for item, code in zip(items, codes, strict=True) if code is None]
    if lost:
        raise StoreError(
            "a process was ended from outside; {count} of {all} files may not have been done, the first of them {file}",
            "What is listed above is done. Was memory short? Do the rest with --jobs 1.",
            count=len(lost),
            all=len(items),
            file=lost[0],
        )
    return [code for code in codes if code is not None]


def _said(future: "Future[Done]") -> int | None:
    """Print what a file's work printed; its exit code, None where the process was ended."""
    try:
        code, out, err = future.result()
    except BrokenProcessPool:
        return None
    print(out, end="")
    print(err, end="", file=sys.stderr)
    return code


@contextmanager
def _uninterrupted() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_open = ExitStack()
_works: list[Work] = []


def _begin(opening: Opening, options: argparse.Namespace) -> None:
    """In a new process."""
    import cv2

    cv2.setNumThreads(1)  # the others have the other cores
    _works.append(_open.enter_context(opening(options)))


def _do(item: Item, lang: str) -> Done:
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = _one(_works[0], item, lang)
    return code, out.getvalue(), err.getvalue()
