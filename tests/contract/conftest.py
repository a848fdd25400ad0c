"""One PostgreSQL server for all contract tests of a process. It starts when first asked for, in under a second."""

from collections.abc import Iterator

import pytest

import pg


@pytest.fixture(scope="session")
def server() -> Iterator[pg.Server]:
    if not pg.programs():
        pytest.skip(pg.ABSENT)
    server = pg.Server()
    try:
        yield server.start()
    finally:
        server.remove()
