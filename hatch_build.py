"""Build hook: parse the YAML data once, so that an installed tanba never waits for it (see `tanba/datafolder.py`)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ParseData(BuildHookInterface):  # type: ignore[type-arg]
    """Fills `__pycache__/data.json` of every data folder and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the wheel is written."""
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from tanba.datafolder import read_folder

        for folder in ("tanba/law/kz", "tanba/strings", "tanba/calendars", "tanba/people/catalogue", "tanba/state/programmes"):
            read_folder(source / folder)
            kept = source / folder / "__pycache__" / "data.json"
            build_data["force_include"][str(kept)] = f"{folder}/__pycache__/data.json"
