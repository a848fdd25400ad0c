"""Hostile input takes time in proportion to its length, whatever it is made of."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from marking.text.texts import ID, RUN, SECRET
from tanba.errors import InputError
from tanba.marking.text import fingerprint, html, jsontext, markdown, plain, selectors, wrapper
from tanba.marking.text.bytewise import SELECTORS
from tanba.marking.text.mark import Mark

MARK = Mark(ID, SECRET, ("kk",))
PATTERNS = {
    "selectors": SELECTORS,
    "first selectors": "\U000e01ef",
    "ids": RUN,
    "words with ids": f"сөз.{RUN} ",
    "wrappers": wrapper.wrap(b"x"),
    "sentences": "Бір. ",
    "stops": ".",
    "closers": ".)",
    "backticks": "`",
    "fences": "```\n",
    "tags": "<a ",
    "quotes": '<a "',
    "comments": "<!--",
    "scripts": "<script>",
    "blank lines": "\n",
    "front matter": "---\n",
    "warnings": "Создано ИИ\n\n",
    "lines of ours": '<p class="ai-disclosure" role="note">',
    "comments of ours": "<!-- tanba {",
    "members": '{"a":',
    "one word": "a",
}


def _json(text: str) -> None:
    try:
        jsontext.mark('{"a": "' + text.replace('"', "") + '"}', MARK)
        jsontext.read(text, [SECRET])
    except InputError:
        return


WORKS: dict[str, Callable[[str], Any]] = {
    "plain": lambda text: plain.mark(text, MARK),
    "markdown": lambda text: markdown.mark(text, MARK),
    "html": lambda text: html.mark(text, MARK),
    "json": _json,
    "strip": lambda text: (plain.strip(text), markdown.strip(text), html.strip(text)),
    "read": lambda text: (plain.read(text, [SECRET]), markdown.read(text, [SECRET]), html.read(text, [SECRET])),
    "wrapper": wrapper.read_manifest,
    "fingerprint": fingerprint.fingerprints,
}


def seconds(work: Callable[[str], Any], text: str) -> float:
    begin = time.process_time()  # others may be using the machine
    work(text)
    return time.process_time() - begin


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_four_times_the_text_takes_no_more_than_some_four_times_as_long(pattern: str, work: str) -> None:
    unit = PATTERNS[pattern]
    short = unit * (5_000 // len(unit))
    seconds(WORKS[work], short)
    least, more = (min(seconds(WORKS[work], text) for _ in range(2)) for text in (short, short * 4))
    assert more < 9 * least + 0.02


def test_a_hundred_thousand_sentences_and_megabytes_of_selectors() -> None:
    text = "Бір сөйлем. " * 100_000
    marked = selectors.embed_id(text, ID, SECRET)
    assert [(read.id, read.copies) for read in selectors.read_ids(marked, [SECRET])] == [(ID, 100_000)]
    assert selectors.strip(marked) == text
    flood = SELECTORS * 4_000
    assert selectors.read_ids(flood, [SECRET]) == []
    assert selectors.strip(selectors.embed_id(flood, ID, SECRET)) == flood
