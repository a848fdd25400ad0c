"""Starting: an empty workspace, the example company, a second run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tanba.errors import InputError, TanbaError
from tanba.web import example, start
from tanba.web.accounts.models import Membership, Organisation, User
from tanba.web.lawtracker.models import Adoption
from tanba.web.systems.models import System

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def test_the_example_company_is_loaded_once_and_then_left_alone(db: None) -> None:
    assert example.load_example(EXAMPLES) is True
    organisation = Organisation.objects.get()
    files = list((EXAMPLES / "systems").glob("*.yaml"))
    assert System.objects.count() == len(files) >= 12
    assert not System.objects.filter(assessed_at=None).exists()
    assert {"prohibited", "undecided", "classified"} <= set(System.objects.values_list("conclusion", flat=True))
    assert Adoption.objects.filter(organisation=organisation).exists()
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "compliance", "owner", "auditor"}
    System.objects.filter(slug=files[0].stem).update(vendor="changed by a person")
    assert example.load_example(EXAMPLES) is False
    assert System.objects.filter(vendor="changed by a person").count() == 1
    assert Organisation.objects.count() == 1


def test_the_printed_link_lets_the_administrator_in(db: None, client: Client) -> None:
    example.load_example(EXAMPLES)
    line = start.entrance("http://127.0.0.1:8000", "en")
    path = line.rpartition("http://127.0.0.1:8000")[2]
    assert client.post(path)["Location"] == "/"
    assert client.get("/", follow=True).status_code == 200


def test_a_forgotten_password_is_helped_by_a_link(alice: User, client: Client) -> None:
    client.post(start.sign_in_link(" ALICE@tanba.example", ""))
    assert client.session["_auth_user_id"] == str(alice.pk)
    with pytest.raises(InputError, match="nobody signs in"):
        start.sign_in_link("nobody@tanba.example", "")


def test_an_empty_register_prints_its_setup_link(db: None, client: Client) -> None:
    path = start.entrance("http://127.0.0.1:8000", "en").rpartition("http://127.0.0.1:8000")[2]
    assert "Тізілімді бастау" in client.get(path).content.decode()


def test_who_cannot_sign_in_gets_no_link(alice: User) -> None:
    User.objects.update(is_active=False)
    assert "/setup/" in start.entrance("http://127.0.0.1:8000", "en")


@pytest.mark.file
@pytest.mark.parametrize("runs", [2])
def test_a_new_workspace_is_prepared_from_outside(tmp_path: Path, runs: int) -> None:
    """In a process of its own, as `tanba serve` does: the database appears, the second run finds nothing to do."""
    code = "from tanba.web import start; start.prepare(); from tanba.workspace import current; print(current().register)"
    environment = {**os.environ, "TANBA_HOME": str(tmp_path / "new"), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60)
        assert (tmp_path / "new" / "register.sqlite3").stat().st_size > 50_000
        assert (tmp_path / "new" / "register.sqlite3").stat().st_mode & 0o077 == 0
        assert done.stdout.strip() == str(tmp_path / "new" / "register.sqlite3")


@pytest.mark.file
def test_a_file_that_is_no_register_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "register.sqlite3").write_bytes(b"not a database" * 200)
    lines = ("from tanba.web import start", "try: start.prepare()", "except Exception as error: print(type(error).__name__, error)")
    code = "\n".join(lines)
    environment = {**os.environ, "TANBA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("InputError"), done.stderr
    assert "cannot be opened" in done.stdout


def test_no_model_waits_for_a_migration(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_registered_systems_carry_confirmed_answers_only(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    from tanba.law.load import load

    monkeypatch.setattr(start, "prepare", lambda: None)
    system.answer("uses_model", True, "x", None)
    system.answer("has_users", True, "x", None, confirmed=False)
    (found,) = start.registered_systems(load("kz"))
    assert (found.slug, found.facts) == ("scorer", {"uses_model": True})


def test_a_port_that_cannot_be_is_not_replaced_by_another(db: None) -> None:
    with pytest.raises(TanbaError, match=r"cannot listen on 127\.0\.0\.1:99999"):
        start.serve(port=99999)
