"""Folders of YAML data inside the package, read once and kept as JSON beside them.

Parsing the law takes about a second; a command line cannot wait for that. So the parsed form is kept in `__pycache__/data.json`
of the folder, keyed by the digest of every file, as Python keeps .pyc files. The wheel ships it. Where the folder cannot be
written, it is parsed anew each time.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from tanba.digest import sha256
from tanba.yamlfile import read_yaml


@cache
def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Every `*.yaml` below `folder` as {relative path without suffix: content}, in sorted order. Raises InputError."""
    files = sorted(folder.rglob("*.yaml"))
    key = sha256(b"\0".join(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() for file in files))
    kept = folder / "__pycache__" / "data.json"
    found = _read_kept(kept, key)
    if found is None:
        found = {file.relative_to(folder).with_suffix("").as_posix(): read_yaml(file) for file in files}
        _keep(kept, key, found)
    return found


def _read_kept(kept: Path, key: str) -> dict[str, dict[str, Any]] | None:
    try:
        stored = json.loads(kept.read_bytes())
    except (OSError, ValueError):
        return None
    return stored["data"] if isinstance(stored, dict) and stored.get("key") == key else None


def _keep(kept: Path, key: str, data: dict[str, Any]) -> None:
    temporary = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(exist_ok=True)
        temporary.write_text(json.dumps({"key": key, "data": data}, ensure_ascii=False), encoding="utf-8")
        temporary.replace(kept)
    except OSError:
        temporary.unlink(missing_ok=True)
