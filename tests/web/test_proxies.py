"""Whose request it is behind a reverse proxy: only what a listed proxy appended is believed."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tanba.errors import InputError
from tanba.web import bounds
from tanba.web.proxies import proxies_middleware
from tanba.workspace import Config

PROXY, OTHER, CLIENT = "10.0.0.5", "10.9.9.9", "203.0.113.7"


def test_addresses_of_ipv4_in_the_form_of_ipv6_are_told_apart() -> None:
    assert bounds.network("::ffff:203.0.113.7") == CLIENT
    assert bounds.network("2001:db8::1") == bounds.network("2001:db8::2") != bounds.network("2001:db8:0:1::1")


def seen(settings: Any, trusted: list[str], peer: str, **forwarded: str) -> tuple[str, str]:
    """(the address that views see, the scheme that was forwarded)."""
    settings.TRUSTED_PROXIES = trusted
    got: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        got.append(request)
        return HttpResponse()

    proxies_middleware(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **{f"HTTP_X_FORWARDED_{k}": v for k, v in forwarded.items()}))
    return got[0].META["REMOTE_ADDR"], got[0].META.get("HTTP_X_FORWARDED_PROTO", "")


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ([PROXY], PROXY, CLIENT, CLIENT),
        ([PROXY], PROXY, f"1.2.3.4, {CLIENT}", CLIENT),  # the client wrote the first itself
        ([PROXY, "10.0.1.0/24"], PROXY, f"1.2.3.4, {CLIENT}, 10.0.1.7", CLIENT),
        ([PROXY], f"::ffff:{PROXY}", CLIENT, CLIENT),
        (["2001:db8::/64"], "2001:db8::1", "2001:db8:1::2", "2001:db8:1::2"),
        ([PROXY], PROXY, "", PROXY),
        ([PROXY], PROXY, "unknown", PROXY),
        ([PROXY], PROXY, f"{CLIENT}, <script>", PROXY),
        ([PROXY], PROXY, PROXY, PROXY),
        ([PROXY], OTHER, CLIENT, OTHER),
        ([], PROXY, CLIENT, PROXY),
        ([PROXY], "", CLIENT, ""),
    ],
)
def test_the_address_that_is_counted(settings: Any, trusted: list[str], peer: str, forwarded: str, address: str) -> None:
    assert seen(settings, trusted, peer, FOR=forwarded)[0] == address


def test_a_scheme_forwarded_by_others_is_dropped_once_there_is_a_list(settings: Any) -> None:
    assert [seen(settings, [PROXY], peer, PROTO="https")[1] for peer in (PROXY, OTHER)] == ["https", ""]
    assert seen(settings, [], OTHER, PROTO="https")[1] == "https"


def test_clients_behind_a_listed_proxy_are_counted_apart(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUSTED_PROXIES = [PROXY]
    monkeypatch.setattr(bounds.limit, "most", 1)
    came = [(PROXY, CLIENT), (PROXY, "203.0.113.8"), (PROXY, CLIENT), (OTHER, "203.0.113.9"), (OTHER, "203.0.113.10")]
    answers = [Client().post("/verify/", {}, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=client) for peer, client in came]
    assert [answer.status_code for answer in answers] == [422, 422, 429, 422, 429]


@pytest.mark.parametrize("wrong", ["proxy.local", "10.0.0.5/99", "10.0.0.5;10.0.0.6"])
def test_what_is_no_address_is_refused_with_a_hint(wrong: str) -> None:
    with pytest.raises(InputError, match="trusted_proxies") as caught:
        _ = Config(trusted_proxies=f"10.0.0.1, {wrong}").proxies
    assert "10.0.0.0/24" in caught.value.hint


@pytest.mark.parametrize(("trusted", "counted"), [("127.0.0.1", [200] * 3), ("", [200, 200, 429])])
def test_the_server_hands_the_header_on_only_where_proxies_are_listed(trusted: str, counted: list[int], tmp_path: Path) -> None:
    """The real server: its clients are told apart by the proxy's word, or all counted as one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from tanba.web import start; start.prepare(); from tanba.web import bounds; bounds.limit.most = 2; start.serve(port={port})"
    environment = {"TANBA_HOME": str(tmp_path), "TANBA_TRUSTED_PROXIES": trusted, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL)
    try:
        assert [_status(port, f"203.0.113.{number}") for number in range(3)] == counted
    finally:
        process.terminate()
        process.wait(10)


def _status(port: int, client: str) -> int:
    """Of looking up a number that is none, where it is not refused: 200 stands for both answers of the page."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/verify/?number=00000-00000-0000", headers={"X-Forwarded-For": client})
    for _ in range(100):
        try:
            return urllib.request.urlopen(request, timeout=5).status
        except urllib.error.HTTPError as error:
            return 429 if error.code == 429 else 200
        except OSError:
            time.sleep(0.2)
    raise TimeoutError
