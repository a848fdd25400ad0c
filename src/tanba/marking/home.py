"""The marking keys of a workspace: where they lie, made on first use, renewed when asked."""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

from tanba.c2pa_io import Credential
from tanba.errors import InputError
from tanba.files import alone, read_upto
from tanba.marking.keys import Authority, Issuer, algorithm_of, new_authority, new_leaf
from tanba.workspace import Workspace, write_private

LARGEST = 1 << 20


def folder(workspace: Workspace) -> Path:
    """Where they lie: `root.pem`, `root.key`, and for each renewal a numbered file with secret and certificate."""
    return workspace.keys / "marking"


def exists(workspace: Workspace) -> bool:
    """Whether keys were made."""
    return bool(_numbered(workspace))


def open_issuer(workspace: Workspace, organisation: str = "") -> Issuer:
    """Keys to mark and read with, made on first use, then in the name of `organisation`. Raises InputError."""
    return load_issuer(workspace) if exists(workspace) else renew(workspace, organisation)


def find_issuer(workspace: Workspace) -> Issuer | None:
    """Keys to read with, None where none were made. Raises InputError where they cannot be read."""
    return load_issuer(workspace) if exists(workspace) else None


def load_issuer(workspace: Workspace) -> Issuer:
    """Keys as they lie there. Raises InputError where they cannot be read."""
    kept = [_read(path) for path in reversed(_numbered(workspace))]
    root = read_upto(folder(workspace) / "root.pem", LARGEST)
    config = workspace.config()
    credential = Credential(kept[0]["chain"].encode(), kept[0]["key"].encode(), "ed25519", config.timestamp_authority)
    roots = root
    if config.marking_certificate:
        chain, key = (read_upto(Path(each), LARGEST) for each in (config.marking_certificate, config.marking_key))
        credential = Credential(chain, key, _algorithm(config.marking_key, key), config.timestamp_authority)
    return Issuer(kept[0]["organisation"], tuple(bytes.fromhex(each["secret"]) for each in kept), credential, roots)


def renew(workspace: Workspace, organisation: str) -> Issuer:
    """A new secret and a new certificate of the private authority; the old secrets go on reading. Raises InputError."""
    workspace.create()
    place = folder(workspace)
    place.mkdir(mode=0o700, exist_ok=True)
    with alone(place / ".lock"):
        authority = _authority(place, organisation)
        number = len(_numbered(workspace)) + 1
        leaf = new_leaf(authority, organisation, datetime.now(UTC))
        made = {"organisation": organisation, "secret": secrets.token_hex(32), "chain": leaf.chain.decode(), "key": leaf.key.decode()}
        write_private(place / f"{number:04}.json", json.dumps(made, ensure_ascii=False, indent=1))
    return load_issuer(workspace)


def _authority(place: Path, organisation: str) -> Authority:
    """The root is written last: where it stands, its key stands."""
    certificate, key = place / "root.pem", place / "root.key"
    if not certificate.exists():
        made = new_authority(organisation, datetime.now(UTC))
        key.unlink(missing_ok=True)  # of an attempt that was interrupted
        write_private(key, made.key.decode())
        write_private(certificate, made.certificate.decode())
    return Authority(read_upto(certificate, LARGEST), read_upto(key, LARGEST))


def _numbered(workspace: Workspace) -> list[Path]:
    return sorted(folder(workspace).glob("[0-9][0-9][0-9][0-9].json"))


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(read_upto(path, LARGEST))
        bytes.fromhex(found["secret"])
        return {name: str(found[name]) for name in ("organisation", "secret", "chain", "key")}
    except (ValueError, KeyError, TypeError):
        raise InputError("is damaged", "Restore the file from your backup.", path) from None


def _algorithm(path: str, key: bytes) -> str:
    try:
        return algorithm_of(key)
    except InputError as error:
        raise error.at(path) from None
