"""The whole of marking, from bytes to bytes, kept and sealed, beside plain decoding and encoding of the same file."""

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks.ledger.ground import ROOT, folder
from tanba.cli.mark import seal_mark
from tanba.ledger.home import open_ledger
from tanba.marking import home
from tanba.marking.mark import Order, mark_file
from tanba.marking.register import Register
from tanba.marking.standard import Standard
from tanba.marking.verify import verify
from tanba.storage.home import open_objects
from tanba.workspace import Workspace

ROUNDS, MANY = 15, 120
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
        yield from _two(place / "two")


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
                seal_mark(marked, row, register, log, objects)
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


def _two(place: Path) -> Iterator[str]:
    """Wall time of `tanba mark` over two folders at once, in one workspace."""
    for number in (0, 1):
        (place / f"in{number}").mkdir(parents=True)
        for each in range(MANY // 2):
            Image.fromarray(picture(*SIZES["1 MP"])).save(place / f"in{number}/{each}.jpg", quality=92)
    home.open_issuer(Workspace(place / "home"))
    command = [sys.executable, "-m", "benchmarks.marking.pipeline", str(place)]
    workers = [subprocess.Popen([*command, str(number)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for number in (0, 1)]
    for worker in workers:
        worker.stdout.readline()
    begin = time.perf_counter()
    for worker in workers:
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.wait()
    yield f"two processes, one workspace: {MANY / (time.perf_counter() - begin):.0f} pictures of 1 MP a second, from file to file, sealed"


def _work(place: Path, number: str) -> None:
    import os

    os.environ["TANBA_HOME"] = str(place / "home")
    from tanba.cli import main

    print("ready", flush=True)
    sys.stdin.readline()
    with open(os.devnull, "w") as nowhere:
        sys.stdout = nowhere
        main(["mark", str(place / f"in{number}"), "-o", str(place / f"out{number}")])


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2])
