"""What the verbs of `tanba trace` do. A door: it parses, calls and prints."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

from tanba.cli.evidence import accepted, read_bytes, reason, trust, words
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError
from tanba.ledger.home import open_ledger
from tanba.ledger.log import Log
from tanba.strings import explain, t
from tanba.trace import home
from tanba.trace.book import Book
from tanba.trace.model import EPOCH
from tanba.trace.reading import decision_of, microseconds, summary, view
from tanba.trace.rows import Query, Row
from tanba.trace.spool import held
from tanba.workspace import current

ALMATY = timezone(timedelta(hours=5))
LONGEST_LINE = 2 << 20


def record(options: argparse.Namespace) -> int:
    """JSON lines into the spool; a line that does not fit is named, and the rest goes on."""
    worst = done = 0
    tracer = home.open_tracer(
        options.system, options.organisation or "", risk=options.risk, keep=options.keep, durable=options.durable, record_refusals=True
    )
    with closing(tracer), _lines(options.file) as (name, lines):
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                tracer.record(decision_of(line))
                done += 1
            except InputError as error:
                message, hint = explain(error.at(name, number), options.lang)
                print(f"tanba: {message}", *([f"       {hint}"] if hint else []), sep="\n", file=sys.stderr)
                worst = error.exit_code
    print(t("cli.trace.recorded", options.lang, count=done))
    return worst


def listed(options: argparse.Namespace) -> int:
    """Decisions, newest first."""
    with _book() as book:
        rows = book.find(_query(options), max(0, options.most))
        for row in rows:
            print(json.dumps(view(book, row), ensure_ascii=False) if options.json else _line(row, options.lang))
    if not rows and not options.json:
        print(t("cli.trace.none", options.lang))
    return FINE


def show(options: argparse.Namespace) -> int:
    """One decision with what is kept of it."""
    with _book() as book:
        found = view(book, book.get(options.id), whole=True)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return FINE
    print(t(f"cli.trace.state_{found['state']}", options.lang, position=found["position"], place=found["place"]))
    if found["erased"]:
        print(t("cli.trace.erased_on", options.lang, time=found["erased"]))
    for key, value in (found["record"] or {}).items():
        if value not in (None, []) and key != "schema":
            print(f"  {key}: {', '.join(value) if isinstance(value, list) else value}")
    for key, value in (found["contents"] or {}).items():
        print(f"  {t(f'cli.trace.{key}', options.lang)}: {value if isinstance(value, str) else value['base64']}")
    return FINE


def prove(options: argparse.Namespace) -> int:
    """Write the proof of one decision."""
    from tanba import decisions
    from tanba.files import replace_whole

    path = options.output or Path(f"{options.id[:36]}.decision.json")
    with _book() as book, _ledger() as log:
        proof = decisions.prove(book, log, options.id, contents=options.contents)
    try:
        replace_whole(path, bytes(proof))
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with -o.", path, problem=error.strerror) from None
    print(t("cli.trace.proved", options.lang, path=path))
    return FINE


def check(options: argparse.Namespace) -> int:
    """Check a proof, as `tanba seal --check` checks a receipt."""
    from tanba import decisions

    accept = accepted(options)
    try:
        found = decisions.check(read_bytes(options.file, LONGEST_LINE), trust(options))
    except EvidenceError as error:
        print(f"{options.file}: {words([error.word], options.lang)} – {reason(error, options.lang)}")
        return FINDING
    shown = words(found.words, options.lang)
    print(t("cli.seal.checked", options.lang, file=options.file, words=shown, origin=found.origin, time=found.time))
    for key in ("id", "system", "time", "outcome", "model", "human", "reason"):
        if found.record and found.record.get(key) is not None:
            print(f"  {key}: {found.record[key]}")
    return FINE if set(found.words) - set(accept) <= {"verified", "erased"} else COULD_NOT_CHECK


def erase(options: argparse.Namespace) -> int:
    """Make all that was decided about a person unreadable."""
    from tanba import decisions

    workspace = current()
    with _book() as book:
        name = home.pseudonym_of(workspace, options.organisation or "", options.subject)
        count = home.erase(workspace, book, decisions.prepare, name)
    print(t("cli.trace.erased", options.lang, count=count))
    if left := home.damaged(workspace, name):
        print(t("cli.trace.left", options.lang, files=", ".join(left), folder=workspace.spool))
    return COULD_NOT_CHECK if left else FINE


def drain(options: argparse.Namespace) -> int:
    """Take the spool into the log and the ledger."""
    from tanba import decisions
    from tanba.storage.home import open_objects

    workspace = current()
    with _book() as book, _ledger() as log:
        done = decisions.drain(workspace, book, log, open_objects(workspace))
        damaged = len(home.damaged(workspace))
    if options.json:
        print(json.dumps({"damaged": damaged, "entered": done.entered, "schema": "tanba.drained/1", "taken": done.taken}))
    else:
        print(t("cli.trace.drained", options.lang, taken=done.taken, entered=done.entered))
        if damaged:
            print(t("cli.trace.damaged", options.lang, count=damaged, folder=workspace.spool))
    return COULD_NOT_CHECK if damaged else FINE


def stats(options: argparse.Namespace) -> int:
    """How many decisions, of which outcome, and what humans changed: evidence of the degree of autonomy (art. 17(2))."""
    with _book() as book:
        query = _query(options)
        found: dict[str, Any] = {
            "changed": summary(book.counts(query, "changed")),
            "count": book.count(query),
            "human": summary(book.counts(query, "human")),
            "model": summary(book.counts(query, "model")),
            "outcome": summary(book.counts(query, "outcome")),
            "schema": "tanba.decision-stats/1",
            "spool": held(current().spool),
            "waiting": book.waiting_count(),
        }
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return FINE
    print(t("cli.trace.count", options.lang, count=found["count"]))
    for name in ("outcome", "model", "human", "changed"):
        for word, count in found[name].items():
            print(f"  {t(f'cli.trace.by_{name}', options.lang)} {_said(name, word, options.lang)}: {count}")
    print(t("cli.trace.waiting", options.lang, count=found["waiting"], size=found["spool"]))
    return FINE


def receive(options: argparse.Namespace) -> int:
    """Take spans of OpenTelemetry on this machine until stopped."""
    from tanba.trace.receiver import Receiver, Tracers, serve

    settings = {"risk": options.risk, "keep": options.keep, "durable": options.durable}
    tracers = Tracers(lambda system: home.open_tracer(system, options.organisation or "", **settings), options.system)
    serve(Receiver(tracers), options.port, lambda address: print(t("cli.trace.receiving", options.lang, address=address), flush=True))
    return FINE


def _said(name: str, word: str, lang: str) -> str:
    if not word:
        return t("cli.trace.not_said", lang)
    if name == "human":
        return t(f"cli.trace.human_{word}", lang)
    return t("words.answer.yes" if word == "1" else "words.answer.no", lang) if name == "changed" else word


def _line(row: Row, lang: str) -> str:
    time = (EPOCH + timedelta(microseconds=row.time)).astimezone(ALMATY).strftime("%Y-%m-%d %H:%M:%S")
    outcome = row.outcome if row.erased is None else t("ledger.word_erased", lang)
    return "  ".join(each for each in (time, row.id, row.system, outcome, row.model) if each)


def _query(options: argparse.Namespace) -> Query:
    subject = None
    if options.subject is not None:
        subject = home.pseudonym_of(current(), options.organisation or "", options.subject)
    since, until = (_moment(each) for each in (options.since, options.until))
    return Query(options.organisation, options.system, subject, options.outcome, options.model, since=since, until=until)


def _moment(written: str | None) -> int | None:
    """A moment as it was typed, in Kazakhstan's zone where it names none. Raises InputError."""
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InputError("{given!r} is not a moment", "Write YYYY-MM-DD or YYYY-MM-DDTHH:MM.", given=written) from None
    return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=ALMATY))


@contextmanager
def _book() -> Iterator[Book]:
    with closing(home.open_book(current())) as book:
        yield book


@contextmanager
def _ledger() -> Iterator[Log]:
    log = open_ledger(current())
    with closing(log.store):
        yield log


@contextmanager
def _lines(path: Path | None) -> Iterator[tuple[str, Iterable[bytes]]]:
    if path is None:
        yield "-", _bounded(sys.stdin.buffer)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None
    with file:
        yield str(path), _bounded(file)


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    """Lines; one that is far too long ends in words and not in all of the memory."""
    while line := file.readline(LONGEST_LINE):
        yield line
