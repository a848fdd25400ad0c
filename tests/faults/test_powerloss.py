"""Power fails at any moment, and whatever was acknowledged is there when it comes back (see lives.py)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import apsw
import pytest

from faults.ledgers import events, open_log
from faults.lives import NAME, Chain, Promised
from faults.powerloss import LOST, SURE, Change, Disk, Files, Inode, Platter
from faults.powerloss import Event as Trace


@pytest.fixture
def checkpoints() -> Iterator[list[int]]:
    """SQLite writes the log back into the file after so many pages (usually 1000)."""
    pages = [1000]

    def hook(connection: apsw.Connection) -> None:
        connection.wal_autocheckpoint(pages[0])

    apsw.connection_hooks.append(hook)
    yield pages
    apsw.connection_hooks.remove(hook)


def losses(chain: Chain) -> list[str]:
    return [each for each in chain.results if each]


def test_nothing_acknowledged_is_lost_when_the_power_fails(tmp_path: Path, checkpoints: list[int]) -> None:
    for seed in range(3):
        assert not losses(Chain(tmp_path, checkpoints, seed).run(5, 6)), f"seed {seed}"


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_two_thousand_power_losses(tmp_path: Path, checkpoints: list[int]) -> None:
    deeds: Counter[str] = Counter()
    for seed in range(100, 140):
        chain = Chain(tmp_path, checkpoints, seed).run(5, 10)
        assert not losses(chain), f"seed {seed}"
        deeds += chain.deeds + Counter(crashes=len(chain.results))
    assert deeds["crashes"] == 2000
    assert min(deeds[each] for each in ("killed", "delete", "truncate", "create", "anchor", "handed out")) > 50
    print(dict(deeds))


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(1000, 1040), marks=pytest.mark.slow)], ids=len)
def test_nothing_acknowledged_is_lost_where_syncs_fail_before_the_power_does(tmp_path: Path, checkpoints: list[int], seeds: range) -> None:
    for seed in seeds:
        assert not losses(Chain(tmp_path, checkpoints, seed, failing=True).run(5, 8)), f"seed {seed}"


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_same_check_finds_losses_where_less_is_synced(tmp_path: Path, checkpoints: list[int], synchronous: str) -> None:
    chains = [Chain(tmp_path, checkpoints, seed, synchronous).run(3, 6) for seed in range(2)]
    assert any(each.startswith("lost: entries") for chain in chains for each in losses(chain))
    assert synchronous == "OFF" or all(each.startswith("lost") for chain in chains for each in losses(chain))


def test_an_answer_given_after_a_kill_holds_too(tmp_path: Path, checkpoints: list[int]) -> None:
    """A process died between writing and syncing. The next one finds the entry and says so: then it has to lie on the disk."""
    first, second = events(Random(1), 2)

    def disk_after(name: str, kill: int | None) -> tuple[Disk, int]:
        disk = Disk(Files.written(tmp_path / name, {}), [], kill=kill)
        log = open_log(disk.files.folder / NAME, vfs=disk.name)
        log.append(*first)
        before = len(disk.trace)
        log.append(*second)
        log.store.close()
        disk.unregister()
        return disk, before

    rehearsal, before = disk_after("rehearsal", None)
    synced = [each.deed for each in rehearsal.trace].index("sync", before)
    killed, _ = disk_after("killed", synced)
    assert killed.survivors
    disk = Disk(*killed.survivors)
    log = open_log(disk.files.folder / NAME, vfs=disk.name)
    disk.say("handed out", 2, log.head().checkpoint.root)
    disk.say("acknowledged", log.append(*second), log.entry(1))
    told = disk.trace[:]
    log.store.close()
    disk.unregister()
    chain, platter = Chain(tmp_path, checkpoints, 1), Platter(killed.files, {})
    chain._crash(platter, told, 0)
    for each in told:
        platter.take(each)
    assert {chain._start(platter.image(chain.random), Promised().after(told)) for _ in range(20)} == {""}


@pytest.mark.slow
def test_the_power_fails_while_a_tile_of_the_second_level_is_filled(tmp_path: Path, checkpoints: list[int]) -> None:
    chain = Chain(tmp_path, checkpoints, 1)
    chain.begin(65_536 - 3)
    assert not losses(chain.run(1, 10))
    assert max(chain.promises) > 65_536


def test_a_disk_keeps_what_was_synced_and_anything_of_the_rest() -> None:
    file, random = Inode(b"a" * 1024), Random(1)
    file.changes = [Change(0, b"b" * 1024), Change(1024, b"c" * 1024)]
    images = {file.image(random, kept, 512) for kept in (0, 0.5, 1) for _ in range(300)}
    assert {image[:1024] for image in images} == {x * 512 + y * 512 for x in (b"a", b"b") for y in (b"a", b"b")}
    assert {len(image) for image in images} == {1024, 1536, 2048}
    file.settle(SURE)
    file.changes += [Change(512, None), Change(0, b"d")]
    file.settle(LOST)
    file.changes += [Change(1, b"e")]
    file.settle(SURE)
    images = {file.image(random, 0.5, 512) for _ in range(100)}
    assert {image[:2] for image in images} == {b"be", b"de"}
    assert {len(image) for image in images} == {512, 2048}


def test_a_name_is_sure_once_its_folder_is_synced(tmp_path: Path) -> None:
    platter, random = Platter(Files(tmp_path), {}), Random(1)
    platter.take(Trace("create", "a", 1))
    platter.take(Trace("sync", 1))
    assert {tuple(platter.image(random)) for _ in range(100)} == {(), ("a",)}
    platter.take(Trace("sync folder"))
    assert {tuple(platter.image(random)) for _ in range(100)} == {("a",)}
    platter.take(Trace("delete", "a"))
    assert {tuple(platter.image(random)) for _ in range(100)} == {(), ("a",)}
