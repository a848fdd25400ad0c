"""Every kind of storage in one shape, with a hand that reaches behind it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from tanba.storage import Erasable
from tanba.storage.files import ErasableFiles
from tanba.storage.memory import ErasableMemory
from tanba.storage.s3 import ErasableS3, client

BUCKET, LOCKED = "plain", "locked"


@dataclass
class Backend:
    store: Erasable
    tamper: Callable[[str, bytes], object]
    """Put other bytes under a digest."""


def memory() -> Backend:
    store = ErasableMemory()
    return Backend(store, store.objects.__setitem__)


def files(root: Path) -> Backend:
    def tamper(digest: str, content: bytes) -> None:
        path = root / digest[:2] / digest[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return Backend(ErasableFiles(root), tamper)


def s3(service: Any) -> Backend:
    prefix = f"{uuid4()}/"
    store = ErasableS3(service, BUCKET, prefix)
    return Backend(store, lambda digest, content: service.put_object(Bucket=BUCKET, Key=prefix + digest, Body=content))


@contextmanager
def s3_service() -> Iterator[Any]:
    """A real HTTP service on this machine with a plain bucket and one with object lock."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
            patch.delenv(name)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        service = client(f"http://{host}:{port}")
        service.create_bucket(Bucket=BUCKET)
        service.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
        yield service
        service.close()
    server.stop()
