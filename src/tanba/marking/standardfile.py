"""The file of the channel standard: read from the workspace, written back whole, with comments."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.marking.standard import Standard, parse
from tanba.policyfile import read_policy, write_policy
from tanba.workspace import Workspace

NAME = "labelling.yaml"
HEAD = "# How this workspace marks what AI made, whatever the channel. See docs/marking.md.\n"
COMMENTS = {
    "languages": "of the warning, in this order",
    "place": "of the label on pictures",
    "style": "auto, dark or light plate",
    "size": "height of the letters, share of the short side",
    "wording": "in place of the usual words: {created: {kk: …}, altered: {ru: …}}",
    "layers": "what a file is given",
    "aigc": "the field of GB 45438-2025 beside IPTC's",
    "everything": "mark also where art. 21(2) would not ask for it",
}


def place(workspace: Workspace) -> Path:
    """Where it lies."""
    return workspace.root / NAME


def load_standard(workspace: Workspace, policy: Path | None = None) -> Standard:
    """The standard of the file `policy`, else the workspace's; without either, ours. Raises InputError."""
    path = policy or place(workspace)
    return Standard() if policy is None and not path.exists() else read_policy(path, parse)


def save_standard(workspace: Workspace, standard: Standard) -> str:
    """Put a standard in place of the one before, in one step. Returns what was written. Raises InputError."""
    workspace.create()
    return write_policy(place(workspace), written(standard), parse)


def written(standard: Standard) -> str:
    """The same standard is the same text, wherever it came from."""
    lines = [f"{name}: {_value(getattr(standard, name))}  # {comment}\n" for name, comment in COMMENTS.items()]
    return HEAD + "".join(lines)


def _value(value: Any) -> str:
    """As YAML reads it. Texts stand in double quotes, where JSON and YAML agree; words of a closed list stand without."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_quoted(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(value: Any) -> str:
    return _value(value) if isinstance(value, Mapping) else json.dumps(value, ensure_ascii=not value.isprintable())
