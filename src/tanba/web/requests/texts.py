"""Words of a person and words to them: encrypted, each under a key of its own, committed to in the ledger and erasable."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tanba.digest import canonical_json
from tanba.errors import TanbaError
from tanba.storage.payloads import seal, unseal
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.requests.models import Request
from tanba.web.systems.models import System

TEXT, ANSWER = "request-text", "request-answer"
"""Kinds of artifacts; `evidence.collect` keeps their content out of bundles."""

FIELDS = ("text", "name", "contact", "decision")


def keep_text(system: System, written: Mapping[str, str], by: User | None) -> Artifact:
    """What a person wrote, as JSON. Raises StoreError."""
    return _keep(system, TEXT, "request.json", canonical_json({name: written.get(name, "") for name in FIELDS}), by)


def keep_answer(row: Request, text: str, by: User) -> Artifact:
    """What a person was told. Raises StoreError."""
    return _keep(row.system, ANSWER, "answer.txt", text.encode(), by)


def _keep(system: System, kind: str, name: str, content: bytes, by: User | None) -> Artifact:
    artifact = outbox.upload(system, kind, name, content, by)
    artifact.save()
    return artifact


def written(row: Request) -> dict[str, str] | None:
    """What the person wrote; None once it is erased. Raises StoreError, EvidenceError."""
    content = outbox.content_of(row.text) if row.text else None
    found: dict[str, str] | None = None if content is None else json.loads(content)
    return found


def answered(row: Request) -> str | None:
    """What the person was told; None while there is nothing or once it is erased. Raises StoreError, EvidenceError."""
    content = outbox.content_of(row.answer) if row.answer else None
    return None if content is None else content.decode()


def put_draft(row: Request, text: str, by: User) -> None:
    """Keep a draft, encrypted, in the row; the caller saves it."""
    row.draft_key = AESGCM.generate_key(256)
    row.draft, row.draft_by = seal(bytes(row.draft_key), str(row.pk), text.encode()), by


def draft_of(row: Request) -> str:
    """The draft, empty where there is none."""
    content = unseal(bytes(row.draft_key), str(row.pk), bytes(row.draft)) if row.draft and row.draft_key else None
    return (content or b"").decode()


def drop_draft(row: Request) -> None:
    """Forget it; the caller saves the row."""
    row.draft = row.draft_key = row.draft_by = None


def erase(row: Request, by: User | None, reason: str) -> bool:
    """Erase what was written and answered. False where nothing was left, or is not sealed yet."""
    done = [outbox.erase(each, by, reason) for each in (row.text, row.answer) if each]
    drop_draft(row)
    row.sameness = ""
    row.save(update_fields=["draft", "draft_key", "draft_by", "sameness"])
    return any(done)


def whole(row: Request) -> dict[str, Any]:
    """Both texts for a page; `trouble` where they cannot be read."""
    try:
        return {"written": written(row), "answer": answered(row)}
    except TanbaError as error:
        return {"written": None, "answer": None, "trouble": error}
