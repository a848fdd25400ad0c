"""Write answers back into a SYSTEM.yaml without touching anything else: comments, order and spacing stay as the person left them."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from tanba.errors import InputError
from tanba.files import replace_whole
from tanba.law.detailedit import end_of
from tanba.law.facts import SCHEMA, Answer
from tanba.law.importers import Imported
from tanba.law.model import Law


def new_system(slug: str) -> str:
    """The text of a fresh system file."""
    return as_yaml({"schema": SCHEMA, "system": slug, "name": slug}) + "facts: {}\n"


def with_answer(text: str, name: str, answer: Answer) -> str:
    """`text` with one fact set: replaced where it stands, else added at the end of `facts:`."""
    line = f"{name}: {_flow(answer)}"
    facts = _facts_node(text)
    if facts is None:
        return f"{_without_empty_facts(text).rstrip()}\nfacts:\n  {line}\n"
    if not facts.value or facts.flow_style:
        entries = [text[k.start_mark.index : v.end_mark.index] for k, v in facts.value if k.value != name]
        block = "".join(f"\n  {entry}" for entry in (*entries, line))
        return text[: facts.start_mark.index].rstrip(" ") + block + text[facts.end_mark.index :]
    standing = next(((k, v) for k, v in facts.value if k.value == name), None)
    if standing:
        return text[: standing[0].start_mark.index] + line + text[end_of(text, standing[1]) :]
    last = end_of(text, facts.value[-1][1])
    last += len(text[last:].partition("\n")[0].removesuffix("\r"))  # a comment on that line stays with its fact
    indent = " " * facts.value[0][0].start_mark.column
    return f"{text[:last]}\n{indent}{line}{text[last:]}"


def _facts_node(text: str) -> yaml.MappingNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    return next((v for k, v in root.value if k.value == "facts" and isinstance(v, yaml.MappingNode)), None)


def _without_empty_facts(text: str) -> str:
    """`facts:` with nothing after it is the same as no facts."""
    return re.sub(r"(?m)^facts:[ \t]*(?:~|null)?[ \t]*$", "", text)


def _flow(answer: Answer) -> str:
    value = json.dumps(answer.value, ensure_ascii=False)
    if answer.confirmed and not answer.source:
        return value
    source = "".join(letter if letter.isprintable() else " " for letter in answer.source)
    return f"{{value: {value}, source: {json.dumps(source, ensure_ascii=False)}, confirmed: {json.dumps(answer.confirmed)}}}"


def save(path: Path, text: str) -> None:
    """Replace `path` in one step, flushed to disk. Raises InputError; the old file stays whole whatever happens."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, text.encode(), durable=True)
    except OSError as error:
        raise InputError(
            "cannot be written ({problem})",
            "Nothing was changed. Check the folder's permissions and free space.",
            path,
            problem=error.strerror,
        ) from None


def as_yaml(details: dict[str, Any]) -> str:
    """A mapping as block YAML, unquoted where possible, Kazakh and Russian letters as they are."""
    return str(yaml.safe_dump(details, allow_unicode=True, sort_keys=False, width=140))


def imported_system(imported: Imported, law: Law) -> str:
    """The text of a system file made from an importer's findings; every fact waits for confirmation."""
    head = {"schema": SCHEMA, "system": _slug(imported.name), "name": imported.name}
    parts = {"models": [dict(m) for m in imported.models], "data_libraries": [dict(d) for d in imported.data_libraries]}
    text = as_yaml(head | {key: entries for key, entries in parts.items() if entries}) + "facts: {}\n"
    for suggestion in imported.suggestions:
        if suggestion.fact in law.facts:
            text = with_answer(text, suggestion.fact, Answer(suggestion.value, suggestion.source, confirmed=False))
    return text


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.rsplit("/", 1)[-1].lower()).strip("-") or "system"
