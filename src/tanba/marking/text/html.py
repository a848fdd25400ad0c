"""HTML: `meta` and JSON-LD for machines, a paragraph for people, and an ID after each sentence of the text.

The document is edited as text and stays otherwise byte for byte; nothing is parsed into a tree. A scanner tells text from tags, comments
and elements whose content is not prose, in linear time, also where quotes and elements are never closed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from tanba.marking.text import disclosure, selectors
from tanba.marking.text.bytewise import CLASS
from tanba.marking.text.mark import Found, Mark, check_claims, join_reads, texts_in
from tanba.marking.text.sentences import bears

_TAG = r"""</?[a-zA-Z](?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)"""
_RAW = "script|style|title|textarea|pre|code|kbd|samp|svg|math|template|noscript|iframe|xmp"
_SKIPPED = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(?P<raw>{_RAW})(?=[\s/>])(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:>.*?(?:</(?P=raw)\s*+>|\Z)|\Z)"
    rf"|{_TAG}|<[!?][^>]*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_SENTENCE = re.compile(rf"[.!?…][.!?…)\]»“”’\"']{{0,16}}[{CLASS}]{{0,105}}(?=\s|\Z)")
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|[uod]l|li|t[rdh]|table|caption|dt|dd|br|hr|blockquote|section|article|figcaption|summary|main|body|html)\b",
    re.IGNORECASE,
)
_BODY, _BODY_END = re.compile(r"<body(?=[\s/>])", re.IGNORECASE), re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_BEFORE_HEAD = re.compile(r"<(?:html|head|title|meta|link|base|style|script)(?=[\s/>])|<!|<\?", re.IGNORECASE)
_WORD = 256
_ESCAPES = {ord(sign): rf"\u{ord(sign):04x}" for sign in "<>&"}

_BLOCK_OF_OURS = re.compile(
    r'<meta name="ai-generated" content="\w{1,20}" /><script type="application/ld\+json" class="tanba-mark">(\{[^<]{0,4000}\})</script>'
)
_LINE_OF_OURS = re.compile(r'<p class="ai-disclosure" role="note">((?:[^<]|<(?!/p>)){0,2000}+)</p>')


def mark(text: str, mark: Mark) -> str:
    """`text`, a document or a part of one, with all three; a second time changes nothing."""
    added: list[tuple[int, int, str]] = []
    machines, *people = _places(text)
    if not any(claim.get("mark") == mark.token for claim in _claims(text)):
        added.append((machines, 0, _for_machines(mark)))
    warned = _warned(text)
    if missing := tuple(lang for lang in mark.languages if lang not in warned):
        added.append((people[mark.place == "end"], 1, _for_people(missing, mark)))
    for at, _, part in sorted(added, reverse=True):  # from the end, so that places stay true; in one place machines' part comes first
        text = text[:at] + part + text[at:]
    return _with_ids(text, selectors.run_of(mark.id, mark.secret))


def read(text: str, secrets: Sequence[bytes]) -> Found:
    """What the document bears; the warning counts where it stands in an element of its own."""
    claims = _claims(text)
    ids = join_reads(check_claims(claims, secrets), selectors.read_ids(text, secrets))
    return Found(_warned(text), ids, tuple(claims))


def strip(text: str) -> str:
    """The document without what `mark` puts in."""
    return selectors.strip(_LINE_OF_OURS.sub(lambda line: "" if disclosure.told(line[1]) else line[0], _BLOCK_OF_OURS.sub("", text)))


def text_of(text: str) -> str:
    """The prose that a reader sees, one line for each block: for fingerprints."""
    parts = [("\n" if _BLOCK.match(skipped) else "") + unescape(prose) for prose, skipped in _parts(text)]
    return "".join(parts)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(prose, what is skipped before it), in order; joined the other way round they are the document."""
    before, at = "", 0
    for skipped in _SKIPPED.finditer(text):
        yield text[at : skipped.start()], before
        before, at = skipped[0], skipped.end()
    yield text[at:], before


def _with_ids(text: str, run: str) -> str:
    parts: list[str] = []
    last = ""
    for prose, skipped in _parts(text):
        if last and _BLOCK.match(skipped) and bears(last, run, line_end=True):
            parts.append(run)
        parts.append(skipped)
        written, last = _prose_with_ids(prose, run)
        parts.append(written)
    return "".join(parts) + (run if last and bears(last, run, line_end=True) else "")


