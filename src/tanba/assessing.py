"""An assessment and its sealing as one piece of work that asks nothing of a register: one process may do it for another.

Four fifths of what it takes to assess many systems lie here, so that a register hands it to every core.
"""

import multiprocessing
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from tanba.law.assess import assess
from tanba.law.load import load
from tanba.law.rulebook import Rulebook, on
from tanba.law.written import Writer
from tanba.seal import Artifact, Sealing, ready

try:
    from isal.isal_zlib import compress  # the same format, four times as quick
except ImportError:  # no wheel for this machine
    from zlib import compress

KIND, NAME = "assessment", "assessment.json"
LEVEL = 1
"""How hard a report is packed; more costs time and saves little."""

MANY = 200
"""From so many systems on, processes of their own are worth their start of half a second."""

KEPT = ("path", "provision", "kind", "layer", "answer", "deadline")


@dataclass(frozen=True, slots=True)
class Job:
    """One system to be assessed. `id` is that of the artifact to be."""

    id: UUID
    system: str
    organisation: str
    author: Mapping[str, str] | None
    facts: Mapping[str, Any]
    similar: Sequence[tuple[str, str]]
    adopted: frozenset[str]
    day: date


@dataclass(frozen=True, slots=True)
class Done:
    """The report packed, its sealing, and the few values of it that a register keeps in columns (`brief`, in the report's own form)."""

    sealing: Sealing
    schema: str
    packed: bytes
    brief: Mapping[str, Any]


@lru_cache(maxsize=2)
def _tools(day: date) -> tuple[Rulebook, Writer]:
    return on(load("kz"), day), Writer()


def do(job: Job) -> Done:
    """Assess, write, pack, prepare the entry. Raises NotInForceError."""
    book, write = _tools(job.day)
    report = assess(book, job.facts, system=job.system, adopted=job.adopted, similar=job.similar)
    content = write(report)
    made = Artifact(KIND, report["schema"], content, NAME, organisation=job.organisation, system=job.system, author=job.author)
    return Done(ready(made, job.id), report["schema"], compress(content, LEVEL), _brief(report))


def _brief(report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "axes": {name: {"levels": axis["levels"]} for name, axis in report["axes"].items()},
        "conclusion": report["conclusion"],
        "date": report["date"],
        "gate": {
            "answer": report["gate"]["answer"],
            "bans": [{"answer": ban["answer"], "provision": ban["provision"]} for ban in report["gate"]["bans"]],
        },
        "provisions": [{name: entry[name] for name in KEPT} for entry in report["provisions"]],
        "questions": [entry["fact"] for entry in report["questions"]],
        "roles": {name: {"answer": role["answer"]} for name, role in report["roles"].items()},
    }


def workers(count: int) -> Executor:
    """Who does so many jobs: a thread, or a process for each core, which begins anew and knows nothing of the caller's threads."""
    if count < MANY:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_parent)


def _follow_parent() -> None:
    """A worker ends with the process that began it, however that one ends."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
