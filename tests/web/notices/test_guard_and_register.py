"""A guard in front of a service, and the register it asks: a stop is seen within a second, receipts are the register's own."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guarding import through_asgi, through_wsgi
from tanba.errors import NetworkError
from tanba.guard import Guard, Register
from tanba.guard.check import HERE
from tanba.people.receipt import read
from tanba.web.accounts.models import ApiToken
from tanba.web.accounts.tokens import digest_of, new_secret
from tanba.web.faces.suspensions import suspensions
from tanba.web.notices import api, desk
from tanba.web.systems.models import System
from tests_web import BIN

JSON = {"accept": "application/json"}


@pytest.fixture
def guard(transactional_db: None, live_server: Any, system: System) -> Iterator[Guard]:
    secret = new_secret()
    ApiToken.objects.create(organisation=system.organisation, name="Shop", scope="notices", digest=digest_of(secret))
    source = Register(live_server.url, str(system.pk), token=secret)
    yield Guard(source)
    source.close()


def within_a_second(guard: Guard, wanted: int, headers: dict[str, str]) -> float:
    began = time.monotonic()
    while through_asgi(guard, "GET", "/chat", headers, b"").status != wanted:
        assert time.monotonic() - began < 1.0
        time.sleep(0.01)
    return time.monotonic() - began


def test_a_notice_is_shown_a_receipt_comes_from_the_register_and_a_stop_is_seen_within_a_second(guard: Guard, system: System) -> None:
    refused = through_wsgi(guard, "GET", "/chat", JSON, b"")
    assert refused.status == 428
    assert "Credit scorer" in through_asgi(guard, "GET", "/chat", {"accept": "text/html", "accept-language": "en"}, b"").text
    headers = {**JSON, "content-type": "application/json", "tanba-user": "user-1"}
    given = json.loads(through_asgi(guard, "POST", HERE, headers, b'{"language": "kk"}').body)
    assert read(given["receipt"], [desk.public_key()]).via == "service"
    known = {**headers, "tanba-receipt": given["receipt"]}
    assert through_wsgi(guard, "GET", "/chat", known, b"").text == "served"
    suspensions().stop(BIN, system.slug, datetime.now(UTC), "harm", "Carol")
    within_a_second(guard, 503, known)
    suspensions().restart(BIN, system.slug, datetime.now(UTC), "mended", "Carol")
    within_a_second(guard, 200, known)


def test_guards_that_ask_twice_a_second_are_within_the_limit_also_without_a_token() -> None:
    assert api.asking.most >= 4 * 60 / 0.5


@pytest.mark.parametrize("path", ["", "/nothing"])
def test_a_register_that_does_not_know_the_system_is_said_at_the_start(live_server: Any, transactional_db: None, path: str) -> None:
    with pytest.raises(NetworkError):
        Register(live_server.url + path, "0198c0de-0000-7000-8000-000000000001")


class Silent(Register):
    """A register that stopped answering a while ago."""

    def __init__(self, state: Any, patience: float | None) -> None:
        self._state, self._heard, self._patience = state, time.monotonic() - 61, patience


def test_a_register_silent_for_a_minute_stops_the_service_unless_its_owner_chose_otherwise(guard: Guard) -> None:
    state = guard.source.state()
    silent = Guard(Silent(state, 60.0))
    assert json.loads(through_asgi(silent, "GET", "/chat", JSON, b"").body)["why"] == "unknown"
    assert through_asgi(Guard(Silent(state, None)), "GET", "/chat", JSON, b"").status == 428
