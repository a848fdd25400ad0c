"""Where a guard learns whether its system is stopped, what the notice says, and who signs receipts."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tanba.digest import sha256
from tanba.errors import NetworkError, TanbaError
from tanba.ids import uuid7
from tanba.net import get, post
from tanba.people import noticefile
from tanba.people.notice import Policy
from tanba.people.receipt import Claims, said
from tanba.people.shown import NAME, Shown
from tanba.strings import LANGUAGES
from tanba.suspension import Suspensions
from tanba.workspace import Workspace

EVERY, WAIT, FIRST, PATIENCE = 0.5, 2.0, 20.0, 60.0
"""Seconds between two questions to a register, for an answer, for the first one, and without any until nothing is served."""

_report = logging.getLogger("tanba.guard")


@dataclass(frozen=True, slots=True)
class State:
    """What is known now. `texts` and `names` (of the system) by language; `fresh` is False once nobody could be asked for long."""

    system: str
    version: str
    texts: Mapping[str, str]
    names: Mapping[str, str]
    keys: tuple[str, ...]
    stopped: str = ""
    fresh: bool = True
    page: str = ""


class Source(Protocol):
    """Asked at each request, so `state` returns at once; `issue` may take its time."""

    def state(self) -> State:
        """What is known now."""

    def issue(self, user: str, language: str) -> str:
        """The receipt that this user was shown the text in force. Raises TanbaError."""


class Local:
    """The workspace of this machine. A stop is seen by the very next request, a changed text too."""

    def __init__(
        self,
        workspace: Workspace,
        organisation: str,
        system: str,
        slug: str,
        *,
        about: Mapping[str, Mapping[str, str]] | None = None,
        page: str = "",
        channel: str = "text",
    ) -> None:
        """`organisation` is the BIN, `system` the id and `slug` the short name in the register.

        `about` {language: {organisation, system}} gives their names.
        """
        self._organisation, self._system, self._slug = organisation, system, slug
        self._about, self._page, self._channel = about or {}, page, channel
        self._policy, self._signer = noticefile.Reader(workspace), noticefile.signer(workspace)
        self._stops, self._shown = Suspensions(workspace.state), Shown(workspace.root / NAME)
        self._read: tuple[Policy, State] | None = None

    def state(self) -> State:
        """From the state file and the policy's file. Raises TanbaError where they cannot be read."""
        known = self._known()[1]
        act = self._stops.concerning(self._organisation, self._slug)
        return known if act is None else State(known.system, known.version, known.texts, known.names, known.keys, act.time, page=known.page)

    def issue(self, user: str, language: str) -> str:
        """Signed here and kept here; the register of the workspace seals it."""
        policy, known = self._known()
        now = datetime.now(UTC)
        self._shown.note_version(policy.version, noticefile.written(policy), now)
        texts = (self._system, user, self._channel, language, policy.version, sha256(known.texts[language].encode()))
        claims = Claims(str(uuid7()), "shown", "notice", *texts, "service", said(now), said(now + timedelta(days=policy.days)))
        return self._shown.issue(self._organisation, self._signer, claims)

    def close(self) -> None:
        """Let go of the files."""
        self._stops.close()
        self._shown.close()

    def _known(self) -> tuple[Policy, State]:
        policy = self._policy()
        if self._read is None or self._read[0] is not policy:
            names = {language: self._about.get(language, {}).get("system", self._slug) for language in LANGUAGES}
            texts = {language: policy.text(self._channel, language, self._named(language)) for language in LANGUAGES}
            self._read = policy, State(self._system, policy.version, texts, names, (self._signer.public,), page=self._page)
        return self._read

    def _named(self, language: str) -> dict[str, str]:
        names = self._about.get(language, {})
        return {
            "organisation": names.get("organisation", self._organisation),
            "system": names.get("system", self._slug),
            "page": self._page,
        }


class Register:
    """A register somewhere else, asked every half second by a thread of its own. A stop is seen within a second of the act.

    `patience` None keeps serving by what was heard last, however long ago: then a stop may pass unseen.
    """

    def __init__(self, address: str, system: str, *, token: str = "", every: float = EVERY, patience: float | None = PATIENCE) -> None:
        """`token` is a token of the register for services. Raises NetworkError where the register cannot be asked now."""
        self._address, self._token, self._every, self._patience = f"{address.rstrip('/')}/api/notices/{system}", token, every, patience
        self._state, self._heard = self._asked(FIRST), time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="tanba-guard", daemon=True)
        self._thread.start()

    def state(self) -> State:
        """What was heard last."""
        known, silent = self._state, time.monotonic() - self._heard
        if self._patience is None or silent <= self._patience:
            return known
        return State(known.system, known.version, known.texts, known.names, known.keys, known.stopped, fresh=False, page=known.page)

    def issue(self, user: str, language: str) -> str:
        """Asked of the register."""
        body = {"channel": "text", "language": language, "user": user, "version": self._state.version}
        answer = post(f"{self._address}/shown", json.dumps(body).encode(), "application/json", headers=self._headers(), patience=WAIT)
        found = _parsed(answer.body) if answer.status == 201 else {}
        if not isinstance(found.get("receipt"), str):
            raise NetworkError("{address} answers {status}", "See the log of the register.", address=self._address, status=answer.status)
        return str(found["receipt"])

    def close(self) -> None:
        """Ask no more."""
        self._stop.set()
        self._thread.join(WAIT + self._every)

    def _poll(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._state, self._heard = self._asked(), time.monotonic()
            except TanbaError as error:
                _report.warning("the register is not reached: %s", error)

    def _asked(self, patience: float = WAIT) -> State:
        answer = get(self._address, headers=self._headers(), patience=patience)
        found = _parsed(answer.body) if answer.status == 200 else {}
        try:
            stopped = found["suspended"]["since"] if found["suspended"] else ""
            texts, keys = {language: str(found["texts"]["text"][language]) for language in LANGUAGES}, tuple(map(str, found["keys"]))
            names = {language: str(found["name"][language]) for language in LANGUAGES}
            return State(str(found["system"]), str(found["version"]), texts, names, keys, str(stopped), page=str(found["page"]))
        except (KeyError, TypeError):
            raise NetworkError(
                "{address} answers {status}", "See the log of the register.", address=self._address, status=answer.status
            ) from None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
