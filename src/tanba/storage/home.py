"""Where a workspace keeps content: its own folder, or a bucket named in the settings as `objects = "s3://bucket/prefix"`."""

import re

from tanba.errors import InputError
from tanba.storage import Erasable, Store
from tanba.storage.files import ErasableFiles, FileStore
from tanba.workspace import Workspace


def open_objects(workspace: Workspace) -> Store:
    """Content that stays. Raises InputError on settings that do not fit, MissingExtraError without boto3."""
    config = workspace.config()
    if not config.objects:
        return FileStore(workspace.objects)
    from tanba.storage.s3 import Lock, S3Store, client

    bucket, prefix = _place(config.objects)
    lock = Lock("COMPLIANCE", config.objects_lock_days) if config.objects_lock_days else None
    return S3Store(client(config.objects_endpoint or None), bucket, f"{prefix}objects/", lock)


def open_payloads(workspace: Workspace, subject: str) -> Erasable:
    """Encrypted content of one subject, which can be erased and is never locked."""
    config = workspace.config()
    if not config.objects:
        return ErasableFiles(workspace.objects / "payloads" / subject)
    from tanba.storage.s3 import ErasableS3, client

    bucket, prefix = _place(config.objects)
    return ErasableS3(client(config.objects_endpoint or None), bucket, f"{prefix}payloads/{subject}/")


def _place(address: str) -> tuple[str, str]:
    match = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\w./-]*))?", address, re.ASCII)
    if not match:
        raise InputError("{address!r} is not a place for objects", "Write s3://bucket or s3://bucket/prefix.", address=address)
    prefix = (match[2] or "").strip("/")
    return match[1], f"{prefix}/" if prefix else ""
