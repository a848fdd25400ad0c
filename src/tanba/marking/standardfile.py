"""The file of the channel standard: read from the workspace, written back whole, with comments."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.files import replace_whole
from tanba.marking.standard import Standard, parse
from tanba.workspace import Workspace
from tanba.yamlfile import parse_yaml, read_yaml

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
    if policy is None and not path.exists():
        return Standard()
    try:
        return parse(read_yaml(path))
    except InputError as error:
        raise error if error.path else error.at(path) from None


def save_standard(workspace: Workspace, standard: Standard) -> str:
    """Put a standard in place of the one before, in one step. Returns what was written. Raises InputError."""
    text = written(standard)
    parse(parse_yaml(text, NAME))
    workspace.create()
    try:
        replace_whole(place(workspace), text.encode(), durable=True)
    except OSError as error:
        raise InputError(
            "cannot be written ({problem})", "Check the path and its permissions.", place(workspace), problem=error.strerror
        ) from None
    return text


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
