"""No request reaches the system before its user was shown the notice, and none while it is stopped; through ASGI, WSGI and Django alike."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarding import BIN, SLUG, SYSTEM, Reply
from tanba.errors import NetworkError
from tanba.guard import Guard, Local, Request
from tanba.guard.asgi import asgi
from tanba.guard.check import HERE, _local
from tanba.people import noticefile
from tanba.people.notice import Policy
from tanba.people.passing import Asked, decide
from tanba.people.receipt import read
from tanba.suspension import Suspensions
from tanba.workspace import Workspace

Ask = Callable[..., Reply]
JSON = "application/json"


def confirmed(ask: Ask, guard: Guard, user: str = "user-1") -> dict[str, str]:
    """The headers of a program whose user was shown the notice."""
    given = json.loads(
        ask(guard, HERE, "POST", json.dumps({"language": "kk"}).encode(), accept=JSON, content_type=JSON, tanba_user=user).body
    )
    return {"tanba_receipt": given["receipt"], "tanba_user": given["user"]}


def test_a_browser_sees_the_notice_says_it_did_and_comes_where_it_wanted_to_go(ask: Ask, local: Local) -> None:
    guard = Guard(local)
    first = ask(guard, "/chat", query="q=a b&x=1", accept_language="ru-RU,ru;q=0.9")
    assert first.status == 428
    assert "искусственного интеллекта: Көмек &lt;b&gt;" in first.text
    assert "Понятно, продолжить" in first.text
    assert first.headers["cache-control"] == "no-store"
    user = first.cookies["tanba_user"]
    body = b"next=%2Fchat%3Fq%3D1&language=ru"
    form = "application/x-www-form-urlencoded"
    answer = ask(guard, HERE, "POST", body, cookie=f"tanba_user={user}", content_type=form)
    assert (answer.status, answer.headers["location"]) == (303, "/chat?q=1")
    claims = read(answer.cookies["tanba_receipt"], local.state().keys)
    assert (claims.user, claims.language, claims.channel, claims.version, claims.system) == (user, "ru", "text", Policy().version, SYSTEM)
    both = f"tanba_user={user}; tanba_receipt={answer.cookies['tanba_receipt']}"
    assert ask(guard, "/chat", cookie=both).text == "served"


def test_a_program_is_told_what_to_show_and_where_to_say_so(ask: Ask, local: Local) -> None:
    guard = Guard(local)
    refused = ask(guard, accept=JSON, accept_language="en")
    told = json.loads(refused.body)
    assert (refused.status, told["why"], told["confirm"], told["version"]) == (428, "missing", HERE, Policy().version)
    assert "artificial intelligence system" in told["text"]
    assert ask(guard, accept=JSON, **confirmed(ask, guard)).text == "served"


def test_a_receipt_serves_only_its_own_user(ask: Ask, local: Local) -> None:
    guard = Guard(local)
    headers = confirmed(ask, guard) | {"tanba_user": "user-2"}
    assert json.loads(ask(guard, accept=JSON, **headers).body)["why"] == "others"


def test_a_receipt_of_another_system_is_refused(ask: Ask, local: Local, workspace: Workspace) -> None:
    headers = confirmed(ask, Guard(local))
    other = Local(workspace, BIN, "0198c0de-0000-7000-8000-000000000002", "scorer")
    assert json.loads(ask(Guard(other), accept=JSON, **headers).body)["why"] == "others"
    other.close()


def test_a_forged_receipt_is_refused_and_said_so(ask: Ask, local: Local) -> None:
    guard = Guard(local)
    headers = confirmed(ask, guard)
    headers["tanba_receipt"] = headers["tanba_receipt"][:-3] + "AAA"
    assert json.loads(ask(guard, accept=JSON, **headers).body)["why"] == "forged"
    assert "өзгертілген" in ask(guard, **headers, accept_language="kk").text


def test_a_changed_text_is_shown_again(ask: Ask, local: Local, workspace: Workspace) -> None:
    guard = Guard(local)
    headers = confirmed(ask, guard)
    noticefile.save_policy(workspace, Policy(texts={"text": {"kk": "Мұнда {system} жауап береді."}}))
    again = ask(guard, **headers, accept_language="kk")
    assert again.status == 428
    assert "Мұнда Көмек &lt;b&gt; жауап береді." in again.text
    assert "Хабарламаның мәтіні өзгерді." in again.text


def test_a_stopped_system_answers_503_at_the_next_request_and_serves_again_after_its_restart(
    ask: Ask, local: Local, workspace: Workspace
) -> None:
    guard = Guard(local, free=("/static/", "/healthz"))
    headers = confirmed(ask, guard)
    stops = Suspensions(workspace.state)
    stops.stop(BIN, SLUG, datetime.now(UTC), "harm reported", "Carol")
    page = ask(guard, **headers, accept_language="en")
    assert page.status == 503
    assert "operation of the system is suspended" in page.text
    assert "harm reported" not in page.text
    assert json.loads(ask(guard, **(headers | {"accept": JSON})).body)["why"] == "suspended"
    assert ask(guard, HERE, "POST", b"{}", accept=JSON, content_type=JSON).status == 503
    assert ask(guard, "/healthz").text == "served"
    assert ask(guard, "/static/../chat").status == 503
    stops.restart(BIN, SLUG, datetime.now(UTC), "mended", "Carol")
    assert ask(guard, **headers).text == "served"
    stops.close()


def test_a_stop_that_names_no_organisation_holds_here_too(ask: Ask, local: Local, workspace: Workspace) -> None:
    stops = Suspensions(workspace.state)
    stops.stop("", SLUG, datetime.now(UTC), "harm", "Carol")
    assert json.loads(ask(Guard(local), accept=JSON).body)["why"] == "suspended"
    stops.close()


def test_the_notice_is_there_in_each_language_without_a_script(ask: Ask, local: Local) -> None:
    for language, word in (("kk", "жалғастыру"), ("ru", "продолжить"), ("en", "go on")):
        page = ask(Guard(local), HERE, query=f"tanba-language={language}&next=%2Fchat")
        assert page.status == 200
        assert word in page.text
        assert 'name="next" value="/chat"' in page.text
        assert "<script" not in page.text
        assert "style-src 'sha256-" in page.headers["content-security-policy"]


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_another_site_cannot_say_for_its_visitors_that_they_were_told(ask: Ask, local: Local, where: str) -> None:
    answer = ask(Guard(local), HERE, "POST", b"language=kk", sec_fetch_site=where)
    assert answer.status == 200
    assert "tanba_receipt" not in answer.cookies
    assert "жалғастыру" in answer.text


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\n//x", "", HERE])
def test_nobody_is_sent_to_another_site(ask: Ask, local: Local, wanted: str) -> None:
    answer = ask(Guard(local), HERE, "POST", json.dumps({"next": wanted}).encode(), content_type=JSON)
    assert answer.headers["location"] == "/"


def test_the_way_back_is_written_as_headers_are(ask: Ask, local: Local) -> None:
    answer = ask(Guard(local), HERE, "POST", json.dumps({"next": "/қ%20a?q=1%26#x"}).encode(), content_type=JSON, accept="text/html")
    assert answer.headers["location"] == "/%D2%9B%20a?q=1%26#x"


@given(st.text(max_size=40))
def test_whatever_is_asked_for_the_way_back_is_on_this_site(wanted: str) -> None:
    from urllib.parse import urljoin, urlsplit

    assert urlsplit(urljoin("https://here.example/a", _local(wanted))).netloc == "here.example"


def test_a_user_who_is_named_by_an_address_gets_another_pseudonym(ask: Ask, local: Local) -> None:
    given = ask(Guard(local), HERE, "POST", b"{}", accept=JSON, content_type=JSON, tanba_user="a@b.kz")
    assert json.loads(given.body)["user"] != "a@b.kz"


class Broken:
    """A source that cannot be asked."""

    def state(self) -> Any:
        raise NetworkError("x")

    def issue(self, user: str, language: str) -> str:
        raise NetworkError("x")


def test_nothing_passes_where_it_cannot_be_told_whether_the_system_is_stopped(ask: Ask) -> None:
    assert ask(Guard(Broken()), accept_language="en").status == 503
    assert json.loads(ask(Guard(Broken()), accept=JSON).body)["why"] == "unknown"
    assert ask(Guard(Broken()), HERE, "POST", b"{}", accept=JSON).status == 503


def test_a_web_socket_of_nobody_who_was_told_is_closed(local: Local) -> None:
    sent: list[Any] = []

    async def app(*_: Any) -> None:
        sent.append("served")

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/chat", "headers": [], "query_string": b"", "scheme": "wss"}
    asyncio.run(asgi(app, Guard(local))(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "428"}]
    asyncio.run(asgi(app, Guard(local))({"type": "lifespan"}, receive, send))
    assert sent[1:] == ["served"]


def test_the_service_may_name_its_user_itself(local: Local) -> None:
    guard = Guard(local)
    asked = Request("GET", "/chat", user="account-7", headers={"accept": JSON})
    token = local.issue("account-7", "kk")
    known = replace(asked, headers={"accept": JSON, "tanba-receipt": token, "tanba-user": "somebody-else"})
    assert guard.check(asked) is not None
    assert guard.check(known) is None


NOW = datetime(2026, 11, 29, tzinfo=UTC)
facts = st.builds(
    Asked,
    system=st.just("s"),
    user=st.sampled_from([None, "u"]),
    now=st.just(NOW),
    version=st.just("v"),
    stopped=st.booleans(),
    fresh=st.booleans(),
    free=st.booleans(),
)


@given(facts)
def test_without_a_receipt_only_free_paths_pass_and_a_stop_comes_first(asked: Asked) -> None:
    answer = decide(asked).answer
    assert (answer == "allow") == asked.free
    if not asked.free:
        assert answer == ("suspended" if asked.stopped else "show" if asked.fresh else "unknown")


def test_the_receipt_of_an_agreement_is_none_of_a_notice(local: Local) -> None:
    token = local.issue("u", "kk")
    claims = replace(read(token, local.state().keys), subject="agreement")
    asked = Asked(SYSTEM, "u", datetime.now(UTC) + timedelta(seconds=1), Policy().version, claims)
    assert decide(asked).answer == "show"
    assert decide(replace(asked, claims=replace(claims, subject="notice"))).answer == "allow"
