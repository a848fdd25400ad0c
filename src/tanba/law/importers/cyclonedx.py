"""CycloneDX ML-BOM: components of type machine-learning-model in a JSON bill of materials (ECMA-424, from version 1.5)."""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.law.importers import MAX_BYTES, Imported, Suggestion, fields, suggest_media, suggest_open_parameters, words
from tanba.yamlfile import read_text

kind = "CycloneDX ML-BOM"

MAX_DEPTH = 50
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # an open end is taken too, or an unclosed string costs quadratic time


def accepts(name: str, head: str) -> bool:
    """JSON that calls itself CycloneDX, or is called so."""
    lower = name.lower()
    return lower.endswith(".cdx.json") or (lower.endswith(".json") and '"CycloneDX"' in head)


def read(path: Path) -> Imported:
    """Read all models of a bill of materials. Raises InputError if it is malformed, too deep, or holds no model."""
    bom = _load(path)
    described = _map(_map(bom.get("metadata")).get("component"))  # what the whole bill is about; often the model itself
    components = [described, *_components(described), *_components(bom)]
    models = [component for component in components if component.get("type") == "machine-learning-model"]
    if not models:
        raise InputError("holds no machine-learning model", "A component needs `type: machine-learning-model` (CycloneDX 1.5).", path)
    read_models = tuple(_model(model) for model in models)
    name = read_models[0].get("name", "model")
    return Imported(kind, name, read_models, _libraries(models, components), tuple(_suggestions(models)))


def _load(path: Path) -> dict[str, Any]:
    text = read_text(path, MAX_BYTES)
    if _depth(text) > MAX_DEPTH:
        raise InputError("is nested too deeply", "At most {limit} levels are read.", path, limit=MAX_DEPTH)
    try:
        bom = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            "broken JSON: {problem}", "Export the bill of materials again as JSON.", path, error.lineno, problem=error.msg
        ) from None
    except ValueError:  # a whole number of thousands of digits
        raise InputError("holds a number that cannot be read", "Export the bill of materials again as JSON.", path) from None
    if not isinstance(bom, dict) or bom.get("bomFormat") != "CycloneDX":
        raise InputError("is not a CycloneDX bill of materials", 'The top level needs `"bomFormat": "CycloneDX"`.', path)
    return bom


def _depth(text: str) -> int:
    brackets = re.finditer(r"[\[\]{}]", _STRING.sub("", text))
    return max(accumulate((1 if bracket[0] in "[{" else -1 for bracket in brackets), initial=0))


def _components(node: object) -> Iterator[dict[str, Any]]:
    for component in _maps(_map(node).get("components")):
        yield component
        yield from _components(component)


def _model(model: dict[str, Any]) -> dict[str, str]:
    parameters, considerations = _parameters(model), _map(_map(model.get("modelCard")).get("considerations"))
    return fields(
        name=model.get("name"),
        version=model.get("version"),
        supplier=_map(model.get("supplier")).get("name") or model.get("publisher"),
        task=parameters.get("task"),
        architecture=parameters.get("modelArchitecture") or parameters.get("architectureFamily"),
        licence=_licences(model),
        use_cases=considerations.get("useCases"),
        technical_limitations=considerations.get("technicalLimitations"),
    )


def _libraries(models: list[dict[str, Any]], components: list[dict[str, Any]]) -> tuple[dict[str, str], ...]:
    """Data sets that a model names, in place or by reference, and components that are data sets; each once."""
    by_reference = {component["bom-ref"]: component for component in components if isinstance(component.get("bom-ref"), str)}
    named = [data for model in models for data in _maps(_parameters(model).get("datasets"))]
    resolved = [by_reference.get(data["ref"], {"name": data["ref"]}) if isinstance(data.get("ref"), str) else data for data in named]
    parts = [part for part in components if any(data.get("type") == "dataset" for data in _maps(part.get("data")))]
    found = [fields(name=data.get("name"), version=data.get("version"), licence=_licences(data)) for data in (*resolved, *parts)]
    return tuple({data["name"]: data for data in found if "name" in data}.values())


def _suggestions(models: list[dict[str, Any]]) -> Iterator[Suggestion]:
    names = ", ".join(name for model in models for name in words(model.get("name")))
    yield Suggestion("uses_model", True, f"{kind}: describes {names or 'a model'}")
    yield from suggest_media((f"{kind}: task", task) for model in models for task in words(_parameters(model).get("task")))
    licences = [_licences(model) for model in models]
    if all(licences):  # a system's parameters are open only if those of each model are
        yield from suggest_open_parameters([licence for each in licences for licence in each], f"{kind}: licenses")


def _licences(component: dict[str, Any]) -> list[str]:
    choices = [(_map(entry.get("license")), entry) for entry in _maps(component.get("licenses"))]
    return [word for licence, entry in choices for word in words(licence.get("id") or licence.get("name") or entry.get("expression"))]


def _parameters(model: dict[str, Any]) -> dict[str, Any]:
    return _map(_map(model.get("modelCard")).get("modelParameters"))


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