def _prose_with_ids(prose: str, run: str) -> tuple[str, str]:
    """The prose with its IDs, and its last word where that may still need one."""
    parts, at = [], 0
    for sentence in _SENTENCE.finditer(prose):
        end = sentence.end()
        if bears(_last_word(prose, end), run, line_end=False):
            parts += [prose[at:end], run]
            at = end
    parts.append(prose[at:])
    return "".join(parts), _last_word(prose, len(prose)) if at < len(prose) else ""


def _last_word(prose: str, end: int) -> str:
    """The word that ends at `end`; empty where there is none, or where it is too long to be one."""
    near = prose[max(0, end - _WORD) : end]
    if not near or near[-1].isspace():
        return ""
    word = near.rsplit(None, 1)[-1]
    return word if len(word) < _WORD else ""


def _places(text: str) -> tuple[int, int, int]:
    """Where to put what machines read, and what people read first or last.

    Machines' part stands at the end of the head, so that the declared encoding stays within the first 1024 bytes (HTML, 4.2.5.4).
    """
    head = body = end = None
    before = 1 if text.startswith("\ufeff") else 0
    for skipped in _SKIPPED.finditer(text + "\0"):  # what is never closed takes the zero in
        found = skipped[0]
        if skipped.end() > len(text):
            end = skipped.start() if end is None else end
        elif head is None and body is None and _BEFORE_HEAD.match(found) and not text[before : skipped.start()].strip():
            before = skipped.end()
        elif _HEAD_END.match(found) and head is None:
            head = skipped.start(), skipped.end()
        elif _BODY.match(found) and body is None:
            body = skipped.start(), skipped.end()
        elif _BODY_END.match(found) and end is None:
            end = skipped.start()
    machines = head[0] if head else body[0] if body else before
    return machines, body[1] if body else head[1] if head else before, len(text) if end is None else end


def _for_machines(mark: Mark) -> str:
    said = mark.fields()
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "digitalSourceType": said["digitalSourceType"],
        "identifier": {"@type": "PropertyValue", "propertyID": selectors.SCHEMA, "value": mark.token},
    }
    if mark.issuer:
        data["sdPublisher"] = {"@type": "Organization", "name": mark.issuer}
    if mark.stamp:
        data["sdDatePublished"] = mark.stamp
    inside = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    meta = f'<meta name="ai-generated" content="{mark.source}" />'
    return f'{meta}<script type="application/ld+json" class="tanba-mark">{inside}</script>'


def _for_people(languages: tuple[str, ...], mark: Mark) -> str:
    spans = (f'<span lang="{lang}">{escape(disclosure.phrase(lang, mark.source), quote=False)}</span>' for lang in languages)
    return f'<p class="ai-disclosure" role="note">{disclosure.BETWEEN.join(spans)}</p>'


_MAY_HIDE = re.compile(r"hidden|display\s*:\s*none|opacity\s*:", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<(\w{1,20})\b[^<>]{0,300}?(?:\shidden\b|aria-hidden\s*=\s*[\"']?true|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))"
    r"[^<>]{0,300}>.{0,1000}?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
"""Elements that say themselves that nobody sees them; what style sheets hide is not known here. Bounded, so that time stays linear."""


def _warned(text: str) -> tuple[str, ...]:
    """Languages of warnings that stand in a block of their own, anywhere in the document: styles may move a block."""
    blocks = text_of(_HIDDEN.sub("", text) if _MAY_HIDE.search(text) else text).split("\n")
    return tuple(dict.fromkeys(lang for block in blocks for lang in disclosure.told(block)))


def _claims(text: str) -> list[dict[str, str]]:
    found = []
    for each in _BLOCK_OF_OURS.finditer(text):
        try:
            data = json.loads(each[1])
        except (ValueError, RecursionError):
            continue
        claim = {
            "mark": _value(data, "identifier", "value"),
            "digitalSourceType": _value(data, "digitalSourceType"),
            "issuer": _value(data, "sdPublisher", "name"),
            "time": _value(data, "sdDatePublished"),
        }
        found.append({name: value for name, value in texts_in(claim).items() if value})
    return found


def _value(data: object, *names: str) -> str:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
