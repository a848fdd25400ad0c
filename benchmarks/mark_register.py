"""The register of marks: adding beside fdatasync, looking up beside a plain scan, fingerprints beside those of others where installed.

MARKS_LARGE=1 looks among ten million as well (2 GB of memory). Pictures are made here, from random waves; PICTURES names a folder of
real ones. Others: pip install pdqhash ImageHash.
"""

import json
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import apsw
import cv2
import numpy as np

from benchmarks.ledger.ground import Rounds, folder, probe, rate
from tanba.marking.fingerprint import ALGORITHM, PARTS_WITHIN, WITHIN, distance, of_pixels, parts, to_keep, variants
from tanba.marking.markid import new_id
from tanba.marking.near import Scan
from tanba.marking.register import Mark, Register

SIZES = (100_000, 1_000_000, 10_000_000) if os.environ.get("MARKS_LARGE") else (100_000, 1_000_000)
QUERIES, MANIFEST = 200, bytes(3200)
"""Look-ups of each size; bytes of a C2PA manifest store as tanba writes it."""


def run() -> Iterator[str]:
    with folder() as place:
        yield from _adding(place)
        yield from _cold(place)
        yield from _pages(place)
    for size in SIZES:
        yield from _looking_up(size)
    yield from _fingerprints()


def _mark(two: bytes, manifest: bytes = MANIFEST) -> Mark:
    return Mark(
        new_id(),
        "2026-11-22T12:00:00Z",
        "image",
        "image/jpeg",
        "created",
        "1",
        system="painter",
        digest_before=two[:32].hex(),
        digest_after=two[32:].hex(),
        manifest=manifest,
        fingerprints=((ALGORITHM, two[:32]), (ALGORITHM, two[32:])),
    )


def _adding(place: Path) -> Iterator[str]:
    register = Register(place / "marks.sqlite3")
    register.add(_mark(os.urandom(64)))

    def one_by_one() -> float:
        marks = [_mark(os.urandom(64)) for _ in range(100)]
        return rate(lambda: [register.add(mark) for mark in marks], len(marks))

    def together() -> float:
        marks = [_mark(os.urandom(64)) for _ in range(5000)]
        return rate(lambda: register.add_many(marks), len(marks))

    found = Rounds({"fdatasync": lambda: probe(place), "add": one_by_one, "add_many": together}, 5)
    register.close()
    yield found.say("add", "marks/s, each on the disk before the next", to=["fdatasync"])
    yield found.say("add_many", "marks/s, 5000 together", to=["add"])


def _cold(place: Path) -> Iterator[str]:
    """A file of half a million marks, two fingerprints each, without manifests."""
    path = place / "cold.sqlite3"
    register = Register(path)
    for _ in range(10):
        register.add_many([_mark(os.urandom(64), b"") for _ in range(50_000)])
    register.close()
    took = _milliseconds(lambda: register.near(bytes(32), ALGORITHM, 0))
    again = statistics.median(_milliseconds(lambda: register.near(bytes(32), ALGORITHM, 0)) for _ in range(20))
    register.close()
    yield f"first near: {took:,.0f} ms with loading 1,000,000 fingerprints; then {again:.1f} ms"


def _pages(place: Path) -> Iterator[str]:
    """The newest of an organisation, and of a system, of 100,000 marks, some without an organisation; beside reads of the table."""
    path, slugs = place / "pages.sqlite3", [f"s{number}" for number in range(50)]
    register = Register(path)
    whose = ("190140999998", "200140999992", None)
    register.add_many(replace(_mark(os.urandom(64)), system=slugs[at % 50], organisation=whose[at % 3]) for at in range(100_000))
    plain = (
        "SELECT * FROM mark NOT INDEXED WHERE organisation = ?1 OR (organisation IS NULL AND system IN (SELECT value FROM json_each(?2)))"
    )
    beside = apsw.Connection(str(path))
    ways: dict[str, Callable[[], Any]] = {
        "newest 30 of an organisation": lambda: register.of_organisation(whose[0] or "", slugs, 30),
        "newest of an organisation that has none": lambda: register.of_organisation("x", [], 30),
        "newest 3 of a system": lambda: register.of_organisation(whose[0] or "", slugs, 3, system="s7"),
        "beside: 30 of an organisation, the table read from its end": lambda: beside.execute(
            f"{plain} ORDER BY number DESC LIMIT 30", (whose[0], json.dumps(slugs))
        ).fetchall(),
        "beside: of one that has none, the table read": lambda: beside.execute(
            f"{plain} ORDER BY number DESC LIMIT 30", ("x", "[]")
        ).fetchall(),
    }
    for name, way in ways.items():
        yield f"{name}: {statistics.median(_milliseconds(way) for _ in range(20)):.2f} ms of 100,000"
    beside.close()
    register.close()


