"""MLflow models: the YAML file `MLmodel` of a saved model (https://mlflow.org/docs/latest/ml/model/#storage-format)."""

import re
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.law.importers import MAX_BYTES, Imported, Suggestion, fields, suggest_media, words
from tanba.yamlfile import read_yaml

kind = "MLflow model"


def accepts(name: str, head: str) -> bool:
    """A file called MLmodel, or YAML with flavours at its top level."""
    return name == "MLmodel" or (name.lower().endswith((".yaml", ".yml")) and re.search(r"^flavors:", head, re.MULTILINE) is not None)


def read(path: Path) -> Imported:
    """Read the model's description. Raises InputError if it names no flavour."""
    model = read_yaml(path, MAX_BYTES)
    flavours = model.get("flavors")
    if not isinstance(flavours, dict) or not flavours:
        raise InputError("names no flavour", "Import the file `MLmodel` that MLflow wrote beside the model.", path)
    candidates = (model.get("artifact_path"), path.resolve().parent.name)
    name = next((found[0] for candidate in candidates if (found := words(candidate))), "model")
    tasks = _tasks(model, flavours)
    suggestions = (Suggestion("uses_model", True, f"{kind}: describes the model {name}"), *suggest_media(tasks))
    return Imported(kind, name, (_model(name, model, flavours, tasks),), (), suggestions)


def _tasks(model: dict[str, Any], flavours: dict[str, Any]) -> list[tuple[str, str]]:
    places = {f"flavors.{name}": flavour for name, flavour in flavours.items()} | {"metadata": model.get("metadata")}
    return [
        (f"{kind}: {place}.task", task)
        for place, mapping in places.items()
        if isinstance(mapping, dict)
        for task in words(mapping.get("task"))
    ]


def _model(name: str, model: dict[str, Any], flavours: dict[str, Any], tasks: list[tuple[str, str]]) -> dict[str, str]:
    signature = model.get("signature")
    inputs, outputs = (signature.get("inputs"), signature.get("outputs")) if isinstance(signature, dict) else (None, None)
    bases = [flavour.get("source_model_name") for flavour in flavours.values() if isinstance(flavour, dict)]
    return fields(
        name=name,
        task=list(dict.fromkeys(task for _, task in tasks)),
        base_model=bases,
        library=list(flavours),
        run_id=model.get("run_id"),
        model_id=model.get("model_id") or model.get("model_uuid"),
        created=model.get("utc_time_created"),
        inputs=inputs,
        outputs=outputs,
    )
