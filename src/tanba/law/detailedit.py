"""Write a description back into a SYSTEM.yaml (name, purpose, parts, principles) and leave everything else as the person left it. Pure."""

import json
from typing import Any

import yaml

from tanba.strings import LANGUAGES

Path = tuple[str | int, ...]


def with_detail(text: str, path: Path, value: str | list[str]) -> str:
    """`text` of a file that was read, with one value set: `("purpose", "kk")`, `("channels",)`, `("models", 0, "licence")`.

    A plain text that stands for all languages becomes one for each. Raises KeyError where the place of a part is not there.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise KeyError(path[0])
    return _set(text, root, path, value)


def _set(text: str, node: yaml.Node, path: Path, value: Any) -> str:
    """Go down to where the value belongs, and write what is missing on the way."""
    if not path:
        return _replaced(text, node, _flow(value))
    key, rest = path[0], path[1:]
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        if key >= len(node.value):
            raise KeyError(key)
        return _set(text, node.value[key], rest, value)
    if isinstance(key, int):
        if key:
            raise KeyError(key)
        return _set(text, node, rest, value)  # one part, written without a list
    if isinstance(node, yaml.MappingNode):
        found = next((each for name, each in node.value if name.value == key), None)
        if found is None:
            return _added(text, node, key, _nested(rest, value))
        if not rest and key == "vendor" and isinstance(found, yaml.MappingNode):
            rest = ("name",)
        return _set(text, found, rest, value)
    return _replaced(text, node, _flow(_spread(_plain(node), key, value)))


def _spread(old: str, key: str, value: Any) -> dict[str, Any]:
    """What a plain text becomes: one for each language, or a part with its name."""
    if key in LANGUAGES:
        return dict.fromkeys(LANGUAGES, old) | {key: value} if old else {key: value}
    return {key: value} if key == "name" or not old else {"name": old, key: value}


def _plain(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null") else ""


def _nested(rest: Path, value: Any) -> Any:
    for key in reversed(rest):
        if isinstance(key, int):
            raise KeyError(key)
        value = {key: value}
    return value


def _added(text: str, node: yaml.MappingNode, key: str, value: Any) -> str:
    """A new entry at the end of a mapping."""
    entry = f"{key}: {_flow(value)}"
    if node.flow_style or not node.value:
        end = node.end_mark.index - 1
        return text[:end].rstrip() + (", " if node.value else "") + entry + text[end:]
    last = end_of(text, node.value[-1][1])
    last += len(text[last:].partition("\n")[0].removesuffix("\r"))  # a comment on that line stays with its entry
    return f"{text[:last]}\n{' ' * node.value[0][0].start_mark.column}{entry}{text[last:]}"


def _replaced(text: str, node: yaml.Node, new: str) -> str:
    start, end = node.start_mark.index, end_of(text, node)
    if start == end and start and not text[start - 1].isspace():
        new = f" {new}"
    return text[:start] + new + text[end:]


def end_of(text: str, node: yaml.Node) -> int:
    """Where a value ends; a block value's own mark lies after the blank lines and comments that follow it."""
    raw = text[: node.end_mark.index]
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(text, last[1] if isinstance(last, tuple) else last)
    return len(raw.rstrip() if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") else raw)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
