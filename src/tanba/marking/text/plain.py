"""Plain text: the visible line, and an ID after each sentence, the line's included."""

from collections.abc import Sequence

from tanba.marking.text import disclosure, selectors
from tanba.marking.text.bytewise import MARK_OF_WRAPPER, SELECTORS
from tanba.marking.text.mark import Found, Mark


def mark(text: str, mark: Mark) -> str:
    """`text` with the line and the IDs; a second time changes nothing.

    Where no sentence may bear an ID, as when all is code, one stands at the very end.
    """
    marked = selectors.embed_id(disclosure.put(text, mark.languages, mark.source, mark.place), mark.id, mark.secret)
    run = selectors.run_of(mark.id, mark.secret)
    return marked if run in marked or marked[-1] in SELECTORS + MARK_OF_WRAPPER else marked + run


def read(text: str, secrets: Sequence[bytes]) -> Found:
    """What `text` bears."""
    return Found(disclosure.present(text), tuple(selectors.read_ids(text, secrets)))


def strip(text: str) -> str:
    """`text` without line and IDs."""
    return disclosure.strip(selectors.strip(text))
