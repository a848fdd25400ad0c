"""Where the register lies: a file, or PostgreSQL, on which the same tests hold."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pg import ABSENT, Server, programs
from tanba.errors import InputError
from tanba.web.database import database
from tanba.workspace import Workspace

ROOT = Path(__file__).parents[2]


def test_without_an_address_it_is_a_file_of_the_workspace(tmp_path: Path) -> None:
    found = database(Workspace(tmp_path), "")
    assert found["NAME"] == tmp_path / "register.sqlite3"
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:p%40ss@db.example:6432/tanba?sslmode=verify-full",
        "host=db.example port=6432 user=u password=p@ss dbname=tanba sslmode=verify-full",
    ],
)
def test_both_ways_to_write_an_address(tmp_path: Path, address: str) -> None:
    found = database(Workspace(tmp_path), address)
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["tanba", "u", "p@ss", "db.example", "6432"]
    assert found["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    ("address", "said"), [("postgresql://host", "names no database"), ("nonsense", "cannot be read"), ("https://a/b", "cannot be read")]
)
def test_what_is_no_address_is_one_error(tmp_path: Path, address: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        database(Workspace(tmp_path), address)


@pytest.fixture
def server() -> Iterator[Server]:
    if programs() is None:
        pytest.skip(ABSENT)
    server = Server().start()
    yield server
    server.remove()


@pytest.mark.slow
def test_the_pages_work_the_same_on_postgresql(server: Server) -> None:
    environment = {**os.environ, "TANBA_REGISTER_DATABASE": server.url(), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "pytest", "tests/web", "-m", "not slow and not browser and not file", "-n", "2", "--dist", "loadfile"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1500)
    assert not done.returncode, done.stdout[-4000:]


@pytest.mark.django_db
def test_models_pass_djangos_own_checks_and_no_migration_is_missing() -> None:
    """A word longer than its column is cut by no SQLite and refused by PostgreSQL."""
    from django.core.management import call_command

    call_command("check", fail_level="ERROR")
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
