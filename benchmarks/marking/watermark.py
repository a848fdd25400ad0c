"""The invisible mark: how often the 64 bits come back whole after each attack, on held-back pictures; false alarms; speed; peers.

Peers are measured only where they are installed beside: `invisible-watermark` (dwtDct, dwtDctSvd, rivaGan) and `blind-watermark`.
They are given the attacked picture as it is, carry what they can (32 or 64 bits), and pass when at most 2 of 32 or 9 of 64 bits are wrong.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import cv2
import numpy as np

from benchmarks.marking.peers import PEERS, Peer
from benchmarks.marking.pictures import HELD_BACK, PACKAGES, SETS, Picture, missing
from tanba.errors import InputError
from tanba.marking.attacks import ATTACKS, HARD, SHRINKING
from tanba.marking.watermark import Pattern, detect, embed, find, plane, spectrum

KEYS = 2000
"""Issuers asked about each unmarked picture, the direct way only."""
SEARCHES = 48
"""Issuers searched for in each unmarked picture, with changed shapes."""
SMALL_SEARCHES = 200
"""The same in small pictures, in which more ways are tried."""
WORKERS = 4
"""Processes that share the pictures. Speed is measured in one."""
ROUNDS = 15
PEER_PICTURES = 3

Random = np.random.Generator


def run() -> Iterator[str]:
    cv2.setNumThreads(1)
    if absent := missing(HELD_BACK):
        yield f"{len(absent)} pictures are not installed (apt install {PACKAGES}); figures are of the others"
    pictures = list(SETS["held back"]())
    found, quality = recovery(pictures, hard=False)
    yield from _by_kind(found, quality)
    yield from _by_attack(found)
    hard, _ = recovery([each for each in pictures if each[0] != "small"], hard=True)
    yield "harder attacks, deep search:"
    yield from _by_attack(hard)
    yield _false_direct(pictures)
    yield _false_searched(pictures)
    yield from _speed(next(pixels for kind, _, pixels in pictures if kind != "small"))
    for name, make in PEERS.items():
        yield from _peer(name, make, [each for each in pictures if each[0] == "photo"][:PEER_PICTURES])


Found = dict[tuple[str, str], list[bool]]
"""(kind, attack) → whether the ID came back whole, per picture."""


def recovery(pictures: list[Picture], *, hard: bool) -> tuple[Found, dict[str, list[float]]]:
    """What comes back, and the PSNR of the marked pictures by kind. Small pictures are spared the attacks that shrink them."""
    found, quality = defaultdict(list), defaultdict(list)
    with ProcessPoolExecutor(WORKERS) as pool:
        for (kind, _, _), (psnr, whole) in zip(pictures, pool.map(partial(_recovered, hard), enumerate(pictures)), strict=True):
            if psnr is not None:
                quality[kind].append(psnr)
            for attack, result in whole.items():
                found[kind, attack].append(result)
    return found, quality


def _recovered(hard: bool, numbered: tuple[int, Picture]) -> tuple[float | None, dict[str, bool]]:
    """PSNR of one marked picture, and after which attacks its ID comes back whole. The deep search is for the harder ones."""
    cv2.setNumThreads(1)
    number, (kind, _, pixels) = numbered
    pattern, random = Pattern(b"benchmark"), np.random.default_rng(number)
    attacks = {name: attack for name, attack in (HARD if hard else ATTACKS).items() if kind != "small" or name not in SHRINKING}
    id = int(random.integers(0, 1 << 64, dtype=np.uint64))
    try:
        marked = embed(pixels, id, pattern)
    except InputError:
        # Too small and too busy: nothing was marked, so nothing comes back.
        return None, dict.fromkeys(attacks, False)
    seen = {name: detect(np.ascontiguousarray(attack(marked, random)), [pattern], deep=hard) for name, attack in attacks.items()}
    return cv2.PSNR(pixels, marked), {name: [mark.id for mark in marks] == [id] for name, marks in seen.items()}


def _by_kind(found: Found, quality: dict[str, list[float]]) -> Iterator[str]:
    for kind, each in quality.items():
        results = [result for (of, _), some in found.items() if of == kind for result in some]
        yield (
            f"{kind:8} {100 * np.mean(results):6.2f} % of {len(results)} read whole; "
            f"{len(each)} pictures, PSNR {np.mean(each):.1f} dB (least {min(each):.1f})"
        )
    yield f"all      PSNR {np.mean([value for each in quality.values() for value in each]):.1f} dB"


def _by_attack(found: Found) -> Iterator[str]:
    kinds = list(dict.fromkeys(kind for kind, _ in found))
    yield f"{'':24}" + "".join(f"{kind:>9}" for kind in kinds)
    for name in dict.fromkeys(name for _, name in found):
        shares = (f"{100 * np.mean(found[kind, name]):9.0f}" if found.get((kind, name)) else f"{'-':>9}" for kind in kinds)
        yield f"{name:24}" + "".join(shares)


def _false_direct(pictures: list[Picture]) -> str:
    alarms, most, pairs = 0, 0.0, 0
    patterns = [Pattern(f"stranger {number}".encode()) for number in range(KEYS)]
    seen = []
    for _, _, pixels in pictures:
        luma = plane.grey(pixels)
        signal = plane.even(plane.work_plane(luma, plane.scale_marked(luma.shape))).signal
        seen.append(spectrum.spectrum(spectrum.fold(signal), signal.size))
    for pattern in patterns:
        for each in seen:
            pairs += 1
            most = max(most, spectrum.lock_near(each, pattern.carriers).score)
            alarms += find.mark_at(each, pattern, (0.0, 0.0), "") is not None
        vars(pattern).clear()
    return f"false alarms, direct: {alarms} of {pairs} pairs of picture and key; highest score {most:.2f}, {spectrum.SURE} needed"


def _false_searched(pictures: list[Picture]) -> str:
    with ProcessPoolExecutor(WORKERS) as pool:
        alarms = sum(pool.map(_strangers_found, enumerate(pictures)))
    searches = sum(_searches(picture) for picture in pictures)
    return f"false alarms, full search: {alarms} of {searches}"


def _strangers_found(numbered: tuple[int, Picture]) -> int:
    cv2.setNumThreads(1)
    number, picture = numbered
    return len(detect(picture[2], [Pattern(f"stranger {number} {key}".encode()) for key in range(_searches(picture))]))


def _searches(picture: Picture) -> int:
    return SMALL_SEARCHES if picture[0] == "small" else SEARCHES


def _speed(pixels: np.ndarray) -> Iterator[str]:
    pattern = Pattern(b"benchmark")
    for shape in ((1000, 1000), (3000, 4000)):
        picture = cv2.resize(pixels, shape[::-1], interpolation=cv2.INTER_CUBIC)
        marked, size = embed(picture, 1, pattern), shape[0] * shape[1] / 1e6
        took = _seconds(lambda picture=picture: embed(picture, 1, pattern))
        yield (
            f"{size:.0f} MP: embed {1000 * took:.1f} ms = {size / took:.0f} MP/s of processor time; "
            f"verify {1000 * _seconds(lambda marked=marked: detect(marked, [pattern])):.1f} ms, "
            f"cut {1000 * _seconds(lambda marked=marked: detect(marked[40:-60, 50:-90].copy(), [pattern])):.0f} ms, "
            f"unmarked {1000 * _seconds(lambda picture=picture: detect(picture, [pattern])):.0f} ms"
        )


def _seconds(work: Callable[[], object]) -> float:
    """Median processor time."""
    work()
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return float(np.median(took))


def _peer(name: str, make: Callable[[], Peer], pictures: list[Picture]) -> Iterator[str]:
    try:
        peer = make()
    except (ImportError, AttributeError) as error:
        yield f"{name}: not measured, {error}"
        return
    passed, quality, took = defaultdict(list), [], []
    for number, (_, _, pixels) in enumerate(pictures):
        random = np.random.default_rng(number)
        bits = random.integers(0, 2, peer.bits)
        start = time.process_time()
        marked = peer.embed(pixels, bits)
        took.append((time.process_time() - start) / pixels.size * 3e6)
        quality.append(cv2.PSNR(pixels, marked))
        for attack in ATTACKS:
            passed[attack].append(peer.passes(ATTACKS[attack](marked, random), bits))
    whole = [result for each in passed.values() for result in each]
    lost = ", ".join(attack for attack, each in passed.items() if not any(each))
    yield f"{name}: {100 * np.mean(whole):.1f} % of {len(whole)}, PSNR {np.mean(quality):.1f} dB, {np.median(took):.2f} s/MP; never: {lost}"
