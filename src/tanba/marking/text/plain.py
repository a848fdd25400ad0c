"""Plain text: the visible line, and an ID after each sentence, the line's included."""

from collections.abc import Sequence

from tanba.marking.text import disclosure, selectors
from tanba.marking.text.mark import Found, Mark


def mark(text: str, mark: Mark) -> str:
    """`text` with the line and the IDs; a second time changes nothing."""
    return selectors.embed_id(disclosure.put(text, mark.languages, mark.source, mark.place), mark.id, mark.secret)


def read(text: str, secrets: Sequence[bytes]) -> Found:
    """What `text` bears."""
    return Found(disclosure.present(text), tuple(selectors.read_ids(text, secrets)))


def strip(text: str) -> str:
    """`text` without line and IDs."""
    return disclosure.strip(selectors.strip(text))
