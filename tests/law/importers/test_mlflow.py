from pathlib import Path

import pytest

from tanba.errors import InputError
from tanba.law.importers import Suggestion, import_facts

MODEL = """artifact_path: steppe_writer
flavors:
  python_function:
    loader_module: mlflow.transformers
    python_version: 3.11.7
  transformers:
    code: null
    source_model_name: example/base
    task: text-generation
metadata:
  task: llm/v1/chat
mlflow_version: 2.20.0
model_uuid: 4d6b9310
run_id: 7ddf8da9
signature:
  inputs: '[{"type": "string"}]'
  outputs: '[{"type": "string"}]'
utc_time_created: '2026-01-02 03:04:05.678'
"""


def model(folder: Path, text: str, name: str = "MLmodel") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_mlmodel_says_what_the_model_is(tmp_path: Path) -> None:
    found = import_facts(model(tmp_path, MODEL))
    assert (found.kind, found.name, found.data_libraries) == ("MLflow model", "steppe_writer", ())
    assert found.models == (
        {
            "name": "steppe_writer",
            "task": "text-generation, llm/v1/chat",
            "base_model": "example/base",
            "library": "python_function, transformers",
            "run_id": "7ddf8da9",
            "model_id": "4d6b9310",
            "created": "2026-01-02 03:04:05.678",
            "inputs": '[{"type": "string"}]',
            "outputs": '[{"type": "string"}]',
        },
    )


def test_each_suggestion_names_its_source(tmp_path: Path) -> None:
    source = "MLflow model: flavors.transformers.task = text-generation; MLflow model: metadata.task = llm/v1/chat"
    assert import_facts(model(tmp_path, MODEL)).suggestions == (
        Suggestion("uses_model", True, "MLflow model: describes the model steppe_writer"),
        Suggestion("generates_or_alters_media", True, source),
        Suggestion("media_kinds", ["text"], source),
    )


@pytest.mark.parametrize("task", ["translation_kk_to_ru", "summarization", "text-classification"])
def test_tasks_of_transformers(tmp_path: Path, task: str) -> None:
    found = import_facts(model(tmp_path, f"flavors:\n  transformers:\n    task: {task}\n"))
    assert ("media_kinds" in {suggestion.fact for suggestion in found.suggestions}) is (task != "text-classification")


def test_a_name_cannot_steer_a_terminal(tmp_path: Path) -> None:
    found = import_facts(model(tmp_path, 'flavors: {"\\e[31m": {task: summarization}}\n'))
    assert all(suggestion.source.isprintable() for suggestion in found.suggestions)


def test_a_plain_model_suggests_only_that_there_is_one(tmp_path: Path) -> None:
    found = import_facts(model(tmp_path, "flavors: {sklearn: null}\nsignature: none\nmetadata: []\n", "saved.yaml"))
    assert [suggestion.fact for suggestion in found.suggestions] == ["uses_model"]
    assert found.models == ({"name": tmp_path.name, "library": "sklearn"},)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("run_id: x\n", None),
        ("flavors: {}\n", None),
        ("flavors: [a]\n", None),
        ("- a\n", 1),
        ("a: 1\na: 2\n", 2),
        ("a: [\n", None),
        ("", 1),
    ],
)
def test_a_broken_mlmodel_names_file_and_line(tmp_path: Path, text: str, line: int | None) -> None:
    with pytest.raises(InputError, match="MLmodel") as caught:
        import_facts(model(tmp_path, text))
    assert caught.value.hint
    assert line in (None, caught.value.line)
