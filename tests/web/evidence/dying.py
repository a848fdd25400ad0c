"""Run as a program over a workspace of its own: registers acts, and kills or races the processes that take them into the ledger.

    python dying.py kill ROUNDS SEED · python dying.py race WRITERS · python dying.py key · python dying.py lease PROCESSES

Prints what it found as one line of JSON.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tanba.web import start

start.prepare()

from django.db import connections  # noqa: E402

from tanba.ledger.audit import audit  # noqa: E402
from tanba.web.accounts.models import Organisation, User  # noqa: E402
from tanba.web.evidence import ledger, outbox  # noqa: E402
from tanba.web.evidence.models import Artifact, Evidence  # noqa: E402
from tanba.web.obligations.models import Obligation  # noqa: E402
from tanba.web.systems.models import System  # noqa: E402
from tanba.workspace import current  # noqa: E402

outbox.BATCH = 20


def main(word: str, *values: str) -> None:
    organisation = Organisation.objects.create(name={"en": "A"}, bin="190140999998")
    user = User.objects.create_user("bob@tanba.example", name="Bob")
    system = System.objects.create(organisation=organisation, slug="scorer", name={"en": "Scorer"}, owner=user)
    row = Obligation.objects.create(
        system=system, path="230-VIII/5", provision="kz/230-VIII/5@2026-01-18", kind="obligation", layer="statute", answer="applies"
    )
    print(json.dumps({"kill": kill, "race": race, "key": key, "lease": lease}[word](row, user, *map(int, values))))
    ledger.close()


def kill(row: Obligation, user: User, rounds: int, seed: int) -> dict[str, Any]:
    """Each round: new acts, one or two processes that drain, killed at a random moment."""
    chance, deaths, early = random.Random(seed), 0, 0
    for round_ in range(rounds):
        acts(row, user, 25, round_)
        children = [forked(outbox.drain) for _ in range(chance.choice((1, 1, 2)))]
        time.sleep(chance.uniform(0, 0.05))
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            deaths += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        early += Artifact.objects.exclude(state="sealed").exists()
    outbox.drain()
    return {"deaths": deaths, "early": early, **found(row)}


def race(row: Obligation, user: User, writers: int) -> dict[str, Any]:
    """Several processes drain the same rows at once, while acts go on."""
    acts(row, user, 200, 0)
    children = [forked(outbox.drain) for _ in range(writers)]
    acts(row, user, 20, 1)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    outbox.drain()
    return {"codes": codes, **found(row)}


def key(row: Obligation, user: User) -> dict[str, Any]:
    """Whether the key of an erased upload is still somewhere in the register's files."""
    acts(row, user, 3, 0)
    outbox.drain()
    chosen = Artifact.objects.filter(kind="upload").latest("id")
    secret, salt = bytes(chosen.key or b""), chosen.salt.encode()
    before = [secret in everything(), salt in everything()]
    outbox.erase(chosen, user, "A person asked to be forgotten.")
    return {"before": before, "after": [secret in everything(), salt in everything()]}


def lease(_: Obligation, __: User, processes: int) -> dict[str, Any]:
    """How many of several processes were given one task, ten times over."""
    from tanba.web.evidence.models import Lease
    from tanba.web.evidence.rounds import claim

    given = []
    for _ in range(10):
        Lease.objects.update(due="2026-01-01T00:00Z")
        connections.close_all()
        children = [forked(lambda: claim("confirm")) for _ in range(processes)]
        given.append(sum(not os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children))
    return {"given": given}


def everything() -> bytes:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in Path(current().root).rglob("*") if path.is_file())


def acts(row: Obligation, user: User, count: int, round_: int) -> None:
    for number in range(count):
        outbox.record(row.system.organisation, "adoption", {"number": number, "round": round_}, user, row.system)
    artifact = outbox.upload(row.system, "upload", "proof.pdf", b"%d" % round_, user)
    artifact.save()
    Evidence.objects.create(obligation=row, artifact=artifact)
    connections.close_all()
    ledger.close()


def forked(work: Any) -> int:
    """A child that does `work` with connections of its own; its exit code is 0 where the answer is something."""
    pid = os.fork()
    if pid:
        return pid
    code = 2
    try:
        code = 1 if work() is False else 0
    finally:
        os._exit(code)


def found(row: Obligation) -> dict[str, Any]:
    log = ledger.log()
    entries = [json.loads(entry)["id"] for _, entry in log.store.entries(0, log.head().checkpoint.size)]
    rows = list(Artifact.objects.all())
    row.refresh_from_db()
    return {
        "once": len(entries) == len(set(entries)) == len(rows),
        "placed": all(each.is_sealed and entries[each.position or 0] == str(each.pk) for each in rows),
        "rows": len(rows),
        "status": row.status,
        "findings": [finding.code for finding in audit(log.store, log.keyring.keys)],
        "trouble": str(outbox.trouble() or ""),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
