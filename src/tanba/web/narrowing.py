"""What every list that can be narrowed reads from and writes to its address."""

from typing import Any
from urllib.parse import urlencode


class Narrowing:
    """Base of a list's filters: a frozen dataclass whose fields are the parts of the address."""

    def query(self, **changes: Any) -> str:
        """The address's query with `changes`, without empty parts."""
        values = {**self.__dict__, "page": "", **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})


def page_number(query: Any, digits: int) -> int:
    """The page asked for, of at most `digits` digits; 1 where that is no page."""
    page = query.get("page", "1")
    return int(page) if page.isdecimal() and len(page) <= digits and int(page) else 1
