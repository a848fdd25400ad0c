"""Pages of a list: what is no page is the first one."""

import pytest

from tanba.web.narrowing import page_number


@pytest.mark.parametrize(
    ("asked", "page"), [({}, 1), ({"page": "3"}, 3), ({"page": "0"}, 1), ({"page": "-1"}, 1), ({"page": "x"}, 1), ({"page": "1000000"}, 1)]
)
def test_page_number(asked: dict[str, str], page: int) -> None:
    assert page_number(asked, 6) == page
