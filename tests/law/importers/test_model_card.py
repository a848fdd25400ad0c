from pathlib import Path

import pytest

from tanba.errors import InputError
from tanba.law.importers import Suggestion, import_facts

CARD = """---
language: [kk, no]
license: apache-2.0
library_name: diffusers
pipeline_tag: text-to-image
base_model: example/base
datasets:
  - example/steppe-photos
  - example/sky-photos
tags: [text-generation]
---
# Steppe Painter

pipeline_tag: text-to-video is only mentioned here.
"""


def card(folder: Path, text: str) -> Path:
    path = folder / "README.md"
    path.write_text(text, encoding="utf-8")
    return path


def facts(folder: Path, front: str) -> dict[str, object]:
    return {found.fact: found.value for found in import_facts(card(folder, f"---\n{front}\n---\n")).suggestions}


def test_a_card_says_what_the_model_is(tmp_path: Path) -> None:
    found = import_facts(card(tmp_path, CARD))
    assert (found.kind, found.name) == ("model card", "Steppe Painter")
    assert found.models == (
        {
            "name": "Steppe Painter",
            "task": "text-to-image",
            "licence": "apache-2.0",
            "base_model": "example/base",
            "library": "diffusers",
            "language": "kk, no",
        },
    )
    assert found.data_libraries == ({"name": "example/steppe-photos"}, {"name": "example/sky-photos"})


def test_each_suggestion_names_its_source(tmp_path: Path) -> None:
    assert import_facts(card(tmp_path, CARD)).suggestions == (
        Suggestion("uses_model", True, "model card: describes the model Steppe Painter"),
        Suggestion("generates_or_alters_media", True, "model card: pipeline_tag = text-to-image"),
        Suggestion("media_kinds", ["image"], "model card: pipeline_tag = text-to-image"),
        Suggestion("parameters_open", True, "model card: license = apache-2.0"),
    )


@pytest.mark.parametrize(
    ("task", "kinds"),
    [
        ("text-to-image", ["image"]),
        ("image-to-image", ["image"]),
        ("text-to-video", ["video"]),
        ("text-to-speech", ["audio"]),
        ("text-generation", ["text"]),
        ("translation", ["text"]),
        ("any-to-any", None),
    ],
)
def test_a_generating_task_suggests_media(tmp_path: Path, task: str, kinds: list[str] | None) -> None:
    found = facts(tmp_path, f"pipeline_tag: {task}")
    assert found["generates_or_alters_media"] is True
    assert found.get("media_kinds") == kinds


@pytest.mark.parametrize("task", ["text-classification", "object-detection", "automatic-speech-recognition", "unheard-of", "[]", "null"])
def test_another_task_suggests_nothing_about_media(tmp_path: Path, task: str) -> None:
    assert facts(tmp_path, f"pipeline_tag: {task}") == {"uses_model": True}


def test_tags_speak_where_no_pipeline_tag_does(tmp_path: Path) -> None:
    assert facts(tmp_path, "tags: [art, text-to-image, text-to-speech]")["media_kinds"] == ["audio", "image"]


@pytest.mark.parametrize("licence", ["MIT", "bsd-3-clause", "openrail", "openrail++", "creativeml-openrail-m", "[mit, apache-2.0]"])
def test_a_licence_known_to_be_open_is_suggested(tmp_path: Path, licence: str) -> None:
    assert facts(tmp_path, f"license: {licence}")["parameters_open"] is True


@pytest.mark.parametrize("licence", ["other", "unknown", "llama3.1", "cc-by-nc-4.0", "[mit, other]", "{a: b}"])
def test_another_licence_says_nothing(tmp_path: Path, licence: str) -> None:
    assert "parameters_open" not in facts(tmp_path, f"license: {licence}")


def test_an_other_licence_is_called_by_its_name(tmp_path: Path) -> None:
    found = import_facts(card(tmp_path, "---\nlicense: other\nlicense_name: steppe-licence\n---\n"))
    assert found.models[0]["licence"] == "steppe-licence"
    assert found.name == tmp_path.name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\nlicense: mit\n", 1),
        ("---\n- a\n---\n", 2),
        ("---\nlicense: mit\nlicense: mit\n---\n", 3),
        ("---\r\ntags: [a\r\n---\r\n", None),
        ("---\nx: &a 1\ny: *a\n---\n", 2),
        ("---\n---\n", 2),
    ],
)
def test_a_broken_card_names_file_and_line(tmp_path: Path, text: str, line: int | None) -> None:
    with pytest.raises(InputError, match=r"README\.md") as caught:
        import_facts(card(tmp_path, text))
    assert caught.value.hint
    assert line in (None, caught.value.line)
