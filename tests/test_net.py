"""The client of the network: bounded in time, wherever the other side dawdles."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tanba import net
from tanba.errors import NetworkError


@contextmanager
def dawdling(beginning: bytes) -> Iterator[str]:
    """A server that sends `beginning` and then a byte now and then, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                with server.accept()[0] as connection:
                    connection.sendall(beginning)
                    while True:
                        time.sleep(0.05)
                        connection.sendall(b"1")
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.parametrize(
    "beginning",
    [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["status", "header", "body", "chunk"],
)
def test_who_sends_a_byte_now_and_then_does_not_hold_us(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "ALTOGETHER", 0.4)
    begun = time.monotonic()
    with dawdling(beginning) as address, pytest.raises(NetworkError, match="too slow"):
        net.post(address, b"{}", "application/json", patience=5)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("peer", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0"])
def test_nothing_is_sent_to_where_clouds_keep_secrets(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(connection: http.client.HTTPConnection) -> None:
        connection.sock = Peer(peer)

    monkeypatch.setattr(http.client.HTTPConnection, "connect", elsewhere)
    with pytest.raises(NetworkError, match="link-local"):
        net.post("http://metadata.example/latest/", b"{}", "application/json")


class Peer:
    """A connection to somebody, over which nothing may be sent."""

    def __init__(self, address: str) -> None:
        self.address = address

    def getpeername(self) -> tuple[str, int]:
        return self.address, 80

    def close(self) -> None:
        """Nothing."""
