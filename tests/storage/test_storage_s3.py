"""What only a bucket has: locks, versions, the way there."""

import io
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from backends import BUCKET, LOCKED, s3_service
from tanba.digest import sha256
from tanba.errors import COULD_NOT_CHECK, InputError, MissingExtraError, StoreError
from tanba.storage import AlteredError, MissingError
from tanba.storage import s3 as module
from tanba.storage.s3 import CLIENT, ErasableS3, Lock, S3Store, client


@pytest.fixture(scope="module")
def service() -> Iterator[Any]:
    with s3_service() as service:
        yield service


@pytest.fixture
def store(service: Any) -> S3Store:
    return S3Store(service, BUCKET, f"{uuid4()}/")


def locked(service: Any, mode: Any = "COMPLIANCE", days: int = 30, prefix: str = "") -> S3Store:
    return S3Store(service, LOCKED, prefix or f"{uuid4()}/", Lock(mode, days))


def place(store: S3Store, digest: str) -> dict[str, str]:
    return {"Bucket": store.bucket, "Key": store.prefix + digest}


def versions(store: S3Store, digest: str) -> list[dict[str, Any]]:
    told = store.service.list_object_versions(Bucket=store.bucket, Prefix=store.prefix + digest)
    return [*told.get("Versions", ()), *told.get("DeleteMarkers", ())]


def near(moment: datetime, days: int) -> bool:
    return abs(moment - datetime.now(UTC) - timedelta(days=days)) < timedelta(minutes=5)


