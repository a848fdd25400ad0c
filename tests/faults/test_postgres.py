"""What may happen to a server: it dies while it writes, is set to forget, belongs to somebody else. Nothing acknowledged is lost."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

import pytest

import pg
from tanba.errors import StoreError
from tanba.ledger.group import GroupCommit
from tanba.ledger.log import Log
from tanba.ledger.store import Anchor, Head, postgres
from tanba.ledger.store.postgres import PostgresStore
from trees import SIGNER, audit, event

if not pg.programs():
    pytest.skip(pg.ABSENT, allow_module_level=True)  # one skip; tests/contract has another, where it counts

Opener = Callable[..., PostgresStore]
HINT = "Nothing acknowledged is lost. Try again."


@pytest.fixture(scope="module")
def server() -> Iterator[pg.Server]:
    server = pg.Server()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def opened() -> Iterator[Opener]:
    stores: list[PostgresStore] = []

    def opener(url: str, schema: str = "tanba_ledger") -> PostgresStore:
        stores.append(PostgresStore(url, schema))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


def refused(why: str) -> pytest.RaisesExc[StoreError]:
    return pytest.raises(StoreError, match=why)


def until(append: Callable[[], int], done: threading.Event, errors: list[StoreError]) -> int:
    """Try as a caller would: the same entry under the same id, as often as it takes."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return append()
        except StoreError as error:
            errors.append(error)
            assert time.monotonic() < deadline
            done.wait(0.02)


def test_a_server_that_dies_while_many_write(server: pg.Server, opened: Opener) -> None:
    """Three deaths, each while the log of its transactions is being written; the program goes on without being started again."""
    url = server.database()
    logs = [Log(opened(url), SIGNER) for _ in range(2)]
    done, errors = threading.Event(), list[StoreError]()
    acknowledged: dict[str, tuple[bytes, int]] = {}

    def one(thread: int, number: int) -> None:
        id_, made = f"{thread}/{number}", event(number, f"{thread}")
        append = logs[1].append if thread % 2 else lambda *each: group.submit(*each).result(60)
        acknowledged[id_] = made, until(lambda: append(made, id_), done, errors)

    def work(thread: int) -> None:
        for number in count():
            one(thread, number)
            if done.is_set():
                return

    with GroupCommit(logs[0]) as group, ThreadPoolExecutor(6) as pool:
        working = [pool.submit(work, thread) for thread in range(6)]
        for mode in ("immediate", "fast", "immediate"):
            counted = len(acknowledged)
            while len(acknowledged) < counted + 60:
                time.sleep(0.005)
            server.stop(mode)
            time.sleep(0.05)
            server.start()
        counted = len(acknowledged)
        while len(acknowledged) < counted + 60:
            time.sleep(0.005)
        done.set()
        for each in working:
            each.result()
    assert len(errors) >= 3
    assert {error.hint for error in errors} == {HINT}
    entries = audit(opened(url))
    for made, position in acknowledged.values():
        assert entries[position].startswith(made[:-1])
    assert len(entries) == len(acknowledged)
    assert logs[0].append(event(0, "after")) == logs[1].append(event(0, "after")) - 1 == len(entries)


def test_a_store_outlives_its_server(server: pg.Server, opened: Opener) -> None:
    """A restart between two uses is not even noticed; while the server is away everything says so."""
    store = opened(server.database())
    log = Log(store, SIGNER)
    for number, mode in enumerate(("fast", "immediate")):
        assert log.append(event(number)) == number
        server.stop(mode)
        server.start()
    assert [at for at, _ in store.entries(0, 9)] == [0, 1]
    server.stop()
    keep, append = Anchor(1, ""), event(2)
    for attempt in (store.head, store.anchors, lambda: store.find("a"), lambda: log.append(append), lambda: store.keep_anchor(keep)):
        with pytest.raises(StoreError, match="could not be read or written") as caught:
            attempt()
        assert caught.value.hint == HINT
    server.start()
    assert (log.append(event(2)), len(audit(store))) == (2, 3)


def test_what_follows_a_broken_connection_is_not_written_elsewhere(server: pg.Server, opened: Opener) -> None:
    url = server.database()
    store = opened(url)
    before = store.head()
    with refused("could not be"), store.exclusive() as writer:
        writer.add(0, [b"first"], ["first"], [], Head(1))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tanba'")
        for at in (1, 2):
            with suppress(StoreError):
                writer.add(at, [b"next"], [None], [], Head(at + 1))
    assert (store.head(), list(store.entries(0, 9))) == (before, [])


def test_a_refused_statement_refuses_the_whole(server: pg.Server, opened: Opener) -> None:
    store = opened(server.database())
    with refused("rolled back"), store.exclusive() as writer:
        writer.add(0, [b"first"], ["first"], [], Head(1))
        with suppress(StoreError):
            writer.add(0, [b"again"], [None], [], Head(1))
    assert (store.head(), list(store.entries(0, 9))) == (Head(), [])


