"""Where an ID may stand: at the end of a sentence or of a line, always between a word and the white space after it.

Whether a place is one depends on the text before it and on one character after it. So a text that comes in pieces gets the same places
as the whole of it, and nothing is ever held back: a run is put before the white space that has just come.

White space never continues a grapheme cluster (UAX 29), so nothing is put inside one, and no emoji sequence is cut. Left out are words
with an address, and what Markdown shows as it is written: code, formulas, tags.
"""

import re

from tanba.marking.text.bytewise import CLASS, JOINER, MARK_OF_WRAPPER, SELECTORS

GROUP = 13
"""Selectors of one ID."""
START = SELECTORS[0xFF]
"""An ID's first selector: no variation sequence is registered with it, so it never changes the character before it."""

_END, _CLOSE = ".!?…。！？؟", re.escape(")]»“”’\"'*_~")
_EVENT = re.compile(
    f"[{_END}\r\n`<>](?:(?<=[\r\n])|(?<=`)`{{0,63}}|(?<=<)[A-Za-z/!?]|(?<=>)"
    f"|(?<=[{_END}])[{_END}]{{0,7}}[{_CLOSE}]{{0,8}}[{CLASS}]{{0,105}}[ \t\r\n\f\v\u2028\u2029\u3000])"
)
_LONGEST, _WORD, _KEPT = 128, 256, 512
"""Characters: bounds on an event, on a word that may bear an ID, and on what is remembered of the text before."""

_LINE = re.compile(r"([ \t>]{0,32})(`{3,64}|~{3,64}|\$\$|\\\[|)")
_LINE_OPEN = re.compile(r"[ \t>]{0,32}(?:`{0,63}|~{0,63}|\$|\\)")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
_FORMULA = {"$$": "$$", "\\[": "\\]"}

_ADDRESS = re.compile(r"(?<!\]\()\b[a-z][a-z0-9+.-]{0,15}://|\bwww\.|@", re.IGNORECASE)
_SEEN = re.compile(r"[^\s!-/:-@\[-`{-~–—…«»“”‘’]")
_NUMBER = re.compile(r">*\d{1,3}[.)]")
_SHORT = re.compile(
    r"[(«\"„“]*(?:[^\W\d_]"  # initials, г., ж., т.
    r"|ст|им|см|ул|пр|стр|рис|гл|тыс|млн|млрд|руб|тг|напр|т\.е|т\.к|т\.н|т\.д|т\.п|и\.о|проф|акад"
    r"|б\.з|т\.б|т\.с|мыс|ауд|обл|көш|қ\.а|mr|mrs|ms|dr|prof|st|vs|no|art|fig|e\.g|i\.e|cf|approx)\.",
    re.IGNORECASE,
)


def bears(word: str, run: str, line_end: bool) -> bool:
    """Whether `run`, an ID, goes after `word`, the characters since the last white space.

    A run that is there already is kept, ours is not repeated, and selectors of any other form are left alone.
    """
    core = word.rstrip(SELECTORS)
    there = word[len(core) :]
    lead = len(there) % GROUP
    groups = [there[at : at + GROUP] for at in range(lead, len(there), GROUP)]
    if lead > 1 or run in groups or any(group[0] != START for group in groups):
        return False
    if not _SEEN.search(core) or core[-1] in "|>}\\" + JOINER + MARK_OF_WRAPPER or _ADDRESS.search(core):
        return False
    return line_end or not _SHORT.fullmatch(core)


