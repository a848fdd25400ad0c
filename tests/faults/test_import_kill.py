"""An import is killed with -9 at any moment: its systems are all in the register or none, and what is left is done by the next process."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytestmark = pytest.mark.slow
COUNT = 400
PREPARE = """
from tanba.web import start
start.prepare()
from tanba.web.accounts.models import Membership, Organisation, User
company = Organisation.objects.create(name={"en": "Qarlygash JSC"}, bin="190140999998")
carol = User.objects.create_user("carol@tanba.example", name="Carol")
Membership.objects.create(user=carol, organisation=company, role="compliance")
"""
GO_ON = """
from tanba.web import start
start.prepare()
from django.utils import timezone
from tanba.web.evidence import ledger
from tanba.web.evidence.outbox import drain
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
Import.objects.update(busy_until=timezone.now())
desk.work()
drain()
ledger.close()
"""


def python(home: Path, *words: str, **options: Any) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "TANBA_HOME": str(home), "TANBA_LANG": "en"}
    return subprocess.Popen([sys.executable, *words], env=environment, cwd=home.parent, **options)


def asked(home: Path, sql: str) -> list[Any]:
    with sqlite3.connect(home / "register.sqlite3") as connection:
        return [row[0] if len(row) == 1 else row for row in connection.execute(sql)]


def gone(group: int) -> bool:
    """Whether nobody of a process's session is left, its workers included."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_killed_import_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    home, random = tmp_path / "register", Random(1)
    assert python(home, "-c", PREPARE).wait() == 0
    rows = [f"s{number},System {number},yes,chat_assistant" for number in range(COUNT)]
    (tmp_path / "inventory.csv").write_text("\n".join(["slug,name_en,uses_model,use_case", *rows]), encoding="utf-8")
    states = set()
    for _ in range(12):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        process = python(home, "-m", "tanba", "register", "import", "inventory.csv", "--confirmed", **quiet)
        delay = random.uniform(0.8, 6)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert gone(process.pid)
        (count,) = asked(home, "SELECT count(*) FROM systems_system")
        assert count in (0, COUNT)
        (facts,) = asked(home, "SELECT count(*) FROM systems_fact")
        assert facts == 2 * count
        states.add(asked(home, "SELECT max(state) FROM exchange_import")[0])
        if count:
            break
    assert python(home, "-c", GO_ON).wait() == 0
    assert python(home, "-m", "tanba", "register", "import", "inventory.csv", "--confirmed", stdout=subprocess.DEVNULL).wait() == 0
    assert asked(home, "SELECT count(*) FROM systems_system WHERE conclusion <> ''") == [COUNT]
    assert asked(home, "SELECT count(*), count(DISTINCT system_id) FROM assessments_assessment") == [(COUNT, COUNT)]
    assert asked(home, "SELECT count(*) FROM evidence_artifact WHERE state <> 'sealed'") == [0]
    assert asked(home, "SELECT count(*) FROM exchange_import WHERE state = 'done'") == [1]