def test_the_service_refuses_a_second_write(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = store.put(b"x")
    stamp = store.service.head_object(**place(store, digest))["LastModified"]
    monkeypatch.setattr(store, "has", lambda digest: False)  # as for a writer who looked a moment too early
    assert store.put(b"x") == digest
    assert not store._write(io.BytesIO(b"other"), digest)
    assert store.service.head_object(**place(store, digest))["LastModified"] == stamp
    assert store.get(digest) == b"x"


def test_two_writers_who_both_saw_nothing(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store, both = locked(service), threading.Barrier(2, timeout=10)
    monkeypatch.setattr(store, "has", lambda digest: bool(both.wait() < 0))
    with ThreadPoolExecutor(2) as pool:
        for number in range(5):
            content = b"%d" % number * 1000
            assert set(pool.map(store.put, [content, content])) == {sha256(content)}
            assert store.get(sha256(content)) == content


def test_a_writer_waits_while_the_service_asks_for_it(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write, busy = store.service.put_object, iter([True, True, False])

    def put_object(**values: Any) -> Any:
        if next(busy, True):
            raise ClientError({"Error": {"Code": "ConditionalRequestConflict"}, "ResponseMetadata": {"HTTPStatusCode": 409}}, "PutObject")  # type: ignore[typeddict-item]
        return write(**values)

    monkeypatch.setattr(store.service, "put_object", put_object)
    monkeypatch.setattr(module, "PAUSE", 0)
    assert store.get(store.put(b"x")) == b"x"
    with pytest.raises(StoreError, match="ConditionalRequestConflict"):
        store.put(b"always busy")


@pytest.mark.parametrize("mode", ["COMPLIANCE", "GOVERNANCE"])
def test_a_locked_object_cannot_be_deleted(service: Any, mode: Any) -> None:
    store = locked(service, mode)
    digest = store.put(b"x")
    head = service.head_object(**place(store, digest))
    assert head["ObjectLockMode"] == mode
    assert near(head["ObjectLockRetainUntilDate"], 30)
    with pytest.raises(ClientError, match="AccessDenied"):
        service.delete_object(**place(store, digest), VersionId=head["VersionId"])
    with pytest.raises(StoreError, match="AccessDenied"):
        ErasableS3(service, LOCKED, store.prefix).delete(digest)
    assert store.get(digest) == b"x"
    assert len(versions(store, digest)) == 1


def test_what_is_kept_again_is_locked_for_the_whole_time_again(service: Any) -> None:
    store = locked(service, "GOVERNANCE", 10)
    digest = store.put(b"x")
    for mode, days, expected in (
        ("GOVERNANCE", 40, ("GOVERNANCE", 40)),
        ("GOVERNANCE", 5, ("GOVERNANCE", 40)),
        ("COMPLIANCE", 50, ("COMPLIANCE", 50)),
    ):
        locked(service, mode, days, store.prefix).put(b"x")
        head = service.head_object(**place(store, digest))
        assert (head["ObjectLockMode"], near(head["ObjectLockRetainUntilDate"], expected[1])) == (expected[0], True)
    locked(service, "GOVERNANCE", 60, store.prefix).put(b"x")
    assert service.head_object(**place(store, digest))["ObjectLockMode"] == "COMPLIANCE"
    assert len(versions(store, digest)) == 1


def test_a_deletion_marker_over_a_locked_object_is_mended_by_storing_again(service: Any) -> None:
    store = locked(service)
    digest = store.put(b"x")
    service.delete_object(**place(store, digest))
    with pytest.raises(MissingError):
        store.get(digest)
    assert store.put(b"x") == digest
    assert store.get(digest) == b"x"


def test_payloads_go_in_every_version(service: Any) -> None:
    store = ErasableS3(service, LOCKED, f"{uuid4()}/")
    digest, other = store.put(b"x"), store.put(b"y")
    service.put_object(**place(store, digest), Body=b"z")
    service.put_object(**place(store, digest) | {"Key": store.prefix + digest + ".old"}, Body=b"foreign")
    service.delete_object(**place(store, digest))
    store.delete(digest)
    assert [version["Key"] for version in versions(store, digest)] == [store.prefix + digest + ".old"]
    assert store.get(other) == b"y"


def test_a_lock_needs_a_bucket_with_locks(service: Any) -> None:
    with pytest.raises(StoreError, match="plain: the storage service refused"):
        S3Store(service, BUCKET, f"{uuid4()}/", Lock("COMPLIANCE", 1)).put(b"x")


def test_an_object_of_another_name_is_passed_over(store: S3Store) -> None:
    digest = store.put(b"x")
    for name in ("README", digest + "0", digest[:-1], "a/" + digest):
        store.service.put_object(Bucket=BUCKET, Key=store.prefix + name, Body=b"")
    assert list(store.list()) == [digest]


def test_a_long_list_comes_in_pages(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = sorted(store.put(b"%d" % number) for number in range(7))
    paginator = store.service.get_paginator

    class Small:
        def paginate(self, **values: Any) -> Any:
            return paginator("list_objects_v2").paginate(**values, PaginationConfig={"PageSize": 3})

    monkeypatch.setattr(store.service, "get_paginator", lambda name: Small())
    assert list(store.list()) == digests


def test_no_bucket(service: Any) -> None:
    store = S3Store(service, "nowhere")
    for attempt in (lambda: store.put(b""), lambda: store.get("0" * 64), lambda: list(store.list())):
        with pytest.raises(StoreError, match="NoSuchBucket") as caught:
            attempt()
        assert caught.value.exit_code == COULD_NOT_CHECK


def test_too_large_for_one_request(store: S3Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 3)
    store.put(b"123")
    (tmp_path / "file").write_bytes(b"1234")
    for content in (b"1234", tmp_path / "file", io.BytesIO(b"1234")):
        with pytest.raises(InputError, match="is larger than 3 bytes"):
            store.put(content)


def test_the_service_is_told_the_digest(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it can refuse what changed on the way, or a file that changed after it was read."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(store.service, "put_object", lambda **values: told.update(values))
    store.put(b"x")
    assert told["ChecksumSHA256"] == "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="
    assert told["IfNoneMatch"] == "*"


@pytest.mark.parametrize("missing", ["boto3", "botocore.config"])
def test_without_boto3(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match="boto3") as caught:
        client()
    assert "pip install 'tanba[s3]'" in caught.value.hint


def test_boto3_is_loaded_when_it_is_needed() -> None:
    code = "import sys, tanba.storage.s3; assert not {'boto3', 'botocore'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_address_that_is_none() -> None:
    with pytest.raises(StoreError, match="not an address"):
        client("not an address")


@pytest.mark.usefixtures("service")
def test_nobody_listens_there() -> None:
    lost = client("http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9"):
        S3Store(lost, BUCKET).has("0" * 64)
    lost.close()


def test_no_credentials(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    nobody = client(service.meta.endpoint_url)
    with pytest.raises(StoreError, match="credentials"):
        S3Store(nobody, BUCKET).put(b"x")
    nobody.close()


@pytest.fixture
def hostile() -> Iterator[Callable[[bytes], Any]]:
    """Services that answer every request with the same bytes and hang up, or do not answer at all."""
    servers, clients = [], []

    def serve(answer: bytes) -> Any:
        over = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not answer:
                    over.wait(5)
                self.wfile.write(answer)
                self.close_connection = True

            do_HEAD = do_PUT = do_GET  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread, over))
        clients.append(client(f"http://127.0.0.1:{server.server_port}"))
        return clients[-1]

    yield serve
    for lost in clients:
        lost.close()
    for server, thread, over in servers:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\n<no",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_service_that_fails_is_one_error(hostile: Callable[[bytes], Any], answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLIENT, "retries", {"mode": "standard", "total_max_attempts": 1})
    store = S3Store(hostile(answer), BUCKET)
    with pytest.raises(StoreError):
        store.get("0" * 64)


@pytest.mark.usefixtures("service")
def test_other_content_is_altered(hostile: Callable[[bytes], Any]) -> None:
    store = S3Store(hostile(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"), BUCKET)
    with pytest.raises(AlteredError):
        store.get("0" * 64)


@pytest.mark.usefixtures("service")
def test_a_service_that_does_not_answer_is_given_up(hostile: Callable[[bytes], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert (CLIENT["connect_timeout"], CLIENT["read_timeout"]) == (5, 30)
    monkeypatch.setitem(CLIENT, "read_timeout", 0.2)
    monkeypatch.setitem(CLIENT, "retries", {"mode": "standard", "total_max_attempts": 1})
    with pytest.raises(StoreError, match=r"[Tt]imeout"):
        S3Store(hostile(b""), BUCKET).get("0" * 64)
