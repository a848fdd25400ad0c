"""Marks in text: speed beside plain writing and beside c2pa-text, the first token's delay, and what fingerprints find again."""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import mean, median

from benchmarks.ledger.ground import Rounds, rate
from benchmarks.peer import peer_python
from tanba.datafolder import read_folder
from tanba.marking.text import html, markdown, plain
from tanba.marking.text.fingerprint import NEAR, distance, fingerprint, fingerprints
from tanba.marking.text.mark import Mark
from tanba.marking.text.selectors import read_ids
from tanba.marking.text.stream import Stream
from tanba.marking.text.wrapper import embed_manifest, read_manifest

LAW = Path(__file__).parent.parent / "src" / "tanba" / "law" / "kz"
MARK = Mark(7, bytes(range(32)), ("kk", "ru"))
MANIFEST = bytes(number * 37 % 256 for number in range(3191))
"""As long as the manifest that c2pa-python signs for a picture without a thumbnail."""
PEER = """
import json, sys, time, c2pa_text
text, manifest = json.load(sys.stdin)
manifest = bytes.fromhex(manifest)
def rate(work):
    begin = time.perf_counter()
    for _ in range(300): found = work()
    return 300 / (time.perf_counter() - begin), found
put, whole = rate(lambda: c2pa_text.embed_manifest(text, manifest))
print(json.dumps([put, rate(lambda: c2pa_text.extract_manifest(whole))[0]]))
"""


def run() -> Iterator[str]:
    texts = {lang: prose(lang) for lang in ("kk", "ru", "en")}
    for lang, text in texts.items():
        yield from _speed(lang, (text * (2_000_000 // len(text.encode()) + 1)))
    yield from _tokens(texts["kk"])
    yield from _wrapper(texts["ru"][:1100])
    yield from _found_again({lang: text.split() for lang, text in texts.items()})


def prose(lang: str) -> str:
    """What our law data says in one language, each text once, as a page of paragraphs."""

    def said(value: object, inside: bool = False) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from said(inner, key == lang)
        elif isinstance(value, list):
            for inner in value:
                yield from said(inner, inside)
        elif inside and isinstance(value, str) and len(value.split()) > 5 and not set(value) & set("…|{"):
            yield value

    folders = sorted(path for path in LAW.rglob("*") if path.is_dir())
    return "\n\n".join(dict.fromkeys(text for folder in folders for text in said(read_folder(folder))))


def _speed(lang: str, text: str) -> Iterator[str]:
    size = len(text.encode()) / 1e6
    marked = plain.mark(text, MARK)
    page = "".join(f"<p>{part}</p>\n" for part in text.split("\n\n"))

    def megabytes(work: Callable[[], object]) -> Callable[[], float]:
        return lambda: rate(work, 1) * size

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        ways = {
            "encode and write": megabytes(lambda: path.write_bytes(text.encode())),
            "mark": megabytes(lambda: plain.mark(text, MARK)),
            "mark, encode and write": megabytes(lambda: path.write_bytes(plain.mark(text, MARK).encode())),
            "mark Markdown": megabytes(lambda: markdown.mark(text, MARK)),
            "mark HTML": megabytes(lambda: html.mark(page, MARK)),
            "read": megabytes(lambda: read_ids(marked, [MARK.secret])),
            "strip": megabytes(lambda: plain.strip(marked)),
            "fingerprint": megabytes(lambda: fingerprint(text)),
        }
        found = Rounds(ways, 3)
    growth = len(marked.encode()) / len(text.encode()) - 1
    for name in ways:
        yield f"{lang}: {name}: {median(found.found[name]):.1f} MB/s of UTF-8" + (f", {growth:+.0%} bytes" if name == "mark" else "")


def _tokens(text: str) -> Iterator[str]:
    tokens = [text[at : at + 4] for at in range(0, 40_000, 4)]
    first, later = [], []
    for _ in range(20):
        begin = time.perf_counter()
        stream = Stream(MARK)
        stream.feed(tokens[0])
        first.append(time.perf_counter() - begin)
    for token in tokens[1:]:
        begin = time.perf_counter()
        stream.feed(token)
        later.append(time.perf_counter() - begin)
    yield f"stream: first token after {median(first) * 1e6:.0f} µs ({max(first) * 1e6:.0f} at most of {len(first)})"
    slow = sorted(later)[len(later) * 99 // 100]
    yield f"stream: each later token {median(later) * 1e6:.1f} µs ({slow * 1e6:.1f} at the 99th percentile)"


def _wrapper(text: str) -> Iterator[str]:
    whole = embed_manifest(text, MANIFEST)
    put = rate(lambda: [embed_manifest(text, MANIFEST) for _ in range(300)], 300)
    read = rate(lambda: [read_manifest(whole) for _ in range(300)], 300)
    yield f"wrapper of {len(MANIFEST)} bytes in {len(text.encode())} bytes of text: {put:.0f} put/s, {read:.0f} read/s"
    if python := peer_python("c2pa-text==3.0.0", "c2pa_text"):
        asked = json.dumps([text, MANIFEST.hex()])
        done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=True)
        theirs = json.loads(done.stdout)
        yield f"the same by c2pa-text 3.0.0: {theirs[0]:.0f} put/s, {theirs[1]:.0f} read/s"


def _found_again(words: dict[str, list[str]]) -> Iterator[str]:
    """Texts of 200 words: distances and the share found, by the best of all windows, after each kind of change."""
    random = Random(5)
    texts = [(each[at : at + 200], each) for each in words.values() for at in range(0, len(each) - 199, 200)]
    kept = [fingerprints(" ".join(text)) for text, _ in texts]
    for share in (0.0, 0.05, 0.1, 0.2, 0.4):
        yield _said(f"{share:.0%} of words changed", [_edited(*each, share, random) for each in texts], kept)
    for share in (0.0, 0.1):
        for name, part in {"first": slice(100), "second": slice(100, None), "middle": slice(50, 150)}.items():
            yield _said(f"{name} half, {share:.0%} changed", [_edited(text[part], pool, share, random) for text, pool in texts], kept)
    alien = [_nearest(kept[one], kept[other]) for one in range(len(kept)) for other in range(one)]
    near = sum(each <= NEAR for each in alien)
    yield f"fingerprints, other texts: nearest {min(alien)}, mean {mean(alien):.0f}, {near} of {len(alien)} pairs within {NEAR}"


def _said(name: str, changed: list[str], kept: list[list[bytes]]) -> str:
    far = [_nearest(fingerprints(text), own) for text, own in zip(changed, kept, strict=True)]
    found = sum(each <= NEAR for each in far)
    return f"fingerprints, {name}: mean {mean(far):.0f}, farthest {max(far)}, {found} of {len(far)} within {NEAR}"


def _nearest(some: list[bytes], others: list[bytes]) -> int:
    return min(distance(one, other) for one in some for other in others)


def _edited(text: list[str], pool: list[str], share: float, random: Random) -> str:
    """Of the words that change half are replaced, a quarter dropped, a quarter followed by another."""
    found: list[str] = []
    for word in text:
        kind = random.random() if random.random() < share else 1.0
        found += [random.choice(pool)] if kind < 0.5 else [] if kind < 0.75 else [word] if kind == 1.0 else [word, random.choice(pool)]
    return " ".join(found)
