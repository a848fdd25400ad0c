"""A workspace with a tracer, its log and its ledger."""

from collections.abc import Iterator

import pytest

from decision_house import House
from tanba.workspace import current


@pytest.fixture
def house() -> Iterator[House]:
    made = House(current().create())
    yield made
    made.close()
