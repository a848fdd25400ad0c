"""The whole of marking, from bytes to bytes, kept and sealed, beside plain decoding and encoding of the same file."""

import io
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks.ledger.ground import folder
from tanba.ledger.home import open_ledger
from tanba.marking import home
from tanba.marking.mark import Order, mark_file
from tanba.marking.register import Register
from tanba.marking.standard import Standard
from tanba.marking.verify import verify
from tanba.markseal import seal_marks
from tanba.storage.home import open_objects
from tanba.workspace import Workspace

ROUNDS, MANY = 15, 240
SIZES = {"1 MP": (1152, 868), "12 MP": (4000, 3000)}


def picture(width: int, height: int) -> np.ndarray:
    """Light, edges and grain, as a photograph has."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    waves = sum(np.sin(x * a + y * b) for a, b in random.uniform(-40, 40, (12, 2)))
    grain = random.normal(0, 5, (height, width)).astype(np.float32)
    light = np.clip(128 + 22 * waves + grain, 0, 255)
    return np.stack([light, np.clip(light * 0.9 + 12, 0, 255), np.clip(light * 0.7 + 40, 0, 255)], 2).astype(np.uint8)


def run() -> Iterator[str]:
    with folder() as place:
        yield from _one(place / "one")
        yield from _folder(place / "two")


def _one(place: Path) -> Iterator[str]:
    """Processor time of one core, median of rounds in turn."""
    workspace = Workspace(place)
    issuer, order = home.open_issuer(workspace), Order(Standard())
    register, log, objects = Register(workspace.marks), open_ledger(workspace), open_objects(workspace)
    for name, (width, height) in SIZES.items():
        for format in ("JPEG", "PNG"):
            out = io.BytesIO()
            Image.fromarray(picture(width, height)).save(out, format, **({"quality": 92} if format == "JPEG" else {"compress_level": 4}))
            data = out.getvalue()

            def whole(data: bytes = data) -> bytes:
                marked, row = mark_file(data, "x", order, issuer, register, datetime.now(UTC))
                seal_marks([row], register, log, objects)
                return marked.content

            marked = whole()
            ways: dict[str, Callable[[], object]] = {
                "plain": lambda data=data, format=format: _plain(data, format),
                "mark": whole,
                "verify": lambda marked=marked: verify(marked, "x", Standard(), issuer, register),
            }
            found = {way: [] for way in ways}
            for _ in range(ROUNDS if name == "1 MP" else 5):
                for way, work in ways.items():
                    begin = time.process_time()
                    work()
                    found[way].append(time.process_time() - begin)
            times = {way: median(each) for way, each in found.items()}
            ratio = median(a / b for a, b in zip(found["mark"], found["plain"], strict=True))
            yield (
                f"{name} {format}: decode + encode {1e3 * times['plain']:.1f} ms, all of marking and sealing {1e3 * times['mark']:.1f} ms "
                f"({ratio:.2f} x), verify {1e3 * times['verify']:.1f} ms"
            )
    log.store.close()
    register.close()


def _plain(data: bytes, format: str) -> None:
    image = Image.open(io.BytesIO(data))
    image.load()
    more = {"qtables": image.quantization, "subsampling": 2} if format == "JPEG" else {"compress_level": 4}
    image.save(io.BytesIO(), format, **more)


def _folder(place: Path) -> Iterator[str]:
    """`tanba mark` over a folder, the start of its processes included."""
    (place / "in").mkdir(parents=True)
    Image.fromarray(picture(*SIZES["1 MP"])).save(place / "in/0.jpg", quality=92)
    for each in range(1, MANY):
        shutil.copy(place / "in/0.jpg", place / f"in/{each}.jpg")
    for jobs in (1, 2):
        command = [sys.executable, "-m", "tanba", "mark", str(place / "in"), "-o", str(place / f"out{jobs}"), "--jobs", str(jobs)]
        before, begin = _spent(), time.perf_counter()
        subprocess.run(command, env={**os.environ, "TANBA_HOME": str(place / "home")}, stdout=subprocess.DEVNULL, check=True)
        rate, each_took = MANY / (time.perf_counter() - begin), (_spent() - before) / MANY
        yield (
            f"a folder, {jobs} processes: {rate:.0f} pictures of 1 MP a second from file to file, sealed, start included; "
            f"{1e3 * each_took:.1f} ms of processor time each, {jobs / each_took:.0f} a second on cores of one's own"
        )


def _spent() -> float:
    """Processor time of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
