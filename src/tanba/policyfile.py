"""Files of settings that an officer edits: read strictly, replaced whole, with one error for what does not fit."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from tanba.errors import InputError
from tanba.files import replace_whole
from tanba.yamlfile import parse_yaml, read_yaml

Policy = TypeVar("Policy")
Parse = Callable[[Mapping[str, Any]], Policy]


def read_policy(path: Path, parse: Parse[Policy]) -> Policy:
    """What stands in a file. Raises InputError, with the file."""
    try:
        return parse(read_yaml(path))
    except InputError as error:
        raise error if error.path else error.at(path) from None


def write_policy(path: Path, text: str, parse: Parse[Policy]) -> str:
    """Put a text in place of the one before, in one step, once it reads. Returns it. Raises InputError."""
    parse(parse_yaml(text, path.name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, text.encode(), durable=True)
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None
    return text


def unknown_setting(name: object, known: Iterable[str], path: Path | None = None) -> InputError:
    """The error for a name that no setting has; it suggests the nearest."""
    names = list(known)
    near = "".join(get_close_matches(str(name), names, n=1))
    return InputError(
        "unknown setting {name!r}",
        "Did you mean {near!r}?" if near else "Known: {known}.",
        path,
        name=name,
        near=near,
        known=", ".join(names),
    )
