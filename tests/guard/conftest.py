"""One system of one workspace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guarding import ABOUT, BIN, SLUG, SYSTEM, WAYS, Reply
from tanba.guard import Guard, Local
from tanba.workspace import Workspace


@pytest.fixture(params=sorted(WAYS))
def ask(request: pytest.FixtureRequest) -> Callable[..., Reply]:
    """`ask(guard, path, …)` through one framework."""
    way = WAYS[request.param]

    def asked(guard: Guard, path: str = "/chat", method: str = "GET", body: bytes = b"", query: str = "", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return way(guard, method, path, {"accept": "text/html", **named}, body, query)

    return asked


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w").create()


@pytest.fixture
def local(workspace: Workspace) -> Any:
    source = Local(workspace, BIN, SYSTEM, SLUG, about=ABOUT, page="https://register.example/ai/1/")
    yield source
    source.close()