def test_patience_ends(server: pg.Server, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.database()
    holder = opened(url)
    holder.head()
    monkeypatch.setattr(postgres, "SESSION", postgres.SESSION.replace(b"30s", b"100ms"))
    other = opened(url)
    with holder.exclusive(), pytest.raises(StoreError, match="in use for too long"), other.exclusive():
        pass
    with other.exclusive() as writer:
        writer.add(0, [b"x"], [None], [], Head(1))


def test_who_holds_the_ledger_and_falls_asleep_loses_it(server: pg.Server, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.database()
    other = opened(url)
    other.head()
    monkeypatch.setattr(postgres, "SESSION", postgres.SESSION.replace(b"session_timeout = '60s", b"session_timeout = '100ms"))
    sleeper = opened(url)
    with refused("could not be"), sleeper.exclusive() as writer:
        writer.add(0, [b"slow"], [None], [], Head(1))
        with other.exclusive() as writer:
            writer.add(0, [b"quick"], [None], [], Head(1))
    assert list(sleeper.entries(0, 9)) == list(other.entries(0, 9)) == [(0, b"quick")]


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_server_that_may_forget_is_refused(server: pg.Server, opened: Opener, setting: str) -> None:
    """At the connection, and before each write: the first two can be turned off at any time."""
    url = server.database()
    log = Log(opened(url), SIGNER)
    log.append(event(0))
    try:
        turn(server, setting, "off")
        with pytest.raises(StoreError, match=f"may lose what it acknowledged: {setting} is off") as caught:
            opened(url).head()
        assert f"Turn {setting} on" in caught.value.hint
        if setting != "synchronous_commit":  # ours is on, whatever happens to the default
            with pytest.raises(StoreError, match=f"{setting} is off"):
                log.append(event(1))
    finally:
        turn(server, setting, "on")
    assert (log.append(event(1)), len(audit(opened(url)))) == (1, 2)


def turn(server: pg.Server, setting: str, value: str) -> None:
    server.execute(f"ALTER SYSTEM SET {setting} = {value}")
    server.execute("SELECT pg_reload_conf()")
    for _ in range(1000):
        if server.execute(f"SHOW {setting}") == [(value,)]:
            return
        time.sleep(0.005)
    raise AssertionError(setting)


@pytest.mark.parametrize("default", ["synchronous_commit = local", "default_transaction_isolation = serializable"])
def test_defaults_of_the_database_do_not_matter(server: pg.Server, opened: Opener, default: str) -> None:
    url = server.database()
    server.execute(f"ALTER DATABASE {url.rpartition('=')[2]} SET {default}")
    logs = [Log(opened(url), SIGNER) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: logs[number % 4].append(event(number)), range(80)))
    store = opened(url)
    assert len(audit(store)) == 80
    assert store._all("SELECT current_setting('synchronous_commit')") == [("on",)]


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "UTF8"])
def test_any_encoding(server: pg.Server, opened: Opener, encoding: str) -> None:
    server.execute(f"CREATE DATABASE e_{encoding} TEMPLATE template0 ENCODING '{encoding}'")
    store = opened(server.url(f"e_{encoding.lower()}"))
    signed = Log(store, SIGNER)
    signed.append(event(0), "a")
    assert "— " in store.head().note
    store.keep_anchor(Anchor(1, "таңба —"))
    assert (store.anchors(), store.find("a")) == ([Anchor(1, "таңба —")], 0)


def test_an_administrator_may_make_the_schema(server: pg.Server, opened: Opener) -> None:
    url = server.database()
    name = url.rpartition("=")[2]
    for sql in ("CREATE ROLE clerk LOGIN", "CREATE ROLE guest LOGIN", "CREATE SCHEMA books AUTHORIZATION clerk"):
        server.execute(sql, name)
    clerk, guest = url.replace("user=tanba", "user=clerk"), url.replace("user=tanba", "user=guest")
    assert Log(opened(clerk, "books"), SIGNER).append(event(0)) == 0
    for schema in ("books", "elsewhere"):
        with pytest.raises(StoreError, match="permission denied"):
            opened(guest, schema).head()


def test_ledgers_of_one_database_do_not_meet(server: pg.Server, opened: Opener) -> None:
    url = server.database()
    first, second = opened(url, "one"), opened(url, "two")
    with first.exclusive() as writer:
        assert Log(second, SIGNER).append_many([(event(0), "a"), (event(1), None)]) == [0, 1]
        assert writer.head() == Head()


@pytest.mark.parametrize("sql", ["UPDATE tanba_ledger.version SET version = 2", "DELETE FROM tanba_ledger.version"])
def test_a_ledger_of_another_version_is_refused(server: pg.Server, opened: Opener, sql: str) -> None:
    url = server.database()
    opened(url).head()
    server.execute(sql, url.rpartition("=")[2])
    with pytest.raises(StoreError, match="not a ledger that this version reads"):
        opened(url).head()


def test_a_ledger_without_a_head_is_not_written_to(server: pg.Server, opened: Opener) -> None:
    url = server.database()
    store = opened(url)
    Log(store, SIGNER).append(event(0))
    server.execute("DELETE FROM tanba_ledger.head", url.rpartition("=")[2])
    with pytest.raises(StoreError, match="not a ledger"), store.exclusive():
        pass
