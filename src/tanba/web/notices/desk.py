"""Policy, key and receipts of the current workspace, and the notice of a system in its own words."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tanba.digest import sha256
from tanba.ids import uuid7
from tanba.people import noticefile
from tanba.people.notice import CHANNELS, Policy
from tanba.people.receipt import Claims, said
from tanba.people.shown import NAME, Shown
from tanba.strings import LANGUAGES, t
from tanba.web.faces.suspensions import stop_of
from tanba.web.systems.models import System
from tanba.workspace import current

_lock = threading.Lock()
_open: dict[Path, "Desk"] = {}


class Desk:
    """What this process has open of one workspace."""

    def __init__(self, path: Path) -> None:
        """`path` of the receipts."""
        self.shown, self.signer = Shown(path), noticefile.signer(current())
        self.read, self.noted = noticefile.Reader(current()), ""


def shown() -> Shown:
    """The receipts."""
    return _desk().shown


def public_key() -> str:
    """With which receipts are checked."""
    return _desk().signer.public


def close() -> None:
    """Let go of every file of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].shown.close()


def policy() -> Policy:
    """The policy in force; a version that is new is noted, with the moment. Raises InputError, StoreError."""
    desk = _desk()
    found = desk.read()
    if found.version != desk.noted:
        desk.shown.note_version(found.version, noticefile.written(found), datetime.now(UTC))
        desk.noted = found.version
    return found


def page_of(request: HttpRequest, system: System) -> str:
    """The address of the system's public page."""
    return request.build_absolute_uri(reverse("faces:page", args=[system.pk]))


def about(system: System, language: str, page: str) -> dict[str, str]:
    """What the words of a notice name."""
    return {"organisation": _in(system.organisation.name, language), "system": _in(system.name, language) or system.slug, "page": page}


def texts(policy: Policy, system: System, page: str) -> dict[str, dict[str, str]]:
    """{channel: {language: text}}."""
    return {
        channel: {language: policy.text(channel, language, about(system, language, page)) for language in LANGUAGES} for channel in CHANNELS
    }


def as_json(policy: Policy, system: System, page: str) -> dict[str, Any]:
    """`tanba.notice/1`: what anybody may know. Why a system was stopped is not for everybody."""
    act = stop_of(system)
    words = {language: t("notice.stopped", language, system=_in(system.name, language) or system.slug) for language in LANGUAGES}
    return {
        "days": policy.days,
        "keys": [public_key()],
        "name": {language: _in(system.name, language) or system.slug for language in LANGUAGES},
        "organisation": {language: _in(system.organisation.name, language) for language in LANGUAGES},
        "page": page,
        "schema": "tanba.notice/1",
        "suspended": {"since": act.time, "words": words} if act else None,
        "system": str(system.pk),
        "texts": texts(policy, system, page),
        "version": policy.version,
        "versions": [{"since": since, "version": version} for version, since, _ in shown().versions()],
    }


def issue(
    system: System, *, subject: str, act: str, user: str, channel: str, language: str, version: str, text: str, via: str, days: int
) -> tuple[str, Claims]:
    """Sign and keep a receipt: (receipt, what it says). Raises InputError on a user who is no pseudonym, StoreError."""
    now = datetime.now(UTC)
    what = (str(system.pk), user, channel, language, version, sha256(text.encode()), via)
    claims = Claims(str(uuid7()), act, subject, *what, said(now), said(now + timedelta(days=days)))
    return shown().issue(system.organisation.bin, _desk().signer, claims), claims


def _desk() -> Desk:
    path = current().create().root / NAME
    with _lock:
        if path not in _open:
            _open[path] = Desk(path)
        return _open[path]


def _in(names: Mapping[str, str], language: str) -> str:
    """A name in a language, else in another."""
    return names.get(language) or next((text for text in names.values() if text), "")
