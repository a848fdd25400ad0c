import json
from pathlib import Path
from typing import Any

import pytest

from tanba.errors import InputError
from tanba.law.importers import Suggestion, import_facts

PAINTER: dict[str, Any] = {
    "type": "machine-learning-model",
    "name": "painter",
    "version": "1.2",
    "publisher": "Example LLP",
    "licenses": [{"license": {"id": "Apache-2.0"}}],
    "modelCard": {
        "modelParameters": {
            "task": "Text to Image",
            "architectureFamily": "diffusion",
            "datasets": [{"type": "dataset", "name": "steppe-photos"}, {"ref": "sky"}, {"ref": "lost"}],
        },
        "considerations": {"useCases": ["postcards", "posters"], "technicalLimitations": ["poor at hands"]},
    },
}
SKY = {
    "type": "data",
    "bom-ref": "sky",
    "name": "sky-photos",
    "version": "3",
    "licenses": [{"expression": "CC0-1.0"}],
    "data": [{"type": "dataset"}],
}


def bom(folder: Path, *components: Any, **rest: Any) -> Path:
    path = folder / "bom.json"
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components, **rest}), encoding="utf-8")
    return path


def test_a_bill_says_what_the_models_are(tmp_path: Path) -> None:
    found = import_facts(bom(tmp_path, PAINTER, SKY))
    assert (found.kind, found.name) == ("CycloneDX ML-BOM", "painter")
    assert found.models == (
        {
            "name": "painter",
            "version": "1.2",
            "supplier": "Example LLP",
            "task": "Text to Image",
            "architecture": "diffusion",
            "licence": "Apache-2.0",
            "use_cases": "postcards, posters",
            "technical_limitations": "poor at hands",
        },
    )


def test_data_libraries_are_resolved_and_stand_once(tmp_path: Path) -> None:
    sky = {"name": "sky-photos", "version": "3", "licence": "CC0-1.0"}
    assert import_facts(bom(tmp_path, PAINTER, SKY)).data_libraries == ({"name": "steppe-photos"}, sky, {"name": "lost"})


def test_each_suggestion_names_its_source(tmp_path: Path) -> None:
    assert import_facts(bom(tmp_path, PAINTER)).suggestions == (
        Suggestion("uses_model", True, "CycloneDX ML-BOM: describes painter"),
        Suggestion("generates_or_alters_media", True, "CycloneDX ML-BOM: task = Text to Image"),
        Suggestion("media_kinds", ["image"], "CycloneDX ML-BOM: task = Text to Image"),
        Suggestion("parameters_open", True, "CycloneDX ML-BOM: licenses = Apache-2.0"),
    )


@pytest.mark.parametrize("licences", [[], [{"license": {"name": "Our own"}}], [{"expression": "MIT OR Our-Own"}], ["MIT"], None])
def test_parameters_are_open_only_if_those_of_every_model_are(tmp_path: Path, licences: Any) -> None:
    found = import_facts(bom(tmp_path, PAINTER, {"type": "machine-learning-model", "name": "critic", "licenses": licences}))
    assert "parameters_open" not in {suggestion.fact for suggestion in found.suggestions}
    assert found.suggestions[0].source.endswith("painter, critic")


def test_models_are_found_at_every_place(tmp_path: Path) -> None:
    model = {"type": "machine-learning-model"}
    nested = {"type": "application", "name": "app", "components": [model | {"name": "b"}]}
    found = import_facts(bom(tmp_path, nested, metadata={"component": model | {"name": "a"}}))
    assert [entry["name"] for entry in found.models] == ["a", "b"]


@pytest.mark.parametrize("odd", [None, 1, "x", [], ["x"], {"x": 1}, [[]]])
def test_odd_values_are_left_out(tmp_path: Path, odd: Any) -> None:
    model = {"type": "machine-learning-model", "name": "m", "licenses": odd, "supplier": odd}
    cards = [
        {"modelCard": odd},
        {"modelCard": {"modelParameters": odd, "considerations": odd}},
        {"modelCard": {"modelParameters": {"datasets": odd}}},
    ]
    found = import_facts(bom(tmp_path, *(model | card for card in cards), metadata=odd))
    assert found.models == ({"name": "m"},) * 3


@pytest.mark.parametrize(
    ("text", "part", "line"),
    [
        ('{"bomFormat": "CycloneDX",\n "components": [}', "broken JSON", 2),
        ('{"bomFormat": "CycloneDX"}', "no machine-learning model", None),
        ('{"components": "CycloneDX"}', "not a CycloneDX", None),
        ('["CycloneDX"]', "not a CycloneDX", None),
        ('{"bomFormat": "CycloneDX", "x": ' + "[" * 100_000, "deeply", None),
        ('{"bomFormat": "CycloneDX", "x": ' + "9" * 5_000 + "}", "number", None),
    ],
)
def test_a_broken_bill_names_file_and_line(tmp_path: Path, text: str, part: str, line: int | None) -> None:
    path = tmp_path / "x.cdx.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=part) as caught:
        import_facts(path)
    assert caught.value.hint
    assert caught.value.line == line


def test_an_unclosed_text_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "x.cdx.json"
    path.write_text('"' + '\\"' * 1_000_000, encoding="utf-8")
    with pytest.raises(InputError, match="broken JSON"):
        import_facts(path)


def test_brackets_inside_text_are_no_depth(tmp_path: Path) -> None:
    assert import_facts(bom(tmp_path, PAINTER | {"description": '\\"' + "[{" * 1_000}))