def _looking_up(size: int) -> Iterator[str]:
    """Each query is a fingerprint that is known, with as many bits changed as it may have."""
    chance = np.random.default_rng(size)
    known = np.frombuffer(chance.bytes(32 * size), np.uint64).reshape(size, 4)
    scan = Scan()
    tracemalloc.start()
    for low in range(0, size, 50_000):
        piece = known[low : low + 50_000]
        scan.add(piece.tobytes(), np.arange(low, low + len(piece)))
    used, most = (each / size for each in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    took: dict[str, list[float]] = {"near": [], "plain": []}
    found = wanted = 0
    for _ in range(QUERIES if size < 10_000_000 else 20):
        query = _changed(known[chance.integers(size)], chance)
        answers: dict[str, list[int]] = {}
        took["near"].append(_milliseconds(lambda q=query, a=answers: a.update(near=[place for _, place in scan.near(q, WITHIN)])))
        took["plain"].append(_milliseconds(lambda q=query, a=answers: a.update(plain=_plain(known, q))))
        found, wanted = found + len({*answers["near"]} & {*answers["plain"]}), wanted + len(answers["plain"])
    for name, each in took.items():
        median, high = statistics.median(each), sorted(each)[int(len(each) * 0.99)]
        yield f"{name}: {median:.2f} ms of {size:,} fingerprints (p99 {high:.2f})"
    yield f"recall {found / wanted:.4f} of {wanted}; {used:.0f} bytes of memory a fingerprint, {most:.0f} while growing"


def _plain(known: Any, query: bytes) -> list[int]:
    """What anybody would write first."""
    distances = np.bitwise_count(known ^ np.frombuffer(query, np.uint64)).sum(1)
    return [int(place) for place in np.flatnonzero(distances <= WITHIN)]


def _changed(fingerprint: Any, chance: np.random.Generator) -> bytes:
    bits = np.unpackbits(fingerprint.view(np.uint8))
    bits[chance.choice(256, WITHIN, replace=False)] ^= 1
    return np.packbits(bits).tobytes()


def _fingerprints() -> Iterator[str]:
    pictures = list(_pictures())
    one, peers = cv2.resize(pictures[0], (4000, 3000)), _peers()
    ways = {"of_pixels": of_pixels, "to_keep": to_keep, "variants": variants, "parts": parts, **peers}
    for name, way in ways.items():
        took = statistics.median(_milliseconds(lambda way=way: way(one)) for _ in range(5))
        yield f"{name}: {12 / took * 1000:,.0f} MP/s ({took:.1f} ms for 12 MP)"
    for name, change in CHANGES.items():
        said = [f"variants {_share(pictures, change, False):.2f}", f"with parts {_share(pictures, change, True):.2f}"]
        for peer, hashed in peers.items():
            near = [int((hashed(change(each)) != hashed(each)).sum()) <= WITHIN for each in pictures]
            said.append(f"{peer} {sum(near) / len(near):.2f}")
        yield f"found after {name}: {', '.join(said)} of {len(pictures)} pictures, {WITHIN} of 256 bits"


def _share(pictures: list[Any], change: Callable[[Any], Any], closely: bool) -> float:
    return sum(_found(each, change(each), closely) for each in pictures) / len(pictures)


def _found(original: Any, changed: Any, closely: bool) -> bool:
    kept = to_keep(original)
    near = any(distance(one, other) <= WITHIN for one in variants(changed) for other in kept)
    return near or (closely and any(distance(one, other) <= PARTS_WITHIN for one in parts(changed) for other in kept))


def _pictures() -> Iterator[Any]:
    named = os.environ.get("PICTURES")
    for path in sorted(Path(named).iterdir()) if named else ():
        pixels = cv2.imread(str(path))
        if pixels is not None and to_keep(pixels):
            yield pixels
    for seed in range(0 if named else 30):
        waves = np.fft.rfft2(np.random.default_rng(seed).normal(size=(600, 800, 3)), axes=(0, 1))
        scale = np.hypot(np.fft.fftfreq(600)[:, None] * 600, np.fft.rfftfreq(800) * 800)
        field = np.fft.irfft2(waves / np.maximum(scale, 1)[..., None] ** 1.3, (600, 800), axes=(0, 1))
        yield np.clip(field / field.std() * 50 + 128, 0, 255).astype(np.uint8)


def _jpeg(pixels: Any) -> Any:
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)


def _crop(share: float) -> Callable[[Any], Any]:
    """Without this share of the area, most of it above and on the left."""

    def crop(pixels: Any) -> Any:
        height, width = pixels.shape[:2]
        lost = 1 - (1 - share) ** 0.5
        top, left = int(height * lost * 0.75), int(width * lost * 0.75)
        return np.ascontiguousarray(pixels[top : top + int(height * (1 - lost)), left : left + int(width * (1 - lost))])

    return crop


def _turn(degrees: float) -> Callable[[Any], Any]:
    def turn(pixels: Any) -> Any:
        height, width = pixels.shape[:2]
        return cv2.warpAffine(pixels, cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1), (width, height))

    return turn


CHANGES: dict[str, Callable[[Any], Any]] = {
    "JPEG 50": _jpeg,
    "a quarter of the size": lambda pixels: cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA),
    "mirroring": lambda pixels: np.ascontiguousarray(pixels[:, ::-1]),
    "cropping 10 %": _crop(0.10),
    "cropping 25 %": _crop(0.25),
    "cropping 50 %": _crop(0.50),
    "turning by 2 degrees": _turn(2),
    "turning by 5 degrees": _turn(5),
    "turning by 10 degrees": _turn(10),
}


def _peers() -> dict[str, Callable[[Any], Any]]:
    """256 bits each."""
    found: dict[str, Callable[[Any], Any]] = {}
    try:
        compute = import_module("pdqhash").compute
        found["pdqhash"] = lambda pixels: compute(pixels)[0]
    except ImportError:
        pass
    try:
        phash, image = import_module("imagehash").phash, import_module("PIL.Image")
        found["ImageHash pHash"] = lambda pixels: phash(image.fromarray(pixels), hash_size=16).hash
    except ImportError:
        pass
    return found


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)
