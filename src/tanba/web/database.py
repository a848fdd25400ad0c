"""Where the register's rows lie: a SQLite file in the workspace, or a PostgreSQL database (`register_database`) for many servers."""

from typing import Any

from tanba.errors import InputError, MissingExtraError
from tanba.workspace import Workspace

KEPT = 600
"""Seconds for which a connection is used again."""

PATIENCE = "20"
"""Seconds for which a writer waits for the others."""

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": int(PATIENCE),
        # secure_delete: the key of an erased upload is overwritten, not only unlinked
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;",
    },
    "CONN_MAX_AGE": KEPT,
}


def database(workspace: Workspace, address: str) -> dict[str, Any]:
    """The entry of Django's DATABASES. `address`: a URL or a string of libpq; empty for the file. Raises InputError, MissingExtraError."""
    if not address:
        return {**SQLITE, "NAME": workspace.register}
    parts = _parsed(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {"connect_timeout": PATIENCE, "application_name": "tanba", **parts},
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
    }


def _parsed(address: str) -> dict[str, Any]:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise MissingExtraError("a register in PostgreSQL needs psycopg", "Install it: pip install 'tanba[postgres]'") from None
    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError as error:
        raise InputError("register_database cannot be read: {problem}", "Write postgresql://user@host/database.", problem=error) from None
    if not parts.get("dbname"):
        raise InputError("register_database names no database", "Write postgresql://user@host/database.")
    return dict(parts)
