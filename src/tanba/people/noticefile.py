"""The file of the notice policy, and the key that signs receipts: read from the workspace, written whole."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.people.notice import CHANNELS, Policy, parse
from tanba.people.receipt import Signer
from tanba.policyfile import read_policy, write_policy
from tanba.strings import LANGUAGES
from tanba.workspace import Workspace, write_private

NAME, KEY = "notices.yaml", "notices.key"
HEAD = "# What people are told where AI is used, in each channel and language. See docs/notices.md.\n"
COMMENTS = {
    "languages": "in this order, where one text has to serve everybody",
    "days": "for how long a receipt counts",
    "repeat": "key on the telephone that repeats the notice",
    "human": "key on the telephone that reaches a human",
    "origins": "sites whose pages may ask the register",
}


def place(workspace: Workspace) -> Path:
    """Where it lies."""
    return workspace.root / NAME


def load_policy(workspace: Workspace, given: Path | None = None) -> Policy:
    """The policy of the file `given`, else the workspace's; without either, ours. Raises InputError."""
    path = given or place(workspace)
    return Policy() if given is None and not path.exists() else read_policy(path, parse)


class Reader:
    """The policy in force, read again only when its file has changed."""

    def __init__(self, workspace: Workspace) -> None:
        """Of a workspace."""
        self._workspace, self._read = workspace, (object(), Policy())

    def __call__(self) -> Policy:
        """Raises InputError."""
        try:
            found = place(self._workspace).stat()
            stamp: object = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            stamp = None
        if self._read[0] != stamp:
            self._read = stamp, load_policy(self._workspace)
        return self._read[1]


def save_policy(workspace: Workspace, policy: Policy) -> str:
    """Put a policy in place of the one before, in one step. Returns what was written. Raises InputError."""
    workspace.create()
    return write_policy(place(workspace), written(policy), parse)


def written(policy: Policy) -> str:
    """The same policy is the same text, wherever it came from."""
    lines = [f"{name}: {_value(getattr(policy, name))}  # {comment}\n" for name, comment in COMMENTS.items()]
    return HEAD + "".join(lines) + _texts(policy.texts)


def whole(policy: Policy) -> str:
    """The same with every text written out, our own words too, to be edited."""
    texts = {channel: {language: policy.template(channel, language) for language in LANGUAGES} for channel in CHANNELS}
    return written(Policy(policy.languages, policy.days, policy.repeat, policy.human, policy.origins, texts))


def signer(workspace: Workspace) -> Signer:
    """The key that signs receipts, made on first use. Raises InputError."""
    path = workspace.create().keys / KEY
    try:
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return Signer.parse(path.read_text(encoding="ascii"))
    except InputError as error:
        raise error.at(path) from None
    except (OSError, ValueError) as error:
        raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error) from None


def _texts(texts: Mapping[str, Mapping[str, str]]) -> str:
    if not texts:
        return "texts: {}\n"
    lines = ["texts:\n"]
    for channel in (each for each in CHANNELS if each in texts):
        lines.append(f"  {channel}:\n")
        lines += [f"    {language}: {_value(texts[channel][language])}\n" for language in LANGUAGES if language in texts[channel]]
    return "".join(lines)


def _value(value: Any) -> str:
    """As YAML reads it: texts stand in double quotes, where JSON and YAML agree; names of languages stand without."""
    if isinstance(value, tuple):
        return "[" + ", ".join(each if each in LANGUAGES else _value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
