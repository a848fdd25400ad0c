"""Strict YAML: one reader for law data, systems and policies.

Refused, each with file and line: duplicate keys, aliases and anchors (so no cycles and no "billion laughs"), non-string keys,
more than `max_bytes`, more than one document, custom tags. Scalars follow YAML 1.2: only `true` and `false` are booleans, so
`no` is the word "no"; dates stay text.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from tanba.errors import InputError
from tanba.files import read_upto

MAX_BYTES = 1_000_000
MAX_DEPTH = 50

_Base: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the base is chosen at run time
    """The safe loader, with YAML 1.2 booleans and without dates."""


_CORE = (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"null|~|", "n~"),
)
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), [*_first, ""] if _tag.endswith("null") else list(_first))


def parse_yaml(text: str, name: Path | str = "<text>") -> Any:
    """Parse one document strictly. Raises InputError with `name` and line."""
    try:
        _refuse_shapes(text, name)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return None if node is None else _build(loader, node, name)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        problem = error.problem or error.context
        raise InputError(
            "broken YAML: {problem}", "Check indentation, quotes and colons on that line.", name, line, problem=problem
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = str(error).splitlines()[0]
        raise InputError("broken YAML: {problem}", "Save the file as plain UTF-8 text.", name, problem=problem) from None


def read_yaml(path: Path, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Read a file whose top level is a mapping. Raises InputError."""
    value = parse_yaml(read_text(path, max_bytes), path)
    if not isinstance(value, dict):
        raise InputError("expected a mapping at the top level", "Start the file with `key: value` lines.", path, 1)
    return value


def read_text(path: Path, max_bytes: int) -> str:
    """Read a bounded UTF-8 text file. Raises InputError."""
    raw = read_upto(path, max_bytes)
    if len(raw) > max_bytes:
        raise InputError(
            "is larger than {limit:,} bytes", "This does not look like the expected file; check the path.", path, limit=max_bytes
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8 text", "Save the file as UTF-8.", path, line) from None


def _refuse_shapes(text: str, name: Path | str) -> None:
    """Refuse aliases, tags and deep nesting while still reading events: composing a deep text would exhaust the stack of libyaml."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InputError("is nested too deeply", "At most {limit} levels are read.", name, line, limit=MAX_DEPTH)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError("anchors and aliases (& and *) are not accepted", "Write the value out in full.", name, line)
        if tag := getattr(event, "tag", None):
            raise InputError("tag {tag} is not accepted", "Remove the tag.", name, line, tag=tag)


def _build(loader: Any, node: yaml.Node, name: Path | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(loader, node, name)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, name) for child in node.value]
    return loader.construct_object(node)


def _build_mapping(loader: Any, node: yaml.MappingNode, name: Path | str) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not (isinstance(key_node, yaml.ScalarNode) and key_node.tag == "tag:yaml.org,2002:str"):
            raise InputError("a key must be text", "Put the key in quotes.", name, line)
        if key_node.value in built:
            raise InputError("key {key!r} stands twice", "Keep one of the two.", name, line, key=key_node.value)
        built[key_node.value] = _build(loader, value_node, name)
    return built


def line_of(text: str, keys: tuple[str | int, ...]) -> int | None:
    """The line (1-based) on which the nested key `keys` stands in a text that `parse_yaml` accepted; None if it is not there.

    Of a list an entry is named by its number from 0; what is missing inside something stands where that begins.
    """
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    line = None
    for key in keys:
        found: tuple[yaml.Node, yaml.Node] | None = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            found = node.value[key], node.value[key]
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
