"""Importers: what the files of a model already say, as suggestions for the description of a system.

A variant is a module with the names of `Importer`. It reads one format and suggests only what that format's metadata support. A suggestion
is never an answer: the owner confirms each. Facts are those of the law data; nothing is read from prose.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tanba.errors import InputError
from tanba.yamlfile import read_text

MAX_BYTES = 5_000_000  # per file
_HEAD = 65_536  # characters from which a format is recognised
_MAX_WORDS, _MAX_LENGTH = 200, 300  # items of a list, characters of one item

# What a task makes, by Hugging Face's names (https://huggingface.co/tasks). Tasks that only label, find or transcribe are left out.
_MEDIA: dict[str, tuple[str, ...]] = {
    "any-to-any": (),  # makes media, and does not say which
    **dict.fromkeys(("text-to-image", "image-to-image", "image-text-to-image", "unconditional-image-generation"), ("image",)),
    **dict.fromkeys(("text-to-video", "image-to-video", "image-text-to-video", "video-to-video"), ("video",)),
    **dict.fromkeys(("text-to-speech", "text-to-audio", "audio-to-audio"), ("audio",)),
    **dict.fromkeys(("text-generation", "text2text-generation", "conversational", "summarization", "translation"), ("text",)),
    **dict.fromkeys(("image-to-text", "image-text-to-text", "video-text-to-text", "audio-text-to-text"), ("text",)),
    # Interfaces that MLflow writes as a task: https://mlflow.org/docs/latest/genai/
    **dict.fromkeys(("llm/v1/chat", "llm/v1/completions", "chat.completions", "completions"), ("text",)),
}
# Licences under which anybody may use the parameters: SPDX identifiers and Hugging Face's names of the OpenRAIL family.
_OPEN = frozenset(
    (
        *("apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0"),
        *("openrail", "openrail++", "creativeml-openrail-m", "bigscience-openrail-m", "bigcode-openrail-m", "bigscience-bloom-rail-1.0"),
    )
)


@dataclass(frozen=True)
class Suggestion:
    """A possible answer to one fact and where it was read ("model card: pipeline_tag = text-to-image"). Never confirmed."""

    fact: str
    value: bool | str | list[str]
    source: str


@dataclass(frozen=True)
class Imported:
    """What one file says: its kind, the name of what it describes, models and data libraries as {field: text}, and suggestions."""

    kind: str
    name: str
    models: tuple[dict[str, str], ...]
    data_libraries: tuple[dict[str, str], ...]
    suggestions: tuple[Suggestion, ...]


class Importer(Protocol):
    """A variant. `kind` names the format."""

    kind: str

    def accepts(self, name: str, head: str) -> bool:
        """Whether a file of this name that begins with `head` is of this format."""

    def read(self, path: Path) -> Imported:
        """Read the file. Raises InputError with file and, where known, line."""


def import_facts(path: Path) -> Imported:
    """Read `path` with the importer that accepts it. Raises InputError with the accepted formats if none does."""
    head = read_text(path, MAX_BYTES)[:_HEAD]
    for importer in _importers():
        if importer.accepts(path.name, head):
            return importer.read(path)
    raise InputError(
        "is not a format that can be imported",
        "Accepted: model card (README.md that begins with ---), MLflow model (MLmodel), CycloneDX ML-BOM (bom.json, *.cdx.json).",
        path,
    )


def _importers() -> tuple[Importer, ...]:
    # Imported here because each variant imports the names above.
    from tanba.law.importers import cyclonedx, mlflow, model_card

    return model_card, mlflow, cyclonedx


def words(value: object) -> list[str]:
    """The texts of a scalar or a list of scalars from an untrusted file: one line each, printable, bounded; anything else is left out."""
    items = value[:_MAX_WORDS] if isinstance(value, list) else [value]
    lines = (_line(item) for item in items if isinstance(item, str | float) or (isinstance(item, int) and item.bit_length() < 64))
    return [line for line in lines if line]


def _line(value: object) -> str:
    # Control characters could steer a terminal, lone surrogates could not be written as UTF-8.
    return " ".join("".join(char if char.isprintable() else " " for char in str(value)[:_MAX_LENGTH]).split())


def fields(**values: object) -> dict[str, str]:
    """{field: text} of the values that say something; a list is joined with commas."""
    texts = {name: ", ".join(words(value)) for name, value in values.items()}
    return {name: text for name, text in texts.items() if text}


def suggest_media(tasks: Iterable[tuple[str, str]]) -> list[Suggestion]:
    """Suggest media facts from (source, task) pairs; nothing where no task is known to make media."""
    known = [(_line(f"{source} = {task}"), _MEDIA[key]) for source, task in tasks if (key := _task_key(task)) in _MEDIA]
    if not known:
        return []
    source = "; ".join(dict.fromkeys(source for source, _ in known))
    kinds = sorted({kind for _, kinds in known for kind in kinds})
    made = [Suggestion("generates_or_alters_media", True, source)]
    return [*made, Suggestion("media_kinds", kinds, source)] if kinds else made


def _task_key(task: str) -> str:
    key = re.sub(r"[\s_]+", "-", task.lower())
    return "translation" if key.startswith("translation-") else key  # transformers writes translation_kk_to_ru


def suggest_open_parameters(licences: list[str], source: str) -> list[Suggestion]:
    """Suggest `parameters_open` if every licence is known to be open; an unknown one says nothing."""
    if not licences or any(licence.lower() not in _OPEN for licence in licences):
        return []
    return [Suggestion("parameters_open", True, f"{source} = {', '.join(dict.fromkeys(licences))}")]
