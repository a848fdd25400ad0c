"""What people write about a system by name, each text in one language or several. Pure."""

from collections.abc import Collection
from typing import Any

from tanba.errors import InputError
from tanba.strings import LANGUAGES

LONGEST = 2000
"""Letters of a text."""

LIMITS = ("accuracy", "known_errors", "not_fit_for")
"""What article 7(1) asks to be told of a system and no fact tells: measured accuracy, known errors, what it is not meant for."""


def checked(place: str, written: Any, known: Collection[str], example: str) -> dict[str, Any]:
    """`place:` of a SYSTEM.yaml: {name: text or {kk, ru, en}} with names among `known`. Raises InputError."""
    if not isinstance(written or {}, dict):
        raise _unfit(place, written, example)
    for name, text in (written or {}).items():
        if name not in known:
            raise InputError("{place} is not known here", "Known: {known}.", place=f"{place}.{name}", known=", ".join(known))
        texts = text if isinstance(text, dict) else {"kk": text}
        if any(language not in LANGUAGES or not isinstance(each, str) or len(each) > LONGEST for language, each in texts.items()):
            raise _unfit(f"{place}.{name}", text, "{kk, ru, en}")
    return dict(written or {})


def checked_limits(written: Any) -> dict[str, Any]:
    """`limits:` of a SYSTEM.yaml. Raises InputError."""
    return checked("limits", written, LIMITS, "{accuracy: …}")


def _unfit(place: str, given: Any, wanted: str) -> InputError:
    return InputError("{place}: {given!r} does not fit", "Write {wanted}.", place=place, given=str(given)[:80], wanted=wanted)
