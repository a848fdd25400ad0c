"""Ask everybody outside whom the workspace names: its witnesses and its time-stamping authority."""

from collections.abc import Iterator

from tanba.errors import EvidenceError, InputError, NetworkError
from tanba.ledger import home, timestamp, witness
from tanba.ledger.log import Log
from tanba.workspace import Workspace


def confirm(log: Log, workspace: Workspace) -> Iterator[tuple[str, EvidenceError | NetworkError | InputError | None]]:
    """(who, None or why not) for each. What they sign is kept in the ledger's store beside its checkpoint."""
    for name, (key, address) in home.policy(workspace).witnesses.items():
        if address:
            try:
                witness.ask(address, key, log, home.witnessed(log, key))
                yield name, None
            except (EvidenceError, NetworkError, InputError) as error:
                yield name, error
    if authority := workspace.config().timestamp_authority:
        try:
            signed = log.head()
            anchor = log.store.anchor(signed.checkpoint.size)
            if not (anchor and anchor.timestamps):  # a second stamp would only say a later time
                log.keep(signed, [timestamp.ask(authority, signed.checkpoint.text)])
            yield authority, None
        except (NetworkError, InputError) as error:
            yield authority, error
