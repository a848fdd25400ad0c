"""Mark files that somebody sent: each on its own, so that one that cannot be marked does not hold up the others."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.marking import home
from tanba.marking.mark import SCHEMA, Order, mark_file
from tanba.marking.markid import text_of
from tanba.marking.model import LAYERS, Marked
from tanba.marking.register import Mark
from tanba.seal import Artifact as Sealable
from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import outbox
from tanba.web.faces.suspensions import suspensions
from tanba.web.language import say, told
from tanba.web.marks import desk
from tanba.web.systems.models import System
from tanba.workspace import current

PATIENCE = 5
"""Seconds to wait for one's turn: a picture of the largest size takes gigabytes, so they are marked one by one."""

_turn = threading.BoundedSemaphore(1)
_places = threading.BoundedSemaphore(2)
"""One works, one waits; more would take all threads of the server. The page's script comes again."""


@dataclass(frozen=True, slots=True)
class By:
    """Who marks, for which organisation and system."""

    organisation: Organisation
    user: User
    system: System | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file: the marked one with its number, or the problem and what to do about it.

    `missing` tells layers that the standard asks for and the file did not get, with the reason.
    """

    name: str
    content: bytes = b""
    media_type: str = ""
    number: str = ""
    layers: Mapping[str, str] = field(default_factory=dict)
    artifact: UUID | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    problem: tuple[str, str] | None = None
    busy: bool = False


def mark_one(file: "File[Any]", order: Order, by: By) -> Done:
    """Mark, remember and seal one file. Never raises for the file, or where the workspace has trouble: that is told."""
    name = outbox.safe_name(file.name or "")
    if refused := _refused(file):
        return Done(name, problem=refused)
    if not _places.acquire(blocking=False):
        return _busy(name)
    try:
        if not _turn.acquire(timeout=PATIENCE):
            return _busy(name)
        try:
            return _marked(file, name, order, by)
        finally:
            _turn.release()
    finally:
        _places.release()


def _name_on_keys() -> str:
    """For keys that are made now: the organisation's name, none where several share the register and its keys."""
    names = list(Organisation.objects.values_list("name", flat=True)[:2])
    return next(filter(None, (names[0].get(language) for language in LANGUAGES)), "") if len(names) == 1 else ""


def _busy(name: str) -> Done:
    return Done(name, problem=(say("marking_pages.busy"), say("marking_pages.busy_advice")), busy=True)


def _marked(file: "File[Any]", name: str, order: Order, by: By) -> Done:
    try:
        if order.system:
            suspensions().refuse_stopped(order.bin, order.system)
        data = file.read()
        desk.refuse_huge(data, desk.MARK_PIXELS)
        marked, row = mark_file(data, name, order, home.open_issuer(current(), _name_on_keys()), desk.register(), timezone.now())
        artifact = _seal(marked, row, by)
    except TanbaError as error:
        return Done(name, problem=_without_name(told(error), name))
    missing = {layer: ". ".join(filter(None, told(error))) for layer, error in marked.reasons.items()}
    layers = {layer: marked.layers[layer] for layer in LAYERS if layer in marked.layers}
    return Done(marked_name(name), marked.content, marked.media_type, text_of(row.id), layers, artifact, missing)


def marked_name(name: str) -> str:
    """`sea.jpg` → `sea.marked.jpg`."""
    path = PurePath(name)
    return f"{path.stem}.marked{path.suffix}"


def _refused(file: "File[Any]") -> tuple[str, str] | None:
    if not file.size:
        return say("marking_pages.file_empty"), say("marking_pages.file_empty_advice")
    if file.size > desk.LARGEST:
        return say("proof.file_large", limit=desk.LARGEST // 1_000_000), say("marking_pages.file_large_advice")
    return None


def _without_name(problem: tuple[str, str], name: str) -> tuple[str, str]:
    """The page says the name itself."""
    return problem[0].removeprefix(f"{name}: "), problem[1]


def _seal(marked: Marked, row: Mark, by: By) -> UUID:
    """The record of the mark into the outbox, its number there into the register: both or neither. Raises StoreError."""
    made: Any = Sealable("mark", SCHEMA, row.record or b"", f"{text_of(row.id)}.mark.json")
    with transaction.atomic():
        kept = outbox.keep(by.organisation, made, by.user, by.system)
        desk.register().set_sealed({row.id: str(kept.pk)})
    return UUID(str(kept.pk))
