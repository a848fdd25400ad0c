"""What the frame of every page needs."""

from typing import Any

from django.http import HttpRequest

import tanba
from tanba.web.language import NATIVE

SHORT = {"kk": "ҚАЗ", "ru": "РУС", "en": "ENG"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Version and languages."""
    return {"version": tanba.__version__, "languages": [(code, name, SHORT[code]) for code, name in NATIVE.items()]}
