"""One contract for every kind of storage: examples first, then random walks beside the reference in memory."""

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

import backends
from backends import Backend
from tanba.digest import sha256
from tanba.errors import InputError
from tanba.storage import AlteredError, MissingError, Store
from tanba.storage.memory import MemoryStore
from tanba.storage.payloads import HEAD, ErasedError, Payloads

ABSENT = "0" * 64


@pytest.fixture(scope="module")
def service() -> Iterator[Any]:
    with backends.s3_service() as service:
        yield service


@pytest.fixture(params=["memory", "files", "s3"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "memory":
        return backends.memory()
    if request.param == "files":
        return backends.files(tmp_path / "objects")
    return backends.s3(request.getfixturevalue("service"))


@pytest.fixture
def store(backend: Backend) -> Store:
    return backend.store


def read(store: Store, digest: str) -> bytes:
    with store.open(digest) as file:
        return file.read()


@pytest.mark.parametrize("content", [b"", b"one", bytes(range(256)) * 40_000], ids=len)
def test_what_was_put_comes_back(store: Store, content: bytes, tmp_path: Path) -> None:
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "file").write_bytes(content)
    assert not store.has(digest)
    assert {store.put(content), store.put(tmp_path / "file"), store.put(io.BytesIO(content))} == {digest}
    assert store.has(digest)
    assert store.get(digest) == read(store, digest) == content
    assert list(store.list()) == [digest]


def test_an_open_object_is_a_file(store: Store) -> None:
    with store.open(store.put(b"0123456789")) as file:
        assert (file.read(4), file.read(4), file.read(4), file.read(4)) == (b"0123", b"4567", b"89", b"")
        file.seek(2)
        assert file.read(2) == b"23"


def test_a_stream_is_taken_from_where_it_stands(store: Store) -> None:
    stream = io.BytesIO(b"read already, the rest")
    stream.read(14)
    assert store.get(store.put(stream)) == b"the rest"
    assert not stream.closed


def test_a_list_is_sorted_and_cut_by_prefix(store: Store) -> None:
    digests = sorted(store.put(b"%d" % number) for number in range(40))
    assert list(store.list()) == digests
    for prefix in (digests[0][:1], digests[0][:2], digests[7][:3], digests[9], "f" * 64, "zz", "../", "A"):
        assert list(store.list(prefix)) == [digest for digest in digests if digest.startswith(prefix)]


def test_an_empty_storage(store: Store) -> None:
    assert not list(store.list())
    assert not store.has(ABSENT)
    for look in (store.get, store.open):
        with pytest.raises(MissingError, match=ABSENT):
            look(ABSENT)


@pytest.mark.parametrize("name", ["", "00", "../../etc/passwd", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n", "٠" * 64])
def test_only_digests_name_objects(backend: Backend, name: str) -> None:
    for method in (backend.store.get, backend.store.open, backend.store.has, backend.store.delete):
        with pytest.raises(InputError, match="is not a digest"):
            method(name)


@pytest.mark.parametrize("other", [b"contenT", b"content and more", b"conten", b""])
def test_an_altered_object_is_never_handed_out_nor_taken_for_stored(backend: Backend, other: bytes) -> None:
    digest = backend.store.put(b"content")
    backend.tamper(digest, other)
    assert backend.store.has(digest)
    for attempt in (lambda: backend.store.get(digest), lambda: backend.store.open(digest), lambda: backend.store.put(b"content")):
        with pytest.raises(AlteredError, match=digest):
            attempt()


def test_content_that_cannot_be_read_is_no_fault_of_the_storage(store: Store, tmp_path: Path) -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionResetError("gone")

    for content in (tmp_path / "absent", tmp_path, Broken()):
        with pytest.raises(InputError, match="cannot be read"):
            store.put(content)
    assert not list(store.list())


def test_of_two_writers_both_succeed_and_one_object_stays(store: Store) -> None:
    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            content = b"%d" % number * 100_000
            assert set(pool.map(store.put, [content, content])) == {sha256(content)}
            assert store.get(sha256(content)) == content
    assert len(list(store.list())) == 10


def test_a_stream_of_unknown_length_goes_through_in_pieces(store: Store) -> None:
    class Endless:
        left, largest = 20 << 20, 0

        def read(self, size: int, /) -> bytes:
            self.largest = max(self.largest, size)
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    stream = Endless()
    with store.open(store.put(stream)) as file:
        assert sum(map(len, iter(lambda: file.read(1 << 20), b""))) == 20 << 20
    assert stream.largest <= 1 << 20


def test_deleting(backend: Backend) -> None:
    kept, gone = backend.store.put(b"kept"), backend.store.put(b"gone")
    for _ in range(2):
        backend.store.delete(gone)
        assert list(backend.store.list()) == [kept]
    with pytest.raises(MissingError):
        backend.store.get(gone)
    assert backend.store.put(b"gone") == gone


def test_payloads_are_sealed_and_erased(backend: Backend) -> None:
    keys: dict[str, bytes] = {}
    store = backend.store
    payloads = Payloads(lambda subject: store, keys)
    digests = [payloads.put("a-1", b"Aigerim") for _ in range(3)]
    assert len(set(digests)) == 3
    assert [payloads.get("a-1", digest) for digest in digests] == [b"Aigerim"] * 3
    assert all(store.get(digest).startswith(HEAD) and b"Aigerim" not in store.get(digest) for digest in digests)
    payloads.delete("a-1", digests[0])
    with pytest.raises(MissingError):
        payloads.get("a-1", digests[0])
    for _ in range(2):
        payloads.erase("a-1")
        assert not keys
        assert not list(store.list())
        with pytest.raises(ErasedError, match="a-1"):
            payloads.get("a-1", digests[1])


class BesideMemory(RuleBasedStateMachine):
    """Whatever happens to the storage happens to the reference; both must tell the same."""

    digests = Bundle("digests")
    backend: Backend

    def __init__(self) -> None:
        super().__init__()
        self.model = backends.memory()

    def both(self, deed: str, *values: Any) -> Any:
        told = []
        for backend in (self.model, self.backend):
            try:
                told.append(getattr(backend.store, deed)(*values))
            except (AlteredError, MissingError) as error:
                told.append(f"{type(error).__name__}: {error}")
        assert told[0] == told[1]
        return told[0]

    contents = st.sampled_from([b"", b"a", b"b", b"c" * 1000]) | st.binary(max_size=40)

    @rule(target=digests, content=contents)
    def put(self, content: bytes) -> str:
        self.both("put", content)
        return sha256(content)

    @rule(digest=digests | st.just(ABSENT))
    def get(self, digest: str) -> None:
        self.both("get", digest)

    @rule(digest=digests | st.just(ABSENT))
    def has(self, digest: str) -> None:
        self.both("has", digest)

    @rule(digest=digests | st.just(ABSENT))
    def delete(self, digest: str) -> None:
        self.both("delete", digest)

    @rule(digest=digests, content=contents)
    def tamper(self, digest: str, content: bytes) -> None:
        if self.model.store.has(digest):
            self.model.tamper(digest, content)
            self.backend.tamper(digest, content)

    @rule(digest=digests, length=st.integers(0, 5))
    def list(self, digest: str, length: int) -> None:
        assert [*self.backend.store.list(digest[:length])] == [*self.model.store.list(digest[:length])]

    @invariant()
    def same_objects(self) -> None:
        assert [*self.backend.store.list()] == [*self.model.store.list()]


def test_files_beside_memory() -> None:
    class Machine(BesideMemory):
        def __init__(self) -> None:
            super().__init__()
            self.folder = TemporaryDirectory()
            self.backend = backends.files(Path(self.folder.name) / "objects")

        def teardown(self) -> None:
            self.folder.cleanup()

    run_state_machine_as_test(Machine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))


def test_s3_beside_memory(service: Any) -> None:
    class Machine(BesideMemory):
        def __init__(self) -> None:
            super().__init__()
            self.backend = backends.s3(service)

    run_state_machine_as_test(Machine, settings=settings(max_examples=8, stateful_step_count=12, deadline=None))


def test_the_reference_cannot_delete() -> None:
    assert not hasattr(MemoryStore(), "delete")
