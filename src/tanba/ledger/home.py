"""The ledger of a workspace: where it lies, with which key, whom it asks. Made on first use."""

import json
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from tanba.errors import EvidenceError, InputError, StoreError
from tanba.ledger.checkpoint import Signed
from tanba.ledger.log import Keyring, Log
from tanba.ledger.note import LOG, NAME, WITNESS, Key, Signer
from tanba.ledger.policy import Policy
from tanba.ledger.policy import parse as parse_policy
from tanba.ledger.store import Store
from tanba.ledger.store.sqlite import SqliteStore
from tanba.ledger.witness import Witness
from tanba.workspace import Workspace, write_private

KEY, NEXT_KEY, WITNESS_KEY, BEGUN = "ledger.key", "ledger.next", "witness.key", "ledger.begun"


def open_ledger(workspace: Workspace) -> Log:
    """The workspace's ledger; it and its key are made on first use. Raises StoreError, InputError."""
    workspace.create()
    store = open_store(workspace)
    try:
        _begin(workspace, store)
        return Log(store, lambda: keyring(workspace))
    except BaseException as error:
        store.close()
        if isinstance(error, OSError):  # the key could not be written
            raise StoreError(
                "{place}: cannot be written ({problem})",
                "Check free space and permissions and try again: storing the same twice does no harm.",
                place=workspace.root,
                problem=error.strerror or error,
            ) from None
        raise


def _begin(workspace: Workspace, store: Store) -> None:
    """Make what is missing of a new ledger: the key, its first checkpoint, and the mark that it began. May be interrupted anywhere.

    After the mark neither may be missing: a second ledger under the same key would be a fork of our own making.
    """
    key, mark = workspace.keys / KEY, workspace.keys / BEGUN
    signed = bool(store.head().note)
    if not key.exists():
        if signed or mark.exists():
            raise InputError("is missing, and the ledger has entries", "Restore the key from your backup.", key)
        name = workspace.config().ledger_name or f"tanba.local/{secrets.token_hex(8)}"
        write_private(key, Signer(_checked_name(name), LOG, secrets.token_bytes(32)).text)
    if not signed:
        if mark.exists():
            raise InputError(
                "is there, but its ledger is gone", "Restore the ledger from your backup; a new one begins with a new key.", key
            )
        Log(store, lambda: keyring(workspace)).sign()
    if not mark.exists():
        write_private(mark, "")


def open_store(workspace: Workspace) -> Store:
    """The database, for reading beside the ledger."""
    if address := workspace.config().ledger_database:
        from tanba.ledger.store.postgres import PostgresStore

        return PostgresStore(address)
    return SqliteStore(workspace.ledger)


def exists(workspace: Workspace) -> bool:
    """Whether there is a ledger to read."""
    return (workspace.keys / KEY).exists()


def keyring(workspace: Workspace) -> Keyring:
    """The key in force and the former ones. Raises InputError."""
    path = workspace.keys / KEY
    signer = _read_signer(path)
    try:
        former = [Key.parse(json.loads(change["artifact"])["old"]) for change in rotations(workspace)]
    except InputError as error:
        raise error.at(path) from None
    return Keyring(signer, tuple(key for key in reversed(former) if key != signer.key))


def _read_signer(path: Path) -> Signer:
    try:
        return Signer.parse(path.read_text(encoding="utf-8"))
    except InputError as error:
        raise error.at(path) from None
    except OSError as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None


def rotations(workspace: Workspace) -> list[dict[str, Any]]:
    """Changes of key, oldest first, each as bundles carry it: the artifact's text and its receipt (spec/checkpoint.md)."""
    try:
        return [json.loads(line) for line in workspace.ledger_keys.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return []
    except ValueError:
        raise InputError("is damaged", "Restore the file from your backup.", workspace.ledger_keys) from None


def policy(workspace: Workspace) -> Policy:
    """Whom the workspace asks to witness. Raises InputError."""
    try:
        return parse_policy(workspace.trust.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Policy()
    except InputError as error:
        raise error.at(workspace.trust, error.line) from None
    except (OSError, ValueError) as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", workspace.trust, problem=error) from None


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise InputError(
            "{name!r} cannot be the name of a ledger", "Write something like ledger.example.kz/2026, without spaces or +.", name=name
        )
    return name


def witnessed(log: Log, key: Key) -> int:
    """Entries in the newest kept checkpoint that a witness signed."""
    for anchor in reversed(log.store.anchors()):
        with suppress(EvidenceError):
            if key in Signed.parse(anchor.note).note.signed_by([key]):
                return anchor.size
    return 0


def open_witness(workspace: Workspace, name: str, logs: list[Key]) -> Witness:
    """A witness whose key and memory lie in the workspace; the key is made on first use. Raises InputError."""
    workspace.create()
    path = workspace.keys / WITNESS_KEY
    if not path.exists():
        chosen = _checked_name(name or f"tanba.local/witness-{secrets.token_hex(4)}")
        write_private(path, Signer(chosen, WITNESS, secrets.token_bytes(32)).text)
    return Witness(_read_signer(path), logs, workspace.root / "witness")
