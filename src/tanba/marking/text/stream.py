"""Texts that come token by token: the line first, IDs as sentences end, no token held back.

An ID is put before the white space that shows that a sentence has ended, so a token leaves as soon as it came. Joined, the pieces are
what `plain.mark` makes of the whole text, a text apart that already begins or ends with a warning: it gets a second one.
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

from tanba.errors import InputError
from tanba.marking.text import disclosure
from tanba.marking.text.mark import Mark
from tanba.marking.text.selectors import run_of
from tanba.marking.text.sentences import Weaver


class Stream:
    """One text in pieces: `feed` each, then `close`."""

    def __init__(self, mark: Mark) -> None:
        """Raises InputError where the line is wanted at the end: who reads along would be warned too late."""
        if mark.place != "start":
            raise InputError("a stream is warned of at its start")
        self._weaver = Weaver(run_of(mark.id, mark.secret))
        self._first = self._weaver.feed(disclosure.line(mark.languages, mark.source) + disclosure.GAP)

    def feed(self, piece: str) -> str:
        """The piece with what belongs into it or before it."""
        first, self._first = self._first, ""
        return first + self._weaver.feed(piece)

    def close(self) -> str:
        """What follows the last piece."""
        return self.feed("") + self._weaver.close()


def marked(pieces: Iterable[str], mark: Mark) -> Iterator[str]:
    """`pieces` with their mark, each as soon as it comes. Raises InputError."""
    stream = Stream(mark)
    yield from map(stream.feed, pieces)
    if last := stream.close():
        yield last


async def amarked(pieces: AsyncIterable[str], mark: Mark) -> AsyncIterator[str]:
    """The same for pieces that are awaited. Raises InputError."""
    stream = Stream(mark)
    async for piece in pieces:
        yield stream.feed(piece)
    if last := stream.close():
        yield last
