"""The systems that benchmarks run on: the example company and the forty labelled ones."""

from pathlib import Path
from typing import Any

from tanba.law.facts import SystemFile, read_system
from tanba.law.load import load
from tanba.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent
LABELLED = Path(__file__).parent / "labelled" / "systems.yaml"


def examples() -> list[SystemFile]:
    """Systems of the example company."""
    return [read_system(path, load()) for path in sorted((ROOT / "examples" / "systems").glob("*.yaml"))]


def labelled() -> list[dict[str, Any]]:
    """Labelled systems: {id, name, description {kk, ru, en}, facts, label, why}."""
    systems: list[dict[str, Any]] = read_yaml(LABELLED)["systems"]
    return systems


def every_facts() -> list[dict[str, Any]]:
    """Facts of all of them."""
    return [system.facts for system in examples()] + [entry["facts"] for entry in labelled()]
