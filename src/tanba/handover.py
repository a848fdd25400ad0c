"""A new key for the ledger: the old one signs a last time, over the entry that names its successor (spec/checkpoint.md).

Each step can be done again: whoever is interrupted starts anew and ends with one new key, one entry and one line of record.
"""

import json
import os
import secrets
from uuid import UUID

from tanba.digest import canonical_json, sha256
from tanba.errors import EvidenceError, InputError
from tanba.files import alone, sync_folder
from tanba.ledger.checkpoint import Signed
from tanba.ledger.home import KEY, NEXT_KEY, open_ledger, rotations
from tanba.ledger.log import Log
from tanba.ledger.note import LOG, Key, Signer
from tanba.seal import KEY_KIND, KEY_SCHEMA, Artifact, ready, receipt
from tanba.workspace import Workspace, write_private

LOCK = ".ledger.lock"


def hand_over(workspace: Workspace) -> tuple[Key, Signed]:
    """Change the ledger's key. Returns the new key and the first checkpoint it signed. Raises EvidenceError, StoreError.

    Two who do it at once change it twice, one after the other.
    """
    workspace.create()
    with alone(workspace.keys / LOCK):
        log = open_ledger(workspace)
        try:
            return _hand_over(workspace, log)
        finally:
            log.store.close()


def _hand_over(workspace: Workspace, log: Log) -> tuple[Key, Signed]:
    prepared = workspace.keys / NEXT_KEY
    if not prepared.exists():
        write_private(prepared, Signer(log.origin, LOG, secrets.token_bytes(32)).text)
    new = Signer.parse(prepared.read_text(encoding="utf-8")).key
    _record(workspace, log, new)
    prepared.replace(workspace.keys / KEY)
    sync_folder(workspace.keys)
    return new, log.sign()


def _record(workspace: Workspace, log: Log, new: Key) -> None:
    """The entry under the old key, and the public line of record. Done once for each new key."""
    if any(json.loads(change["artifact"])["new"] == new.text for change in rotations(workspace)):
        return
    old = log.keyring.signer.key
    text = canonical_json({"new": new.text, "old": old.text, "schema": KEY_SCHEMA}).decode()
    sealing = ready(Artifact(KEY_KIND, KEY_SCHEMA, text.encode(), "key.json"), _id_of(new), salt=sha256(text.encode()))
    position = log.append(sealing.event, sealing.id)
    proof = receipt(log, position, sealing.artifact, None)
    if old not in proof.proof.signed.by([old]):
        raise EvidenceError("the newest checkpoint is not what this ledger signed", "Run `tanba ledger check`.")
    _add_line(workspace, {"artifact": text, "receipt": proof.as_json()})


def _id_of(key: Key) -> UUID:
    """The same entry for the same key, however often this is tried."""
    return UUID(sha256(key.text.encode())[:32])


def _add_line(workspace: Workspace, change: dict[str, object]) -> None:
    try:
        with workspace.ledger_keys.open("ab") as file:
            file.write(canonical_json(change) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another folder.", workspace.ledger_keys, problem=error.strerror) from None
    sync_folder(workspace.root)
