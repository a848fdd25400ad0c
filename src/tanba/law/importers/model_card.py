"""Hugging Face model cards: the YAML front matter of a README.md (https://huggingface.co/docs/hub/model-cards)."""

import re
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.law.importers import MAX_BYTES, Imported, Suggestion, fields, suggest_media, suggest_open_parameters, words
from tanba.yamlfile import parse_yaml, read_text

kind = "model card"

_FRONT = re.compile(r"---[^\S\n]*\n(.*?)^---[^\S\n]*$", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"^# +(\S.*)$", re.MULTILINE)


def accepts(name: str, head: str) -> bool:
    """A Markdown file with front matter."""
    return name.lower().endswith(".md") and head.startswith("---")


def read(path: Path) -> Imported:
    """Read the card's metadata. Raises InputError if there is no front matter or it is not a mapping."""
    text = read_text(path, MAX_BYTES).replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front is None:
        raise InputError("has no front matter", "Begin the card with metadata between two lines of `---`.", path, 1)
    card = parse_yaml("\n" + front[1], path)  # the empty line stands for the first `---`, so that line numbers hold
    if not isinstance(card, dict):
        raise InputError("expected a mapping as front matter", "Write the metadata as `key: value` lines.", path, 2)
    return _imported(card, _name(card, text[front.end() :], path))


def _name(card: dict[str, Any], body: str, path: Path) -> str:
    title = _TITLE.search(body)
    saved_as = re.sub(r"\.?(README)?\.md$", "", path.name, flags=re.IGNORECASE)
    candidates = [card.get("model_name"), title and title[1], saved_as, path.resolve().parent.name]
    return next((found[0] for candidate in candidates if (found := words(candidate))), "model")


def _imported(card: dict[str, Any], name: str) -> Imported:
    model = fields(
        name=name,
        task=card.get("pipeline_tag"),
        licence=_licences(card),
        base_model=card.get("base_model"),
        library=card.get("library_name"),
        language=card.get("language"),
    )
    libraries = tuple({"name": dataset} for dataset in words(card.get("datasets")))
    suggestions = (
        Suggestion("uses_model", True, f"{kind}: describes the model {name}"),
        *suggest_media(_tasks(card)),
        *suggest_open_parameters(words(card.get("license")), f"{kind}: license"),
    )
    return Imported(kind, name, (model,), libraries, suggestions)


def _licences(card: dict[str, Any]) -> list[str]:
    # "other" is Hugging Face's word for a licence outside its list; its name then stands beside it.
    return [name for name in words(card.get("license")) if name != "other"] or words(card.get("license_name"))


def _tasks(card: dict[str, Any]) -> list[tuple[str, str]]:
    # Many cards name the task among the tags only. A pipeline_tag is the author's choice and goes before them.
    field = "pipeline_tag" if words(card.get("pipeline_tag")) else "tags"
    return [(f"{kind}: {field}", task) for task in words(card.get(field))]
