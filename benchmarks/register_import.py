"""A table of 10,000 systems into an empty register: read, compared, written, assessed, sealed.

Beside it, in the same run: the same rows one by one as the form does (200 of them, extrapolated), and openpyxl reading the table and doing
nothing with it.
"""

import io
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from benchmarks.systems import every_facts
from tanba.exchange.files import write
from tanba.law.load import load

ROWS, FAULTY, ONE_BY_ONE = 10_000, 100, 200


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANBA_HOME"] = folder
        from tanba.web import start

        start.prepare()
        law, systems = load("kz"), list(_systems(Random(7)))
        content = write(systems, "xlsx", law, "ru")
        filled = sum(map(len, systems))
        yield f"table: {ROWS:,} rows, {filled:,} cells filled in, {len(content) / 1e6:.1f} MB; load average {os.getloadavg()[0]:.1f}"
        begin = time.perf_counter()
        cells = _read_only(content)
        floor = time.perf_counter() - begin
        yield f"openpyxl reads its {cells:,} cells: {floor:.1f} s"
        slow = _one_by_one(systems[:ONE_BY_ONE])
        yield f"row by row: {ONE_BY_ONE} in {slow:.1f} s, so {slow / ONE_BY_ONE * ROWS:.0f} s for {ROWS:,}"
        yield from _imported(content)


def _systems(random: Random) -> Iterator[dict[str, Any]]:
    """Facts of the example and labelled systems, a few turned, so that hardly two have the same; every hundredth has an unknown stage."""
    law, pool = load("kz").facts, every_facts()
    for number in range(ROWS):
        facts = {name: value for name, value in random.choice(pool).items() if name in law and value is not None}
        for name in random.sample([name for name, value in facts.items() if isinstance(value, bool)], 4):
            facts[name] = not facts[name]
        described = {"slug": f"system-{number}", "name_ru": f"Система {number}", "name_kk": f"Жүйе {number}", "vendor": f"V{number % 50}"}
        wrong = {"owner": "nobody@tanba.example"} if number % (ROWS // FAULTY) == 0 else {}
        yield described | facts | wrong


def _read_only(content: bytes) -> int:
    from openpyxl import load_workbook

    page = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return sum(cell is not None for row in page.iter_rows(values_only=True) for cell in row)


def _company(bin: str) -> tuple[Any, Any]:
    from tanba.web.accounts.models import Membership, Organisation, User

    company = Organisation.objects.create(name={"en": bin}, bin=bin)
    user = User.objects.create_user(f"{bin}@tanba.example", name="Carol")
    Membership.objects.create(user=user, organisation=company, role="compliance")
    return company, user


def _one_by_one(systems: list[dict[str, Any]]) -> float:
    from tanba.web.assessments.run import reassess
    from tanba.web.evidence.outbox import drain
    from tanba.web.systems.models import System

    company, user = _company("000000000001")
    begin = time.perf_counter()
    for system in systems:
        row = System.objects.create(organisation=company, slug=system["slug"], name={"ru": system["name_ru"]}, vendor=system["vendor"])
        for name in load("kz").facts.keys() & system.keys():
            row.answer(name, system[name], "table", user)
        reassess(row, user)
    drain(everything=True)
    return time.perf_counter() - begin


def _imported(content: bytes) -> Iterator[str]:
    from tanba.web.evidence.models import Artifact
    from tanba.web.exchange import desk, door
    from tanba.web.systems.models import System

    company, user = _company("000000000002")
    marks, cpu = [time.perf_counter()], sum(os.times()[:4])
    row = desk.take(company, "inventory.xlsx", content, user, confirmed=True, language="ru")
    desk.look(row)
    marks.append(time.perf_counter())
    desk.ask(row)
    row.refresh_from_db()
    desk.apply(row)
    marks.append(time.perf_counter())
    door.finished(row, lambda done, of: None)
    marks.append(time.perf_counter())
    spent = sum(os.times()[:4]) - cpu
    row.refresh_from_db()
    taken, waiting = System.objects.filter(organisation=company).count(), Artifact.objects.exclude(state="sealed").count()
    read, written, assessed = (later - earlier for earlier, later in pairwise(marks))
    steps = f"read and compared {read:.1f}, written {written:.1f}, assessed and sealed {assessed:.1f}"
    yield f"{taken:,} systems: {marks[-1] - marks[0]:.1f} s ({steps}); {spent:.0f} s of processors"
    yield f"errors listed: {row.counts['problems']}; not sealed: {waiting}; load average {os.getloadavg()[0]:.1f}"
