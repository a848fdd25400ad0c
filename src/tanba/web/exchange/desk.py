"""What an import goes through: take the file, read it, apply it whole or not at all, assess what it touched, undo it.

Rows of systems and facts are written in one transaction. Assessing follows in small ones, so that others may write in between: a process
that dies is followed by another where it stopped.
"""

import logging
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from tanba.digest import sha256
from tanba.errors import InputError, TanbaError
from tanba.exchange.files import read
from tanba.law.load import load
from tanba.strings import LANGUAGES, explain, t
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.many import Assessor
from tanba.web.evidence.outbox import record, safe_name, upload
from tanba.web.exchange.models import AT_WORK, Import
from tanba.web.exchange.plan import counts, plan
from tanba.web.exchange.state import Values, values_of
from tanba.web.exchange.write import Writer, in_pieces
from tanba.web.systems.models import System

AT_A_TIME = 100
"""Systems that are assessed in one transaction, of about a second."""

_report = logging.getLogger("tanba.exchange")
State = Import.State
Told = Callable[[int, int], None]


def take(organisation: Organisation, name: str, content: bytes, by: User | None, confirmed: bool, language: str) -> Import:
    """Keep a file until it is read. What the same person gave before and never applied is dropped."""
    Import.objects.filter(organisation=organisation, by=by, state__in=[State.WAITING, State.READ, State.REFUSED]).delete()
    return Import.objects.create(
        organisation=organisation, name=safe_name(name), content=content, by=by, confirmed=confirmed, language=language
    )


def look(row: Import) -> None:
    """Read the file and plan. Raises InputError where it cannot be read at all."""
    table = read(bytes(row.content or b""), load("kz"))
    row.plan = plan(row.organisation, table, row.confirmed)
    row.counts = counts(row.plan, table.rows)
    waiting = Import.objects.filter(pk=row.pk, state=State.WAITING)
    waiting.update(state=State.READ, packed_plan=row.packed_plan, counts=row.counts)


def ask(row: Import) -> bool:
    """Ask for a plan that was shown to be applied. False where that was done already."""
    return bool(Import.objects.filter(pk=row.pk, state=State.READ).update(state=State.APPLYING))


def apply(row: Import) -> None:
    """Write the plan, whole or not at all, and record the act. Raises InputError where the register has changed since it was read."""
    planned = row.plan
    with transaction.atomic():
        if not Import.objects.filter(pk=row.pk, state=State.APPLYING).update(state=State.ASSESSING):
            return
        _write(row, planned)
        row.plan, row.applied_at = planned, timezone.now()
        _seal(row)
        row.content, row.state = None, State.ASSESSING if row.total else State.DONE
        row.save(update_fields=["packed_plan", "applied_at", "content", "state"])


def _write(row: Import, planned: dict[str, Any]) -> None:
    writer = Writer(row.organisation, row.by, row.confirmed)
    new, other = by_action(planned, "created"), by_action(planned, "changed")
    changed = still_so(row.organisation, other, [each["slug"] for each in new])
    created = []
    for each in new:
        system = writer.create(each["slug"], new_values(each), source_of(row, each))
        created.append(system)
        each["system"] = str(system.pk)
    for each in other:
        writer.change(changed[each["system"]], new_values(each), source_of(row, each))
    writer.flush(created, list(changed.values()))


def by_action(planned: dict[str, Any], action: str) -> list[dict[str, Any]]:
    """The rows of a plan that do one thing."""
    return [each for each in planned["rows"] if each["action"] == action]


def still_so(organisation: Organisation, rows: list[dict[str, Any]], slugs: list[str]) -> dict[str, System]:
    """The systems to be changed, by id, if they still say what the plan saw, and `slugs` are free. Raises InputError."""
    there = System.objects.filter(organisation=organisation)
    wanted = set(slugs)
    taken = [slug for slug in there.values_list("slug", flat=True) if slug in wanted] if slugs else []
    found = found_of(organisation, rows)
    other = [row["slug"] for row in rows if not says(found.get(row["system"]), {key: before for key, before, _ in row["changes"]})]
    if moved := sorted({*taken, *other}):
        raise InputError(
            "{count} systems were changed in the meantime: {slugs}",
            "Nothing was written. Look at the differences again.",
            count=len(moved),
            slugs=", ".join(moved[:20]),
        )
    return {key: system for key, (system, _) in found.items()}


