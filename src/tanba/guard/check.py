"""From the facts of a request to an answer, or to None where it may go on. Knows HTTP, and no framework."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlsplit

from tanba.errors import EvidenceError, TanbaError
from tanba.guard.page import notice_page, words_page
from tanba.guard.sources import Source, State
from tanba.people.passing import Asked, Decision, decide
from tanba.people.receipt import check_user, read
from tanba.strings import LANGUAGES, explain, t

HERE = "/.tanba/notice"
"""Where a service that is guarded takes the answer of its user. Nothing of the service itself may lie there."""

RECEIPT, USER = "tanba_receipt", "tanba_user"
"""Cookies; programs send the headers Tanba-Receipt and Tanba-User."""

LONGEST = 10_000
"""Bytes of the form."""

PLAIN = "/:@!$&'()*+,;=~-._"
"""What stands in the path of an address as it is; adapters quote the rest."""

_read = lru_cache(maxsize=8192)(read)


@dataclass(frozen=True, slots=True)
class Request:
    """What an adapter knows. Names of headers are lower case; `user` is the pseudonym under which the service itself knows who is there."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    secure: bool = False
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back in the place of the service's own answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Guard:
    """One system's guard. `free`: beginnings of paths that touch no system, such as style sheets and a sign of life."""

    def __init__(self, source: Source, *, free: Sequence[str] = ()) -> None:
        """`source` says what is shown and whether the system is stopped."""
        self.source, self._free = source, tuple(free)

    def check(self, request: Request) -> Answer | None:
        """None where the request may go on. Never raises: a source that cannot be asked is `unknown`, and nothing passes."""
        if self._is_free(request.path):
            return None
        try:
            state = self.source.state()
        except TanbaError:
            return self._without_state(request)
        decision = self._decide(request, state)
        if decision.answer == "allow" and request.path != HERE:
            return None
        return self._refused(request, state, decision)

    def is_confirmation(self, request: Request) -> bool:
        """Whether the user says: I was shown it. The adapter reads the body then and calls `confirm`."""
        return request.path == HERE and request.method == "POST"

    def confirm(self, request: Request, body: bytes) -> Answer:
        """The receipt, and the way back to where the user wanted to go."""
        try:
            state = self.source.state()
            if state.stopped or not state.fresh:
                return self._refused(request, state, Decision("suspended" if state.stopped else "unknown"))
            if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
                return self._refused(request, state, Decision("show"))  # another site cannot say for its visitors that they were told
            given = _form(request, body)
            user, language = check_user(request.user or _user(request) or new_user()), _language(request, given.get("language"))
            token = self.source.issue(user, language)
        except TanbaError as error:
            language = _language(request)
            status = 422 if not isinstance(error, EvidenceError) and error.exit_code == 2 else 503
            return _words(request, status, " ".join(explain(error, language)), language, "trouble")
        cookies = (_cookie(request, RECEIPT, token), *(() if request.user else (_cookie(request, USER, user),)))
        if _for_program(request):
            return _json(201, {"receipt": token, "schema": "tanba.notice-given/1", "user": user}, cookies)
        return Answer(303, (("Location", quote(_local(given.get("next", "/")), safe=f"{PLAIN}%?#[]")), *cookies), b"")

    def _is_free(self, path: str) -> bool:
        """A path that climbs out of its folder is not what it looks like."""
        return bool(self._free) and path.startswith(self._free) and "/.." not in path and "//" not in path

    def _decide(self, request: Request, state: State) -> Decision:
        token = request.headers.get("tanba-receipt") or _cookies(request).get(RECEIPT, "")
        claims, problem = None, "missing"
        if token:
            try:
                claims = _read(token, state.keys)
            except EvidenceError as error:
                problem = error.word
        now, user = datetime.now(UTC), request.user or _user(request)
        facts = Asked(state.system, user, now, state.version, claims, problem, bool(state.stopped), state.fresh)
        return decide(facts)

    def _refused(self, request: Request, state: State, decision: Decision) -> Answer:
        language = _language(request)
        if decision.answer in ("suspended", "unknown"):
            key = "notice.stopped" if decision.answer == "suspended" else "notice.not_asked"
            words = t(key, language, system=state.names[language])
            return _words(request, 503, words, language, decision.answer)
        if _for_program(request):
            return _json(428, _required(state, decision, language))
        query = dict(parse_qsl(request.query))
        wanted = (
            _local(query.get("next", "/"))
            if request.path == HERE
            else _local(request.path + (f"?{request.query}" if request.query else ""))
        )
        page = notice_page(state, language, wanted if request.method in ("GET", "HEAD") or request.path == HERE else "/", decision.why)
        user = () if request.user or _user(request) else (_cookie(request, USER, new_user()),)
        return _html(428 if request.path != HERE else 200, page, user)

    def _without_state(self, request: Request) -> Answer:
        language = _language(request)
        return _words(request, 503, t("notice.not_asked", language, system=""), language, "unknown")


