"""One PostgreSQL server for all contract tests of a process. It starts when first asked for, in under a second.

Without its programs one test is skipped, and the others leave PostgreSQL out.
"""

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
