"""A PostgreSQL server of our own for tests: a temporary folder with a Unix socket, no port; another user runs it where root runs tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
SETTINGS = {"listen_addresses": "''", "fsync": "on", "max_connections": "60", "shared_buffers": "16MB", "log_statement": "none"}
ABSENT = "needs the server programs of PostgreSQL (Debian: apt-get install postgresql)"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest."""
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next((path for path in reversed(SERVERS) if (path / "initdb").exists()), None)


def _nobody() -> dict[str, Any]:
    """PostgreSQL refuses root: then another user runs it."""
    if os.geteuid():
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """Runs from `start` to `stop`; its data stay until `remove`. Every connection is let in."""

    def __init__(self, **settings: str) -> None:
        """Makes the data folder; `settings` go into postgresql.conf."""
        self.folder = Path(tempfile.mkdtemp(prefix="tanba-pg-"))
        self._as = _nobody()
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._run("initdb", "--no-sync", "--auth=trust", "--username=tanba", "--encoding=UTF8", "--locale=C", "-D", self.folder / "data")
        lines = {"unix_socket_directories": f"'{self.folder}'", **SETTINGS, **settings}
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = {value}\n" for key, value in lines.items())

    def start(self) -> "Server":
        self._run("pg_ctl", "start", "-w", "-s", "-D", self.folder / "data", "-l", self.folder / "log")
        return self

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", self.folder / "data")

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str = "postgres") -> str:
        return f"host={self.folder} user=tanba dbname={database}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def execute(self, sql: str, database: str = "postgres") -> list[Any]:
        """One statement, past the store."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *words: object) -> None:
        folder = programs()
        assert folder, ABSENT
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        done = subprocess.run(
            [folder / program, *map(str, words)],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self._as,
        )
        assert not done.returncode, done.stdout + done.stderr