def new_user() -> str:
    """A pseudonym that says nothing about anybody."""
    return secrets.token_urlsafe(16)


def _required(state: State, decision: Decision, language: str) -> dict[str, object]:
    """`tanba.notice-required/1`: what a program shows its user, and where it says so."""
    shown = {"language": language, "text": state.texts[language], "version": state.version, "system": state.system}
    return {"confirm": HERE, "page": state.page, "schema": "tanba.notice-required/1", "why": decision.why, **shown}


def _words(request: Request, status: int, words: str, language: str, why: str) -> Answer:
    if _for_program(request):
        return _json(status, {"message": words, "schema": "tanba.refused/1", "why": why})
    return _html(status, words_page(words, language))


def _html(status: int, page: tuple[str, str], more: Sequence[tuple[str, str]] = ()) -> Answer:
    text, policy = page
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy), ("Cache-Control", "no-store"))
    return Answer(status, (*headers, *more), text.encode())


def _json(status: int, value: object, more: Sequence[tuple[str, str]] = ()) -> Answer:
    body = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    return Answer(status, (("Content-Type", "application/json"), ("Cache-Control", "no-store"), *more), body)


def _for_program(request: Request) -> bool:
    """Browsers ask for HTML by name."""
    return "text/html" not in request.headers.get("accept", "")


def _language(request: Request, given: str | None = None) -> str:
    """What was asked for on our page, else the browser's first language that we have, else Kazakh."""
    asked = given or dict(parse_qsl(request.query)).get("tanba-language", "")
    weighed = [each.partition(";q=") for each in request.headers.get("accept-language", "").replace(" ", "").lower().split(",")[:20]]
    wanted = sorted(weighed, key=lambda each: -_weight(each[2]))
    return next((each[:2] for each in (asked, *(word for word, _, _ in wanted)) if each[:2] in LANGUAGES), "kk")


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _cookies(request: Request) -> dict[str, str]:
    """Ours need no quotes; what others set is passed over."""
    pairs = (each.strip().partition("=") for each in request.headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs if name in (RECEIPT, USER)}


def _user(request: Request) -> str | None:
    user = request.headers.get("tanba-user") or _cookies(request).get(USER)
    try:
        return check_user(user) if user else None
    except TanbaError:
        return None


def _cookie(request: Request, name: str, value: str) -> tuple[str, str]:
    return "Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{'; Secure' if request.secure else ''}"


def _form(request: Request, body: bytes) -> dict[str, str]:
    text = body[:LONGEST].decode("utf-8", "replace")
    if "json" in request.headers.get("content-type", ""):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(each) for name, each in value.items()} if isinstance(value, dict) else {}
    return dict(parse_qsl(text))


def _local(address: str) -> str:
    """An address of this service, never one of somebody else's."""
    plain = address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable() and "\\" not in address
    return address if plain and not urlsplit(address).netloc and not address.startswith(HERE) else "/"
