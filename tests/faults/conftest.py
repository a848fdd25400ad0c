"""The ledger that the tests of damage and tampering change: made once in a module, copied for each test."""

import shutil
from pathlib import Path

import pytest

from faults.told import make


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("original"))


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original / "ledger.db", tmp_path))
