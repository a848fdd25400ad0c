"""1,000 systems exported in every form, from files and from the register: time of a core, bytes, memory; beside `json.dumps` of the rows.

Each runs in a process of its own. From files every system is assessed anew (`assessing alone` says how much of the time that is); the
register reads assessments as they were sealed, and is asked through its API page by page. The peer gets its rows ready made and in one
list, the least that any exporter of that table can do, and holds them all. Memory of the register includes up to 128 MiB of its database,
which SQLite maps.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.systems import ROOT, examples

SYSTEMS = 1000
ONE = "from benchmarks.export import one; one({what!r})"
ALONE, PEER, REGISTER = "assessing alone", "json.dumps of the rows", "register, "


def run() -> Iterator[str]:
    from tanba.export.forms import FORMS

    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANBA_HOME"] = folder
        subprocess.run([sys.executable, "-c", "from benchmarks.export import fill; fill()"], check=True, capture_output=True)
        for what in (ALONE, *FORMS, PEER, *(REGISTER + form for form in FORMS)):
            done = subprocess.run([sys.executable, "-c", ONE.format(what=what)], capture_output=True, text=True, check=True)
            seconds, size, before, after = map(float, done.stdout.splitlines()[-1].split())
            yield f"{what}: {seconds:.1f} s, {size / 1e6:.1f} MB, {SYSTEMS / seconds:.0f} systems/s; memory {before:.0f} -> {after:.0f} MB"


def one(what: str) -> None:
    """In this process: seconds of a core (others may use it too), bytes, and the largest memory before and after."""
    make = _peer() if what == PEER else _asked(what.removeprefix(REGISTER)) if what.startswith(REGISTER) else _ours(what)
    before, start = _memory(), time.process_time()
    size = sum(map(len, make()))
    print(time.process_time() - start, size, before, _memory())


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(form: str) -> Callable[[], Iterator[bytes]]:
    from tanba.export.forms import written
    from tanba.export.model import Whole
    from tanba.law.load import load
    from tanba.law.rulebook import on

    book = on(load(), date(2026, 11, 22))
    if form == ALONE:
        return lambda: (b"" for _ in _subjects(book))
    return lambda: written(form, Whole(book.day), book, _subjects(book), "ru")


def _subjects(book: Any) -> Iterator[Any]:
    """The example systems under as many names as it takes."""
    from tanba.export.model import Subject, owed_of
    from tanba.law.assess import assess

    files = examples()
    for number in range(SYSTEMS):
        system, slug = files[number % len(files)], f"system-{number:04}"
        report = assess(book, system.facts, system=slug)
        yield Subject(slug, system.name, report, {each["path"]: owed_of(each) for each in report["provisions"]})


def _peer() -> Callable[[], Iterator[bytes]]:
    rows = json.loads(b"".join(_ours("json")()))
    return lambda: iter([json.dumps(rows, ensure_ascii=False).encode()])


def fill() -> None:
    """A register with the example company, its systems copied with facts, assessments and obligations until there are so many."""
    from tanba.web import example, start

    start.prepare()
    example.load_example(ROOT / "examples")
    from django.db import transaction

    from tanba.web.evidence import outbox
    from tanba.web.systems.models import System

    outbox.drain(everything=True)
    originals = list(System.objects.order_by("slug"))
    with transaction.atomic():
        for number in range(len(originals), SYSTEMS):
            _copy(originals[number % len(originals)], number)


def _copy(system: Any, number: int) -> None:
    from tanba.web.assessments.models import Assessment
    from tanba.web.evidence.models import Artifact
    from tanba.web.obligations.models import Obligation
    from tanba.web.systems.models import Fact, System

    [new] = _again(System, [system], slug=f"{system.slug}-{number}")
    _again(Fact, system.fact_rows.all(), system=new)
    _again(Obligation, system.obligations.all(), system=new)
    newest = system.assessments.select_related("artifact").first()
    [artifact] = _again(Artifact, [newest.artifact], system=new)
    _again(Assessment, [newest], system=new, artifact=artifact)


def _again(model: Any, rows: Any, **changes: Any) -> list[Any]:
    from tanba.ids import uuid7

    names = [field.name for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    made = [model(**{name: getattr(row, name) for name in names} | {"id": uuid7()} | changes) for row in rows]
    return list(model.objects.bulk_create(made, batch_size=500))


def _asked(form: str) -> Callable[[], Iterator[bytes]]:
    """The API, page by page, by way of the server's own code."""
    from tanba.web import start

    start.prepare()
    from django.test import Client

    from tanba.web.accounts.models import ApiToken, Organisation
    from tanba.web.accounts.tokens import digest_of, new_secret

    secret, organisation = new_secret(), Organisation.objects.get()
    ApiToken.objects.create(organisation=organisation, name="benchmark", scope="register", digest=digest_of(secret))
    client = Client(HTTP_HOST="127.0.0.1", headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/register/v1/obligations?to=oscal-catalog&lang=ru&limit=1")  # what the server has loaded anyway

    def pages() -> Iterator[bytes]:
        address = f"/api/register/v1/obligations?to={form}&lang=ru&limit=200"
        while address:
            answer: Any = client.get(address)
            yield from answer.streaming_content if answer.streaming else [answer.content]
            address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<http://127.0.0.1")

    return pages