def found_of(organisation: Organisation, rows: list[dict[str, Any]]) -> dict[str, tuple[System, Values]]:
    """The systems of rows of a plan with their values, by id."""
    found: dict[str, tuple[System, Values]] = {}
    for piece in in_pieces(UUID(row["system"]) for row in rows):
        systems = System.objects.filter(organisation=organisation, pk__in=piece).select_related("owner", "organisation")
        found |= {str(system.pk): (system, values) for system, values in values_of(systems)}
    return found


def says(found: tuple[System, Values] | None, wanted: Values) -> bool:
    """Whether a system is there and has these values; None: has none."""
    return found is not None and all(found[1].get(key) == value for key, value in wanted.items())


def new_values(row: dict[str, Any]) -> Values:
    """What a row of a plan writes."""
    return {key: new for key, _, new in row["changes"]}


def source_of(row: Import, each: dict[str, Any]) -> str:
    """Where an answer comes from: the file and the row."""
    tail = t("exchange.source", row.language, row=each["row"])
    return f"{row.name[: 190 - len(tail)]}, {tail}"


def _seal(row: Import) -> None:
    """The file itself, which can be erased since it may name persons; and the act."""
    content = bytes(row.content or b"")
    file = upload(row.organisation, "import", row.name, content, row.by)
    file.save()
    details = {"confirmed": row.confirmed, "counts": row.counts, "digest": sha256(content), "import": str(row.pk)}
    record(row.organisation, "register-import", details, row.by)


def touched(row: Import) -> list[UUID]:
    """Ids of the systems that the import, or its undoing, left other than it found them, in the order of the file."""
    actions = ("changed",) if row.undone_at else ("created", "changed")
    return [UUID(each["system"]) for each in row.plan["rows"] if each["action"] in actions]


def assess(row: Import, told: Told = lambda done, of: None) -> None:
    """Assess what was touched, from where the last process stopped: while one piece is written, the reports of the next are made."""
    keys = touched(row)
    pieces = in_pieces(keys[row.assessed :], AT_A_TIME)
    with Assessor(row.organisation, row.by, len(keys) - row.assessed) as assessor:
        ahead = deque(map(assessor.begin, islice(pieces, 2)))
        while ahead:
            batch = ahead.popleft()
            with transaction.atomic():
                assessor.finish(batch)
                row.assessed += batch.asked
                row.save(update_fields=["assessed"])
            row.hold()
            told(row.assessed, len(keys))
            ahead.extend(map(assessor.begin, islice(pieces, 1)))
    for before, after in ((State.ASSESSING, State.DONE), (State.UNDOING, State.UNDONE)):
        Import.objects.filter(pk=row.pk, state=before).update(state=after)


def work() -> None:
    """One round of the register's own: whatever waits, one import after another; one that fails holds up no other."""
    for row in Import.objects.filter(state__in=AT_WORK).select_related("organisation", "by").order_by("id"):
        if row.claim():
            try:
                with translation.override(row.language):
                    step(row)
            except Exception:
                _report.exception("an import failed")
            finally:
                row.release()


def step(row: Import) -> None:
    """Whatever an import waits for. A plan that does not fit any more is made anew, and says why."""
    row.refresh_from_db()
    try:
        if row.state == State.WAITING:
            look(row)
        elif row.state == State.APPLYING:
            apply(row)
            row.refresh_from_db()
    except TanbaError as error:
        after = State.WAITING if row.state == State.APPLYING else State.REFUSED
        told = {lang: list(explain(error, lang)) for lang in LANGUAGES}
        Import.objects.filter(pk=row.pk, state=row.state).update(state=after, trouble=told)
    if row.state in (State.ASSESSING, State.UNDOING):
        assess(row)
