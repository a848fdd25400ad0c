"""Storage in a bucket of S3, or of a cloud that speaks its language: `pip install tanba[s3]`.

Nothing is overwritten: the service itself refuses a second write (If-None-Match), and content that arrives with another digest. With a
`Lock` it also refuses to delete an object before its time. Credentials come from boto3's own chain and are never kept here.
"""

import base64
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal

from tanba.errors import InputError, MissingExtraError, StoreError
from tanba.storage import DIGEST, Content, Erasable, Store, checked, missing, pieces, read, verified

LIMIT = 5 << 30  # what the service takes in one request
IN_MEMORY = 8 << 20  # what is larger waits in a temporary file
TRIES, PAUSE = 4, 0.2
ABSENT, CONFLICT, EXISTS = 404, 409, 412
CLIENT = {
    "connect_timeout": 5,
    "read_timeout": 30,
    "retries": {"mode": "standard", "total_max_attempts": TRIES},
    "request_checksum_calculation": "when_required",  # ours is SHA-256; other clouds stumble over boto3's own
    "response_checksum_validation": "when_required",
}


@dataclass(frozen=True, slots=True)
class Lock:
    """Objects cannot be deleted for so many days: by nobody (COMPLIANCE), or only by those who may bypass it (GOVERNANCE)."""

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    days: int

    def until(self) -> datetime:
        """The end of a lock that begins now."""
        return datetime.now(UTC) + timedelta(days=self.days)


def client(endpoint: str | None = None) -> Any:
    """A client with bounded patience. Raises MissingExtraError without boto3, StoreError where settings do not fit."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise MissingExtraError("storage in S3 needs boto3", "Install it: pip install 'tanba[s3]'") from None
    style = {"addressing_style": "path" if endpoint else "auto"}  # other clouds rarely have a name for each bucket
    with _faults(endpoint or "S3", also=ValueError):
        return boto3.session.Session().client("s3", endpoint_url=endpoint, config=Config(**CLIENT, s3=style))


class S3Store(Store):
    """Objects in `bucket` whose names begin with `prefix`. `lock` needs a bucket made with object lock."""

    def __init__(self, service: Any, bucket: str, prefix: str = "objects/", lock: Lock | None = None) -> None:
        """`service` is a `client`; many stores may share one. Nothing is asked yet."""
        self.service, self.bucket, self.prefix, self.lock = service, bucket, prefix, lock

    def put(self, content: Content) -> str:
        """See `Store`. Raises InputError above 5 GiB. What was there already is locked for the whole time again."""
        with _faults(self.bucket), _body(content) as (file, digest):
            if file.seek(0, 2) > LIMIT:
                raise InputError("is larger than {limit:,} bytes", "Divide it into smaller parts.", limit=LIMIT)
            if self.has(digest) or not self._write(file, digest):
                self.open(digest).close()
                self._prolong(digest)
        return digest

    def _write(self, file: IO[bytes], digest: str, tries: int = TRIES) -> bool:
        """Whether it was written; not where another was first."""
        proof = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": base64.b64encode(bytes.fromhex(digest)).decode()}
        retention = {"ObjectLockMode": self.lock.mode, "ObjectLockRetainUntilDate": self.lock.until()} if self.lock else {}
        file.seek(0)
        try:
            self.service.put_object(**self._named(digest), Body=file, IfNoneMatch="*", **proof, **retention)
        except self.service.exceptions.ClientError as error:
            if _status(error) == EXISTS:
                return False
            if _status(error) != CONFLICT or tries == 1:
                raise
            time.sleep(PAUSE)  # two writers compete; the service asks to come again
            return self._write(file, digest, tries - 1)
        return True

    def _prolong(self, digest: str) -> None:
        """A lock is made longer, never shorter, and never weaker."""
        if self.lock:
            held, until = self.service.head_object(**self._named(digest)), self.lock.until()
            if held.get("ObjectLockRetainUntilDate", until) <= until:
                mode = "COMPLIANCE" if held.get("ObjectLockMode") == "COMPLIANCE" else self.lock.mode
                self.service.put_object_retention(**self._named(digest), Retention={"Mode": mode, "RetainUntilDate": until})

    def open(self, digest: str) -> IO[bytes]:
        """See `Store`."""
        with ExitStack() as stack:
            spool = stack.enter_context(SpooledTemporaryFile(IN_MEMORY))
            with _faults(self.bucket, digest), closing(self.service.get_object(**self._named(checked(digest)))["Body"]) as body:
                for piece in read(body):
                    spool.write(piece)
                spool.seek(0)
            stack.pop_all()  # it leaves open
            return verified(spool, digest)

    def has(self, digest: str) -> bool:
        """See `Store`."""
        with _faults(self.bucket):
            try:
                self.service.head_object(**self._named(checked(digest)))
            except self.service.exceptions.ClientError as error:
                if _status(error) == ABSENT:
                    return False
                raise
        return True

    def list(self, prefix: str = "") -> Iterator[str]:
        """See `Store`."""
        pages = self.service.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + prefix)
        with _faults(self.bucket):
            names = (item["Key"].removeprefix(self.prefix) for page in pages for item in page.get("Contents", ()))
            yield from filter(DIGEST.fullmatch, names)

    def _named(self, digest: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + digest}


class ErasableS3(S3Store, Erasable):
    """The same for one person's payloads: in a bucket without a default lock, which would refuse to delete."""

    def __init__(self, service: Any, bucket: str, prefix: str) -> None:
        """Give each person a prefix of their own, ended by a slash."""
        super().__init__(service, bucket, prefix)

    def delete(self, digest: str) -> None:
        """See `Erasable`."""
        place = self._named(checked(digest))
        pages = self.service.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=place["Key"])
        with _faults(self.bucket):
            for page in pages:
                for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    if version["Key"] == place["Key"]:
                        self.service.delete_object(**place, VersionId=version["VersionId"])


@contextmanager
def _body(content: Content) -> Iterator[tuple[IO[bytes], str]]:
    """`content` as a file that can be read again, and its digest. A file is read where it lies: if it changes, the service refuses it."""
    digest = hashlib.sha256()
    with SpooledTemporaryFile(IN_MEMORY) as spool:
        for piece in pieces(content):
            digest.update(piece)
            if not isinstance(content, Path):
                spool.write(piece)
        with content.open("rb") if isinstance(content, Path) else nullcontext(spool) as file:
            yield file, digest.hexdigest()


def _status(error: Any) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


@contextmanager
def _faults(place: str, digest: str = "", also: type[Exception] = OSError) -> Iterator[None]:
    """One error for whatever the service or the way to it does. Where an object is asked for, its absence is told apart."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError, OSError, also) as error:
        if digest and isinstance(error, ClientError) and error.response["Error"]["Code"] == "NoSuchKey":
            raise missing(digest) from None
        raise StoreError(
            "{place}: the storage service refused or did not answer ({problem})",
            "Check the address, the bucket, the rights and the credentials of boto3 (AWS_PROFILE or AWS_ACCESS_KEY_ID).",
            place=place,
            problem=error,
        ) from None
