"""The ledger as the register sees it: one `Log` for each process and workspace, the store of uploads, and whom the workspace trusts."""

import threading
from pathlib import Path

from tanba.ledger import home
from tanba.ledger.log import Log
from tanba.ledger.policy import Policy
from tanba.ledger.timestamp import read_roots
from tanba.seal import Trust
from tanba.storage.home import open_payloads
from tanba.storage.payloads import Keys, Payloads
from tanba.workspace import current

_lock = threading.Lock()
_open: dict[Path, Log] = {}


def log() -> Log:
    """The ledger of the current workspace, opened once. Raises StoreError, InputError."""
    workspace = current()
    with _lock:
        if workspace.root not in _open:
            _open[workspace.root] = home.open_ledger(workspace)
        return _open[workspace.root]


def close() -> None:
    """Let go of every ledger of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].store.close()


def payloads(keys: Keys) -> Payloads:
    """Uploads: each encrypted under a key of its own, in a place of its own."""
    workspace = current()
    return Payloads(lambda subject: open_payloads(workspace, subject), keys)


def trust() -> Trust:
    """Whom this workspace trusts: its own ledger's keys, its witnesses, its time-stamping authorities."""
    workspace = current()
    policy = home.policy(workspace)
    own = dict.fromkeys(log().keyring.keys, "")
    roots = read_roots(workspace.timestamp_roots) if workspace.timestamp_roots.exists() else ()
    return Trust(Policy({**policy.logs, **own}, policy.witnesses, policy.groups, policy.quorum), roots)
