"""A witness (C2SP tlog-witness) signs a ledger's newest checkpoint once it has seen that the ledger only grew; and how a ledger asks one.

A witness knows the keys of the ledgers it serves, and remembers for each the largest checkpoint it signed. It is worth something where
somebody else than the ledger's owner runs it.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanba.errors import EvidenceError, NetworkError
from tanba.files import alone, replace_whole
from tanba.ledger.checkpoint import MOST_HASHES, NUMBER, Signed, hash_lines
from tanba.ledger.log import Log
from tanba.ledger.merkle import EMPTY_ROOT, verify_consistency
from tanba.ledger.note import LONGEST, Key, Signer, decode, signature_of
from tanba.net import Answer, post

SIZE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, content type and body of an answer over HTTP."""

    status: int
    body: str = ""
    kind: str = PLAIN


@dataclass(slots=True)
class Witness:
    """Rules and memory of one witness. `folder` keeps one file per ledger."""

    signer: Signer
    logs: Iterable[Key]
    folder: Path
    now: Callable[[], float] = time.time

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a submission: 200 with cosignature lines, or why not, as the protocol's statuses say."""
        try:
            old, hashes, signed = _submission(body)
        except (EvidenceError, ValueError):
            return Reply(400)
        keys = [key for key in self.logs if key.name == signed.checkpoint.origin]
        if not keys:
            return Reply(404)
        if not _is_signed(signed, keys):
            return Reply(403)
        self.folder.mkdir(parents=True, exist_ok=True)
        with alone(self.folder / f".{_name(signed.checkpoint.origin)}.lock"):  # comparing and keeping are one step
            return self._decide(old, hashes, signed)

    def checkpoint(self, origin_hash: str) -> Reply:
        """The newest checkpoint signed for the ledger whose name has this SHA-256."""
        kept = self._kept(origin_hash) if re.fullmatch("[0-9a-f]{64}", origin_hash) else None
        return Reply(200, str(kept)) if kept else Reply(404)

    def _decide(self, old: int, hashes: list[bytes], signed: Signed) -> Reply:
        new = signed.checkpoint
        name = _name(new.origin)
        kept = self._kept(name)
        before = kept.checkpoint.size if kept else 0
        if old > new.size:
            return Reply(400)
        if old != before:
            return Reply(409, f"{before}\n", SIZE)
        try:
            _check_growth(kept, signed, hashes)
        except EvidenceError:
            return Reply(422)
        line = self.signer.line(new.text, int(self.now()))
        kept_now = Signed(new, signed.note.with_lines([line]))
        replace_whole(self.folder / name, str(kept_now).encode(), durable=True)  # before the answer goes out
        return Reply(200, line)

    def _kept(self, name: str) -> Signed | None:
        path = self.folder / name
        return Signed.parse(path.read_text(encoding="utf-8")) if path.exists() else None


def application(witness: Witness) -> Callable[..., list[bytes]]:
    """The witness as a WSGI application: POST /add-checkpoint, GET /<sha256 of the origin>/checkpoint."""

    def answer(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if method == "POST" and path == "/add-checkpoint":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            reply = witness.add_checkpoint(environ["wsgi.input"].read(length)) if length <= LONGEST else Reply(400)
        elif method == "GET" and path.endswith("/checkpoint"):
            reply = witness.checkpoint(path[1:].removesuffix("/checkpoint"))
        else:
            reply = Reply(404)
        start_response(f"{reply.status} {'OK' if reply.status == 200 else 'Refused'}", [("Content-Type", reply.kind)])
        return [reply.body.encode()]

    return answer


def ask(address: str, key: Key, log: Log, known: int = 0) -> Signed:
    """Have the newest checkpoint cosigned; `known` is the size the witness probably knows. Keeps and returns it.

    Raises EvidenceError where the witness remembers a larger or another ledger, NetworkError where it does not answer as agreed.
    """
    signed = log.head()
    size = signed.checkpoint.size
    answer = _submit(address, log, signed, min(known, size))
    if answer.status == 409:
        remembered = _remembered(answer.body, key)
        if remembered > log.head().checkpoint.size:  # others may have added, and asked, meanwhile
            raise EvidenceError(
                "the witness {name} has signed {remembered} entries; this ledger has {size}: it was cut or replaced by an old copy",
                name=key.name,
                remembered=remembered,
                size=size,
            )
        answer = _submit(address, log, signed, remembered)
        if answer.status == 409 and _remembered(answer.body, key) == size:  # what the protocol says where the roots differ
            answer = Answer(422, answer.kind, b"")
    return _take(answer, key, log, signed)


def _submit(address: str, log: Log, signed: Signed, old: int) -> Answer:
    hashes = log.consistency(old, signed.checkpoint.size) if 0 < old < signed.checkpoint.size else []
    body = f"old {old}\n{hash_lines(hashes)}\n{signed}"
    return post(f"{address.rstrip('/')}/add-checkpoint", body.encode(), PLAIN)


def _remembered(body: bytes, key: Key) -> int:
    text = body.decode("ascii", "replace").removesuffix("\n")
    if not NUMBER.fullmatch(text):
        raise NetworkError("the witness {name} did not answer as agreed", name=key.name)
    return int(text)


def _take(answer: Answer, key: Key, log: Log, signed: Signed) -> Signed:
    if answer.status == 422:
        raise EvidenceError(
            "the witness {name} does not recognise this ledger: it was rewritten or forked since it last signed", name=key.name
        )
    try:
        lines = answer.body.decode().splitlines(keepends=True) if answer.status == 200 else []
        own = [line for line in lines if signature_of(line)[:2] == (key.name, key.id)]  # it may not bring words of others
        confirmed = Signed(signed.checkpoint, signed.note.with_lines(own))
        cosigned = key in Signed.parse(str(confirmed)).note.signed_by([key])
    except (EvidenceError, ValueError):
        cosigned = False
    if not cosigned:
        raise NetworkError(
            "the witness {name} did not sign (status {status})", "Does it know the key of this ledger?", name=key.name, status=answer.status
        )
    log.keep(confirmed)
    return confirmed


def _submission(body: bytes) -> tuple[int, list[bytes], Signed]:
    if len(body) > LONGEST:
        raise EvidenceError("is not a checkpoint")
    head, gap, note = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old, hashes = first.removeprefix("old "), [decode(line) for line in lines]
    if not gap or old == first or not NUMBER.fullmatch(old) or len(hashes) > MOST_HASHES or None in hashes:
        raise EvidenceError("is not a checkpoint")
    return int(old), [each for each in hashes if each is not None], Signed.parse(note)


def _is_signed(signed: Signed, keys: list[Key]) -> bool:
    try:
        return bool(signed.by(keys))
    except EvidenceError:
        return False


def _check_growth(kept: Signed | None, signed: Signed, hashes: list[bytes]) -> None:
    """Raises EvidenceError unless the new checkpoint continues the one kept."""
    new, size = signed.checkpoint, kept.checkpoint.size if kept else 0
    if kept and size:
        verify_consistency(size, new.size, hashes, kept.checkpoint.root, new.root)
    elif hashes or (not new.size and new.root != EMPTY_ROOT):
        raise EvidenceError("the newer ledger does not continue the older one: it was rewritten or forked")


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()
