"""What somebody with the engine's files in hand can do, done to a copy; whether its own verification sees it. Standard library only."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.ledger_peers.engine import Engine, content

COUNT, CUT, MIDDLE, FLIPS = 300, 10, 150, 30
Deed = Callable[[Engine], None]


def _cut(engine: Engine) -> None:
    engine.save(engine.load()[:-CUT])


def _rewrite(engine: Engine) -> None:
    records = engine.load()
    records[MIDDLE] = engine.rewrite(records[MIDDLE])
    engine.save(records)


def _swap(engine: Engine) -> None:
    records = engine.load()
    records[MIDDLE : MIDDLE + 2] = reversed(records[MIDDLE : MIDDLE + 2])
    engine.save(records)


DEEDS: dict[str, Deed] = {
    "an entry rewritten": _rewrite,
    "two entries swapped": _swap,
    "last ten removed": _cut,
    "rewritten, hashes made anew": lambda engine: engine.forge(MIDDLE),
}


def table(kind: type[Engine], place: Path) -> dict[str, str]:
    """Deed → whether the engine's own verification sees it, if need be with the head that it lets one keep outside."""
    bench = _Bench(kind, place)
    found = {name: bench.after(deed) for name, deed in DEEDS.items()}
    found["older copy put back"] = bench.older()
    found["single bit flips"] = bench.flips()
    found["two writers"] = bench.two_writers()
    return found


class _Bench:
    """Copies of one engine's storage: 300 entries, and the 290 of a moment before."""

    def __init__(self, kind: type[Engine], place: Path) -> None:
        self.kind, self.place, self.copies = kind, place, 0
        engine = kind(_made(place / "whole"), False)
        for number in range(COUNT - CUT):
            engine.append(content(number))
        engine.close()
        shutil.copytree(place / "whole", place / "older")
        engine = self._whole(place / "whole", range(COUNT - CUT, COUNT))
        self.head = engine.head()
        if said := self._says(engine):
            raise RuntimeError(f"{kind.__name__} is not whole: {said}")
        engine.close()

    def after(self, deed: Deed) -> str:
        engine = self._copy()
        deed(engine)
        return self._verdict(self._again(engine))

    def older(self) -> str:
        if not self.kind.files:
            return self.after(_cut)
        return self._verdict(self.kind(self.place / "older", False))

    def flips(self) -> str:
        """Each in one random bit of an entry's content, as it lies on the disk."""
        random, seen = Random(7), 0
        for _ in range(FLIPS):
            number = random.randrange(COUNT)
            engine = self._copy()
            if self.kind.files:
                engine.close()
                _flip(self.place / f"copy{self.copies}", b'"%064x"' % number, random)
                seen += bool(self._opened())
            else:
                records = engine.load()
                records[number] = engine.rewrite(records[number])
                engine.save(records)
                seen += bool(self._says(engine))
        return f"{seen} of {FLIPS} seen"

    def two_writers(self) -> str:
        """Both opened on the same storage, appending in turn, honestly."""
        if not self.kind.files:
            return "-"
        place = _made(self.place / "two")
        self.kind(place, False).close()
        writers = [self.kind(place, False), self.kind(place, False)]
        for number in range(40):
            writers[number % 2].append(content(number))
        for writer in writers:
            writer.close()
        engine = self.kind(place, False)
        said, kept = self._says(engine), len(engine.load())
        return "whole" if not said and kept == 40 else f"broken ({kept} of 40 kept; its own check: {'fails' if said else 'passes'})"

    def _verdict(self, engine: Engine | None) -> str:
        if engine is None:
            return "seen"
        alone = "seen" if self._says(engine) else "NOT SEEN"
        if alone == "seen" or self.head is None:
            return alone
        return "NOT SEEN" if not engine.against(self.head) else "seen only with a head kept outside"

    def _says(self, engine: Engine) -> str:
        """Nothing where all is well. A verification that gives up has seen something too."""
        try:
            return "; ".join(engine.check())
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def _opened(self) -> str:
        try:
            engine = self.kind(self.place / f"copy{self.copies}", False)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        said = self._says(engine)
        engine.close()
        return said

    def _whole(self, place: Path, rest: range) -> Engine:
        engine = self.kind(place, False)
        for number in rest if self.kind.files else range(COUNT):
            engine.append(content(number))
        return engine

    def _copy(self) -> Engine:
        self.copies += 1
        place = self.place / f"copy{self.copies}"
        shutil.copytree(self.place / "whole", place)
        return self._whole(place, range(0))

    def _again(self, engine: Engine) -> Engine | None:
        """Opened anew, as an auditor would; None where it refuses."""
        if not self.kind.files:
            return engine
        engine.close()
        try:
            return self.kind(self.place / f"copy{self.copies}", False)
        except Exception:
            return None


def _made(place: Path) -> Path:
    place.mkdir()
    return place


def _flip(place: Path, needle: bytes, random: Random) -> None:
    for path in place.rglob("*"):
        data = bytearray(path.read_bytes()) if path.is_file() else bytearray()
        at = data.find(needle)
        if at >= 0:
            data[at + 1 + random.randrange(64)] ^= 1 << random.randrange(8)
            path.write_bytes(data)
            return
    raise RuntimeError("the entry is not in the files as it was written")