class Weaver:
    """Puts a run after each sentence of a text that comes in pieces. What is put where does not depend on how it is cut."""

    def __init__(self, run: str, *, markdown: bool = False) -> None:
        """`run` is put in; with `markdown`, indented code is left out too (in plain text an indent is a paragraph's)."""
        self._run, self._markdown = run, markdown
        self._text, self._at = "", 0  # the end of what came, and from where on it is undecided
        self._fresh, self._line, self._blank, self._indented = True, 0, True, False
        self._fence, self._marker, self._marker_end, self._inline = "", "", 0, False
        self._ticks, self._tag = 0, False

    def feed(self, piece: str) -> str:
        """The piece with the runs that belong into it or before it."""
        done = len(self._text)
        self._text += piece
        return self._weave(done, final=False)

    def close(self) -> str:
        """What follows the last piece: a run, or nothing."""
        done = len(self._text)
        rest = self._weave(done, final=True)
        return rest + self._run if self._fits(len(self._text), line_end=True) else rest

    def _weave(self, done: int, *, final: bool) -> str:
        parts = []
        while (place := self._next(final)) is not None:
            parts += [self._text[done:place], self._run]
            done = place
        parts.append(self._text[done:])
        self._forget()
        return "".join(parts)

    def _next(self, final: bool) -> int | None:
        """The next place, None where what came so far holds no other."""
        while not self._fresh or self._start_line(final):
            event = _EVENT.search(self._text, self._at)
            if event is None:
                self._at = max(self._at, len(self._text) - _LONGEST)
                return None
            if event[0][0] == "`" and event.end() == len(self._text) and len(event[0]) < 64 and not final:
                self._at = event.start()  # there may be more of them
                return None
            self._at = event.end()
            if event[0][0] in "`<>":
                self._markup(event)
            elif (place := self._space(event.end() - 1)) is not None:
                return place
        return None

    def _space(self, at: int) -> int | None:
        """White space after a sentence or a line: the place before it, where it is one."""
        fits = self._fits(at, line_end=self._text[at] in "\r\n")
        if self._text[at] == "\n":
            self._end_line(at)
        return at if fits else None

    def _fits(self, at: int, *, line_end: bool) -> bool:
        if self._fence or self._marker or self._ticks or self._tag or self._indented:
            return False
        near = self._text[max(0, at - _WORD) : at]
        if not near or near[-1].isspace():
            return False
        word = near.rsplit(None, 1)[-1]
        numbered = _NUMBER.fullmatch(word) and not self._text[max(0, self._line) : at - len(word)].strip(" \t>")
        return len(word) < _WORD and not numbered and bears(word, self._run, line_end)

    def _start_line(self, final: bool) -> bool:
        """Look at how a line begins; False where more of it has to come."""
        if not final and _LINE_OPEN.fullmatch(self._text, self._at):
            return False
        begin = _LINE.match(self._text, self._at)
        assert begin is not None  # it matches the empty text
        lead, marker = begin.groups()
        blank = not marker and self._text[begin.end() : begin.end() + 1] in ("\r", "\n")
        if blank:
            self._ticks, self._tag = 0, False  # neither outlives its paragraph
        self._indented = self._markdown and not blank and lead.startswith(("    ", "\t")) and (self._blank or self._indented)
        self._fresh, self._line, self._blank, self._at = False, self._at, blank, begin.end()
        if self._ticks and marker.startswith("`"):
            self._at, marker = begin.start(2), ""  # it may close what is open
        self._marker, self._marker_end, self._inline = marker, begin.end(), False
        return True

    def _end_line(self, at: int) -> None:
        rest = self._text[max(0, self._marker_end) : at].strip() if self._fence or self._marker else ""
        if self._fence in _FORMULA:
            self._fence = "" if self._text[max(0, self._line) : at].rstrip().endswith(_FORMULA[self._fence]) else self._fence
        elif self._fence:
            self._fence = "" if self._marker.startswith(self._fence) and not rest else self._fence
        elif self._marker and not self._inline and not (self._marker in _FORMULA and rest.endswith(_FORMULA[self._marker])):
            self._fence = self._marker
        self._marker, self._fresh = "", True

    def _markup(self, event: re.Match[str]) -> None:
        """A run of backticks, or the beginning or end of a tag."""
        if self._fence:
            return
        count = len(event[0])
        if self._marker:
            self._inline |= event[0][0] == "`"
        elif event[0][0] != "`":
            self._tag = not self._ticks and event[0][0] == "<"
        elif self._ticks:
            self._ticks = 0 if count == self._ticks else self._ticks
        elif count >= 3 and self._line >= 0 and _ITEM.fullmatch(self._text, self._line, event.start()):
            self._marker, self._marker_end = event[0], event.end()
        elif not self._tag:
            self._ticks = count

    def _forget(self) -> None:
        """Keep only what a later decision can need."""
        if (gone := len(self._text) - _KEPT) > 0:
            self._text = self._text[gone:]
            self._at, self._line, self._marker_end = self._at - gone, self._line - gone, self._marker_end - gone
